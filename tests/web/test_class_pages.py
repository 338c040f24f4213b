"""The workbench of classes: who sees which, and what each page does."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cms.accounts.models import AuditEntry
from cms.notices.models import InboxMessage
from cohorts.enrolment.models import Cohort, Enrolment
from tests.factories.classes import (
    enrol,
    enrol_trainee,
    finish,
    lessons_of,
    make_cohort,
    make_course,
    make_session,
    make_staff,
    mark,
    plan_line,
)
from tests.factories.exam import hand_in, make_paper, start_attempt
from tests.factories.pages import signed_in, text_of
from tests.factories.people import (
    NOW,
    SHAPOTOU,
    ZHONGNING,
    make_officer,
    make_organisation,
    make_person,
    make_reference,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DAY = timedelta(days=1)
CLASSES = "/workbench/classes/"


@pytest.fixture(autouse=True)
def _reference() -> None:
    make_reference()


@pytest.fixture
def cohort() -> Cohort:
    return make_cohort()


@pytest.fixture
def organiser(cohort: Cohort, client: Client) -> Client:
    client.force_login(make_staff(cohort, "organiser"), BACKEND)
    return client


@pytest.fixture
def instructor(cohort: Cohort) -> Client:
    client = Client()
    client.force_login(make_staff(cohort, "instructor", "instructor"), BACKEND)
    return client


def page(cohort: Cohort, tail: str = "") -> str:
    return f"{CLASSES}{cohort.uuid}/{tail}"


def described(cohort: Cohort, **changes: Any) -> dict[str, Any]:
    fields = {
        "title": cohort.title,
        "code": cohort.code,
        "level": cohort.level_id,
        "exam_year": cohort.exam_year_id,
        "region": cohort.region_id,
        "organiser": cohort.organiser_id,
        "capacity": cohort.capacity,
        "admission": cohort.admission,
        "opens_at": "2026-02-01T09:00",
        "closes_at": "2026-04-20T17:00",
        "starts_on": "2026-03-02",
        "ends_on": "2026-05-22",
    }
    return fields | changes


# --- the list and the class -----------------------------------------------------------------------
def test_staff_see_their_own_classes_and_officers_their_areas(
    cohort: Cohort, organiser: Client
) -> None:
    other = make_cohort(code="other", title="中宁班", region=ZHONGNING)
    listed = text_of(organiser.get(CLASSES))
    assert cohort.title in listed
    assert other.title not in listed
    officer = signed_in(Client(), region=ZHONGNING)
    assert other.title in text_of(officer.get(CLASSES))
    assert officer.get(page(cohort)).status_code == 404


def test_the_list_is_narrowed_by_level_year_and_state(cohort: Cohort) -> None:
    make_cohort(code="m", title="中级班", level_id="intermediate", state="draft", exam_year_id=2025)
    officer = signed_in(Client())
    for query in ("level=intermediate", "year=2025", "state=draft"):
        listed = text_of(officer.get(f"{CLASSES}?{query}"))
        assert "中级班" in listed
        assert cohort.title not in listed


def test_the_list_shows_the_classes_with_applications_to_answer(cohort: Cohort) -> None:
    enrol(cohort, make_person(1), "waiting")
    enrol(cohort, make_person(3), "enrolled")
    asked = make_cohort(code="asked", title="有人申请的班")
    enrol(asked, make_person(2), "applied")
    staff = signed_in(Client())
    waiting_in_vain, seat_free = 1, 2
    for capacity, listed in (
        (waiting_in_vain, {asked.title}),
        (seat_free, {asked.title, cohort.title}),
    ):
        Cohort.objects.across_regions().filter(pk=cohort.pk).update(capacity=capacity)
        seen = text_of(staff.get(f"{CLASSES}?applications=1"))
        assert {title for title in (asked.title, cohort.title) if title in seen} == listed


@pytest.mark.parametrize("classes", [1, 5])
def test_the_list_takes_the_same_statements_for_any_number_of_classes(
    classes: int, django_assert_num_queries: Any
) -> None:
    for n in range(classes):
        enrol(make_cohort(code=f"c-{n}"), make_person(n))
    officer = signed_in(Client())
    officer.get(CLASSES)  # once before: what is remembered from page to page is no cost of this
    with django_assert_num_queries(15):
        officer.get(CLASSES)


def test_an_organiser_opens_changes_and_publishes_a_class(
    cohort: Cohort, organiser: Client
) -> None:
    course = make_course()
    sent = described(cohort, title="新班", code="new", courses=[course.pk])
    reply = organiser.post(f"{CLASSES}new/", sent)
    made = Cohort.objects.across_regions().get(code="new")
    assert reply.headers["Location"] == page(made)
    assert (made.state, list(made.courses.all())) == ("draft", [course])
    organiser.post(page(made, "edit/"), described(made, title="改名班"))
    organiser.post(page(made, "move/"), {"to": "published", "confirmed": "1"})
    made.refresh_from_db()
    assert (made.title, made.state) == ("改名班", "published")


@pytest.mark.parametrize(
    "changes",
    [
        {"ends_on": "2026-03-01"},
        {"closes_at": "2026-02-01T09:00"},
        {"capacity": "0"},
        {"code": "junior-2026"},
        {"title": ""},
    ],
)
def test_a_class_that_cannot_be_is_marked_on_the_form(
    changes: dict[str, str], cohort: Cohort, organiser: Client
) -> None:
    reply = organiser.post(f"{CLASSES}new/", described(cohort, code="new") | changes)
    assert reply.status_code == 400
    assert Cohort.objects.across_regions().count() == 1


def test_a_county_officer_opens_classes_of_the_own_county_alone(cohort: Cohort) -> None:
    officer = signed_in(Client(), region=ZHONGNING)
    unit = make_organisation("中宁联合会", region=ZHONGNING)
    sent = described(cohort, code="new", organiser=unit.pk)
    assert officer.post(f"{CLASSES}new/", sent).status_code == 400
    assert officer.post(f"{CLASSES}new/", sent | {"region": ZHONGNING}).status_code == 302


def test_the_code_is_shown_once(cohort: Cohort, organiser: Client) -> None:
    shown = text_of(organiser.post(page(cohort, "code/"), {"days": 7}))
    assert "class-code" in shown
    assert "class-code" not in text_of(organiser.get(page(cohort, "code/")))
    organiser.post(page(cohort, "code/"), {"drop": "1"})
    cohort.refresh_from_db()
    assert cohort.code_hash == ""


def test_staff_are_added_and_taken_off(cohort: Cohort, organiser: Client) -> None:
    teacher = make_officer("teacher", region=None, role="instructor")
    organiser.post(page(cohort, "staff/"), {"add": f"{teacher.pk}:instructor"})
    row = cohort.staff.get(user=teacher)
    assert "teacher" in text_of(organiser.get(page(cohort, "staff/")))
    organiser.post(page(cohort, "staff/"), {"drop": row.pk})
    assert not cohort.staff.filter(user=teacher).exists()


# --- applications ---------------------------------------------------------------------------------
def test_applications_are_answered_in_bulk(cohort: Cohort, organiser: Client) -> None:
    one, two = (enrol(cohort, make_person(n), "applied") for n in (1, 2))
    assert "待答复 2 份申请" in text_of(organiser.get(page(cohort, "applications/")))
    organiser.post(page(cohort, "applications/answer/"), {"enrolment": [one.uuid, "rubbish"]})
    organiser.post(
        page(cohort, "applications/answer/"),
        {"enrolment": [two.uuid], "action": "refuse", "reason": "不在本区"},
    )
    states = Enrolment.objects.across_regions().order_by("pk").values_list("state", flat=True)
    assert list(states) == ["enrolled", "refused"]
    shown = text_of(organiser.get(page(cohort, "applications/")))
    assert "没有待答复的申请" in shown
    assert "未通过" in shown
    assert "不在本区" in shown


def test_a_refusal_without_a_reason_keeps_the_ticks_and_says_what_is_missing(
    cohort: Cohort, organiser: Client
) -> None:
    one, two = (enrol(cohort, make_person(n), "applied") for n in (1, 2))
    address = page(cohort, "applications/answer/")
    reply = organiser.post(address, {"enrolment": [two.uuid], "action": "refuse", "reason": " "})
    shown = text_of(reply)
    assert reply.status_code == 400
    assert f'value="{two.uuid}" checked' in shown
    assert f'value="{one.uuid}" checked' not in shown
    assert "写明理由" in shown
    kept = text_of(organiser.post(address, {"action": "refuse", "reason": "不在本区"}))
    assert 'value="不在本区"' in kept


def test_an_instructor_reads_applications_and_answers_none(
    cohort: Cohort, instructor: Client
) -> None:
    enrol(cohort, make_person(1), "applied")
    shown = text_of(instructor.get(page(cohort, "applications/")))
    assert "批准所选" not in shown
    assert instructor.post(page(cohort, "applications/answer/")).status_code == 403


def test_the_list_is_frozen_by_the_organiser(cohort: Cohort, organiser: Client) -> None:
    enrol_trainee(cohort, 1)
    organiser.post(page(cohort, "freeze/"), {"confirmed": "1"})
    assert "锁定名册 1 人" in text_of(organiser.get(page(cohort)))


# --- at a glance, the register, one trainee -------------------------------------------------------
def test_every_count_leads_to_its_rows(cohort: Cohort, organiser: Client) -> None:
    cohort.courses.add(make_course())
    user, _ = enrol_trainee(cohort, 1)
    enrol_trainee(cohort, 2)
    finish(user, lessons_of(cohort.courses.get())[0], timezone.now())
    shown = text_of(organiser.get(page(cohort)))
    for show, names in (("silent", 1), ("studied", 1), ("no_mock", 2), ("behind", 1)):
        assert f"?show={show}" in shown
        rows = text_of(organiser.get(page(cohort, f"people/?show={show}")))
        people = re.findall(rf'href="{page(cohort)}people/[0-9a-f-]{{36}}/"', rows)
        assert len(people) == names


def test_the_register_is_sorted_as_asked(cohort: Cohort, organiser: Client) -> None:
    cohort.courses.add(make_course())
    (first, _), (_second, _) = enrol_trainee(cohort, 1), enrol_trainee(cohort, 2)
    finish(first, lessons_of(cohort.courses.get())[0])
    by_name = text_of(organiser.get(page(cohort, "people/")))
    by_progress = text_of(organiser.get(page(cohort, "people/?order=progress")))
    assert by_name.index("金雀1<") < by_name.index("金雀2<")
    assert by_progress.index("金雀2<") < by_progress.index("金雀1<")


@pytest.mark.parametrize("trainees", [1, 6])
@pytest.mark.parametrize(("tail", "limit"), [("", 26), ("people/", 21)])
def test_class_pages_take_the_same_statements_for_any_number_of_trainees(
    trainees: int,
    tail: str,
    limit: int,
    cohort: Cohort,
    organiser: Client,
    django_assert_max_num_queries: Any,
) -> None:
    cohort.courses.add(make_course())
    paper = make_paper()
    plan_line(cohort, date(2026, 3, 10), paper=paper)
    session = make_session(cohort, NOW - DAY)
    for n in range(trainees):
        user, enrolment = enrol_trainee(cohort, n)
        hand_in(start_attempt(user, paper))
        mark(session, enrolment, "present", user)
    organiser.get(page(cohort, tail))  # once before: what is remembered is no cost of this page
    with django_assert_max_num_queries(limit):
        organiser.get(page(cohort, tail))


def test_one_trainee_with_the_reasons_and_the_history(cohort: Cohort, organiser: Client) -> None:
    user, enrolment = enrol_trainee(cohort, 1)
    hand_in(start_attempt(user, make_paper()))
    make_session(cohort, NOW - DAY)
    shown = text_of(organiser.get(page(cohort, f"people/{enrolment.uuid}/")))
    for text in (
        "为什么列为落后",
        "没有学习记录",
        "出勤低",
        "模拟分低",
        "综合能力（初级）模拟卷一",
    ):
        assert text in shown
    assert enrolment.person.id_number.open() not in shown
    organiser.post(page(cohort, f"people/{enrolment.uuid}/remove/"), {"reason": "冒名"})
    assert "冒名" in text_of(organiser.get(page(cohort, f"people/{enrolment.uuid}/")))


def test_the_staff_writes_to_one_trainee_and_it_is_on_record(
    cohort: Cohort, instructor: Client
) -> None:
    user, enrolment = enrol_trainee(cohort, 1)
    other, _ = enrol_trainee(cohort, 2)
    address = page(cohort, f"people/{enrolment.uuid}/")
    assert instructor.post(f"{address}write/", {"subject": "约个时间"}).status_code == 400
    sent = {"subject": "约个时间", "body": "周五下午来一趟"}
    instructor.post(f"{address}write/", sent)
    instructor.post(f"{address}write/", sent)
    found = InboxMessage.objects.of(user.pk)
    assert found.count() == 2
    assert "instructor" in found[0].body
    assert not InboxMessage.objects.of(other.pk).exists()
    entry = AuditEntry.objects.across_regions().filter(action="write_to_trainee").first()
    assert str(enrolment.person.uuid) in entry.target
    assert "周五" not in f"{entry.reason}{entry.detail}"
    assert text_of(instructor.get(address)).count("约个时间") == 2


def test_nobody_writes_to_who_has_no_account(cohort: Cohort, organiser: Client) -> None:
    enrolment = enrol(cohort, make_person(1))
    address = page(cohort, f"people/{enrolment.uuid}/write/")
    assert "<textarea" not in text_of(organiser.get(address))
    assert organiser.post(address, {"subject": "a", "body": "b"}).status_code == 409


def test_the_page_of_a_trainee_shows_number_and_phone_masked(
    cohort: Cohort, organiser: Client
) -> None:
    person = make_person(1)
    person.phone = "12000000001"
    person.save()
    enrolment = enrol(cohort, person)
    number = person.id_number.open()
    shown = text_of(organiser.get(page(cohort, f"people/{enrolment.uuid}/")))
    assert f"{number[:3]}***********{number[-4:]}" in shown
    assert "120****0001" in shown
    assert "12000000001" not in shown


def test_a_trainee_of_another_class_is_not_found_here(cohort: Cohort, organiser: Client) -> None:
    stranger = enrol(make_cohort(code="other"), make_person(1))
    assert organiser.get(page(cohort, f"people/{stranger.uuid}/")).status_code == 404


def test_an_own_place_as_a_trainee_opens_no_page_of_the_staff(cohort: Cohort) -> None:
    user, _ = enrol_trainee(cohort, 1)
    client = Client()
    make_staff(make_cohort(code="other"), user.username, "organiser")
    client.force_login(user, BACKEND)
    session = make_session(cohort, NOW)
    assert client.get(page(cohort)).status_code == 404
    assert client.get(f"/workbench/sessions/{session.uuid}/").status_code == 404


def test_the_register_goes_out_as_a_workbook(cohort: Cohort, organiser: Client) -> None:
    enrol_trainee(cohort, 1)
    reply = organiser.post(page(cohort, "people/export/"), {"show": "behind"})
    assert reply.content.startswith(b"PK")
    assert cohort.code in reply.headers["Content-Disposition"]


def test_who_is_behind_over_all_own_classes(organiser: Client, cohort: Cohort) -> None:
    Cohort.objects.across_regions().update(ends_on=timezone.localdate() + DAY)
    _, here = enrol_trainee(cohort, 1)
    other = make_cohort(code="other", ends_on=timezone.localdate() + DAY)
    _, there = enrol_trainee(other, 2)
    shown = text_of(organiser.get("/workbench/following/"))
    assert here.person.name in shown
    assert there.person.name not in shown


@pytest.mark.parametrize("classes", [1, 4])
def test_the_list_of_who_is_behind_takes_the_same_statements_for_any_number_of_classes(
    classes: int, django_assert_max_num_queries: Any
) -> None:
    for n in range(classes):
        enrol_trainee(make_cohort(code=f"c-{n}", ends_on=timezone.localdate() + DAY), n)
    officer = signed_in(Client(), region=SHAPOTOU)
    officer.get("/workbench/following/")
    with django_assert_max_num_queries(20):
        officer.get("/workbench/following/")
