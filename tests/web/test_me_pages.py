"""The own page, the own sessions, password and language."""

import re

import pytest
from django.test import Client

from cms.accounts.models import User
from tests.factories.joining import make_account, with_phone
from tests.factories.pages import signed_in, text_of
from tests.factories.people import (
    PASSWORD,
    make_officer,
    make_person,
    make_reference,
    make_trainee,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference() -> None:
    make_reference()


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_it_says_who_i_am_and_shows_no_whole_number():
    person = with_phone(1)
    user = make_trainee("learner", person)
    page = text_of(browser_of(user).get("/me/"))
    assert person.name in page
    assert f"***{person.id_tail}" in page
    assert person.id_number.open() not in page
    assert "/me/results/" in page
    assert "/me/claims/" in page


def test_an_account_without_a_person_finds_the_way_to_link():
    page = text_of(browser_of(make_account()).get("/me/"))
    assert 'href="/me/link/"' in page
    assert "关联本人" in page


def test_staff_see_their_roles_with_dates_and_their_workbench(client):
    page = text_of(signed_in(client).get("/me/"))
    assert "县区经办人 · 沙坡头区" in page
    assert "2020-01-01" in page
    assert 'href="/workbench/"' in page


def test_a_trainee_sees_no_workbench():
    user = make_trainee("learner", make_person(1))
    assert 'href="/workbench/"' not in text_of(browser_of(user).get("/me/"))


def test_the_page_takes_few_queries(client, django_assert_max_num_queries):
    officer = signed_in(client)
    officer.get("/me/")  # once before: what is remembered is no cost of this page
    with django_assert_max_num_queries(12):
        officer.get("/me/")


def test_signing_out_everywhere_ends_the_other_devices_too():
    user = make_account()
    here, there = browser_of(user), browser_of(user)
    assert here.post("/me/sessions/end/").headers["Location"] == "/"
    for client in (here, there):
        assert client.get("/me/").status_code == 302


def test_the_password_is_changed_with_the_old_one_and_other_devices_are_out():
    user = make_account()
    here, there = browser_of(user), browser_of(user)
    new = "quite another secret"
    wrong = {"oldpassword": "not it", "password1": new, "password2": new}
    assert here.post("/accounts/password/change/", wrong).status_code == 200
    right = wrong | {"oldpassword": PASSWORD}
    assert here.post("/accounts/password/change/", right).headers["Location"] == "/me/"
    assert User.objects.get(pk=user.pk).check_password(new)
    assert "密码已修改" in text_of(here.get("/me/"))
    assert there.get("/me/").status_code == 302


# --- language ---------------------------------------------------------------------------------
def test_the_chosen_language_is_kept_and_said_to_the_browser():
    client = Client()
    assert 'lang="zh-Hans"' in text_of(client.get("/accounts/login/"))
    reply = client.post("/i18n/setlang/", {"language": "en", "next": "/accounts/login/"})
    assert reply.headers["Location"] == "/accounts/login/"
    page = text_of(client.get("/accounts/login/"))
    assert '<html lang="en">' in page
    assert "User name or phone" in page
    client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/accounts/login/"})
    assert '<html lang="zh-Hans">' in text_of(client.get("/accounts/login/"))


def test_each_language_names_itself_and_says_whether_it_is_on():
    page = text_of(Client().get("/accounts/login/"))
    buttons = re.findall(r'<button[^>]*name="language"[^>]*>', page)
    assert len(buttons) == 2
    assert 'lang="zh-Hans" aria-pressed="true"' in buttons[0]
    assert 'lang="en" aria-pressed="false"' in buttons[1]


@pytest.mark.parametrize("path", ["/me/", "/accounts/login/", "/workbench/", "/notices/"])
def test_the_switch_stands_where_people_look_for_it(path):
    client = (
        Client()
        if path in {"/accounts/login/", "/notices/"}
        else browser_of(make_officer("officer"))
    )
    assert 'action="/i18n/setlang/"' in text_of(client.get(path))


@pytest.mark.parametrize("path", ["/me/", "/me/link/", "/me/consent/", "/workbench/audit/"])
def test_a_page_in_english_says_nothing_in_chinese_but_what_is_content(path):
    client = browser_of(make_officer("officer", region=None, role="site_admin"))
    client.post("/i18n/setlang/", {"language": "en", "next": "/"})
    page = re.sub(r"<option.*?</option>", "", text_of(client.get(path)))
    found = re.findall(r"[\u4e00-\u9fff]+", page)
    assert set(found) <= {"中文"}
