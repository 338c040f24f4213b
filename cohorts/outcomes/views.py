"""Workbench: the annual report of an area, as a page and as JSON."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from cms.accounts.gates import roles_required
from cms.accounts.models import Region
from cms.accounts.roles import REGIONAL
from cms.core.scoping import region_q
from cohorts.outcomes.annual import LEVELS, Part
from cohorts.outcomes.rates import BOUNDS, Counts, Rate
from cohorts.outcomes.services import annual_page, annual_report
from courses.syllabus.models import ExamYear, Level


@roles_required(*REGIONAL)
def annual(request: HttpRequest) -> HttpResponse:
    """The report with its definitions; without parameters, the last exam of the own area."""
    region, year = _asked(request)
    report, parts = annual_page(region.code, year)
    levels = {level.code: level for level in Level.objects.all()}
    return render(
        request,
        "cohorts/outcomes/annual.html",
        {
            "report": report,
            "region": region,
            "year": year,
            "years": _years(),
            "regions": _regions(request.user),
            "panels": [_panel(row, levels, report) for row in report["rates"]],
            "groups": [_group(levels[code], report, parts) for code in LEVELS if code in levels],
            "has_parts": bool(parts),
            "as_of": timezone.now(),
        },
    )


@roles_required(*REGIONAL)
def annual_json(request: HttpRequest) -> JsonResponse:
    region, year = _asked(request)
    return JsonResponse(annual_report(region.code, year), json_dumps_params={"ensure_ascii": False})


def _asked(request: HttpRequest) -> tuple[Region, int]:
    """Area and year of the address; an area outside the scope does not exist (404)."""
    regions = _regions(request.user)
    code = request.GET.get("region") or (regions[0].code if regions else "")
    region = next((r for r in regions if r.code == code), None)
    if region is None:
        raise Http404
    years = _years()
    said = request.GET.get("year", "")
    if said and not (said.isdecimal() and int(said) in years):
        raise Http404
    return region, int(said) if said else _last_exam(years)


def _regions(user: Any) -> list[Region]:
    """Areas of the scope and all parts of them, the largest first."""
    found = Region.objects.filter(region_q("code", user.scope.regions))
    return sorted(found, key=lambda region: (len(region.code), region.code))


def _years() -> list[int]:
    return list(ExamYear.objects.order_by("-year").values_list("year", flat=True))


def _last_exam(years: list[int]) -> int:
    """The newest year whose results are out; the newest at all where none are."""
    today = timezone.localdate()
    out = ExamYear.objects.filter(result_on__lte=today).order_by("-year").first()
    if out is not None:
        return int(out.year)
    return years[0] if years else today.year


def _panel(row: dict[str, Any], levels: dict[str, Level], report: dict[str, Any]) -> dict[str, Any]:
    """One level: its rate with the range, and the four counts as bars."""
    return {
        "row": row,
        "level": levels[row["level"]],
        "holders": report["holders"][row["level"]],
        "missing": row["registered"] - row["reported"],
        "drawn": _drawn(row["kind"], row["rate"], row["low"], row["high"]),
        "bars": [
            {"name": name, "count": row[key], "width": _share(row[key], row["registered"])}
            for name, key in BARS
        ],
    }


BARS = (("registered", "registered"), ("reported", "reported"), ("sat", "n"), ("passed", "passed"))


def _drawn(kind: str, rate: float | None, low: float | None, high: float | None) -> dict[str, Any]:
    """Places of the range on a line from 0 to 100 %, as SVG attributes; {} where none is shown."""
    if low is None or high is None:
        return {}
    drawn = {
        "x": _percent(low),
        "width": _percent(high - low),
        "text": f"{low * 100:.1f}–{high * 100:.1f}%",
        "is_bounds": kind == BOUNDS,
    }
    return drawn | ({"point": _percent(rate)} if rate is not None else {})


def _percent(share: float) -> str:
    return f"{share * 100:.1f}%"


def _share(part: int, whole: int) -> str:
    return _percent(part / whole) if whole else "0%"


def _group(level: Level, report: dict[str, Any], parts: list[Part]) -> dict[str, Any]:
    """The table rows of one level: each part, then the sum."""
    total = next((row for row in report["rates"] if row["level"] == level.code), None)
    rows = [
        _line(part.name, part.holders[level.code], part.counts[level.code], part.rates[level.code])
        for part in parts
    ]
    return {
        "level": level,
        "rows": rows,
        "total": total,
        "holders": report["holders"][level.code],
        "drawn": _drawn(total["kind"], total["rate"], total["low"], total["high"]) if total else {},
    }


def _line(name: str, holders: int, counts: Counts, rate: Rate) -> dict[str, Any]:
    drawn = _drawn(rate.kind, rate.rate, rate.low, rate.high)
    return {"name": name, "holders": holders, "counts": counts, "rate": rate, "drawn": drawn}
