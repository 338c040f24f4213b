"""What an address of the boards asks for: area, exam year, denominator, figure."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.accounts.models import Region
from cms.core.scoping import region_q
from cohorts.outcomes.annual import last_day
from cohorts.outcomes.rates import DENOMINATORS, SAT
from cohorts.outcomes.services import newest_whole_year
from cohorts.outcomes.shown import Link
from courses.syllabus.models import ExamYear, Level


def asked(request: HttpRequest) -> tuple[Region, int]:
    """Area and year of the address; an area outside the scope does not exist (404)."""
    regions = regions_of(request.user)
    code = request.GET.get("region") or (regions[0].code if regions else "")
    region = next((r for r in regions if r.code == code), None)
    if region is None:
        raise Http404
    return region, _year_asked(request, region)


def _year_asked(request: HttpRequest, region: Region) -> int:
    """The year of the address; else the newest one with results of the whole area."""
    years = exam_years()
    said = request.GET.get("year", "")
    if said and not (said.isdecimal() and int(said) in years):
        raise Http404
    return int(said) if said else newest_whole_year(region.code) or _last_exam(years)


def denominator_asked(request: HttpRequest) -> str:
    """The rate of the boards is passed ÷ sat unless the address names another denominator."""
    said = request.GET.get("of", "")
    return said if said in DENOMINATORS else SAT


def one_of(request: HttpRequest, name: str, known: Any) -> str:
    """A word of the address that must be one of these; anything else is 404."""
    said = request.GET.get(name, "")
    if said not in known:
        raise Http404
    return said


def regions_of(user: Any) -> list[Region]:
    """Areas of the scope and all parts of them, the largest first."""
    found = Region.objects.filter(region_q("code", user.scope.regions))
    return sorted(found, key=lambda region: (len(region.code), region.code))


def exam_years() -> list[int]:
    return list(ExamYear.objects.order_by("-year").values_list("year", flat=True))


def _last_exam(years: list[int]) -> int:
    """The newest year whose results are out; the newest at all where none are."""
    today = timezone.localdate()
    out = ExamYear.objects.filter(result_on__lte=today).order_by("-year").first()
    if out is not None:
        return int(out.year)
    return years[0] if years else today.year


def years_held() -> list[int]:
    """Exam years whose exam is over, newest first."""
    held = ExamYear.objects.filter(ends_on__lt=timezone.localdate()).order_by("-year")
    return list(held.values_list("year", flat=True))


def is_year_over(year: int) -> bool:
    """Whether the last day of the year has come, on which holders are counted."""
    return last_day(year) <= timezone.localdate()


def print_button() -> dict[str, str]:
    """What the island of that name is told."""
    return {"label": _("Print")}


def levels() -> dict[str, Level]:
    return {level.code: level for level in Level.objects.all()}


def rows_link(year: int) -> Link:
    """Addresses of the rows behind the figures of a year."""
    rows = reverse("outcomes:rows")

    def link(level: str, figure: str, region: str) -> str:
        query = {"region": region, "year": year, "level": level, "figure": figure}
        return f"{rows}?{urlencode(query)}"

    return link
