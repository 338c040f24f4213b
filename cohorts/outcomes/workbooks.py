"""The boards as workbooks: the figures, and on a second sheet what they mean and as of when."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from cms.core.sheet_writer import OutputValue, SheetOut, write_workbook
from cohorts.outcomes.board import RegionBoard
from cohorts.outcomes.pipeline import STAGES, Pipeline, small_together
from cohorts.outcomes.rates import BOUNDS, POINT, Counts, Rate
from cohorts.outcomes.services.classes import ClassBoard
from cohorts.outcomes.shown import figure_text, formula, part_name, passing_text
from courses.syllabus.models import Level

Cells = list[OutputValue]
SHARE = "0.0%"


def region_workbook(
    board: RegionBoard, *, region: str, levels: Mapping[str, Level], of: str, now: datetime
) -> bytes:
    """Three sheets: the levels with their parts, the definitions, the years."""
    title = _("%(area)s: exam of %(year)s") % {"area": region, "year": board.year}
    header = [_("Level"), _("Area"), *_count_header(), *_rate_header(of), figure_text("holders")]
    rows: list[Cells] = [
        [levels[one.level].name, row.name, *_counts(row.counts), *_rate(row.rate(of)), row.holders]
        for one in board.levels
        for row in (*one.parts, one.whole)
    ]
    years: list[Cells] = [
        [levels[one.level].name, row.year, *_counts(row.counts), *_rate(row.rate(of))]
        for one in board.levels
        for row in one.years
    ]
    figures = SheetOut(
        name=_("Figures"),
        titles=(title, _as_of(now)),
        header=header,
        rows=rows,
        formats=_formats(header),
        to_print=True,
    )
    year_header = [_("Level"), _("Exam year"), *_count_header(), *_rate_header(of)]
    history = SheetOut(
        name=_("Years"),
        titles=(_("%(area)s: all years") % {"area": region},),
        header=year_header,
        rows=years,
        formats=_formats(year_header),
        to_print=True,
    )
    notes = [*_definitions(of), *(passing_text(one.level) for one in board.levels)]
    notes.append(_("Holders: people by their highest checked certificate at the end of the year."))
    return write_workbook([figures, _notes(notes, now), history])


def class_workbook(board: ClassBoard, now: datetime) -> bytes:
    """Three sheets: the class with its counties and units, the definitions, every rate."""
    header = [
        _("Part"),
        _("Name"),
        *(figure_text(stage) for stage in STAGES),
        _("coverage"),
        *_rate_header("sat"),
    ]
    figures = SheetOut(
        name=_("Figures"),
        titles=(board.cohort.title, _as_of(now)),
        header=header,
        rows=[[kind, name, *_stages(own)] for kind, name, own in _parts(board)],
        formats=_formats(header),
        to_print=True,
    )
    rate_header = [_("Rate"), _("part"), _("whole"), _("Value"), *_range_header()]
    rates = SheetOut(
        name=_("Rates"),
        header=rate_header,
        rows=[
            [
                formula(one.whole, one.part),
                one.rate.passed if one.rate else _("not known yet"),
                one.rate.n if one.rate else _("not known yet"),
                *_rate(one.rate),
            ]
            for one in board.whole.rates
        ],
        formats=_formats(rate_header),
    )
    notes = [*_definitions("sat"), passing_text(board.cohort.level_id), register_text(board)]
    notes.append(_("Attended: present in at least half of the sessions held."))
    notes.append(_("Counties and units of fewer than 10 people are counted together."))
    return write_workbook([figures, _notes(notes, now), rates])


def _parts(board: ClassBoard) -> list[tuple[str, str, Pipeline]]:
    """The class, then its counties and units as the page shows them: small ones together."""
    found: list[tuple[str, str, Pipeline]] = [(_("Class"), board.cohort.title, board.whole)]
    for kind, others, parts in (
        (_("County"), _("others"), board.counties),
        (_("Unit"), _("other units"), board.units),
    ):
        large = small_together(parts)
        found += [(kind, part_name(key, others), own) for key, own in large.items()]
    return found


def register_text(board: ClassBoard) -> str:
    """Who stands in the denominator of a class."""
    if board.is_frozen and board.cohort.frozen_at is not None:
        day = timezone.localdate(board.cohort.frozen_at)
        return _("The register was frozen on %(day)s; nobody was added or taken out since.") % {
            "day": day.isoformat()
        }
    return _("The register is not frozen yet: those enrolled now are counted.")


def _count_header() -> list[str]:
    return [
        figure_text("registered"),
        figure_text("reported"),
        _("coverage"),
        figure_text("sat"),
        figure_text("absent"),
        figure_text("passed"),
    ]


def _counts(counts: Counts) -> Cells:
    return [
        counts.registered,
        counts.reported,
        counts.coverage,
        counts.sat,
        counts.absent,
        counts.passed,
    ]


def _rate_header(of: str) -> list[str]:
    return [formula(of), *_range_header()]


def _range_header() -> list[str]:
    return [_("range from"), _("range to"), _("kind of range")]


def _rate(rate: Rate | None) -> Cells:
    """Rate, low, high and what they are; a rate that is not shown says why."""
    if rate is None:
        return [_("not known yet"), None, None, None]
    if rate.kind == POINT:
        return [rate.rate, rate.low, rate.high, _("Wilson 95%")]
    if rate.kind == BOUNDS:
        return [_("bounds only"), rate.low, rate.high, _("all missing failed or passed")]
    return [_("fewer than 10"), None, None, None]


def _stages(own: Pipeline) -> Cells:
    unknown = _("not known yet")
    counts: Cells = [unknown if one.count is None else one.count for one in own.stages]
    coverage = own.results.coverage if own.signed_up_known else None
    return [*counts, coverage, *_rate(own.rates[0].rate)]


def _formats(header: Iterable[str]) -> dict[str, str]:
    """Shares as percentages: the coverage, and the three columns of the rate."""
    shares = {_("coverage"), _("range from"), _("range to"), _("Value")}
    return {name: SHARE for name in header if name in shares or "÷" in name}


def _definitions(of: str) -> list[str]:
    return [
        _("Rate: %(formula)s.") % {"formula": formula(of)},
        _("Signed up: on record for this exam year and level, by the sign-up area."),
        _("Results known: any result from a workbook; a person's own word counts as nothing yet."),
        _("Sat: at least one real score. Absent, misconduct and void are results, but no scores."),
        _("Coverage: results known ÷ signed up. Under 80% only bounds are given."),
        _("People of whom nothing is known, where it divides by them, also leave bounds only."),
        _("Fewer than 10 results: no rate is given."),
        _("Range: Wilson's 95% interval."),
    ]


def _notes(notes: Iterable[str], now: datetime) -> SheetOut:
    rows: list[Cells] = [[note] for note in (_as_of(now), *notes) if note]
    return SheetOut(name=_("Definitions"), header=[_("How this is counted")], rows=rows)


def _as_of(now: datetime) -> str:
    said = timezone.localtime(now).strftime("%Y-%m-%d %H:%M")
    return _("Counted from the records as of %(time)s") % {"time": said}
