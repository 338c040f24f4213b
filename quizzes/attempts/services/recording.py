"""The journal: the hottest path of the site. Three statements and one commit."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from quizzes.attempts.frozen import shape_of
from quizzes.attempts.journal import Gap, acked_through, content_hash, gaps
from quizzes.attempts.lease import Lease, device_number, epoch_held
from quizzes.attempts.models import Attempt, AttemptEvent
from quizzes.attempts.services import refusals
from quizzes.attempts.timing import is_in_time
from quizzes.attempts.wire import Batch, Entry, Malformed, check_against

logger = logging.getLogger(__name__)

# Holds the row until the commit, so that a submission and a journal of one attempt follow one
# another; finds nothing where the account was disabled; never moves the clock of the row back.
GUARD = """
UPDATE quizzes_attempt
SET last_server_at = CASE WHEN last_server_at < %s THEN %s ELSE last_server_at END
WHERE uuid = %s AND EXISTS (
    SELECT 1 FROM accounts_user WHERE accounts_user.id = quizzes_attempt.user_id AND is_active
)
RETURNING id, uuid, paper_id, paper_sha256, state, epoch, leases, deadline_at, grace_s,
    last_server_at
"""


@dataclass(frozen=True)
class Recorded:
    """What the server has of this device now. `clashes` are numbers used for two events."""

    attempt: Attempt
    acked_through: int
    gaps: Sequence[Gap]
    clashes: Sequence[int]
    holds_lease: bool


@transaction.atomic
def record(*, lease: Lease, batch: Batch, now: datetime) -> Recorded:
    """Store the events of a batch; the caller replies after this has committed.

    Events of a device that lost its lease, of a closed attempt, or beyond the time are stored as
    well: nothing a trainee did is thrown away. What they count for is decided by the projection.

    Raises:
        Refused: token_dead, or invalid where the batch names what the paper has not.
    """
    attempt = _guarded(lease, now)
    number = _checked_device(attempt, lease=lease, batch=batch)
    moment = attempt.clock(now)
    late = attempt.is_closed or not is_in_time(moment, attempt.deadline_at, attempt.grace_s)
    rows = [
        _event(entry, attempt=attempt, device=number, epoch=batch.epoch, now=now, late=late)
        for entry in batch.entries
    ]
    if rows:
        AttemptEvent.objects.bulk_create(rows, ignore_conflicts=True)
    return _recorded(attempt, lease=lease, number=number, rows=rows)


def _guarded(lease: Lease, now: datetime) -> Attempt:
    moment = connection.ops.adapt_datetimefield_value(now)
    uuid = Attempt._meta.get_field("uuid").get_db_prep_value(lease.attempt, connection)
    touched = list(Attempt.objects.raw(GUARD, [moment, moment, uuid]))
    if not touched:
        raise refusals.token_dead()
    return touched[0]


def _checked_device(attempt: Attempt, *, lease: Lease, batch: Batch) -> int:
    number = device_number(attempt.leases, lease.device)
    if batch.device != lease.device or number is None:
        raise refusals.invalid("device")
    # What was done in an earlier epoch keeps it, also when it is delivered in a later one.
    if batch.epoch > lease.epoch or not epoch_held(
        attempt.leases, device=lease.device, epoch=batch.epoch
    ):
        raise refusals.invalid("epoch")
    try:
        check_against(batch, shape_of(attempt.paper_id, attempt.paper_sha256))
    except Malformed as fault:
        raise refusals.invalid(str(fault)) from fault
    return number


def _event(
    entry: Entry, *, attempt: Attempt, device: int, epoch: int, now: datetime, late: bool
) -> AttemptEvent:
    return AttemptEvent(
        attempt_id=attempt.pk,
        device=device,
        seq=entry.seq,
        epoch=epoch,
        item=entry.item,
        kind=entry.kind,
        value=entry.value,
        mono_ms=entry.mono_ms,
        client_ms=entry.client_ms,
        received_at=now,
        late=late,
        content_hash=content_hash(item=entry.item, kind=entry.kind, value=entry.value),
    )


def _recorded(
    attempt: Attempt, *, lease: Lease, number: int, rows: Sequence[AttemptEvent]
) -> Recorded:
    stored = dict(
        AttemptEvent.objects.filter(attempt_id=attempt.pk, device=number).values_list(
            "seq", "content_hash"
        )
    )
    clashes = sorted({row.seq for row in rows if stored[row.seq] != row.content_hash})
    if clashes:
        # Never the trainee's doing: a client has used one number for two events.
        logger.error("Attempt %s: seq conflict at %s", lease.attempt, clashes)
    return Recorded(
        attempt=attempt,
        acked_through=acked_through(stored),
        gaps=gaps(stored, max(stored, default=0)),
        clashes=clashes,
        holds_lease=lease.epoch == attempt.epoch,
    )
