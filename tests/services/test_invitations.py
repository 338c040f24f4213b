"""Invitations: one link, one account, one role; its token stands nowhere in plain."""

from datetime import timedelta

import pytest
from django.db import connection

from cms.accounts.models import AuditEntry, Invitation, User
from cms.accounts.roles import Role
from cms.accounts.services import accept_invitation, revoke_invitation
from cms.core.errors import Refused
from tests.factories.joining import make_invitation, make_office
from tests.factories.people import NOW, TAISHUN, ZHONGWEI, make_officer, make_reference

pytestmark = pytest.mark.django_db
NEW = {"username": "newcomer", "password": "a long enough secret"}


@pytest.fixture(autouse=True)
def _reference() -> None:
    make_reference()


@pytest.fixture
def city() -> User:
    return make_officer("city", region=ZHONGWEI, role="city_officer")


def refusal(act, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return caught.value.code


def test_who_accepts_has_the_account_and_the_role(city):
    invitation, token = make_invitation(city, now=NOW)
    user = accept_invitation(token, **NEW, phone="12800009999", now=NOW + timedelta(days=1))
    assert user.check_password(NEW["password"])
    assert user.display_name == "新来的"
    assert user.phone.open() == "12800009999"
    grant = user.grants.get()
    assert (grant.role, grant.area) == (invitation.role, invitation.area)
    invitation.refresh_from_db()
    assert invitation.accepted_by == user
    said = AuditEntry.objects.across_regions().order_by("pk").values_list("action", flat=True)
    assert list(said) == ["invite", "accept_invitation"]


def test_the_token_stands_nowhere_in_plain(city):
    _invitation, token = make_invitation(city, now=NOW)
    with connection.cursor() as cursor:
        for table in ("accounts_invitation", "accounts_auditentry"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of our own
            assert token not in str(cursor.fetchall())


def test_a_link_opens_one_account(city):
    _invitation, token = make_invitation(city, now=NOW)
    accept_invitation(token, **NEW, now=NOW)
    again = {"username": "second", "password": NEW["password"]}
    assert refusal(accept_invitation, token, **again, now=NOW) == "link_dead"
    assert not User.objects.filter(username="second").exists()


def test_used_revoked_expired_and_unknown_links_are_refused_alike(city):
    revoked, revoked_token = make_invitation(city, now=NOW)
    revoke_invitation(revoked, actor=city, now=NOW)
    _invitation, old_token = make_invitation(city, now=NOW)
    faults = []
    for token, now in ((revoked_token, NOW), (old_token, NOW + timedelta(days=7)), ("no", NOW)):
        with pytest.raises(Refused) as caught:
            accept_invitation(token, **NEW, now=now)
        faults.append(caught.value.as_json())
    assert faults[0] == faults[1] == faults[2]
    assert not User.objects.filter(username="newcomer").exists()


def test_the_second_of_two_acceptances_at_once_leaves_no_account(city, monkeypatch):
    """The link is used up by a guarded update, whatever was read before it."""
    invitation, token = make_invitation(city, now=NOW)
    from cms.accounts.services import invitations

    make_account = invitations._new_account

    def meanwhile(*args, **kwargs):
        user = make_account(*args, **kwargs)
        Invitation.objects.filter(pk=invitation.pk).update(accepted_at=NOW, accepted_by=city)
        return user

    monkeypatch.setattr(invitations, "_new_account", meanwhile)
    assert refusal(accept_invitation, token, **NEW, now=NOW) == "link_dead"
    assert not User.objects.filter(username="newcomer").exists()


def test_an_invitation_promises_no_more_than_its_writer_may_grant(city):
    for office in (make_office(Role.SITE_ADMIN, ZHONGWEI), make_office(region=TAISHUN)):
        assert refusal(make_invitation, city, office=office) == "not_yours_to_grant"
    assert not Invitation.objects.exists()


def test_a_used_invitation_cannot_be_revoked(city):
    invitation, token = make_invitation(city, now=NOW)
    accept_invitation(token, **NEW, now=NOW)
    assert refusal(revoke_invitation, invitation, actor=city, now=NOW) == "settled_already"


def test_a_taken_name_is_refused_and_the_link_stays(city):
    _invitation, token = make_invitation(city, now=NOW)
    taken = {"username": "city", "password": NEW["password"]}
    assert refusal(accept_invitation, token, **taken, now=NOW) == "name_taken"
    assert accept_invitation(token, **NEW, now=NOW).username == "newcomer"
