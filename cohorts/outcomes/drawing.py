"""Where the marks of a chart stand: numbers for SVG attributes, because pages may not style."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from cohorts.outcomes import funnel
from cohorts.outcomes.rates import BOUNDS, SMALLEST_N, Rate


def percent(share: float) -> str:
    return f"{share * 100:.1f}%"


def width(part: int, whole: int) -> str:
    """The length of a bar whose whole is 100 %."""
    return percent(part / whole) if whole else "0%"


def range_text(low: float, high: float) -> str:
    """28.8–41.0%."""
    return f"{low * 100:.1f}–{high * 100:.1f}%"


@dataclass(frozen=True)
class Interval:
    """A range on a line from 0 to 100 %; `point` is "" where only bounds may be shown."""

    x: str
    width: str
    text: str
    is_bounds: bool
    point: str = ""


def interval(rate: Rate | None) -> Interval | None:
    if rate is None or rate.low is None or rate.high is None:
        return None
    return Interval(
        x=percent(rate.low),
        width=percent(rate.high - rate.low),
        text=range_text(rate.low, rate.high),
        is_bounds=rate.kind == BOUNDS,
        point=percent(rate.rate) if rate.rate is not None else "",
    )


@dataclass(frozen=True)
class Frame:
    """A drawing area: x and y of its corners in units of the viewBox."""

    left: float
    right: float
    top: float
    bottom: float

    def y(self, share: float, top: float = 1.0) -> str:
        return f"{self.bottom - (self.bottom - self.top) * share / top:.1f}"


# --- the years ------------------------------------------------------------------------------------
YEARS = Frame(left=38, right=352, top=16, bottom=176)
YEAR_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class YearMark:
    """One year: a dot with its whisker, or a dashed box of bounds, or nothing but its counts."""

    year: int
    x: str
    box_x: str
    counts: str
    low: str = ""
    high: str = ""
    height: str = ""
    point: str = ""
    label: str = ""
    label_y: str = ""


@dataclass(frozen=True)
class Tick:
    y: str
    text_y: str
    text: str


@dataclass(frozen=True)
class YearsChart:
    marks: Sequence[YearMark]
    ticks: Sequence[Tick]
    line: str  # through the dots of years that follow one another


def years_chart(rates: Sequence[tuple[int, Rate]]) -> YearsChart:
    """Rates by year on one scale from 0 to 100 %."""
    gap = (YEARS.right - YEARS.left) / max(len(rates), 1)
    places = (YEARS.left + gap * (n + 0.5) for n in range(len(rates)))
    marks = [_year(year, rate, x) for (year, rate), x in zip(rates, places, strict=True)]
    return YearsChart(
        marks=marks,
        ticks=[_tick(YEARS, share, f"{share:.0%}") for share in YEAR_TICKS],
        line=_line(marks),
    )


def _year(year: int, rate: Rate, x: float) -> YearMark:
    mark = YearMark(year, f"{x:.1f}", f"{x - 7:.1f}", counts=f"{rate.passed}/{rate.n}")
    if rate.low is None or rate.high is None:
        return mark
    top, bottom = YEARS.y(rate.high), YEARS.y(rate.low)
    return replace(
        mark,
        low=bottom,
        high=top,
        height=f"{float(bottom) - float(top):.1f}",
        point=YEARS.y(rate.rate) if rate.rate is not None else "",
        label=percent(rate.rate) if rate.rate is not None else range_text(rate.low, rate.high),
        label_y=f"{float(top) - 6:.1f}",
    )


def _line(marks: Sequence[YearMark]) -> str:
    """Segments between dots of consecutive years: a year without a dot breaks the line."""
    return " ".join(
        f"M{a.x} {a.point} L{b.x} {b.point}"
        for a, b in pairwise(marks)
        if a.point and b.point and b.year == a.year + 1
    )


def _tick(frame: Frame, share: float, text: str, top: float = 1.0) -> Tick:
    y = frame.y(share, top)
    return Tick(y, f"{float(y) + 4:.1f}", text)


# --- the funnel -----------------------------------------------------------------------------------
FUNNEL = Frame(left=44, right=536, top=14, bottom=290)
FEWEST_STEPS = 40


@dataclass(frozen=True)
class Group:
    """One group on a funnel: `passed` of `n` who sat."""

    name: str
    passed: int
    n: int
    place: str = funnel.WITHIN


@dataclass(frozen=True)
class Dot:
    """`label_x`, `label_y` and `anchor` put its name beside it."""

    group: Group
    x: str
    y: str
    label_x: str
    label_y: str
    anchor: str


@dataclass(frozen=True)
class FunnelChart:
    """Bands as SVG paths, a line for the target, a dot a group."""

    inner: str
    outer: str
    target_y: str
    target_text_y: str
    dots: Sequence[Dot]
    x_ticks: Sequence[tuple[str, str]]
    y_ticks: Sequence[Tick]
    ends: dict[str, str] = field(default_factory=dict)  # where the lines end, by name


def funnel_chart(groups: Sequence[Group], target: funnel.Target) -> FunnelChart:
    """Groups of at least ten who sat; the axis of rates ends at the next fifth above them all."""
    last = max(max(group.n for group in groups) + 2, SMALLEST_N + 10)
    lines = [funnel.limits(n, target) for n in _counts(SMALLEST_N, last)]
    highest = max([group.passed / group.n for group in groups] + [lines[-1].highest, target.rate])
    top = min(1.0, (int(highest * 5) + 1) / 5)
    axes = _Axes(SMALLEST_N, last, top)
    ends = {name: FUNNEL.y(getattr(lines[-1], name), top) for name in ("low", "high", "highest")}
    return FunnelChart(
        inner=axes.band([(line.n, line.low, line.high) for line in lines]),
        outer=axes.band([(line.n, line.lowest, line.highest) for line in lines]),
        target_y=FUNNEL.y(target.rate, top),
        target_text_y=f"{float(FUNNEL.y(target.rate, top)) + 4:.1f}",
        dots=[axes.dot(group, target) for group in groups],
        x_ticks=[(axes.x(n), str(n)) for n in _x_ticks(last)],
        y_ticks=[
            _tick(FUNNEL, share / 5, f"{share * 20}%", top) for share in range(round(top * 5) + 1)
        ],
        ends={name: f"{float(y) + 4:.1f}" for name, y in ends.items()},
    )


@dataclass(frozen=True)
class _Axes:
    first: int
    last: int
    top: float

    def x(self, n: float) -> str:
        along = (n - self.first) / (self.last - self.first)
        return f"{FUNNEL.left + (FUNNEL.right - FUNNEL.left) * along:.1f}"

    def y(self, share: float) -> str:
        return FUNNEL.y(min(share, self.top), self.top)

    def band(self, edges: Sequence[tuple[int, float, float]]) -> str:
        below = [f"{self.x(n)} {self.y(low)}" for n, low, _high in edges]
        above = [f"{self.x(n)} {self.y(high)}" for n, _low, high in reversed(edges)]
        return "M" + " L".join([*below, *above]) + "Z"

    def dot(self, group: Group, target: funnel.Target) -> Dot:
        """The name stands on the far side of the dot, away from the line of the target."""
        x, y = float(self.x(group.n)), float(self.y(group.passed / group.n))
        is_above = group.passed / group.n >= target.rate
        on_the_right = x > (FUNNEL.left + FUNNEL.right) / 2
        return Dot(
            group=group,
            x=f"{x:.1f}",
            y=f"{y:.1f}",
            label_x=f"{x - 9 if on_the_right else x + 9:.1f}",
            label_y=f"{y - 9 if is_above else y + 19:.1f}",
            anchor="end" if on_the_right else "start",
        )


def _counts(first: int, last: int) -> list[int]:
    step = max(1, (last - first) // FEWEST_STEPS)
    return [*range(first, last, step), last]


def _x_ticks(last: int) -> list[int]:
    step = next((step for step in (5, 10, 20, 50, 100, 200, 500, 1000) if last / step <= 8), last)
    return [n for n in range(0, last + 1, step) if n >= SMALLEST_N]
