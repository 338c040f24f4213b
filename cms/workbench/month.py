"""A month as rows of weeks, Monday first, with the days on which something is set down."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

FRIDAY = 4


@dataclass(frozen=True, order=True)
class Appointment:
    """Something on a day; `at` is None where it takes the whole day."""

    on: date
    at: datetime | None
    words: str
    url: str = ""


@dataclass(frozen=True)
class Day:
    """One cell; days of the months before and after are empty cells (`on` is None)."""

    on: date | None
    is_today: bool = False
    is_off: bool = False
    has_something: bool = False


@dataclass(frozen=True)
class Month:
    """The month that holds `first`, its weeks, and what is still to come in it."""

    first: date
    weeks: tuple[tuple[Day, ...], ...]
    ahead: tuple[Appointment, ...]

    @property
    def before(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        return (self.first + timedelta(days=32)).replace(day=1)


def month_of(first: date, appointments: Iterable[Appointment], *, today: date) -> Month:
    """Lay out the month that begins on `first`; what lies before today is not listed again."""
    known = sorted(appointments, key=lambda one: (one.on, one.at is not None, str(one.at)))
    busy = {one.on for one in known}
    weeks = tuple(
        tuple(_day(day, first, busy, today) for day in week)
        for week in Calendar().monthdatescalendar(first.year, first.month)
    )
    return Month(first, weeks, tuple(one for one in known if one.on >= today))


def _day(day: date, first: date, busy: set[date], today: date) -> Day:
    if day.month != first.month:
        return Day(None)
    return Day(day, day == today, day.weekday() > FRIDAY, day in busy)
