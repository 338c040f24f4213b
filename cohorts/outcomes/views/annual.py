"""Workbench: the annual report of an area, as a page and as JSON."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from cms.accounts.gates import roles_required
from cms.accounts.models import Region
from cms.accounts.roles import REGIONAL
from cohorts.outcomes.annual import LEVELS, Part
from cohorts.outcomes.board import AreaRow, LevelBoard
from cohorts.outcomes.rates import SAT, Counts
from cohorts.outcomes.services import annual_page, annual_report
from cohorts.outcomes.shown import formula, groups, panel, silent_areas
from cohorts.outcomes.views.asking import (
    asked,
    exam_years,
    is_year_over,
    levels,
    print_button,
    regions_of,
    rows_link,
    years_held,
)


@roles_required(*REGIONAL)
def annual(request: HttpRequest) -> HttpResponse:
    """The report with its definitions; without parameters, the last exam of the own area."""
    region, year = asked(request)
    report, parts = annual_page(region.code, year)
    is_reported = any(row["reported"] for row in report["rates"])
    names, link = levels(), rows_link(year)
    boards = [_board(code, report, region, parts) for code in LEVELS if code in names]
    return render(
        request,
        "cohorts/outcomes/annual.html",
        {
            "report": report,
            "region": region,
            "year": year,
            "years": exam_years(),
            "regions": regions_of(request.user),
            "panels": [
                panel(names[one.level], one.whole, SAT, link)
                for one in boards
                if one.whole.counts.registered
            ],
            "groups": groups(names, boards, SAT, link),
            "is_reported": is_reported,
            "partial": _partial(boards, parts),
            "is_held": year in years_held(),
            "holders_known": is_year_over(year),
            "awards_url": _awards_link(region, year),
            "print_button": print_button(),
            "formula": formula(SAT),
            "has_parts": bool(parts),
            "as_of": timezone.now(),
        },
    )


def _partial(boards: list[LevelBoard], parts: list[Part]) -> list[str]:
    """The parts with sign-ups, by name, where another part has none; else nothing."""
    silent = silent_areas(boards)
    known = [part.name for part in parts if part.code not in silent]
    return known if len(known) < len(parts) else []


def _awards_link(region: Region, year: int) -> str:
    """The claims behind the awards; which award is for the template to say."""
    query = urlencode({"region": region.code, "year": year})
    return f"{reverse('subsidies:claims')}?{query}&award="


def _board(code: str, report: dict[str, Any], region: Region, parts: list[Part]) -> LevelBoard:
    """One level of the report as the boards show it."""
    found = next((row for row in report["rates"] if row["level"] == code), None)
    counts = Counts(0, 0, 0, report["passes"][code])
    if found is not None:
        counts = Counts(found["registered"], found["reported"], found["n"], found["passed"])
    return LevelBoard(
        level=code,
        whole=AreaRow(region.code, region.name, counts, report["holders"][code]),
        parts=[AreaRow(p.code, p.name, p.counts[code], p.holders[code]) for p in parts],
        years=(),
    )


@roles_required(*REGIONAL)
def annual_json(request: HttpRequest) -> JsonResponse:
    region, year = asked(request)
    return JsonResponse(annual_report(region.code, year), json_dumps_params={"ensure_ascii": False})
