"""Handing in: by the trainee, or by the server when the time is over. Scored in the same commit."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from cms.core.errors import Refused
from cms.core.wording import Message
from quizzes.attempts.frozen import keyed_items, scheme_of_paper
from quizzes.attempts.journal import answers_sha256, fold, gaps
from quizzes.attempts.lease import Lease, device_number
from quizzes.attempts.models import Attempt, AttemptEvent, Scoring, Submission
from quizzes.attempts.receipt import receipt_code
from quizzes.attempts.scheme import scheme_sha256
from quizzes.attempts.scoring import score_attempt
from quizzes.attempts.services import refusals
from quizzes.attempts.states import State, before
from quizzes.attempts.timing import is_in_time
from quizzes.attempts.wire import Claim

logger = logging.getLogger(__name__)

SWEEP_SIZE = 200


@transaction.atomic
def submit(*, lease: Lease, claim: Claim, now: datetime) -> Submission:
    """Hand in; the same request again gives the same submission.

    Raises:
        Refused: token_dead, invalid, closed (void), lease_lost, gaps (events are missing),
            digest_mismatch (the answers here are not those on the screen).
    """
    attempt = _held(lease)
    if claim.device != lease.device or claim.epoch != lease.epoch:
        raise refusals.invalid("epoch")
    if attempt.is_handed_in:
        return Submission.objects.select_related("attempt").get(attempt=attempt)
    if attempt.state != State.OPEN:
        raise refusals.closed(epoch=attempt.epoch)
    if lease.epoch != attempt.epoch:
        raise refusals.lease_lost(attempt)
    stored = _stored(attempt)
    _refuse_gaps(attempt, claim, stored)
    _refuse_other_answers(attempt, claim, stored, now=now)
    through = {str(device): seq for device, seq in claim.through.items()}
    return _close(attempt, stored, state=State.SUBMITTED, through=through, now=now)


def expire_due(now: datetime) -> int:
    """Close open attempts whose time and offline window are over; returns how many.

    Safe to run twice or side by side: each attempt goes by its own conditional update, and who
    comes second moves on.
    """
    due = Attempt.objects.across_regions().open().filter(finalise_at__lte=now)
    closed = 0
    for attempt in due.select_related("paper").order_by("finalise_at")[:SWEEP_SIZE]:
        with transaction.atomic():
            closed += _expire(attempt, now)
    return closed


def close_if_due(attempt: Attempt, now: datetime) -> bool:
    """Close this one attempt where its time and offline window are over."""
    if attempt.finalise_at > attempt.clock(now):
        return False
    _expire(attempt, now)
    return True


def _expire(attempt: Attempt, now: datetime) -> bool:
    # The update locks the row before the events are read: a journal that is being written waits,
    # or has committed and is seen.
    if not _moved(attempt, State.EXPIRED):
        return False
    _hand_in(attempt, _stored(attempt), through={}, now=now, by_server=True)
    return True


def _close(
    attempt: Attempt,
    stored: Sequence[AttemptEvent],
    *,
    state: State,
    through: Mapping[str, int],
    now: datetime,
) -> Submission:
    if not _moved(attempt, state):
        raise refusals.closed(epoch=attempt.epoch)
    return _hand_in(attempt, stored, through=through, now=now, by_server=False)


def _moved(attempt: Attempt, state: State) -> bool:
    """Move by one conditional update; False where somebody else was first."""
    movable = Attempt.objects.across_regions().filter(pk=attempt.pk, state__in=before(state))
    moved = movable.update(state=state) == 1
    if moved:
        attempt.state = state
    return moved


def _hand_in(
    attempt: Attempt,
    stored: Sequence[AttemptEvent],
    *,
    through: Mapping[str, int],
    now: datetime,
    by_server: bool,
) -> Submission:
    items = keyed_items(attempt.paper_id, attempt.paper_sha256)
    answers = fold(event.as_event() for event in stored).answers
    digest = answers_sha256(answers)
    submission = Submission.objects.create(
        attempt=attempt,
        receipt=receipt_code(attempt.uuid, digest),
        through=dict(through),
        answers_sha256=digest,
        answered=len(answers),
        items=len(items),
        received_at=now,
        by_server=by_server,
    )
    score = score_attempt(items, answers, scheme_of_paper(attempt.paper))
    Scoring.objects.create(
        attempt=attempt,
        total_half=score.total_half,
        item_scores=score.packed,
        answers=answers,
        scheme_sha256=scheme_sha256(attempt.paper.scheme),
        paper_sha256=attempt.paper_sha256,
        at=now,
    )
    return submission


def _held(lease: Lease) -> Attempt:
    """The attempt, locked. Its submission is not joined here: after waiting for the lock,
    PostgreSQL reads the locked row anew and a joined one as it was before.
    """
    found = (
        Attempt.objects.across_regions()
        .select_for_update(of=("self",))
        .select_related("paper")
        .filter(uuid=lease.attempt, user__is_active=True)
        .first()
    )
    if found is None:
        raise refusals.token_dead()
    return found


def _stored(attempt: Attempt) -> list[AttemptEvent]:
    return list(AttemptEvent.objects.filter(attempt=attempt))


def _refuse_gaps(attempt: Attempt, claim: Claim, stored: Sequence[AttemptEvent]) -> None:
    missing = {}
    for device, through in claim.through.items():
        number = device_number(attempt.leases, device)
        found = gaps((event.seq for event in stored if event.device == number), through)
        if found:
            missing[str(device)] = found
    if missing:
        raise Refused("gaps", Message("Some answers are still missing here."), {"gaps": missing})


def _refuse_other_answers(
    attempt: Attempt, claim: Claim, stored: Sequence[AttemptEvent], *, now: datetime
) -> None:
    """The digest must be that of the answers that count.

    After the deadline it may also be that of everything received: then nothing is missing, the
    device only shows answers that came too late, and the receipt names those that count.
    """
    events = [event.as_event() for event in stored]
    digest = answers_sha256(fold(events).answers)
    if claim.answers_sha256 == digest:
        return
    over = not is_in_time(attempt.clock(now), attempt.deadline_at, attempt.grace_s)
    if over and claim.answers_sha256 == answers_sha256(fold(events, late_counts=True).answers):
        return
    logger.warning(
        "Attempt %s: digest %s here, %s there", attempt.uuid, digest, claim.answers_sha256
    )
    raise Refused(
        "digest_mismatch",
        Message("The answers on this device differ from those on the server."),
        {"server_sha256": digest},
    )
