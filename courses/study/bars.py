"""Bars of a chart of minutes by day: places and sizes, so that the template only draws."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT, FOOT, HEAD = 336, 120, 18, 16
ROUND_TO = 30  # minutes; the scale ends at a half hour


@dataclass(frozen=True)
class Bar:
    day: date
    minutes: int
    x: float
    y: float
    width: float
    height: float
    label_x: float
    labelled: bool


@dataclass(frozen=True)
class Chart:
    """Bars over a line at the bottom; `top` is the number of minutes at the upper grid line."""

    bars: tuple[Bar, ...]
    top: int
    total: int
    days_studied: int


def chart_of(minutes: Mapping[date, int], *, last: date, days: int) -> Chart:
    """Return the chart of so many days up to `last`; bars begin at 0."""
    span = [last - timedelta(days=back) for back in range(days - 1, -1, -1)]
    values = [minutes.get(day, 0) for day in span]
    top = max(-(-max(values) // ROUND_TO) * ROUND_TO, ROUND_TO)
    room = WIDTH / days
    bars = []
    for place, (day, value) in enumerate(zip(span, values, strict=True)):
        height = round((HEIGHT - FOOT - HEAD) * value / top, 1)
        bars.append(
            Bar(
                day=day,
                minutes=value,
                x=round(place * room + room * 0.18, 1),
                y=round(HEIGHT - FOOT - height, 1),
                width=round(room * 0.64, 1),
                height=height,
                label_x=round(place * room + room / 2, 1),
                # Every other day, counted from today, so that the figures do not touch.
                labelled=(days - 1 - place) % 2 == 0,
            )
        )
    return Chart(tuple(bars), top, sum(values), sum(value > 0 for value in values))
