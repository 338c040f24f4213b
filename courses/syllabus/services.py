"""Load the reference of the exam: levels, subjects, syllabus, exam years and their schemes.

Only what is missing is added. What staff have corrected since (a title, a date, a pass mark) stays
as they left it, so loading again changes nothing.
"""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.syllabus.models import (
    ExamYear,
    KnowledgePoint,
    Level,
    Subject,
    SubjectPaperScheme,
    SyllabusVersion,
)

REFERENCE = Path(__file__).parent / "reference"
SATURDAY = 5
USUAL_MONTH, USUAL_SATURDAY = 5, 4  # the fourth Saturday of May, as in 2025 and 2026


@transaction.atomic
def load_reference(now: datetime) -> dict[str, int]:
    """Add what is missing; returns how many of each there are then."""
    _load_levels()
    for path in sorted(REFERENCE.glob("syllabus-*.json")):
        _load_syllabus(_read(path.name))
    _load_exam_years(_read("exam-years.json"), timezone.localdate(now))
    kinds = (Level, Subject, SyllabusVersion, KnowledgePoint, ExamYear, SubjectPaperScheme)
    return {kind.__name__: kind._default_manager.count() for kind in kinds}


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((REFERENCE / name).read_text(encoding="utf-8"))
    return content


def _load_levels() -> None:
    reference = _read("levels.json")
    Level.objects.bulk_create(
        [Level(**level) for level in reference["levels"]], ignore_conflicts=True
    )
    subjects = [{**subject, "level_id": subject["level"]} for subject in reference["subjects"]]
    for subject in subjects:
        del subject["level"]
    Subject.objects.bulk_create([Subject(**subject) for subject in subjects], ignore_conflicts=True)


def _load_syllabus(reference: dict[str, Any]) -> None:
    described = reference["version"]
    version, _created = SyllabusVersion.objects.get_or_create(
        code=described["code"], defaults={**described, "published_on": _day(described)}
    )
    chapters = [
        (subject, order, chapter)
        for subject, listed in reference["chapters"].items()
        for order, chapter in enumerate(listed, start=1)
    ]
    _add_points([_point(version, subject, order, row) for subject, order, row in chapters])
    known = {(point.subject_id, point.number): point for point in version.points.filter(depth=1)}
    _add_points(
        [
            _point(version, subject, order, section, parent=known[subject, chapter["number"]])
            for subject, _order, chapter in chapters
            for order, section in enumerate(chapter.get("sections", ()), start=1)
        ]
    )


def _day(described: dict[str, Any]) -> date | None:
    written = described.get("published_on")
    return date.fromisoformat(written) if written else None


def _point(
    version: SyllabusVersion,
    subject: str,
    order: int,
    row: dict[str, Any],
    parent: KnowledgePoint | None = None,
) -> KnowledgePoint:
    return KnowledgePoint(
        version=version,
        subject_id=subject,
        parent=parent,
        number=row["number"],
        title=row["title"],
        order=order,
        depth=2 if parent else 1,
        confirmed=row.get("confirmed", True),
    )


def _add_points(points: list[KnowledgePoint]) -> None:
    KnowledgePoint.objects.bulk_create(points, ignore_conflicts=True, batch_size=500)


def _load_exam_years(reference: dict[str, Any], today: date) -> None:
    years = [*reference["years"], *_next_year(reference["years"], today)]
    ExamYear.objects.bulk_create([_exam_year(year) for year in years], ignore_conflicts=True)
    SubjectPaperScheme.objects.bulk_create(
        [
            SubjectPaperScheme(
                exam_year_id=year["year"],
                subject_id=subject,
                starts_at=_starts_at(year.get("slots", {}).get(subject)),
                **scheme,
            )
            for year in years
            for subject, scheme in reference["schemes"].items()
        ],
        ignore_conflicts=True,
    )


def _exam_year(row: dict[str, Any]) -> ExamYear:
    days = {
        name: date.fromisoformat(row[name]) if row[name] else None
        for name in ("law_as_of", "starts_on", "ends_on", "result_on")
    }
    return ExamYear(year=row["year"], provisional=row["provisional"], **days)


def _next_year(years: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """Return the exam to come, with provisional dates, where no year listed lies ahead."""
    if any(date.fromisoformat(year["starts_on"]) > today for year in years):
        return []
    year = today.year if _usual_start(today.year) > today else today.year + 1
    start = _usual_start(year)
    return [
        {
            "year": year,
            "law_as_of": f"{year - 1}-12-31",
            "starts_on": start.isoformat(),
            "ends_on": (start + timedelta(days=1)).isoformat(),
            "result_on": None,
            "provisional": True,
        }
    ]


def _usual_start(year: int) -> date:
    first = date(year, USUAL_MONTH, 1)
    to_saturday = (SATURDAY - first.weekday()) % 7
    return first + timedelta(days=to_saturday + 7 * (USUAL_SATURDAY - 1))


def _starts_at(slot: str | None) -> datetime | None:
    if slot is None:
        return None
    return timezone.make_aware(datetime.fromisoformat(slot))
