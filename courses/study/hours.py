"""How much study time is credited: from the moments at which events arrived, nothing else.

A device sends signs of life ("beats", every 30 s while a lesson is looked at) and no minutes. The
time between two events in a row of one account is credited up to a cap, to the lesson of the
earlier one. Because the gaps of one account lie end to end, two windows at once, or two devices,
credit no second twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

# A beat comes every 30 s. One and a half of that allows for a slow network, and a lesson left
# open, or a phone in a pocket, gains no more than this.
GAP_CAP_S = 45
# Eight periods of 45 minutes, a full day of classes; more before one screen is not believed.
DAY_CAP_S = 8 * 45 * 60
# Beats that follow closer come from a broken clock or a script; they change nothing.
SOONEST_S = 10


@dataclass(frozen=True)
class Arrival:
    """An event as it arrived; `ends` says that nothing was read after it (lesson finished)."""

    at: datetime
    lesson: int
    ends: bool = False


@dataclass(frozen=True)
class Credit:
    """Seconds of one day for one lesson."""

    lesson: int
    day: date
    seconds: int


def credit_between(earlier: Arrival, later: Arrival, zone: tzinfo) -> tuple[Credit, ...]:
    """Return what the time between two events in a row credits, parted at midnight."""
    seconds = _whole(later.at) - _whole(earlier.at)
    if earlier.ends or seconds <= 0:
        return ()
    start = earlier.at.astimezone(zone).replace(microsecond=0)
    end = start + timedelta(seconds=min(seconds, GAP_CAP_S))
    midnight = datetime.combine(end.date(), time(), tzinfo=zone)
    if start.date() == end.date():
        return (Credit(earlier.lesson, start.date(), min(seconds, GAP_CAP_S)),)
    before, after = (midnight - start).seconds, (end - midnight).seconds
    parts = (
        Credit(earlier.lesson, start.date(), before),
        Credit(earlier.lesson, end.date(), after),
    )
    return tuple(part for part in parts if part.seconds)


def within_day(already: int, seconds: int) -> int:
    """Return how many of these seconds the cap of the day still lets through."""
    return max(0, min(seconds, DAY_CAP_S - already))


def credited(arrivals: Iterable[Arrival], zone: tzinfo) -> list[Credit]:
    """Return every credit of one account, from all its events in the order of their arrival."""
    found: list[Credit] = []
    days: dict[date, int] = {}
    earlier: Arrival | None = None
    for later in arrivals:
        for part in credit_between(earlier, later, zone) if earlier else ():
            seconds = within_day(days.get(part.day, 0), part.seconds)
            if seconds:
                days[part.day] = days.get(part.day, 0) + seconds
                found.append(Credit(part.lesson, part.day, seconds))
        earlier = later
    return found


def is_too_soon(earlier: datetime, later: datetime) -> bool:
    return (later - earlier).total_seconds() < SOONEST_S


def _whole(moment: datetime) -> int:
    """Whole seconds, so that the parts of a time add up to the whole of it."""
    return int(moment.timestamp())
