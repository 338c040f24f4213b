"""The cast of the tests: made-up people, officers of three counties, and what is on record.

Every region's people carry a sign of their own (`CANARY`), so that a page which shows one to the
wrong officer is noticed.
"""

from datetime import UTC, date, datetime
from typing import Any

from cms.accounts.models import Organisation, Person, User
from cms.accounts.services import (
    ensure_organisations,
    find_or_create_person,
    grant_role,
    load_regions,
    open_account,
)
from cohorts.certificates.models import Certificate
from cohorts.posts.models import Post
from cohorts.results.models import ExamSignUp, SubjectResult
from cohorts.results.services import load_cut_scores
from courses.syllabus.services import load_reference
from tests.factories.numbers import fictional_id

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
SHAPOTOU, ZHONGNING, HAIYUAN, ZHONGWEI, TAISHUN = "640502", "640521", "640522", "6405", "330329"
CANARY = {SHAPOTOU: "沙金雀", ZHONGNING: "宁金雀", HAIYUAN: "海金雀", TAISHUN: "泰金雀"}
PASSWORD = "a long enough secret"


def make_reference(now: datetime = NOW) -> None:
    """Regions, levels, subjects, exam years, cut scores."""
    load_regions()
    load_reference(now)
    load_cut_scores(now)


def make_person(n: int, *, name: str = "", region: str = SHAPOTOU) -> Person:
    """The n-th made-up person; without a name, one that gives away the region."""
    return find_or_create_person(
        id_number=fictional_id(n),
        name=name or f"{CANARY.get(region, '金雀')}{n}",
        region=region,
        now=NOW,
    )[0]


def make_officer(
    username: str, *, region: str | None = SHAPOTOU, role: str = "county_officer"
) -> User:
    """An account with one role; None as region gives a role that reaches no region."""
    user, _ = open_account(username=username, name=username, password=PASSWORD)
    grant_role(user=user, role=role, region=region, valid_from=LONG_AGO)
    return user


def make_two_hats(
    username: str = "two-hats", *, acts: str, in_area: str, reads: str = "6405"
) -> User:
    """Somebody who acts in one area and audits another, which they may only read."""
    user = make_officer(username, region=in_area, role=acts)
    grant_role(user=user, role="auditor", region=reads, valid_from=LONG_AGO)
    return user


def make_trainee(username: str, person: Person) -> User:
    user, _ = open_account(username=username, name=person.name, password=PASSWORD)
    grant_role(user=user, role="trainee", region=None, valid_from=LONG_AGO)
    Person.objects.across_regions().filter(pk=person.pk).update(user=user)
    return user


def make_organisation(
    name: str, *, region: str = SHAPOTOU, kind: str = "community"
) -> Organisation:
    return ensure_organisations([(region, name, kind)])[region, name]


def make_post(person: Person, organisation: Organisation, **changes: Any) -> Post:
    fields: dict[str, Any] = {
        "title": "社工",
        "from_on": date(2021, 1, 1),
        "to_on": None,
        "appointed": True,
    }
    return Post.objects.create(person=person, organisation=organisation, **fields | changes)


def make_sign_up(person: Person, *, year: int, level: str, region: str = SHAPOTOU) -> ExamSignUp:
    return ExamSignUp.objects.create(
        person=person, exam_year_id=year, level_id=level, region_id=region
    )


def make_results(
    person: Person, scores: dict[str, Any], *, year: int, region: str = SHAPOTOU
) -> list[SubjectResult]:
    """Evidenced results: {subject: points, or a special state}; makes the sign-up too."""
    level = next(iter(scores)).split("-")[0]
    ExamSignUp.objects.across_regions().get_or_create(
        person=person, exam_year_id=year, level_id=level, defaults={"region_id": region}
    )
    return [
        SubjectResult.objects.create(
            person=person,
            exam_year_id=year,
            subject_id=subject,
            region_id=region,
            score_half=None if isinstance(score, str) else int(score * 2),
            special=score if isinstance(score, str) else "",
            state=SubjectResult.State.EVIDENCED,
            recorded_at=NOW,
        )
        for subject, score in scores.items()
    ]


def pass_junior(person: Person, *, year: int = 2023, region: str = SHAPOTOU) -> None:
    make_results(person, {"junior-general": 61, "junior-practice": 66.5}, year=year, region=region)


def make_certificate(person: Person, **changes: Any) -> Certificate:
    """A checked 初级 certificate of 2023."""
    fields: dict[str, Any] = {
        "level_id": "junior",
        "exam_year": 2023,
        "region_id": SHAPOTOU,
        "number": f"20230640500{person.pk:06d}",
        "approved_on": date(2023, 6, 11),
        "state": Certificate.State.CHECKED,
        "recorded_at": NOW,
        "checked_at": NOW,
    }
    return Certificate.objects.create(person=person, **fields | changes)
