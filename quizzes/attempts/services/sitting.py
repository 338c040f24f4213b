"""Beginning an attempt, taking it over, and what a device needs to go on with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from cms.accounts.models import User
from quizzes.attempts import lease as leases
from quizzes.attempts.frozen import scheme_of_paper, snapshot_of
from quizzes.attempts.journal import Projection, acked_through, fold
from quizzes.attempts.models import Attempt, AttemptEvent
from quizzes.attempts.services import refusals
from quizzes.attempts.services.closing import close_if_due
from quizzes.attempts.states import State
from quizzes.attempts.timing import USUAL, Allowances, deadline, finalise_at
from quizzes.papers.models import Paper


@dataclass(frozen=True)
class Sitting:
    """An attempt as its device sees it: no keys in it."""

    attempt: Attempt
    paper: dict[str, Any]
    projection: Projection
    acked_through: int


@transaction.atomic
def start(
    *,
    user: User,
    paper: UUID,
    device: UUID,
    key: UUID,
    now: datetime,
    allowances: Allowances = USUAL,
) -> tuple[Attempt, bool]:
    """The open attempt of this user at this paper, and whether it was begun just now.

    Repeating the request, with the same key or from the same device, gives the same attempt.

    Raises:
        Refused: not_found (no such released paper), invalid (the key began something else),
            lease_lost (open on another device).
    """
    known = _by_key(user, key) or _open_attempt(user, paper, now)
    if known is not None:
        return _for_device(known, paper=paper, device=device), False
    fresh = _new_attempt(
        user=user, paper=_released(paper), device=device, key=key, now=now, allowances=allowances
    )
    # The unique constraints decide between two starts at one moment; the loser inserts nothing.
    Attempt.objects.bulk_create([fresh], ignore_conflicts=True)
    winner = _by_key(user, key) or _open_attempt(user, paper, now)
    if winner is None:
        raise refusals.not_found()
    return _for_device(winner, paper=paper, device=device), winner.uuid == fresh.uuid


@transaction.atomic
def take_over(*, user: User, attempt: UUID, device: UUID, key: UUID, now: datetime) -> Attempt:
    """Give the lease to another device and begin the next epoch.

    The same request again changes nothing; a repeat that arrives when a third device has taken
    over since is refused, so that it cannot steal the lease back.

    Raises:
        Refused: not_found, closed, lease_lost.
    """
    found = _own_for_update(user, attempt)
    if found.state != State.OPEN or found.finalise_at <= found.clock(now):
        raise refusals.closed(epoch=found.epoch)
    if found.device == device:
        return found
    if leases.epoch_of_key(found.leases, key) is not None:
        raise refusals.lease_lost(found)
    found.leases = leases.with_lease(found.leases, device=device, key=key)
    found.epoch = len(found.leases)
    found.device = device
    found.save(update_fields=["leases", "epoch", "device"])
    return found


def sitting(attempt: Attempt, device: UUID) -> Sitting:
    """Everything that device needs to show the attempt and go on with it."""
    stored = AttemptEvent.objects.filter(attempt=attempt).only(
        "device", "epoch", "seq", "item", "kind", "value", "late"
    )
    number = leases.device_number(attempt.leases, device)
    paper = snapshot_of(attempt.paper_id, attempt.paper_sha256)
    return Sitting(
        attempt=attempt,
        paper={**paper, "title": attempt.paper.title},
        projection=fold(event.as_event() for event in stored),
        acked_through=acked_through(event.seq for event in stored if event.device == number),
    )


def lease_of(attempt: Attempt) -> leases.Lease:
    """The current holder's lease, to be signed."""
    return leases.Lease(
        attempt=attempt.uuid,
        device=attempt.device,
        epoch=attempt.epoch,
        expires_at=leases.token_expiry(attempt.deadline_at, attempt.grace_s),
    )


def _new_attempt(
    *, user: User, paper: Paper, device: UUID, key: UUID, now: datetime, allowances: Allowances
) -> Attempt:
    ends_at = deadline(now, scheme_of_paper(paper).duration_min)
    return Attempt(
        user=user,
        paper=paper,
        paper_sha256=paper.content_sha256,
        mode=paper.mode,
        device=device,
        leases=leases.with_lease([], device=device, key=key),
        started_at=now,
        deadline_at=ends_at,
        grace_s=allowances.grace_s,
        finalise_at=finalise_at(ends_at, allowances),
        last_server_at=now,
        idempotency_key=key,
    )


def _own(user: User) -> Any:
    return Attempt.objects.across_regions().filter(user=user).select_related("paper")


def _by_key(user: User, key: UUID) -> Attempt | None:
    return _own(user).filter(idempotency_key=key).first()


def _open_attempt(user: User, paper: UUID, now: datetime) -> Attempt | None:
    found = _own(user).open().filter(paper__uuid=paper).first()
    # Where no worker runs, nobody would ever end it; who starts anew must not meet the old one.
    return None if found is None or close_if_due(found, now) else found


def _own_for_update(user: User, attempt: UUID) -> Attempt:
    found = _own(user).select_for_update(of=("self",)).filter(uuid=attempt).first()
    if found is None:
        raise refusals.not_found()
    return found


def _for_device(attempt: Attempt, *, paper: UUID, device: UUID) -> Attempt:
    if attempt.paper.uuid != paper:
        raise refusals.invalid("Idempotency-Key")
    if attempt.device != device:
        raise refusals.lease_lost(attempt)
    return attempt


def _released(paper: UUID) -> Paper:
    found = Paper.objects.released().filter(uuid=paper).first()
    if found is None:
        raise refusals.not_found()
    return found
