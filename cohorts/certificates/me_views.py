"""The trainee's own results and certificates, and what is still missing."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cms.accounts.gates import acting_scope
from cms.accounts.models import Person
from cohorts.certificates.models import Certificate
from cohorts.results import passing
from cohorts.results.models import (
    ExamSignUp,
    SubjectResult,
    published_rules,
    unverified_lines,
)
from cohorts.results.shown import shown
from courses.syllabus.models import ExamYear, Level, Subject


@login_required
def own_results(request: HttpRequest) -> HttpResponse:
    own = acting_scope(request.user).person_id or 0
    person = Person.objects.visible_to(request.user).filter(pk=own).first()
    if person is None:
        return render(request, "cohorts/certificates/mine.html", {"person": None})
    results = list(
        SubjectResult.objects.visible_to(request.user)
        .current()
        .filter(person=person)
        .select_related("subject__level")
        .order_by("-exam_year_id", "subject__order")
    )
    certificates = Certificate.objects.visible_to(request.user).filter(person=person)
    sign_ups = ExamSignUp.objects.visible_to(request.user).filter(person=person)
    page = {
        "person": person,
        "sittings": _sittings(list(sign_ups.select_related("level", "region")), results),
        "certificates": certificates.select_related("level", "region"),
        "next_exam": _next_exam(results),
    }
    return render(request, "cohorts/certificates/mine.html", page)


def _sittings(sign_ups: list[ExamSignUp], results: list[SubjectResult]) -> list[dict[str, Any]]:
    """One entry for each exam year and level, newest first, also where no result is known."""
    rulebook, doubtful = published_rules(), unverified_lines()
    counted = [r.as_result() for r in results if r.counts]
    passes = {(p.level, p.exam_year): p for p in passing.complete_passes(counted, rulebook)}
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for sign_up in sign_ups:
        found[sign_up.level.code, sign_up.exam_year_id] = {"level": sign_up.level, "rows": []}
        found[sign_up.level.code, sign_up.exam_year_id]["area"] = sign_up.region.name
    for result in results:
        level = result.subject.level
        sitting = found.setdefault((level.code, result.exam_year_id), {"level": level, "rows": []})
        sitting["rows"].append(_row(result, rulebook, doubtful))
    for key, sitting in found.items():
        rows = sitting["rows"]
        sitting |= {
            "year": key[1],
            "found": passes.get(key),
            "own_word": any(row["result"].state == "self_reported" for row in rows),
            "recorded_at": max((row["result"].recorded_at for row in rows), default=None),
        }
    return sorted(found.values(), key=lambda sitting: -sitting["year"])


def _row(
    result: SubjectResult, rulebook: passing.Rulebook, doubtful: passing.Rulebook
) -> dict[str, Any]:
    own = result.as_result()
    passed, rule = passing.is_passed(own, rulebook), rulebook.rule(own.level, own.exam_year)
    lasts = passed and result.counts and rule is not None and rule.window_years > 1
    return {
        "result": result,
        "score": shown(result),
        "line": rulebook.line(own, None),
        "unverified_line": passing.separate_line(own, doubtful),
        "passed": passed,
        "counts_through": rulebook.counts_through(own, rule) if lasts and rule else None,
    }


def _next_exam(results: list[SubjectResult]) -> dict[str, Any] | None:
    """What still counts in the next exam, and what is missing for a complete pass by then."""
    exam = ExamYear.objects.filter(ends_on__gte=timezone.localdate()).order_by("year").first()
    if exam is None or not results:
        return None
    newest = max(results, key=lambda result: result.exam_year_id)
    level = newest.subject.level_id
    rulebook = published_rules()
    counted = [r.as_result() for r in results if r.counts]
    if any(p.level == level for p in passing.complete_passes(counted, rulebook)):
        return None
    missing = passing.missing_subjects(counted, rulebook, level=level, year=exam.year)
    subjects = Subject.objects.filter(level=level)
    return {
        "exam": exam,
        "level": Level.objects.get(code=level),
        "missing": [subject for subject in subjects if subject.code in missing],
        "kept": [subject for subject in subjects if subject.code not in missing],
    }
