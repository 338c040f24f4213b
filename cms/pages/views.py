"""The front page, the list of notices, and the stylesheet of the federation's colour."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cms.pages.colours import HUES, stylesheet
from cms.pages.models import CaseStudyPage, HomePage, HonourPage, PolicyNoticePage
from cohorts.enrolment.overview import public_cohorts
from cohorts.subsidies.services.notices import on_display
from courses.syllabus.models import ExamYear

NOTICES_A_PAGE = 20
DAY_S = 86_400


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What each kind of visitor needs next, and what is new; without a tree it is still a page."""
    now = timezone.now()
    page = {
        "page": HomePage.objects.live().first(),
        "exam": _next_exam(timezone.localdate(now)),
        "on_display": on_display()[:2],
        "notices": _notices()[:4],
        "classes": public_cohorts(now)[:4],
        "cases": CaseStudyPage.objects.live().order_by("path")[:4],
        "honours": HonourPage.objects.live().select_related("region").order_by("-year", "path")[:3],
    }
    return render(request, "pages/home.html", page)


def _next_exam(today: date) -> dict[str, Any] | None:
    exam = ExamYear.objects.filter(ends_on__gte=today).order_by("year").first()
    return {"year": exam, "days": max((exam.starts_on - today).days, 0)} if exam else None


def _notices() -> Any:
    return PolicyNoticePage.objects.live().order_by("-issued_on", "-pk")


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Notices (通知) newest first, and above them what is on public display (公示)."""
    wanted = request.GET.get("kind", "")
    kinds = PolicyNoticePage.Kind
    found = _notices().filter(kind=wanted) if wanted in kinds.values else _notices()
    page = {
        "on_display": on_display(),
        "page": Paginator(found, NOTICES_A_PAGE).get_page(request.GET.get("page")),
        "kinds": kinds.choices,
        "wanted": wanted if wanted in kinds.values else "",
        "today": timezone.localdate(),
    }
    return render(request, "pages/notices.html", page)


@require_safe
@cache_control(public=True, max_age=DAY_S)
def theme(_request: HttpRequest, colour: str) -> HttpResponse:
    """The tokens of one accent colour; its address names the colour, so it may be kept."""
    if colour not in HUES:
        raise Http404
    return HttpResponse(stylesheet(colour), content_type="text/css; charset=utf-8")
