"""Workbench: the board of an area, the rows behind its figures, and the workbook of it."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cms.accounts.gates import roles_required
from cms.accounts.models import Person, Region
from cms.accounts.roles import REGIONAL
from cms.core.sheet_writer import CONTENT_TYPE
from cohorts.outcomes.annual import LEVELS
from cohorts.outcomes.board import FIGURES, HOLDERS, RegionBoard
from cohorts.outcomes.rates import DENOMINATORS
from cohorts.outcomes.services import people_behind, region_board
from cohorts.outcomes.shown import figure_text, formula, groups, panel, silent_areas, years
from cohorts.outcomes.views.asking import (
    asked,
    denominator_asked,
    is_year_over,
    levels,
    one_of,
    print_button,
    regions_of,
    rows_link,
    years_held,
)
from cohorts.outcomes.workbooks import region_workbook
from cohorts.results.lists import PAGE
from cohorts.results.models import ExamSignUp, SubjectResult
from cohorts.results.shown import shown


@roles_required(*REGIONAL)
def board(request: HttpRequest) -> HttpResponse:
    """Level panels, the parts, the years; without parameters, the last exam of the own area."""
    region, year = asked(request)
    of = denominator_asked(request)
    found, names, link = region_board(region.code, year), levels(), rows_link(year)
    offered = _years(found, year)
    return render(
        request,
        "cohorts/outcomes/board.html",
        {
            "board": found,
            "region": region,
            "year": year,
            "years": offered,
            "newer": [one for one in offered if one["year"] > year],
            "partial": found.partial.get(year, ()),
            "holders_known": is_year_over(year),
            "regions": regions_of(request.user),
            "of": of,
            "formula": formula(of),
            "denominators": [(one, figure_text(one)) for one in DENOMINATORS],
            "panels": [panel(names[one.level], one.whole, of, link) for one in found.levels],
            "groups": groups(names, found.levels, of, link),
            "is_silent": region.code in silent_areas(found.levels),
            "has_parts": any(one.parts for one in found.levels),
            "histories": [
                years(names[one.level], one, of, rows_link, found.partial)
                for one in found.levels
                if one.years
            ],
            "print_button": print_button(),
            "as_of": timezone.now(),
        },
    )


def _years(board: RegionBoard, chosen: int) -> list[dict[str, Any]]:
    """Years with anybody signed up and later ones whose exam is over, newest first, and what
    their results lack.
    """
    rows = [row for level in board.levels for row in level.years]
    known = {row.year for row in rows}
    missing = {row.year for row in rows if row.counts.missing} | set(board.partial)
    held = {year for year in years_held() if year > max(known, default=0)}
    return [
        {"year": year, "incomplete": year in missing, "silent": year not in known}
        for year in sorted(known | held | {chosen}, reverse=True)
    ]


@roles_required(*REGIONAL)
def board_export(request: HttpRequest) -> HttpResponse:
    region, year = asked(request)
    content = region_workbook(
        region_board(region.code, year),
        region=region.name,
        levels=levels(),
        of=denominator_asked(request),
        now=timezone.now(),
    )
    return workbook_response(content, f"board-{region.code}-{year}.xlsx")


def workbook_response(content: bytes, filename: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse(content, content_type=CONTENT_TYPE, headers=headers)


@roles_required(*REGIONAL)
def rows(request: HttpRequest) -> HttpResponse:
    """The people whom one figure of the board counts: as many rows as the figure says."""
    region, year = asked(request)
    level, figure = one_of(request, "level", LEVELS), one_of(request, "figure", FIGURES)
    behind = people_behind(region.code, year, level=level, figure=figure)
    page = Paginator(behind.people, PAGE).get_page(request.GET.get("page"))
    names = dict(Region.objects.values_list("code", "name"))
    areas = {person: names.get(area, area) for person, area in behind.areas.items()}
    return render(
        request,
        "cohorts/outcomes/rows.html",
        {
            "region": region,
            "year": year,
            "level": levels()[level],
            "figure": figure,
            "title": figure_text(figure),
            "is_holders": figure == HOLDERS,
            "page": page,
            "rows": _rows(page, areas, level=level, year=year, user=request.user),
        },
    )


def _rows(
    page: Page, areas: dict[int, str], *, level: str, year: int, user: Any
) -> list[dict[str, Any]]:
    own = list(page.object_list)
    people = Person.objects.visible_to(user).in_bulk(own)
    sign_ups = ExamSignUp.objects.visible_to(user).filter(
        person__in=own, exam_year=year, level=level
    )
    units = dict(sign_ups.values_list("person", "organisation"))
    results = (
        SubjectResult.objects.visible_to(user)
        .current()
        .filter(person__in=own, exam_year=year, subject__level=level)
        .select_related("subject")
        .order_by("subject__order")
    )
    scores: dict[int, list[dict[str, Any]]] = {}
    for result in results:
        said = {"subject": result.subject.short_name, "score": shown(result), "row": result}
        scores.setdefault(result.person_id, []).append(said)
    return [
        {
            "person": people[pk],
            "area": areas.get(pk, ""),
            "unit": units.get(pk, ""),
            "scores": scores.get(pk, []),
        }
        for pk in own
        if pk in people
    ]
