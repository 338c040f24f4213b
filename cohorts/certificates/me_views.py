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
from cohorts.results.models import SubjectResult, published_rules, unverified_lines
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
    page = {
        "person": person,
        "sittings": _sittings(results),
        "certificates": certificates.select_related("level", "region"),
        "next_exam": _next_exam(results),
    }
    return render(request, "cohorts/certificates/mine.html", page)


def _sittings(results: list[SubjectResult]) -> list[dict[str, Any]]:
    """One entry for each exam year and level, newest first."""
    rulebook, doubtful = published_rules(), unverified_lines()
    counted = [r.as_result() for r in results if r.counts]
    passes = {(p.level, p.exam_year): p for p in passing.complete_passes(counted, rulebook)}
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for result in results:
        level = result.subject.level
        key = (level.code, result.exam_year_id)
        sitting = found.setdefault(
            key, {"level": level, "year": result.exam_year_id, "rows": [], "found": passes.get(key)}
        )
        rule_result = result.as_result()
        sitting["rows"].append(
            {
                "result": result,
                "score": shown(result),
                "line": rulebook.line(rule_result, None),
                "unverified_line": passing.separate_line(rule_result, doubtful),
                "passed": passing.is_passed(rule_result, rulebook),
            }
        )
    return list(found.values())


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
