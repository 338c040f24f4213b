"""Classes for everybody, enrolling on a phone, the own class page, checking in, the inbox."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from cms.accounts.models import Person
from cms.notices.models import InboxMessage
from cohorts.attendance.models import CheckIn
from cohorts.attendance.rotating_code import code_at
from cohorts.enrolment import services
from cohorts.enrolment.models import Cohort, Enrolment
from tests.factories.classes import (
    CODE,
    application,
    enrol,
    enrol_trainee,
    lessons_of,
    make_account,
    make_cohort,
    make_consent_text,
    make_course,
    make_session,
    make_staff,
    plan_line,
)
from tests.factories.numbers import fictional_id
from tests.factories.pages import text_of
from tests.factories.people import CANARY, SHAPOTOU, make_person, make_reference, make_trainee

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _reference() -> None:
    cache.clear()
    make_reference()


def current(**changes: Any) -> Cohort:
    """A class that takes enrolments whenever the test runs."""
    now = timezone.now()
    today = timezone.localdate(now)
    fields = {
        "opens_at": now - DAY,
        "closes_at": now + DAY,
        "starts_on": today - DAY,
        "ends_on": today + 30 * DAY,
    }
    return make_cohort(**fields | changes)


def sign_in(client: Client, user: Any) -> Client:
    client.force_login(user, BACKEND)
    return client


def entered(n: int = 1, **changes: Any) -> dict[str, Any]:
    given = application(n)
    fields = {
        "name": given.name,
        "id_number": given.id_number,
        "phone": given.phone,
        "unit": given.unit,
        "county": given.county,
    }
    return fields | changes


# --- for everybody --------------------------------------------------------------------------------
def test_anybody_may_read_about_a_class_and_of_nobody_in_it(client: Client) -> None:
    cohort = current(description="周六上午面授")
    cohort.courses.add(make_course("初级综合能力"))
    make_session(cohort, timezone.now() + DAY, title="个案工作")
    plan_line(cohort, timezone.localdate(), title="读第一课")
    enrol_trainee(cohort, 1)
    listed = text_of(client.get("/classes/"))
    shown = text_of(client.get(f"/classes/{CODE}/"))
    assert cohort.title in listed
    for text in ("周六上午面授", "初级综合能力", "个案工作", "读第一课", "还有 39 个名额"):
        assert text in shown
    assert CANARY[SHAPOTOU] not in listed + shown


def test_a_draft_is_nobodys_and_a_closed_class_takes_nobody(client: Client) -> None:
    current(state="draft")
    assert client.get(f"/classes/{CODE}/").status_code == 404
    assert CODE not in text_of(client.get("/classes/"))
    Cohort.objects.across_regions().update(state="closed")
    seen = text_of(client.get(f"/classes/{CODE}/"))
    assert "报名已结束" in seen
    assert not [words for words in ("/enrol/", "怎样报名", "个名额") if words in seen]


@pytest.mark.parametrize("classes", [1, 4])
def test_the_list_takes_the_same_statements_for_any_number_of_classes(
    classes: int, client: Client, django_assert_num_queries: Any
) -> None:
    for n in range(classes):
        enrol(current(code=f"c-{n}"), make_person(n))
    client.get("/classes/")  # once before: what is remembered is no cost of this page
    with django_assert_num_queries(1):
        client.get("/classes/")


# --- enrolling ------------------------------------------------------------------------------------
def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    current()
    reply = client.get(f"/classes/{CODE}/enrol/")
    assert reply.headers["Location"].startswith("/accounts/login/")


def test_an_application_is_one_form(client: Client) -> None:
    current()
    make_consent_text()
    user = make_account()
    sign_in(client, user)
    form = text_of(client.get(f"/classes/{CODE}/enrol/"))
    assert 'name="id_number"' in form
    assert 'name="code"' not in form
    reply = client.post(f"/classes/{CODE}/enrol/", entered(consent="on"))
    assert reply.headers["Location"] == f"/classes/{CODE}/"
    assert Enrolment.objects.across_regions().get().state == "applied"
    assert "待审核" in text_of(client.get(f"/classes/{CODE}/"))


def test_who_is_known_types_next_to_nothing_and_sees_the_number_masked(client: Client) -> None:
    cohort = current(code="before")
    current(admission="open")
    user = make_account()
    services.apply(cohort, application(1), user=user, now=timezone.now())
    form = text_of(sign_in(client, user).get(f"/classes/{CODE}/enrol/"))
    assert 'name="id_number"' not in form
    assert 'name="phone"' not in form
    assert f"***{fictional_id(1)[-4:]}" in form
    assert fictional_id(1) not in form
    assert "沙坡头区社区" in form
    sent = {"unit": "沙坡头区社区", "county": SHAPOTOU}
    reply = client.post(f"/classes/{CODE}/enrol/", sent)
    assert reply.headers["Location"] == f"/classes/{CODE}/mine/"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id_number": "660502199001011230"}, "身份证号"),
        ({"phone": "123"}, "手机号"),
        ({"unit": ""}, "errorlist"),
        ({"county": "999999"}, "errorlist"),
    ],
)
def test_a_field_that_does_not_fit_is_marked(
    changes: dict[str, str], said: str, client: Client
) -> None:
    current()
    sign_in(client, make_account())
    reply = client.post(f"/classes/{CODE}/enrol/", entered(**changes))
    assert reply.status_code == 400
    assert 'aria-invalid="true"' in text_of(reply)
    assert not Enrolment.objects.across_regions().exists()
    assert said in text_of(reply) or said == "errorlist"


def test_made_up_numbers_are_refused_where_people_are_real(client: Client, settings: Any) -> None:
    settings.ALLOW_FICTIONAL_PEOPLE = False
    current()
    sign_in(client, make_account())
    reply = client.post(f"/classes/{CODE}/enrol/", entered())
    assert reply.status_code == 400
    assert not Person.objects.across_regions().exists()


def test_a_known_person_is_led_to_the_linking(client: Client) -> None:
    current()
    make_person(1)
    sign_in(client, make_account())
    reply = client.post(f"/classes/{CODE}/enrol/", entered(1))
    assert reply.status_code == 409
    assert 'href="/me/link/"' in text_of(reply)


def test_a_wrong_code_keeps_what_was_entered(client: Client) -> None:
    cohort = current()
    now = timezone.now()
    services.new_code(
        cohort, below=lambda n: n - 1, valid_until=now + DAY, actor=make_staff(cohort, "o"), now=now
    )
    sign_in(client, make_account())
    reply = client.post(f"/classes/{CODE}/enrol/", entered(code="ABCDE-FGHJK"))
    assert reply.status_code == 409
    assert "这个报名码对本班无效" in text_of(reply)
    assert "沙坡头区社区" in text_of(reply)
    assert client.post(f"/classes/{CODE}/enrol/", entered(code="zzzzz zzzzz")).status_code == 302


def test_consent_has_to_be_ticked(client: Client) -> None:
    current()
    text = make_consent_text()
    sign_in(client, make_account())
    reply = client.post(f"/classes/{CODE}/enrol/", entered())
    assert reply.status_code == 400
    assert text.body in text_of(reply)


def test_who_was_refused_reads_the_reason(client: Client) -> None:
    cohort = current()
    user = make_account()
    asked = services.apply(cohort, application(1), user=user, now=timezone.now())
    staff = make_staff(cohort, "o")
    services.refuse(cohort, [asked.uuid], reason="不在本区", actor=staff, now=timezone.now())
    shown = text_of(sign_in(client, user).get(f"/classes/{CODE}/"))
    assert "不在本区" in shown
    assert "未通过" in shown
    assert "未通过" in text_of(client.get("/classes/"))


def test_leaving_is_the_own_act(client: Client) -> None:
    cohort = current()
    user, enrolment = enrol_trainee(cohort, 1)
    stranger = sign_in(Client(), make_account())
    assert stranger.post(f"/classes/{CODE}/withdraw/", {"reason": "x"}).status_code == 404
    sign_in(client, user).post(f"/classes/{CODE}/withdraw/", {"reason": "工作忙"})
    enrolment = Enrolment.objects.across_regions().get(pk=enrolment.pk)
    assert enrolment.state == "withdrawn"


# --- the own class --------------------------------------------------------------------------------
def test_the_own_page_shows_plan_sessions_attendance_and_notices(client: Client) -> None:
    cohort, now = current(), timezone.now()
    cohort.courses.add(make_course())
    user, enrolment = enrol_trainee(cohort, 1)
    staff = make_staff(cohort, "teacher", "instructor")
    plan_line(cohort, timezone.localdate() - DAY, lesson=lessons_of(cohort.courses.get())[0])
    held = make_session(cohort, now - 2 * DAY, title="开班")
    make_session(cohort, now + 2 * DAY, title="小组工作")
    CheckIn.objects.create(
        session=held, enrolment=enrolment, kind="present", means="staff", by=staff, at=now
    )
    services.post_notice(cohort, subject="带身份证", body="八点半", actor=staff, now=now)
    shown = text_of(sign_in(client, user).get(f"/classes/{CODE}/mine/"))
    for text in ("逾期 1", "下次课", "小组工作", "到课 1/1", "带身份证", "收件箱 1"):
        assert text in shown
    assert client.get("/classes/").content.decode().count(cohort.title) == 2


def test_who_only_asked_has_no_class_page(client: Client) -> None:
    cohort = current()
    user = make_account()
    services.apply(cohort, application(1), user=user, now=timezone.now())
    assert sign_in(client, user).get(f"/classes/{CODE}/mine/").status_code == 404


# --- checking in ----------------------------------------------------------------------------------
def at_the_door(cohort: Cohort) -> tuple[Any, str]:
    now = timezone.now()
    starts = now - timedelta(minutes=5)
    session = make_session(cohort, now, starts_at=starts, ends_at=starts + timedelta(hours=3))
    return session, f"/check-in/{session.uuid}/{code_at(session.check_secret, now)}/"


def test_one_button_checks_in_once(client: Client) -> None:
    cohort = current()
    user, _ = enrol_trainee(cohort, 1)
    _session, address = at_the_door(cohort)
    assert "我到了" in text_of(sign_in(client, user).get(address))
    assert client.get(address).status_code == 200
    assert not CheckIn.objects.across_regions().exists()
    assert client.post(address).headers["Location"] == address
    client.post(address)
    assert "已签到" in text_of(client.get(address))
    assert CheckIn.objects.across_regions().count() == 1


def test_an_old_code_and_a_stranger_are_told_why(client: Client) -> None:
    cohort = current()
    user, _ = enrol_trainee(cohort, 1)
    session, address = at_the_door(cohort)
    stranger = sign_in(Client(), make_account())
    reply = stranger.post(address)
    assert reply.status_code == 409
    assert "不在这个班" in text_of(reply)
    assert session.title not in text_of(stranger.get(address))
    old = sign_in(client, user).get(f"/check-in/{session.uuid}/0123456789/")
    assert old.status_code == 409
    assert "这个码已过期" in text_of(old)


# --- the inbox ------------------------------------------------------------------------------------
def test_opening_a_message_reads_it_and_leads_on(client: Client) -> None:
    cohort = current()
    user, _ = enrol_trainee(cohort, 1)
    staff = make_staff(cohort, "o")
    for subject in ("第一条", "第二条"):
        services.post_notice(cohort, subject=subject, body="正文", actor=staff, now=timezone.now())
    first = InboxMessage.objects.get(subject="第一条")
    shown = text_of(sign_in(client, user).get(f"/me/inbox/{first.uuid}/"))
    assert f"/classes/{CODE}/mine/" in shown
    listed = text_of(client.get("/me/inbox/"))
    assert listed.index("第二条") < listed.index("第一条")
    client.post("/me/inbox/read/")
    assert not InboxMessage.objects.unread().exists()


@pytest.mark.parametrize("messages", [1, 6])
def test_the_inbox_takes_the_same_statements_for_any_number_of_messages(
    messages: int, client: Client, django_assert_max_num_queries: Any
) -> None:
    cohort = current()
    person = make_person(1)
    user = make_trainee("alice", person)
    enrol(cohort, person)
    staff = make_staff(cohort, "o")
    for n in range(messages):
        services.post_notice(cohort, subject=f"{n}", body="正文", actor=staff, now=timezone.now())
    sign_in(client, user)
    client.get("/me/inbox/")  # once before: what is remembered is no cost of this page
    with django_assert_max_num_queries(8):
        client.get("/me/inbox/")
