"""Calendar months: 12 months are not 365 days, and the 31st has no 31st in most months."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta


def add_months(day: date, count: int) -> date:
    """The same day `count` months on, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def last_day(month: str) -> date:
    return add_months(first_day(month), 1) - timedelta(days=1)


def month_before(month: str) -> str:
    return month_of(first_day(month) - timedelta(days=1))


def month_runs(months: Iterable[str]) -> list[tuple[str, str]]:
    """First and last of each run of months without a gap; the months come in their order."""
    runs: list[tuple[str, str]] = []
    for month in months:
        if runs and month_before(month) == runs[-1][1]:
            runs[-1] = (runs[-1][0], month)
        else:
            runs.append((month, month))
    return runs


def months_between(first: str, last: str) -> list[str]:
    """Every month from `first` to `last`, both included; empty when first comes after last."""
    start, months = first_day(first), []
    while month_of(start) <= last:
        months.append(month_of(start))
        start = add_months(start, 1)
    return months
