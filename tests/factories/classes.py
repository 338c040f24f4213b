"""Classes for tests: one of next year's exam with staff, trainees, sessions, a plan, lessons.

The day of the tests is `NOW` (a Wednesday); the class began on 2 March and runs until May.
"""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.text import slugify

from cms.accounts.models import ConsentText, Person, User
from cohorts.attendance.models import CheckIn, ClassSession
from cohorts.enrolment import services
from cohorts.enrolment.models import Cohort, CohortPlan, CohortStaff, Enrolment
from cohorts.enrolment.states import CohortState, State
from courses.pages.models import ChapterPage, CourseIndexPage, CoursePage, LessonPage
from courses.study.models import LessonProgress, StudyDay
from courses.syllabus.models import KnowledgePoint, Subject, SyllabusVersion
from tests.factories import people
from tests.factories.people import NOW, SHAPOTOU
from tests.factories.site import make_home

CODE = "junior-2026"
YEAR = 2026


def make_cohort(**changes: Any) -> Cohort:
    """A published class that takes enrolments by approval, without a code."""
    region = changes.pop("region", SHAPOTOU)
    fields: dict[str, Any] = {
        "code": CODE,
        "title": "2026 年初级考前班",
        "level_id": "junior",
        "exam_year_id": YEAR,
        "region_id": region,
        "organiser": people.make_organisation("社会组织联合会", region=region, kind="agency"),
        "venue": "沙坡头区指导中心",
        "capacity": 40,
        "opens_at": NOW - timedelta(days=60),
        "closes_at": NOW + timedelta(days=20),
        "starts_on": date(2026, 3, 2),
        "ends_on": date(2026, 5, 22),
        "state": CohortState.PUBLISHED,
        "created_at": NOW - timedelta(days=70),
    }
    return Cohort.objects.create(**fields | changes)


def make_staff(cohort: Cohort, username: str, role: str = "organiser") -> User:
    user = people.make_officer(username, region=None, role=role)
    CohortStaff.objects.create(cohort=cohort, user=user, role=role)
    return user


def enrol(cohort: Cohort, person: Person, state: str = State.ENROLLED, **changes: Any) -> Enrolment:
    joined = NOW - timedelta(days=30)
    fields = {"state": state, "applied_at": joined, "moved_at": joined}
    return Enrolment.objects.create(cohort=cohort, person=person, **fields | changes)


def make_trainee(n: int, *, region: str = SHAPOTOU) -> User:
    return people.make_trainee(f"trainee-{n}", people.make_person(n, region=region))


def enrol_trainee(cohort: Cohort, n: int) -> tuple[User, Enrolment]:
    user = make_trainee(n)
    return user, enrol(cohort, Person.objects.across_regions().get(user=user))


def make_session(cohort: Cohort, day: datetime, **changes: Any) -> ClassSession:
    """A morning in the classroom: `day` at 8:30, three hours."""
    starts = day.replace(hour=0, minute=30, tzinfo=UTC)
    fields = {
        "title": "综合能力（一）",
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=3),
    }
    return ClassSession.objects.create(cohort=cohort, **fields | changes)


def mark(session: ClassSession, enrolment: Enrolment, kind: str, by: User) -> CheckIn:
    return CheckIn.objects.create(
        session=session, enrolment=enrolment, kind=kind, means="staff", by=by, at=session.starts_at
    )


def make_course(title: str = "初级综合能力", lessons: int = 3) -> CoursePage:
    """A course of one chapter with published lessons, under the home page."""
    home = make_home()
    index = CourseIndexPage.objects.first() or _under(
        home, CourseIndexPage(title="课程", slug="courses")
    )
    chapter = _chapter()
    course = _under(
        index,
        CoursePage(
            title=title,
            slug=slugify(title, allow_unicode=True),
            subject=chapter.subject,
            syllabus=chapter.version,
        ),
    )
    part = _under(course, ChapterPage(title="第一章", slug="c1", chapter=chapter))
    for n in range(1, lessons + 1):
        _under(part, LessonPage(title=f"课时 {n}", slug=f"l{n}"))
    return course


def _chapter() -> KnowledgePoint:
    known = KnowledgePoint.objects.filter(subject="junior-general", parent=None).first()
    if known is not None:
        return known
    version, _ = SyllabusVersion.objects.get_or_create(
        code="2025", defaults={"title": "2025 年版", "first_exam_year": 2026}
    )
    return KnowledgePoint.objects.create(
        version=version,
        subject=Subject.objects.get(code="junior-general"),
        number="1",
        title="第一章",
        order=1,
    )


def _under(parent: Any, page: Any) -> Any:
    return parent.add_child(instance=page)


def lessons_of(course: CoursePage) -> list[LessonPage]:
    return list(LessonPage.objects.descendant_of(course).order_by("path"))


def finish(user: User, lesson: LessonPage, at: datetime = NOW) -> None:
    LessonProgress.objects.create(
        user=user, lesson=lesson, opened_at=at, last_at=at, finished_at=at, furthest=100
    )


def study(user: User, at: datetime, seconds: int = 600) -> None:
    StudyDay.objects.create(user=user, day=at.date(), credited_s=seconds)


def plan_line(cohort: Cohort, due_on: date, **changes: Any) -> CohortPlan:
    fields = {"title": "读一课"}
    return CohortPlan.objects.create(cohort=cohort, due_on=due_on, **fields | changes)


def make_consent_text(version: int = 1) -> ConsentText:
    return ConsentText.objects.create(
        purpose="enrolment",
        version=version,
        title="报名信息使用说明",
        body="姓名和单位用于办班，身份证号加密保存。",
        in_force_from=date(2025, 1, 1),
    )


def application(n: int, **changes: Any) -> services.Application:
    """What the n-th made-up person enters."""
    from tests.factories.numbers import fictional_id

    fields = {
        "name": f"报名{n}",
        "id_number": fictional_id(n),
        "phone": f"1200000{n:04d}",
        "unit": "沙坡头区社区",
        "county": SHAPOTOU,
    }
    return services.Application(**fields | changes)


def make_account(username: str = "newcomer") -> User:
    """A trainee's account that nobody has tied to a person yet."""
    return people.make_officer(username, region=None, role="trainee")


def settle_class(world: Any) -> None:
    """The class of the permission matrix: of 640502, run by `organiser_own` with
    `instructor_own`; `trainee_owner` is in it, and nobody else.
    """
    cohort = make_cohort()
    for name, role in (("organiser_own", "organiser"), ("instructor_own", "instructor")):
        world.users[name] = make_staff(cohort, name, role)
        world.own_names[name] = world.own_names["trainee_owner"]
    owner = Person.objects.across_regions().get(user=world.users["trainee_owner"])
    enrolment = enrol(cohort, owner)
    session = make_session(cohort, NOW)
    line = plan_line(cohort, date(2026, 4, 10))
    services.post_notice(
        cohort, subject="周六上课", body="带身份证", actor=world.users["organiser_own"], now=NOW
    )
    message = world.users["trainee_owner"].inbox.get()
    world.objects |= {
        "cohort": cohort.uuid,
        "cohort_code": cohort.code,
        "enrolment": enrolment.uuid,
        "class_session": session.uuid,
        "plan_line": line.pk,
        "inbox_message": message.uuid,
        "unknown": uuid.uuid4(),
    }
