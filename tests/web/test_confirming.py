"""What cannot be undone is asked first: one page between the button and the deed."""

import pytest
from django.test import Client, RequestFactory

from cms.core.confirming import PHONE, Question, ask
from cohorts.attendance.models import ClassSession
from cohorts.enrolment.models import Cohort
from tests.factories.classes import enrol_trainee, make_cohort, make_session, make_staff, mark
from tests.factories.pages import text_of
from tests.factories.people import NOW, make_reference

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def session() -> ClassSession:
    make_reference()
    return make_session(make_cohort(), NOW)


@pytest.fixture
def instructor(session: ClassSession) -> Client:
    client = Client()
    client.force_login(make_staff(session.cohort, "instructor", "instructor"), BACKEND)
    return client


def test_the_first_press_shows_what_will_happen_and_does_nothing(
    session: ClassSession, instructor: Client
) -> None:
    address = f"/workbench/sessions/{session.uuid}/drop/"
    shown = text_of(instructor.post(address, {"reason": "<下雨>"}))
    assert 'name="confirmed" value="1"' in shown
    assert 'name="reason" value="&lt;下雨&gt;"' in shown
    assert ClassSession.objects.across_regions().exists()
    assert instructor.post(address, {"confirmed": "1"}).status_code == 302
    assert not ClassSession.objects.across_regions().exists()


def test_a_refusal_after_the_question_leads_back_to_where_it_was_asked(
    session: ClassSession, instructor: Client
) -> None:
    _user, enrolment = enrol_trainee(session.cohort, 1)
    mark(session, enrolment, "present", session.cohort.staff.get().user)
    address = f"/workbench/sessions/{session.uuid}/"
    sent = {"confirmed": "1", "asked_from": address}
    reply = instructor.post(f"{address}drop/", sent, headers={"Referer": f"{address}drop/"})
    assert (reply.status_code, reply.headers["Location"]) == (302, address)
    elsewhere = sent | {"asked_from": "https://elsewhere.example/"}
    assert instructor.post(f"{address}drop/", elsewhere).status_code == 409


@pytest.mark.parametrize(
    ("tail", "state", "sent"),
    [
        ("move/", "draft", {"to": "published"}),
        ("move/", "published", {"to": "closed"}),
        ("freeze/", "published", {}),
    ],
)
def test_a_class_is_published_closed_and_frozen_only_when_asked_twice(
    session: ClassSession, tail: str, state: str, sent: dict[str, str]
) -> None:
    cohort, client = session.cohort, Client()
    Cohort.objects.across_regions().update(state=state)
    client.force_login(make_staff(cohort, "organiser"), BACKEND)
    address = f"/workbench/classes/{cohort.uuid}/{tail}"
    assert client.post(address, sent).status_code == 200
    before = Cohort.objects.across_regions().values("state", "frozen_at").get()
    assert before == {"state": state, "frozen_at": None}
    assert client.post(address, sent | {"confirmed": "1"}).status_code == 302
    assert Cohort.objects.across_regions().values("state", "frozen_at").get() != before


def test_on_a_phone_it_is_a_page_of_the_site_with_one_heading(session: ClassSession) -> None:
    request = RequestFactory().post("/x/", {"a": ["1", "2"], "asked_from": "/old/"})
    request.user = make_staff(session.cohort, "organiser")
    question = Question(heading="退班？", consequences=[], verb="退班", back="/b/", shell=PHONE)
    shown = text_of(ask(request, question))
    assert shown.count("<h1") == 1
    assert shown.count('name="a"') == 2
    assert "/old/" not in shown
