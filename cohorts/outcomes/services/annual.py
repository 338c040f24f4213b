"""Reads that report on everything before: nothing is written here."""

from typing import Any

from django.db.models import Count, Q, Sum

from cms.accounts.models import Region
from cms.core.scoping import region_q
from cohorts.certificates.models import Certificate
from cohorts.outcomes.annual import (
    Held,
    Paid,
    Part,
    Passed,
    SignUp,
    YearFacts,
    last_day,
    parts,
    report,
)
from cohorts.posts.models import Post
from cohorts.results.models import ExamSignUp, SubjectResult
from cohorts.results.passes import passes_by_person
from cohorts.subsidies.models import Award


def annual_report(region_code: str, year: int) -> dict[str, Any]:
    """Passes, holders, rates and awards of one exam year; a dozen statements at most."""
    return _reported(collect(region_code, year), region_code)


def annual_page(region_code: str, year: int) -> tuple[dict[str, Any], list[Part]]:
    """The report, and the same figures for the next smaller divisions, from one collection."""
    facts = collect(region_code, year)
    return _reported(facts, region_code), parts(facts, parts_of(region_code))


def _reported(facts: YearFacts, region_code: str) -> dict[str, Any]:
    found = report(facts, region_code)
    return found | {"certificates_waiting": waiting(region_code, facts.year)}


def parts_of(region_code: str) -> dict[str, str]:
    """The next smaller divisions that are set up, by code."""
    below = Region.objects.filter(region_q("code", [region_code])).exclude(code=region_code)
    names = dict(below.values_list("code", "name"))
    shortest = min((len(code) for code in names), default=0)
    return {code: name for code, name in sorted(names.items()) if len(code) == shortest}


def waiting(region_code: str, year: int) -> int:
    """Certificates of that exam year or before that nobody has checked: no holders yet."""
    rows = Certificate.objects.across_regions().waiting().filter(exam_year__lte=year)
    return rows.filter(region_q("region", [region_code])).count()


def collect(region_code: str, year: int) -> YearFacts:
    return YearFacts(
        year=year,
        sign_ups=sign_ups_by_year(region_code, year).get(year, []),
        passes=passes_by_year(region_code, year).get(year, []),
        held=held_in(region_code, year),
        one_off=_paid(region_code, Q(period="once", exam_year=year)),
        monthly=_paid(region_code, Q(period__gte=f"{year}-01", period__lte=f"{year}-12")),
    )


def sign_ups_by_year(region_code: str, year: int | None = None) -> dict[int, list[SignUp]]:
    """Sign-ups with what is known of their results: of one year, or of all; two statements."""
    rows = ExamSignUp.objects.across_regions().in_area(region_code)
    results = SubjectResult.objects.across_regions().counted()
    if year is not None:
        rows, results = rows.filter(exam_year=year), results.filter(exam_year=year)
    known = {
        (person, level, taken): scores
        for person, level, taken, scores in results.filter(person__in=rows.values("person"))
        .values_list("person", "subject__level", "exam_year")
        .order_by()
        .annotate(scores=Count("score_half"))
    }
    found: dict[int, list[SignUp]] = {}
    for person, level, area, taken in rows.values_list("person", "level", "region", "exam_year"):
        scores = known.get((person, level, taken))
        found.setdefault(taken, []).append(
            SignUp(person, level, area, reported=scores is not None, sat=bool(scores))
        )
    return found


def passes_by_year(region_code: str, year: int | None = None) -> dict[int, list[Passed]]:
    """Complete passes by the exam year that completed them; of one year, or of all."""
    found: dict[int, list[Passed]] = {}
    for person, own in passes_by_person(region=region_code, year=year).items():
        for one in own:
            if year is None or one.exam_year == year:
                passed = Passed(person, one.level, one.sign_up_area)
                found.setdefault(one.exam_year, []).append(passed)
    return found


def held_in(region_code: str, year: int) -> list[Held]:
    """All certificates of everybody who works in the area or signed up there; the pure part
    decides in which area each person stands, once.
    """
    day = last_day(year)
    posts = Post.objects.across_regions().on(day)
    held = Certificate.objects.across_regions().held_on(day)
    works_here = posts.filter(region_q("organisation__region", [region_code]))
    signed_up_here = held.filter(region_q("region", [region_code]))
    rows = held.filter(
        Q(person__in=works_here.values("person")) | Q(person__in=signed_up_here.values("person"))
    )
    workplaces = dict(
        posts.filter(person__in=rows.values("person"))
        .order_by("from_on", "pk")  # the newest post comes last and stays
        .values_list("person", "organisation__region")
    )
    return [
        Held(person, level, workplaces.get(person, ""), area)
        for person, level, area in rows.values_list("person", "level", "region")
    ]


def _paid(region_code: str, which: Q) -> Paid:
    rows = Award.objects.across_regions().filter(which).filter(region_q("region", [region_code]))
    found = rows.aggregate(lines=Count("pk"), total=Sum("amount_fen"))
    return Paid(lines=found["lines"], total_fen=found["total"] or 0)
