"""The workbench inside a class: its plan, its notices, its sessions and their check-in."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cohorts.attendance.models import CheckIn, ClassSession
from cohorts.attendance.qr import qr_svg
from cohorts.attendance.rotating_code import code_at
from cohorts.enrolment.models import ClassNotice, Cohort, CohortPlan
from quizzes.models import Paper
from tests.factories.classes import (
    enrol_trainee,
    lessons_of,
    make_cohort,
    make_course,
    make_session,
    make_staff,
    plan_line,
)
from tests.factories.exam import make_paper
from tests.factories.pages import signed_in, text_of
from tests.factories.people import NOW, SHAPOTOU, make_reference

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _reference() -> None:
    make_reference()


@pytest.fixture
def cohort() -> Cohort:
    return make_cohort()


@pytest.fixture
def instructor(cohort: Cohort) -> Client:
    client = Client()
    client.force_login(make_staff(cohort, "instructor", "instructor"), BACKEND)
    return client


def page(cohort: Cohort, tail: str = "") -> str:
    return f"/workbench/classes/{cohort.uuid}/{tail}"


def test_the_plan_is_written_line_by_line(cohort: Cohort, instructor: Client) -> None:
    cohort.courses.add(make_course())
    lesson = lessons_of(cohort.courses.get())[0]
    address = page(cohort, "plan/")
    instructor.post(address, {"due_on": "2026-04-10", "lesson": lesson.pk})
    line = CohortPlan.objects.get()
    assert (line.title, line.lesson) == (lesson.title, lesson)
    instructor.post(f"{address}?line={line.pk}", {"due_on": "2026-04-12", "title": "改成文字"})
    line.refresh_from_db()
    assert (line.due_on, line.title, line.lesson) == (date(2026, 4, 12), "改成文字", None)
    both = {"due_on": "2026-04-12", "lesson": lesson.pk, "paper": make_paper().pk}
    assert instructor.post(address, both).status_code == 400
    assert instructor.post(address, {"due_on": "2026-04-12"}).status_code == 400
    assert line.title in text_of(instructor.post(f"{address}{line.pk}/drop/"))
    assert CohortPlan.objects.exists()
    instructor.post(f"{address}{line.pk}/drop/", {"confirmed": "1"})
    assert not CohortPlan.objects.exists()


def test_changing_only_the_date_keeps_what_the_line_asks_for(
    cohort: Cohort, instructor: Client
) -> None:
    cohort.courses.add(make_course())
    lesson, paper = lessons_of(cohort.courses.get())[0], make_paper()
    lines = [
        plan_line(cohort, date(2026, 4, 10), title=lesson.title, lesson=lesson),
        plan_line(cohort, date(2026, 4, 11), title="模拟一", paper=paper),
    ]
    # Neither is on offer for a new line any more.
    lesson.unpublish()
    Paper.objects.update(state="withdrawn")
    for line in lines:
        address = f"{page(cohort, 'plan/')}?line={line.pk}"
        form = instructor.get(address).context["form"]
        sent = {name: form[name].value() or "" for name in form.fields}
        assert instructor.post(address, sent | {"due_on": "2026-05-01"}).status_code == 302
        kept = (line.title, line.lesson_id, line.paper_id)
        line.refresh_from_db()
        assert (line.title, line.lesson_id, line.paper_id) == kept
        assert line.due_on == date(2026, 5, 1)
    assert not instructor.get(page(cohort, "plan/")).context["form"].fields["paper"].queryset


def test_papers_of_earlier_exam_years_are_on_offer(instructor: Client, cohort: Cohort) -> None:
    paper, address = make_paper(), page(cohort, "plan/")
    sent = {"due_on": "2026-04-10", "paper": paper.pk}
    Cohort.objects.across_regions().update(exam_year=paper.exam_year_id + 1)
    instructor.post(address, sent)
    assert CohortPlan.objects.get().paper == paper
    Cohort.objects.across_regions().update(exam_year=paper.exam_year_id - 1)
    assert instructor.post(address, sent).status_code == 400


def test_a_title_taken_from_the_lesson_goes_with_it(cohort: Cohort, instructor: Client) -> None:
    cohort.courses.add(make_course())
    one, two, *_ = lessons_of(cohort.courses.get())
    line = plan_line(cohort, date(2026, 4, 10), title=one.title, lesson=one)
    sent = {"due_on": "2026-04-10", "title": one.title, "lesson": two.pk}
    instructor.post(f"{page(cohort, 'plan/')}?line={line.pk}", sent)
    line.refresh_from_db()
    assert line.title == two.title


def test_a_notice_is_sent_by_the_staff_and_not_by_an_auditor(
    cohort: Cohort, instructor: Client
) -> None:
    sent = {"subject": "周六上课", "body": "带书"}
    auditor = signed_in(Client(), region=SHAPOTOU, role="auditor")
    assert auditor.get(page(cohort, "notices/")).status_code == 200
    assert auditor.post(page(cohort, "notices/"), sent).status_code == 403
    assert instructor.post(page(cohort, "notices/"), {"subject": ""}).status_code == 400
    assert not ClassNotice.objects.exists()
    instructor.post(page(cohort, "notices/"), sent)
    assert "周六上课" in text_of(instructor.get(page(cohort, "notices/")))


def test_sessions_are_planned_changed_and_taken_back(cohort: Cohort, instructor: Client) -> None:
    sent = {
        "title": "个案工作",
        "kind": "classroom",
        "starts_at": "2026-04-18T08:30",
        "ends_at": "2026-04-18T11:30",
        "units": 1,
    }
    new = f"/workbench/sessions/class/{cohort.uuid}/new/"
    assert instructor.post(new, sent | {"ends_at": "2026-04-18T08:30"}).status_code == 400
    instructor.post(new, sent)
    session = ClassSession.objects.across_regions().get()
    address = f"/workbench/sessions/{session.uuid}/"
    assert timezone.localtime(session.starts_at).hour == 8
    instructor.post(f"{address}edit/", sent | {"title": "小组工作"})
    assert "小组工作" in text_of(instructor.get(f"/workbench/sessions/class/{cohort.uuid}/"))
    instructor.post(f"{address}drop/", {"confirmed": "1"})
    assert not ClassSession.objects.across_regions().exists()


def test_the_list_is_ticked_by_hand(cohort: Cohort, instructor: Client) -> None:
    session = make_session(cohort, NOW - DAY)
    (_, one), (_, two) = enrol_trainee(cohort, 1), enrol_trainee(cohort, 2)
    address = f"/workbench/sessions/{session.uuid}/"
    ticks = {f"mark:{one.uuid}": "present", f"mark:{two.uuid}": "leave", "mark:x": "present"}
    instructor.post(f"{address}mark/", ticks)
    kinds = CheckIn.objects.across_regions().order_by("enrolment").values_list("kind", flat=True)
    assert list(kinds) == ["present", "leave"]
    shown = text_of(instructor.get(address))
    assert shown.count(" checked") == 2
    table = text_of(instructor.get(f"/workbench/sessions/class/{cohort.uuid}/table/"))
    assert "100.0%" in table
    assert "signoff" in table


def test_the_screen_shows_the_code_of_this_minute_and_asks_for_the_next(
    cohort: Cohort, instructor: Client
) -> None:
    session = make_session(cohort, NOW)
    address = f"/workbench/sessions/{session.uuid}/screen/"
    moments = [timezone.now()]
    reply = instructor.get(address)
    moments.append(timezone.now())
    start = f"http://testserver/check-in/{session.uuid}/"
    drawn = [qr_svg(f"{start}{code_at(session.check_secret, at)}/") for at in moments]
    assert any(code in text_of(reply) for code in drawn)
    assert 1 <= int(reply.headers["Refresh"]) <= 60
    assert session.check_secret not in text_of(reply)


def test_sessions_of_all_own_classes_stand_in_one_list(cohort: Cohort, instructor: Client) -> None:
    make_session(cohort, timezone.now() + DAY, title="将要上的课")
    make_session(cohort, timezone.now() - 2 * DAY, title="上过的课")
    make_session(make_cohort(code="other"), timezone.now(), title="别人的课")
    shown = text_of(instructor.get("/workbench/sessions/"))
    assert shown.index("将要上的课") < shown.index("上过的课")
    assert "别人的课" not in shown
