"""Signing in by user name or phone; nobody learns which accounts exist."""

from datetime import date

import pytest
from django.test import Client

from cms.accounts.services import grant_role, load_regions, open_account

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough secret"


@pytest.fixture(autouse=True)
def _accounts() -> None:
    load_regions()
    user, _ = open_account(username="alice", name="爱丽", password=PASSWORD, phone="12800001111")
    grant_role(user=user, role="county_officer", region="640502", valid_from=date(2020, 1, 1))
    open_account(username="bob", name="伯", password=PASSWORD, phone="12800002222")


def sign_in(login: str, password: str = PASSWORD) -> tuple[int, str, Client]:
    client = Client()
    reply = client.post("/accounts/login/", {"login": login, "password": password})
    return reply.status_code, reply.headers.get("Location", ""), client


@pytest.mark.parametrize("login", ["alice", "12800001111", "+86 128-0000-1111"])
def test_it_takes_the_user_name_or_the_phone(login: str) -> None:
    status, _, client = sign_in(login)
    assert status == 302
    assert client.session["_auth_user_id"]


def test_it_leads_an_officer_to_the_workbench_and_a_trainee_to_today() -> None:
    _, _, officer = sign_in("alice")
    assert officer.get("/welcome/").headers["Location"] == "/workbench/"
    _, _, trainee = sign_in("bob")
    assert trainee.get("/welcome/").headers["Location"] == "/today/"


def test_a_wrong_password_and_an_unknown_account_get_the_same_words() -> None:
    wrong = Client().post("/accounts/login/", {"login": "bob", "password": "nothing like it"})
    unknown = Client().post("/accounts/login/", {"login": "nobody", "password": "nothing like it"})
    errors = [list(r.context["form"].non_field_errors()) for r in (wrong, unknown)]
    assert errors[0]
    assert errors[0] == errors[1]


def test_an_account_nobody_gave_a_password_to_cannot_sign_in() -> None:
    open_account(username="carl", name="卡")
    assert sign_in("carl", "")[0] == 200
    assert sign_in("carl", "None")[0] == 200


def test_the_phone_is_not_stored_in_plain() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_user")
        assert "12800001111" not in str(cursor.fetchall())


def test_the_login_page_is_in_chinese_and_never_kept_by_a_browser() -> None:
    reply = Client().get("/accounts/login/")
    assert reply.headers["Cache-Control"].count("no-store")
    assert 'lang="zh-Hans"' in reply.content.decode()
    assert "script-src 'self'" in reply.headers["Content-Security-Policy"]
