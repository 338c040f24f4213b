"""When an attempt ends. The server's clock alone decides; times are aware datetimes."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Allowances:
    """Seconds beyond the deadline: `grace_s` still counts, `offline_window_s` is only kept.

    The grace covers an answer that was under way when time ran out. The offline window is the
    time a phone without a network has to bring its journal before the attempt is closed for it.
    """

    grace_s: int = 30
    offline_window_s: int = 30 * 60


USUAL = Allowances()


def deadline(started_at: datetime, duration_min: int) -> datetime:
    """The moment the countdown reaches zero."""
    return started_at + timedelta(minutes=duration_min)


def is_in_time(received_at: datetime, deadline_at: datetime, grace_s: int) -> bool:
    """Whether what arrived then still counts; the last moment of the grace does."""
    return received_at <= deadline_at + timedelta(seconds=grace_s)


def finalise_at(deadline_at: datetime, allowances: Allowances) -> datetime:
    """From when an attempt nobody handed in is closed with what has arrived."""
    return deadline_at + timedelta(seconds=allowances.grace_s + allowances.offline_window_s)


def minutes_taken(started_at: datetime, ended_at: datetime, deadline_at: datetime) -> int:
    """Minutes of working time; the grace and the offline window are not working time."""
    return int((min(ended_at, deadline_at) - started_at).total_seconds() // 60)
