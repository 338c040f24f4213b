"""Writes of results: the import of a workbook, and the reference data results are judged by."""

import hashlib
import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from cms.accounts.models import User
from cms.accounts.services import audit
from cms.core.plans import FileRefused, ImportPlan
from cms.core.sheet_limits import limits_for
from cms.core.sheets import read_workbook
from cms.core.wording import Message
from cohorts.results.effects import CHANGED, NEW, SAME
from cohorts.results.models import (
    CutScore,
    ExamSignUp,
    PassingRule,
    ResultImport,
    SubjectResult,
    published_rules,
)
from cohorts.results.people import assign, ensure_people, home_area, known_areas, match
from cohorts.results.planning import (
    PlannedResult,
    cautions,
    on_record,
    plan_rows,
    refuse_conflicts,
    sign_up_news,
)
from cohorts.results.sheet import SheetRules, read_results
from cohorts.results.sheet_years import other_years
from courses.syllabus.models import ExamYear

REFERENCE = Path(__file__).parent / "reference"
BATCH = 500


def plan_import(
    content: bytes, filename: str, *, options: dict[str, Any], actor: User | None, now: datetime
) -> ImportPlan:
    """What the workbook would change. Options: `year`, and `region` for rows that name no area.

    Raises FileRefused.
    """
    year = int(options["year"])
    if not ExamYear.objects.filter(year=year).exists():
        raise FileRefused(Message("The exam year %(year)s is not set up", year=year))
    home = home_area(actor, chosen=options.get("region"), now=now)
    workbook = read_workbook(content, filename, limits_for(actor))
    rules = SheetRules(areas=known_areas(), allow_fictional=settings.ALLOW_FICTIONAL_PEOPLE)
    reading = read_results(workbook, rules)
    matches = match(reading.rows, actor=actor)
    record = on_record(matches, year=year)
    found = assign(
        reading,
        matches,
        actor=actor,
        home=home,
        is_elsewhere=record.is_elsewhere,
        place=record.place,
    )
    rows, conflicts = refuse_conflicts(found.rows, record)
    planned = plan_rows(rows, record)
    warnings = cautions(planned, record, published_rules())
    plan = found.plan(reading, planned, kind=workbook.kind, refused=conflicts, warnings=warnings)
    doubts = other_years(workbook, reading.rows, year=year)
    # At the top, whatever the lines of the other warnings: here the whole file may be misplaced.
    return replace(plan, warnings=(*doubts, *plan.warnings))


@transaction.atomic
def apply_import(
    content: bytes, filename: str, *, options: dict[str, Any], actor: User | None, now: datetime
) -> ImportPlan:
    """Write what `plan_import` says; a file that changes nothing leaves no trace."""
    plan = plan_import(content, filename, options=options, actor=actor, now=now)
    year = int(options["year"])
    planned: list[PlannedResult] = list(plan.rows)
    people = ensure_people([row.assigned for row in planned], source="sign_up", now=now)
    owners = {id(row): people[id(row.assigned)] for row in planned}
    signed = _write_sign_ups(planned, owners, year=year)
    written = [row for row in planned if row.effect != SAME]
    if not written and not signed:
        return plan
    batch = _record_import(content, filename, plan=plan, options=options, actor=actor, now=now)
    rows = [result for row in written for result in _results(row, owners[id(row)], batch)]
    SubjectResult.objects.bulk_create(rows, batch_size=BATCH)
    audit(
        actor=actor,
        action="import_results",
        target=f"results {year}",
        region=batch.region_id,
        now=now,
        detail=batch.counts | {"sha256": batch.sha256},
    )
    return plan


def _record_import(
    content: bytes,
    filename: str,
    *,
    plan: ImportPlan,
    options: dict[str, Any],
    actor: User | None,
    now: datetime,
) -> ResultImport:
    effects = [row.effect for row in plan.rows]
    return ResultImport.objects.create(
        sha256=hashlib.sha256(content).hexdigest(),
        filename=filename[:255],
        year=int(options["year"]),
        region_id=home_area(actor, chosen=options.get("region"), now=now) or None,
        by=actor,
        at=now,
        counts={
            "found": plan.found,
            "refused": len(plan.refused),
            "new": effects.count(NEW),
            "changed": effects.count(CHANGED),
            "same": effects.count(SAME),
        },
    )


def _results(planned: PlannedResult, person: int, batch: ResultImport) -> list[SubjectResult]:
    return [
        SubjectResult(
            person_id=person,
            exam_year_id=batch.year,
            subject_id=subject,
            region_id=planned.assigned.region,
            score_half=score.half,
            special=score.special,
            state=_state(planned),
            source_import=batch,
            line=planned.line,
            supersedes=planned.superseded.get(subject),
            recorded_by=batch.by,
            recorded_at=batch.at,
        )
        for subject, score in planned.writes()
    ]


def _state(planned: PlannedResult) -> str:
    state = SubjectResult.State
    return state.SELF_REPORTED if planned.row.self_reported else state.EVIDENCED


# --- sign-ups -------------------------------------------------------------------------------------
def _write_sign_ups(planned: list[PlannedResult], owners: dict[int, int], *, year: int) -> int:
    """Sign-ups of the file, made or brought up to date; returns how many changed."""
    wanted = {(owners[id(row)], row.row.level): row for row in planned}
    known = {
        (sign_up.person_id, str(sign_up.level_id)): sign_up
        for sign_up in ExamSignUp.objects.across_regions().filter(
            exam_year=year, person__in=set(owners.values())
        )
    }
    fresh = [_sign_up(row, key[0], year) for key, row in wanted.items() if key not in known]
    kept = ((known[key], row) for key, row in wanted.items() if key in known)
    changed = [sign_up for sign_up, row in kept if _refresh(sign_up, row)]
    ExamSignUp.objects.bulk_create(fresh, batch_size=BATCH)
    if changed:
        fields = ["region", "admission_no", "organisation", "said_number", "said_approved_on"]
        ExamSignUp.objects.across_regions().bulk_update(changed, fields, batch_size=BATCH)
    return len(fresh) + len(changed)


def _sign_up(planned: PlannedResult, person: int, year: int) -> ExamSignUp:
    sign_up = ExamSignUp(person_id=person, exam_year_id=year, level_id=planned.row.level)
    sign_up.region_id = planned.assigned.region
    _refresh(sign_up, planned)
    return sign_up


def _refresh(sign_up: ExamSignUp, planned: PlannedResult) -> bool:
    """Take over what the row says anew; returns whether that was anything."""
    news = sign_up_news(planned.row, sign_up)
    for name, value in news.items():
        setattr(sign_up, name, value)
    return bool(news)


# --- reference ------------------------------------------------------------------------------------
@transaction.atomic
def load_cut_scores(now: datetime) -> int:
    """Cut scores and passing rules as published; returns how many the files hold by `now`.

    Only what is missing is added: what staff have corrected since stays as they left it.
    """
    cuts = json.loads((REFERENCE / "cut-scores.json").read_text(encoding="utf-8"))
    known = [cut for cut in cuts if _is_published(cut, now)]
    for cut in known:
        key = {"exam_year": cut.pop("exam_year"), "level_id": cut.pop("level")}
        key |= {"subject_id": cut.pop("subject"), "area_id": cut.pop("area")}
        CutScore.objects.get_or_create(**key, defaults=cut)
    rules = json.loads((REFERENCE / "passing-rules.json").read_text(encoding="utf-8"))
    for rule in rules:
        key = {"level_id": rule.pop("level"), "first_exam_year": rule.pop("first_exam_year")}
        subjects = rule.pop("subjects")
        found, created = PassingRule.objects.get_or_create(**key, defaults=rule)
        if created:
            found.subjects.set(subjects)
    return len(known) + len(rules)


def _is_published(cut: dict[str, Any], now: datetime) -> bool:
    return cut["published_on"] is None or date.fromisoformat(cut["published_on"]) <= now.date()
