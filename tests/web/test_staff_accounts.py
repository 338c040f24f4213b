"""Workbench: the accounts of the staff, their roles with dates, and invitations."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cms.accounts.models import Invitation, RoleGrant, User
from tests.factories.joining import make_account, make_invitation, make_office
from tests.factories.pages import signed_in, text_of
from tests.factories.people import (
    LONG_AGO,
    SHAPOTOU,
    TAISHUN,
    ZHONGWEI,
    make_officer,
    make_person,
    make_reference,
    make_trainee,
)

pytestmark = pytest.mark.django_db
ACCOUNTS = "/workbench/accounts/"
NEW = {"username": "newcomer", "password": "a long enough secret", "again": "a long enough secret"}


@pytest.fixture(autouse=True)
def _reference() -> None:
    make_reference()


@pytest.fixture
def city(client) -> Client:
    return signed_in(client, region=ZHONGWEI, role="city_officer")


@pytest.fixture
def admin() -> Client:
    return signed_in(Client(), region=None, role="site_admin")


def office(**changes) -> dict[str, str]:
    today = timezone.localdate().isoformat()
    usual = {"role": "county_officer", "region": SHAPOTOU, "valid_from": today, "reason": "接任"}
    return usual | changes


# --- the list ---------------------------------------------------------------------------------
def test_a_city_officer_sees_the_accounts_of_the_own_city(city, admin):
    make_officer("near-one")
    make_officer("far-away", region=TAISHUN)
    page = text_of(city.get(ACCOUNTS))
    assert "near-one" in page
    assert "far-away" not in page
    assert "far-away" in text_of(admin.get(ACCOUNTS))


def test_trainees_stand_in_the_list_only_when_asked_for(admin):
    make_trainee("learner", make_person(1))
    assert "learner" not in text_of(admin.get(ACCOUNTS))
    assert "learner" in text_of(admin.get(ACCOUNTS, {"role": "trainee"}))


def test_the_list_is_narrowed_by_role_region_time_and_name(city):
    make_officer("auditing", role="auditor")
    gone = make_officer("gone")
    RoleGrant.objects.filter(user=gone).update(valid_to=LONG_AGO + timedelta(days=9))
    shown = {
        "auditing": {"role": "auditor"},
        "gone": {"when": "ended"},
        f"city_officer-{ZHONGWEI}": {"name": "city_"},
    }
    for username, query in shown.items():
        page = text_of(city.get(ACCOUNTS, query))
        names = {name for name in shown if f'<td class="nowrap">{name}</td>' in page}
        assert names == {username}
    assert "gone" not in text_of(city.get(ACCOUNTS, {"region": SHAPOTOU}))


def test_the_list_takes_as_many_queries_for_many_accounts_as_for_few(
    city, django_assert_max_num_queries
):
    for n in range(20):
        make_officer(f"officer-{n}")
    city.get(ACCOUNTS)  # once before: what is remembered is no cost of this page
    with django_assert_max_num_queries(20):
        assert text_of(city.get(ACCOUNTS)).count("officer-") >= 20


# --- one account ------------------------------------------------------------------------------
def test_an_account_of_another_city_is_not_there(city):
    far = make_officer("far", region=TAISHUN)
    grant = far.grants.get()
    assert city.get(f"{ACCOUNTS}{far.uuid}/").status_code == 404
    assert city.post(f"{ACCOUNTS}{far.uuid}/disable/", {"reason": "x"}).status_code == 404
    assert city.post(f"{ACCOUNTS}grants/{grant.pk}/end/", {"reason": "x"}).status_code == 404
    assert User.objects.get(pk=far.pk).is_active


def test_a_role_is_granted_until_its_last_day(city):
    user = make_officer("officer", role="auditor")
    last = timezone.localdate() + timedelta(days=30)
    reply = city.post(f"{ACCOUNTS}{user.uuid}/grant/", office(last_day=last.isoformat()))
    assert reply.status_code == 302
    grant = user.grants.get(role="county_officer")
    assert (grant.valid_to, grant.last_day) == (last + timedelta(days=1), last)
    assert User.objects.get(pk=user.pk).has_role("county_officer")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": "site_admin"}, "role"),
        ({"region": TAISHUN}, "region"),
        ({"region": ""}, "region"),
        ({"last_day": "2020-01-01"}, "last_day"),
        ({"reason": ""}, "reason"),
    ],
)
def test_what_may_not_be_granted_is_said_at_its_field(city, changes, field):
    user = make_officer("officer")
    reply = city.post(f"{ACCOUNTS}{user.uuid}/grant/", office(**changes))
    assert reply.status_code == 400
    assert reply.context["form"].errors.keys() == {field}
    assert user.grants.count() == 1


def test_an_ended_role_closes_the_next_request(city):
    user = make_officer("officer")
    theirs = Client()
    theirs.force_login(user)
    assert theirs.get("/workbench/certificates/").status_code == 200
    grant = user.grants.get()
    assert city.post(f"{ACCOUNTS}grants/{grant.pk}/end/", {"reason": "调离"}).status_code == 302
    assert theirs.get("/workbench/certificates/").status_code == 403


def test_a_closed_account_is_out_at_once_and_back_after_opening(city):
    user = make_officer("officer")
    theirs = Client()
    theirs.force_login(user)
    city.post(f"{ACCOUNTS}{user.uuid}/disable/", {"reason": "离职"})
    assert theirs.get("/workbench/").status_code == 302
    city.post(f"{ACCOUNTS}{user.uuid}/enable/", {"reason": "返岗"})
    assert User.objects.get(pk=user.pk).is_active


def test_nobody_changes_the_own_roles_on_the_page(city):
    own = User.objects.get(username=f"city_officer-{ZHONGWEI}")
    page = text_of(city.get(f"{ACCOUNTS}{own.uuid}/"))
    assert f"{ACCOUNTS}{own.uuid}/grant/" not in page
    reply = city.post(
        f"{ACCOUNTS}{own.uuid}/grant/", office(), headers={"Accept": "application/json"}
    )
    assert (reply.status_code, reply.json()["code"]) == (403, "own_roles")


# --- invitations ------------------------------------------------------------------------------
def invited(by: Client) -> str:
    """The address in the reply to an invitation."""
    page = text_of(by.post(f"{ACCOUNTS}invite/", office(name="新来的")))
    found = re.search(r"http://testserver(/join/[\w-]+/)", page)
    assert found, page
    return found[1]


def test_the_link_is_shown_once(city):
    address = invited(city)
    token = address.split("/")[2]
    assert token not in text_of(city.get(f"{ACCOUNTS}invitations/"))
    assert "新来的" in text_of(city.get(f"{ACCOUNTS}invitations/"))


def test_who_is_invited_chooses_a_name_and_a_password_and_signs_in(city):
    address = invited(city)
    visitor = Client()
    assert "新来的" in text_of(visitor.get(address))
    assert visitor.post(address, NEW).headers["Location"] == "/accounts/login/"
    signed = visitor.post("/accounts/login/", {"login": "newcomer", "password": NEW["password"]})
    assert signed.status_code == 302
    assert visitor.get("/workbench/certificates/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": f"city_officer-{ZHONGWEI}"}, "username"),
        ({"password": "12345678", "again": "12345678"}, "password"),
        ({"again": "another secret"}, "again"),
        ({"phone": "123"}, "phone"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_the_link_stays(city, caplog, changes, field):
    address = invited(city)
    reply = Client().post(address, NEW | changes)
    assert reply.status_code == 200
    assert address not in caplog.text
    assert field in reply.context["form"].errors
    assert Client().get(address).status_code == 200


def test_used_revoked_expired_and_unknown_links_get_one_page(city):
    used = invited(city)
    Client().post(used, NEW)
    officer = User.objects.get(username=f"city_officer-{ZHONGWEI}")
    revoked, revoked_token = make_invitation(officer)
    city.post(f"{ACCOUNTS}invitations/{revoked.uuid}/revoke/")
    _old, old_token = make_invitation(officer, now=timezone.now() - timedelta(days=8))
    links = [used, f"/join/{revoked_token}/", f"/join/{old_token}/", "/join/unknown/"]
    replies = [Client().get(link) for link in links] + [Client().post(link, NEW) for link in links]
    assert {reply.status_code for reply in replies} == {404}
    assert len({_without_tokens(reply) for reply in replies}) == 1


def _without_tokens(reply) -> str:
    """The page without what is new in every reply or names its own address."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text_of(reply))
    return re.sub(r"/join/[\w-]+/", "", page)


def test_a_city_officer_does_not_see_or_revoke_invitations_of_elsewhere(city, admin):
    root = User.objects.get(username="site_admin-None")
    far, _token = make_invitation(root, office=make_office(region=TAISHUN))
    assert city.post(f"{ACCOUNTS}invitations/{far.uuid}/revoke/").status_code == 404
    assert Invitation.objects.get(pk=far.pk).revoked_at is None


def test_accounts_without_any_role_are_found_by_a_site_administrator(city, admin):
    make_account("bare")
    assert "bare" in text_of(admin.get(ACCOUNTS, {"role": "none"}))
    assert "bare" not in text_of(city.get(ACCOUNTS, {"role": "none"}))
