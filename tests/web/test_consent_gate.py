"""Nobody goes on without the newest terms; nobody in an exam is stopped; no query a request."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cms.accounts import middleware
from cms.accounts.models import Consent
from tests.factories import exam
from tests.factories.joining import make_account, make_text
from tests.factories.pages import signed_in, text_of
from tests.factories.people import make_person, make_reference, make_trainee

pytestmark = pytest.mark.django_db
PAGE = "/me/consent/"


@pytest.fixture
def user():
    make_reference()
    return make_account()


@pytest.fixture
def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def agree(browser: Client, text, **fields):
    return browser.post(PAGE, {"text": text.pk, "say": "agree", **fields})


def test_without_the_terms_every_page_leads_to_them_and_back(browser):
    text = make_text()
    reply = browser.get("/papers/?page=2")
    assert reply.headers["Location"] == "/me/consent/?next=%2Fpapers%2F%3Fpage%3D2"
    assert text.title in text_of(browser.get(reply.headers["Location"]))
    assert agree(browser, text, next="/papers/?page=2").headers["Location"] == "/papers/?page=2"
    assert browser.get("/papers/").status_code == 200


def test_it_leads_nowhere_else_than_to_this_site(browser):
    reply = agree(browser, make_text(), next="https://example.org/")
    assert reply.headers["Location"] == "/welcome/"


def test_programs_are_told_in_their_own_form(browser):
    make_text()
    reply = browser.post("/api/v1/attempts/", {}, content_type="application/json")
    assert (reply.status_code, reply.json()["code"]) == (403, "consent_needed")


def test_visitors_and_sites_without_terms_are_not_asked(browser):
    assert browser.get("/papers/").status_code == 200
    make_text()
    assert Client().get("/accounts/login/").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", PAGE, "/accounts/logout/"])
def test_what_must_stay_open_stays_open(browser, path):
    make_text()
    assert browser.get(path).status_code == 200


def test_the_language_can_be_changed_before_agreeing(browser):
    make_text()
    reply = browser.post("/i18n/setlang/", {"language": "en", "next": PAGE})
    assert reply.headers["Location"] == PAGE
    assert "I have read this and agree" in text_of(browser.get(PAGE))


def test_a_newer_version_is_asked_for_and_the_older_consent_stays_on_record(user, browser):
    agree(browser, make_text())
    assert browser.get("/papers/").status_code == 200
    newer = make_text(version=2, in_force_from=timezone.localdate())
    another = Client()
    another.force_login(user)
    assert another.get("/papers/").headers["Location"].startswith(PAGE)
    agree(another, newer)
    assert another.get("/papers/").status_code == 200
    assert Consent.objects.filter(user=user).count() == 2


def test_a_version_of_tomorrow_is_not_asked_for_today(browser):
    agree(browser, make_text())
    make_text(version=2, in_force_from=date(2999, 1, 1))
    assert browser.get("/papers/").status_code == 200


def test_who_has_agreed_is_asked_with_no_query(browser, django_assert_num_queries):
    agree(browser, make_text())
    browser.get("/me/sessions/end/")
    with django_assert_num_queries(2):  # session and account, as without the gate
        assert browser.get("/me/sessions/end/").status_code == 405


def test_the_memory_of_the_session_fades_after_an_hour(browser, monkeypatch):
    agree(browser, make_text())
    browser.get("/papers/")
    make_text(version=2)
    assert browser.get("/papers/").status_code == 200
    later = timezone.now() + timedelta(hours=1, minutes=1)
    monkeypatch.setattr(middleware.timezone, "now", lambda: later)
    assert browser.get("/papers/").status_code == 302


def test_somebody_in_an_exam_is_never_interrupted(user):
    make_reference()
    trainee = make_trainee("sits", make_person(1))
    attempt = exam.start_attempt(trainee, exam.make_paper())
    make_text()
    browser = Client()
    browser.force_login(trainee)
    assert browser.get(f"/attempts/{attempt.uuid}/").status_code == 200
    assert browser.get(f"/api/v1/attempts/{attempt.uuid}/").status_code == 200
    journal = browser.put(f"/api/v1/attempts/{attempt.uuid}/journal/", {}, "application/json")
    assert journal.status_code == 401  # it asks for its token, not for consent
    assert browser.get("/papers/").status_code == 302


def test_staff_and_authors_are_asked_like_everybody(client):
    make_reference()
    make_text()
    officer = signed_in(client)
    assert officer.get("/workbench/").headers["Location"].startswith(PAGE)
    editor = signed_in(Client(), region=None, role="editor")
    assert editor.get("/cms/").headers["Location"].startswith(PAGE)


def test_optional_consent_is_given_and_taken_back_on_the_page(browser):
    agree(browser, make_text())
    survey = make_text("survey")
    assert "survey1" in text_of(browser.get(PAGE))
    agree(browser, survey)
    browser.post(PAGE, {"text": survey.pk, "say": "withdraw"})
    said = Consent.objects.filter(text=survey).values_list("given", flat=True)
    assert list(said) == [True, False]


def test_the_terms_have_no_button_to_take_them_back_but_a_sentence(browser):
    text = make_text()
    agree(browser, text)
    page = text_of(browser.get(PAGE))
    assert 'value="withdraw"' not in page
    assert "停用账号" in page
    reply = browser.post(
        PAGE, {"text": text.pk, "say": "withdraw"}, headers={"Accept": "application/json"}
    )
    assert (reply.status_code, reply.json()["code"]) == (409, "terms_needed")


@pytest.mark.parametrize("number", ["", "x", "999999"])
def test_a_text_that_is_not_there_is_agreed_to_by_nobody(browser, number):
    assert browser.post(PAGE, {"text": number, "say": "agree"}).status_code in {302, 404}
    assert not Consent.objects.exists()
