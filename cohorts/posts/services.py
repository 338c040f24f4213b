"""Writes of posts, appraisals and insurance months: the import of a workbook."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction

from cms.accounts.models import Organisation, User
from cms.accounts.services import audit, ensure_organisations
from cms.core.plans import ImportPlan
from cms.core.sheet_limits import limits_for
from cms.core.sheets import read_workbook
from cohorts.posts.models import Appraisal, InsuranceMonth, Post
from cohorts.posts.planning import Places, PlannedPost, on_record, plan_rows
from cohorts.posts.sheet import AppraisalRow, InsuranceRow, PostRow, PostRules, read_posts
from cohorts.results.effects import CHANGED, NEW, SAME
from cohorts.results.people import assign, ensure_people, home_area, known_areas, match

BATCH = 500
Organisations = Mapping[tuple[str, str], Organisation]
Fact = TypeVar("Fact", Post, Appraisal)


def plan_import(
    content: bytes, filename: str, *, options: dict[str, Any], actor: User | None, now: datetime
) -> ImportPlan:
    """What the workbook would change. Option: `region` for rows that name no area.

    Raises FileRefused.
    """
    home = home_area(actor, chosen=options.get("region"), now=now)
    areas = known_areas()
    workbook = read_workbook(content, filename, limits_for(actor))
    rules = PostRules(areas=areas, allow_fictional=settings.ALLOW_FICTIONAL_PEOPLE)
    reading = read_posts(workbook, rules)
    matches = match(reading.rows, actor=actor)
    record = on_record(matches)
    places = Places(areas, record)
    places.learn(reading.rows)
    found = assign(
        reading,
        matches,
        actor=actor,
        home=home,
        is_elsewhere=record.is_elsewhere,
        place=places,
    )
    return found.plan(reading, plan_rows(found.rows, record), kind=workbook.kind)


@transaction.atomic
def apply_import(
    content: bytes, filename: str, *, options: dict[str, Any], actor: User | None, now: datetime
) -> ImportPlan:
    """Write what `plan_import` says; a file that changes nothing leaves no trace."""
    plan = plan_import(content, filename, options=options, actor=actor, now=now)
    planned: list[PlannedPost] = [row for row in plan.rows if row.effect != SAME]
    if not planned:
        return plan
    owners = ensure_people([row.assigned for row in planned], source="post", now=now)
    people = {id(row): owners[id(row.assigned)] for row in planned}
    organisations = ensure_organisations(
        (row.assigned.region, row.row.unit, row.row.kind)
        for row in planned
        if isinstance(row.row, PostRow)
    )
    _write_posts(planned, people, organisations)
    _write_appraisals(planned, people)
    _write_months(planned, people)
    counts = {effect: sum(row.effect == effect for row in plan.rows) for effect in (NEW, CHANGED)}
    audit(
        actor=actor,
        action="import_posts",
        target=filename[:120],
        region=home_area(actor, chosen=options.get("region"), now=now) or None,
        now=now,
        detail=counts | {"refused": len(plan.refused)},
    )
    return plan


def _write_posts(
    planned: list[PlannedPost], people: Mapping[int, int], organisations: Organisations
) -> None:
    fresh, changed = [], []
    for plan in planned:
        row = plan.row
        if not isinstance(row, PostRow):
            continue
        organisation = organisations[plan.assigned.region, row.unit]
        if isinstance(plan.known, Post):
            changed.append(_updated(plan.known, plan.news | {"organisation": organisation}))
        else:
            fresh.append(_post(row, people[id(plan)], organisation))
    Post.objects.bulk_create(fresh, batch_size=BATCH)
    if changed:
        fields = ["title", "to_on", "appointed", "organisation"]
        Post.objects.across_regions().bulk_update(changed, fields, batch_size=BATCH)


def _post(row: PostRow, person: int, organisation: Organisation) -> Post:
    return Post(
        person_id=person,
        organisation=organisation,
        title=row.title[:60],
        from_on=row.from_on,
        to_on=row.to_on,
        appointed=row.appointed,
    )


def _updated(fact: Fact, news: Mapping[str, Any]) -> Fact:
    for name, value in news.items():
        setattr(fact, name, value)
    return fact


def _write_appraisals(planned: list[PlannedPost], people: Mapping[int, int]) -> None:
    fresh, changed = [], []
    for plan in planned:
        row = plan.row
        if not isinstance(row, AppraisalRow):
            continue
        if isinstance(plan.known, Appraisal):
            changed.append(_updated(plan.known, plan.news))
        else:
            fresh.append(Appraisal(person_id=people[id(plan)], year=row.year, grade=row.grade))
    Appraisal.objects.bulk_create(fresh, batch_size=BATCH)
    if changed:
        Appraisal.objects.across_regions().bulk_update(changed, ["grade"], batch_size=BATCH)


def _write_months(planned: list[PlannedPost], people: Mapping[int, int]) -> None:
    """A month that is known already stays as it is: runs of different sheets overlap."""
    months = {
        (people[id(plan)], month): plan.assigned.region
        for plan in planned
        if isinstance(plan.row, InsuranceRow)
        for month in plan.row.months
    }
    rows = [InsuranceMonth(person_id=p, month=m, region_id=r) for (p, m), r in months.items()]
    InsuranceMonth.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
