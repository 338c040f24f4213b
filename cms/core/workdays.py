"""Working days of mainland China: weekends, public holidays and make-up days (调休)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).parent / "reference" / "workdays.json"
SATURDAY = 5


@dataclass(frozen=True)
class WorkCalendar:
    """The State Council's arrangements. Years outside ``known_years`` have weekends only."""

    holidays: frozenset[date]
    make_up_days: frozenset[date]
    known_years: frozenset[int]

    def is_workday(self, day: date) -> bool:
        """Return whether offices are open on that day."""
        if day in self.make_up_days:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def is_provisional(self, day: date) -> bool:
        """Return whether the holidays of that year were not yet announced when this was written."""
        return day.year not in self.known_years


def add_working_days(start: date, count: int, calendar: WorkCalendar) -> date:
    """Return the last of ``count`` working days that follow ``start``, which is not counted."""
    if count < 0:
        raise ValueError("count must not be negative")
    day, left = start, count
    while left:
        day += timedelta(days=1)
        left -= calendar.is_workday(day)
    return day


def working_days_after(start: date, end: date, calendar: WorkCalendar) -> int:
    """Return how many working days lie after ``start`` up to and including ``end``."""
    span = (end - start).days
    return sum(calendar.is_workday(start + timedelta(days=n)) for n in range(1, span + 1))


def load_calendar(path: Path = REFERENCE) -> WorkCalendar:
    """Return the calendar of the reference file."""
    return read_calendar(json.loads(path.read_text(encoding="utf-8")))


def read_calendar(years: Mapping[str, Mapping[str, Any]]) -> WorkCalendar:
    """Return the calendar of ``{"2023": {"holidays": [[first, last]], "make_up_days": […]}}``."""
    spans = [span for year in years.values() for span in year["holidays"]]
    make_up = [day for year in years.values() for day in year["make_up_days"]]
    return WorkCalendar(
        holidays=frozenset(day for first, last in spans for day in _days(first, last)),
        make_up_days=frozenset(date.fromisoformat(day) for day in make_up),
        known_years=frozenset(int(year) for year in years),
    )


def _days(first: str, last: str) -> list[date]:
    start = date.fromisoformat(first)
    span = (date.fromisoformat(last) - start).days
    return [start + timedelta(days=n) for n in range(span + 1)]
