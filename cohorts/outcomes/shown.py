"""Boards in words and marks, for pages: what a template shows and nothing it computes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.outcomes import funnel
from cohorts.outcomes.board import AreaRow, LevelBoard
from cohorts.outcomes.drawing import Group, funnel_chart, interval, percent, width, years_chart
from cohorts.outcomes.pipeline import OTHERS, ClassRate, Pipeline, small_together
from cohorts.outcomes.rates import BOUNDS, POINT, SUPPRESSED, Counts, Rate, bounds
from cohorts.outcomes.services.classes import ClassBoard
from courses.syllabus.models import Level

# From (level, figure, division code) to the rows behind a figure.
Link = Callable[[str, str, str], str]
BARS = ("registered", "reported", "sat", "passed")
FEWEST_GROUPS = 2  # one group alone is its own target


def figure_text(figure: str) -> str:
    return {
        "registered": _("signed up"),
        "reported": _("results known"),
        "sat": _("sat"),
        "passed": _("passed"),
        "absent": _("no score: absent, misconduct or void"),
        "missing": _("nothing known"),
        "holders": _("holders"),
        "register": _("on the register"),
        "attended": _("attended at least half"),
        "signed_up": _("signed up"),
    }[figure]


def formula(of: str, part: str = "passed") -> str:
    """合格 ÷ 实考: a rate is named by what it divides."""
    return f"{figure_text(part)} ÷ {figure_text(of)}"


def passing_text(level: str) -> str:
    """What it takes to have passed a level (the rule itself stands in `passing`)."""
    return {
        "junior": _("Passed: both subjects in one exam year."),
        "intermediate": _("Passed: all three subjects within two consecutive exam years."),
        "senior": _("Passed: the subject; the certificate follows the appraisal."),
    }.get(level, "")


def rate_text(rate: Rate | None) -> str:
    if rate is None:
        return _("not known yet")
    if rate.kind == SUPPRESSED:
        return _("fewer than 10")
    return percent(rate.rate) if rate.rate is not None else _("bounds only")


def bounds_text(rate: Rate | None) -> str:
    """Why only bounds stand where a rate might."""
    if rate is None or rate.kind != BOUNDS:
        return ""
    if rate.is_covered:
        return _("The unreported are among those it divides by, so it lies between these two.")
    return _("Under 80% no single rate is shown.")


def missing_text(counts: Counts, of: str) -> str:
    """What the people of whom nothing is known could make of the rate."""
    if not counts.missing:
        return ""
    said = ngettext(
        "Of %(n)d person nothing is known; that is neither a pass nor a fail.",
        "Of %(n)d people nothing is known; that is neither a pass nor a fail.",
        counts.missing,
    ) % {"n": counts.missing}
    if counts.over(of) + counts.missing < 10:
        return said
    low, high = bounds(counts, of)
    could_be = _("Had all of them failed, the rate would be %(low)s; had all passed, %(high)s.")
    could_be = could_be % {"low": percent(low), "high": percent(high)}
    return _("%(first)s %(second)s") % {"first": said, "second": could_be}


def silent_areas(boards: Iterable[LevelBoard]) -> frozenset[str]:
    """Areas of which no sign-up of the year is on record, of any level: unreported, not zero."""
    seen: dict[str, bool] = {}
    for board in boards:
        for row in (*board.parts, board.whole):
            seen[row.code] = seen.get(row.code, False) or row.counts.registered > 0
    return frozenset(code for code, is_known in seen.items() if not is_known)


def panel(level: Level, row: AreaRow, of: str, link: Link) -> dict[str, Any]:
    """One level: its rate with the range, and the four counts as bars that lead to their rows."""
    rate = row.rate(of)
    return {
        "level": level,
        "row": row,
        "of": of,
        "formula": formula(of),
        "passing": passing_text(level.code),
        "rate": rate,
        "drawn": interval(rate),
        "why_bounds": bounds_text(rate),
        "bars": [
            {
                "name": name,
                "label": figure_text(name),
                "count": getattr(row.counts, name),
                "width": width(getattr(row.counts, name), row.counts.registered),
                "url": link(level.code, name, row.code),
            }
            for name in BARS
        ],
        "holders_url": link(level.code, "holders", row.code),
        "missing": missing_text(row.counts, of) if rate.kind != SUPPRESSED else "",
        "missing_url": link(level.code, "missing", row.code),
        "absent_url": link(level.code, "absent", row.code),
    }


def groups(
    names: Mapping[str, Level], boards: Sequence[LevelBoard], of: str, link: Link
) -> list[dict[str, Any]]:
    """The table rows of each level: each part, then the whole."""
    silent = silent_areas(boards)
    return [
        {
            "level": names[board.level],
            "rows": [_line(names[board.level], row, of, link, silent) for row in board.parts],
            "whole": _line(names[board.level], board.whole, of, link, silent),
        }
        for board in boards
    ]


def _line(
    level: Level, row: AreaRow, of: str, link: Link, silent: frozenset[str]
) -> dict[str, Any]:
    rate = row.rate(of)
    figures = (*BARS, "holders")
    return {
        "row": row,
        "is_silent": row.code in silent,
        "rate": rate,
        "said": rate_text(rate),
        "drawn": interval(rate),
        "url": {figure: link(level.code, figure, row.code) for figure in figures},
    }


def years(
    level: Level,
    board: LevelBoard,
    of: str,
    link_of: Callable[[int], Link],
    partial: Mapping[int, Sequence[str]],
) -> dict[str, Any]:
    """The years of a level as a chart and as the rows it is drawn from. Years known for some
    parts only stand in the rows and not beside the others in the chart.
    """
    rates = [(row.year, row.rate(of)) for row in board.years]
    rows: list[dict[str, Any]] = [
        {
            "row": row,
            "rate": rate,
            "said": rate_text(rate),
            "drawn": interval(rate),
            "only": "、".join(partial.get(row.year, ())),
            "figures": [
                (getattr(row.counts, name), link_of(row.year)(level.code, name, board.whole.code))
                for name in BARS
            ],
        }
        for row, (_year, rate) in zip(board.years, rates, strict=True)
    ]
    whole = [(year, rate) for year, rate in rates if year not in partial]
    return {
        "level": level,
        "chart": years_chart(whole) if whole else None,
        "rows": rows,
        "finding": years_finding(whole),
        "incomplete": [(row["row"].year, row["only"]) for row in rows if row["only"]],
    }


def years_finding(rates: Sequence[tuple[int, Rate]]) -> str:
    """The chart in a sentence: the last two years with a rate, and whether they differ."""
    shown = [(year, rate) for year, rate in rates if rate.rate is not None]
    if len(shown) < 2 and any(rate.kind == BOUNDS for _year, rate in rates):
        return _("Of some years only bounds are known; they show no trend.")
    if len(shown) < 2:
        return _("One year with a rate is not yet a trend.")
    (before, old), (now, new) = shown[-2:]
    values = {
        "before": before,
        "old": percent(old.rate or 0),
        "now": now,
        "new": percent(new.rate or 0),
    }
    if _overlap(old, new):
        return _("%(before)s: %(old)s, %(now)s: %(new)s. The ranges overlap.") % values
    return _("%(before)s: %(old)s, %(now)s: %(new)s. The ranges do not overlap.") % values


def _overlap(left: Rate, right: Rate) -> bool:
    ends = (left.low, left.high, right.low, right.high)
    low, high, other_low, other_high = (0.0 if end is None else end for end in ends)
    return low <= other_high and other_low <= high


# --- classes --------------------------------------------------------------------------------------
def stage_rows(pipeline: Pipeline, link: Callable[[str], str]) -> list[dict[str, Any]]:
    whole = len(pipeline.members)
    return [
        {
            "name": stage.name,
            "label": figure_text(stage.name),
            "count": stage.count,
            "width": width(stage.count or 0, whole),
            "url": link(stage.name) if stage.count is not None else "",
        }
        for stage in pipeline.stages
    ]


def rate_rows(rates: Iterable[ClassRate]) -> list[dict[str, Any]]:
    return [
        {
            "formula": formula(one.whole, one.part),
            "rate": one.rate,
            "said": rate_text(one.rate),
            "drawn": interval(one.rate),
        }
        for one in rates
    ]


def part_rows(parts: dict[str, Pipeline], others: str) -> list[dict[str, Any]]:
    """Each county or unit of at least ten, then the others together, then those without one.

    Nothing where all would stand in one row: that is the class itself.
    """
    large = small_together(parts)
    if set(large) == {OTHERS}:
        return []
    rows = [_part_row(name, own, others) for name, own in large.items()]
    return sorted(rows, key=lambda row: (not row["key"], row["key"] == OTHERS, row["name"]))


def part_name(key: str, others: str) -> str:
    return others if key == OTHERS else key or _("not known")


def _part_row(name: str, own: Pipeline, others: str) -> dict[str, Any]:
    rate = own.rates[0].rate
    return {
        "key": name,
        "name": part_name(name, others),
        "stages": [(stage.name, stage.count) for stage in own.stages],
        "said": rate_text(rate),
        "kind": rate.kind if rate else "",
        "drawn": interval(rate),
        "coverage": own.results.coverage if own.signed_up_known else None,
    }


def comparison(boards: Sequence[ClassBoard]) -> dict[str, Any]:
    """The classes of one level and year on a funnel, and those that may not stand on it."""
    drawn = [one for one in boards if _may_be_compared(one)]
    left_out = [one.cohort.title for one in boards if not _may_be_compared(one)]
    if len(drawn) < FEWEST_GROUPS:
        return {"chart": None, "left_out": left_out}
    target = funnel.Target(
        sum(one.whole.results.passed for one in drawn), sum(one.whole.results.sat for one in drawn)
    )
    groups = [_group(one, target) for one in drawn]
    chart = funnel_chart(groups, target)
    outside = [place_text(one) for one in groups if one.place != funnel.WITHIN]
    return {
        "chart": chart,
        "target": percent(target.rate),
        "target_counts": f"{target.passed}/{target.of}",
        "outside": outside,
        "within": sum(one.place == funnel.WITHIN for one in groups),
        "left_out": left_out,
    }


def _may_be_compared(board: ClassBoard) -> bool:
    rate = board.whole.rates[0].rate
    return rate is not None and rate.kind == POINT


def _group(board: ClassBoard, target: funnel.Target) -> Group:
    counts = board.whole.results
    place = funnel.place(counts.passed, counts.sat, target)
    return Group(board.cohort.title, counts.passed, counts.sat, place)


def place_text(group: Group) -> str:
    """Where a class outside the limits stands, and no more than that."""
    said = {
        funnel.ABOVE: _("%(name)s, %(passed)d of %(n)d (%(rate)s): above the 95%% limit"),
        funnel.BELOW: _("%(name)s, %(passed)d of %(n)d (%(rate)s): below the 95%% limit"),
        funnel.FAR_ABOVE: _("%(name)s, %(passed)d of %(n)d (%(rate)s): above the 99.8%% limit"),
        funnel.FAR_BELOW: _("%(name)s, %(passed)d of %(n)d (%(rate)s): below the 99.8%% limit"),
    }[group.place]
    rate = percent(group.passed / group.n)
    return said % {"name": group.name, "passed": group.passed, "n": group.n, "rate": rate}
