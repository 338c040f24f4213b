"""Roles with dates: who grants and ends them, who closes accounts, and what is written down."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from cms.accounts.models import AuditEntry, Region, RoleGrant, User
from cms.accounts.roles import Role
from cms.accounts.services import (
    Office,
    add_grant,
    disable_account,
    enable_account,
    end_grant,
    end_sessions,
)
from cms.core.errors import Refused
from tests.factories.joining import make_account, make_office
from tests.factories.people import NOW, SHAPOTOU, TAISHUN, ZHONGWEI, make_officer, make_reference

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)


@pytest.fixture(autouse=True)
def _reference() -> None:
    make_reference()


@pytest.fixture
def city() -> User:
    return make_officer("city", region=ZHONGWEI, role="city_officer")


@pytest.fixture
def admin() -> User:
    return make_officer("admin", region=None, role="site_admin")


def refusal(act, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return caught.value.code


def test_a_grant_is_written_with_its_dates_and_its_reason(city):
    user = make_account()
    office = make_office()
    grant = add_grant(user, office, reason="  接任  ", actor=city, now=NOW)
    assert (grant.role, grant.area, grant.valid_from) == ("county_officer", SHAPOTOU, TODAY)
    entry = AuditEntry.objects.across_regions().get(action="grant_role")
    assert (entry.actor, entry.reason, entry.region_id) == (city, "接任", SHAPOTOU)
    assert entry.target == f"account {user.uuid}"
    assert entry.detail == {"role": "county_officer", "from": TODAY.isoformat(), "to": ""}


def test_a_reason_is_needed(city):
    user = make_account()
    assert refusal(add_grant, user, make_office(), reason=" ", actor=city, now=NOW) == (
        "reason_needed"
    )


@pytest.mark.parametrize(
    ("role", "region"),
    [(Role.SITE_ADMIN, ZHONGWEI), (Role.COUNTY_OFFICER, TAISHUN), (Role.EDITOR, None)],
)
def test_a_city_officer_stays_in_the_own_city_and_makes_no_administrator(city, role, region):
    office = make_office(role, region)
    code = refusal(add_grant, make_account(), office, reason="x", actor=city, now=NOW)
    assert code == "not_yours_to_grant"
    assert not RoleGrant.objects.filter(user__username="applicant").exists()


def test_nobody_grants_to_oneself(city, admin):
    for actor in (city, admin):
        code = refusal(add_grant, actor, make_office(), reason="x", actor=actor, now=NOW)
        assert code == "own_roles"


def test_the_same_role_is_not_granted_twice_at_the_same_time(city):
    user = make_account()
    add_grant(user, make_office(), reason="x", actor=city, now=NOW)
    code = refusal(add_grant, user, make_office(), reason="x", actor=city, now=NOW)
    assert code == "granted_already"


def test_an_earlier_term_does_not_stand_in_the_way_of_a_later_one(city):
    user, region = make_account(), Region.objects.get(code=SHAPOTOU)
    for year in (2024, 2025):
        office = Office(
            role=Role.COUNTY_OFFICER,
            valid_from=date(year, 1, 1),
            valid_to=date(year + 1, 1, 1),
            region=region,
        )
        add_grant(user, office, reason="x", actor=city, now=NOW)
    assert user.grants.count() == 2


def test_a_grant_that_is_ended_opens_nothing_any_more(city):
    user = make_officer("officer")
    assert user.has_role("county_officer")
    end_grant(user.grants.get(), reason="调离", actor=city, now=timezone.now())
    assert not User.objects.get(pk=user.pk).has_role("county_officer")


def test_a_grant_that_has_not_begun_ends_before_it_opens_anything(city):
    user = make_account()
    office = Office(
        role=Role.COUNTY_OFFICER,
        valid_from=timezone.localdate() + timedelta(days=30),
        region=Region.objects.get(code=SHAPOTOU),
    )
    grant = add_grant(user, office, reason="x", actor=city, now=timezone.now())
    end_grant(grant, reason="x", actor=city, now=timezone.now())
    grant.refresh_from_db()
    assert grant.valid_to == grant.valid_from
    assert grant.period(grant.valid_from) == "ended"


def test_a_grant_ends_once(city):
    grant = make_officer("officer").grants.get()
    end_grant(grant, reason="x", actor=city, now=NOW)
    assert refusal(end_grant, grant, reason="x", actor=city, now=NOW) == "ended_already"


def test_the_database_keeps_a_grant_from_ending_before_it_begins():
    grant = make_officer("officer").grants.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.filter(pk=grant.pk).update(valid_to=grant.valid_from - timedelta(days=1))


def test_an_account_is_closed_and_opened_again_with_reasons(city):
    user = make_officer("officer")
    disable_account(user, reason="离职", actor=city, now=NOW)
    assert not User.objects.get(pk=user.pk).is_active
    enable_account(user, reason="返岗", actor=city, now=NOW)
    assert User.objects.get(pk=user.pk).is_active
    said = AuditEntry.objects.across_regions().order_by("pk").values_list("action", "reason")
    assert list(said) == [("disable_account", "离职"), ("enable_account", "返岗")]


def test_nobody_closes_the_own_account_or_one_that_holds_more(city, admin):
    both = make_officer("both")
    make_officer("both", region=None, role="site_admin")
    for user in (city, admin, both, make_officer("far", region=TAISHUN)):
        code = refusal(disable_account, user, reason="x", actor=city, now=NOW)
        assert code == "not_yours_to_change"


def test_a_superuser_is_closed_by_a_site_administrator_alone(city, admin):
    root = make_officer("root")
    User.objects.filter(pk=root.pk).update(is_superuser=True)
    root.refresh_from_db()
    assert refusal(disable_account, root, reason="x", actor=city, now=NOW) == "not_yours_to_change"
    disable_account(root, reason="x", actor=admin, now=NOW)
    assert not User.objects.get(pk=root.pk).is_active


def test_signing_out_everywhere_ends_every_session_and_leaves_the_password():
    user = make_officer("officer")
    clients = [Client(), Client()]
    for each in clients:
        each.force_login(user)
    end_sessions(user, actor=user, now=NOW)
    for each in clients:
        assert each.get("/workbench/").status_code == 302
    assert User.objects.get(pk=user.pk).password == user.password
