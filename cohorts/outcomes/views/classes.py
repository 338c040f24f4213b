"""Workbench: classes of a year beside each other, the board of one class, and its people."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.accounts.gates import roles_required
from cms.accounts.roles import STAFF
from cohorts.enrolment.models import Cohort, Enrolment
from cohorts.outcomes.drawing import interval
from cohorts.outcomes.pipeline import FIGURES, Member, Pipeline, small_together
from cohorts.outcomes.services import class_board, class_boards
from cohorts.outcomes.services.classes import ClassBoard
from cohorts.outcomes.shown import (
    bounds_text,
    comparison,
    figure_text,
    missing_text,
    part_rows,
    rate_rows,
    rate_text,
    stage_rows,
)
from cohorts.outcomes.views.asking import levels, one_of, print_button
from cohorts.outcomes.views.board import workbook_response
from cohorts.outcomes.workbooks import class_workbook, register_text
from cohorts.results.lists import PAGE


@roles_required(*STAFF)
def class_list(request: HttpRequest) -> HttpResponse:
    """The classes of one exam year by level, in the order in which they began: no league table."""
    visible = Cohort.objects.visible_to(request.user)
    years = sorted(set(visible.order_by().values_list("exam_year", flat=True)), reverse=True)
    year = _year(request, years)
    cohorts = visible.of_year(year).select_related("level", "region").order_by("starts_on", "pk")
    boards = class_boards(list(cohorts), timezone.now())
    return render(
        request,
        "cohorts/outcomes/class_list.html",
        {
            "years": years,
            "year": year,
            "groups": [
                _group(level, [one for one in boards if one.cohort.level_id == level.code])
                for level in levels().values()
                if any(one.cohort.level_id == level.code for one in boards)
            ],
            "print_button": print_button(),
            "as_of": timezone.now(),
        },
    )


def _year(request: HttpRequest, years: list[int]) -> int:
    said = request.GET.get("year", "")
    if said and not (said.isdecimal() and int(said) in years):
        raise Http404
    return int(said) if said else years[0] if years else timezone.localdate().year


def _group(level: Any, boards: list[ClassBoard]) -> dict[str, Any]:
    return {
        "level": level,
        "rows": [_row(board) for board in boards],
        "comparison": comparison(boards),
    }


def _row(board: ClassBoard) -> dict[str, Any]:
    rate = board.whole.rates[0].rate
    counts = board.whole.results
    return {
        "cohort": board.cohort,
        "stages": board.whole.stages,
        "coverage": counts.coverage if board.whole.signed_up_known else None,
        "said": rate_text(rate),
        "kind": rate.kind if rate else "",
        "drawn": interval(rate),
        "is_frozen": board.is_frozen,
    }


def _cohort(request: HttpRequest, uuid: UUID) -> Cohort:
    rows = Cohort.objects.visible_to(request.user)
    found: Cohort = get_object_or_404(
        rows.select_related("level", "region", "organiser", "exam_year"), uuid=uuid
    )
    return found


@roles_required(*STAFF)
def class_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    now = timezone.now()
    board = class_board(_cohort(request, uuid), now)
    counts, headline = board.whole.results, board.whole.rates[0].rate
    link = _rows_link(uuid)
    return render(
        request,
        "cohorts/outcomes/class_board.html",
        {
            "board": board,
            "cohort": board.cohort,
            "register": register_text(board),
            "rate": headline,
            "said": rate_text(headline),
            "drawn": interval(headline),
            "why_bounds": bounds_text(headline),
            "counts": counts,
            "stages": stage_rows(board.whole, link),
            "rates": rate_rows(board.whole.rates),
            "missing": missing_text(counts, "sat") if board.whole.signed_up_known else "",
            "missing_url": link("missing"),
            "tables": [
                (_("By county"), _("County"), "county", part_rows(board.counties, _("others"))),
                (_("By unit"), _("Unit"), "unit", part_rows(board.units, _("other units"))),
            ],
            "print_button": print_button(),
            "as_of": now,
        },
    )


def _rows_link(uuid: UUID) -> Callable[[str], str]:
    rows = reverse("outcomes:class_rows", args=[uuid])
    return lambda figure: f"{rows}?{urlencode({'figure': figure})}"


@roles_required(*STAFF)
def class_rows(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The people whom a figure of a class counts, of all of it or of one county or unit."""
    board = class_board(_cohort(request, uuid), timezone.now())
    figure = one_of(request, "figure", FIGURES)
    members = _part(request, board).people(figure)
    page = Paginator(members, PAGE).get_page(request.GET.get("page"))
    people = Enrolment.objects.visible_to(request.user).select_related("person")
    found = people.in_bulk([member.enrolment for member in page.object_list])
    return render(
        request,
        "cohorts/outcomes/class_rows.html",
        {
            "board": board,
            "cohort": board.cohort,
            "title": figure_text(figure),
            "page": page,
            "rows": [_person(member, found) for member in page if member.enrolment in found],
            "known": board.whole.signed_up_known,
        },
    )


def _part(request: HttpRequest, board: ClassBoard) -> Pipeline:
    """The members of the county or unit that the address names; of the class without one."""
    for name, whole in (("county", board.counties), ("unit", board.units)):
        if name in request.GET:
            said = request.GET[name]
            parts = small_together(whole)
            if said not in parts:
                raise Http404
            return parts[said]
    return board.whole


def _person(member: Member, enrolments: dict[int, Enrolment]) -> dict[str, Any]:
    return {"member": member, "person": enrolments[member.enrolment].person}


@roles_required(*STAFF)
def class_export(request: HttpRequest, uuid: UUID) -> HttpResponse:
    now = timezone.now()
    board = class_board(_cohort(request, uuid), now)
    return workbook_response(class_workbook(board, now), f"class-{board.cohort.code}.xlsx")
