"""Classes on their way to the exam, for the boards."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from cms.accounts.models import Organisation, Person, User
from cohorts.attendance.models import CheckIn, ClassSession
from cohorts.enrolment.models import Cohort, CohortStaff, Enrolment
from tests.factories.people import SHAPOTOU, make_officer, make_organisation

BEGAN = datetime(2023, 4, 1, 1, tzinfo=UTC)
FROZEN = BEGAN + timedelta(days=1)


def make_class(code: str = "class-1", **changes: Any) -> Cohort:
    """A class of 初级 for the exam of 2023, its register frozen."""
    region = changes.get("region_id", SHAPOTOU)
    fields: dict[str, Any] = {
        "title": f"备考班 {code}",
        "level_id": "junior",
        "exam_year_id": 2023,
        "region_id": region,
        "organiser": make_organisation("社会组织联合会", region=region, kind="agency"),
        "capacity": 200,
        "opens_at": BEGAN - timedelta(days=30),
        "closes_at": BEGAN,
        "starts_on": BEGAN.date(),
        "ends_on": BEGAN.date() + timedelta(days=60),
        "state": "published",
        "frozen_at": FROZEN,
        "created_at": BEGAN - timedelta(days=40),
    }
    return Cohort.objects.create(code=code, **fields | changes)


def enrol(cohort: Cohort, people: Iterable[Person], **changes: Any) -> list[Enrolment]:
    """People on the register of the class, where it is frozen."""
    fields: dict[str, Any] = {
        "state": "enrolled",
        "applied_at": BEGAN,
        "moved_at": BEGAN,
        "on_register": cohort.frozen_at is not None,
    }
    return [
        Enrolment.objects.create(cohort=cohort, person=person, **fields | changes)
        for person in people
    ]


def make_session(cohort: Cohort, day: int, *, starts_at: datetime | None = None) -> ClassSession:
    """The session on the n-th day of the class."""
    begins = starts_at or BEGAN + timedelta(days=day)
    return ClassSession.objects.create(
        cohort=cohort, title=f"第{day}课", starts_at=begins, ends_at=begins + timedelta(hours=3)
    )


def check_in(session: ClassSession, enrolment: Enrolment, kind: str, by: User) -> CheckIn:
    return CheckIn.objects.create(
        session=session, enrolment=enrolment, kind=kind, means="staff", by=by, at=session.starts_at
    )


def make_class_staff(cohort: Cohort, username: str, role: str = "organiser") -> User:
    user = make_officer(username, region=None, role=role)
    CohortStaff.objects.create(cohort=cohort, user=user, role=role)
    return user


def make_unit(name: str, region: str = SHAPOTOU) -> Organisation:
    return make_organisation(name, region=region)
