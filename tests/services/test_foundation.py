"""The foundations: sealed values, final facts, scope, audit chain."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from cms.accounts.models import AuditEntry, Person, Region, User
from cms.accounts.services import (
    audit,
    find_or_create_person,
    find_person,
    grant_role,
    load_regions,
    verify_audit,
)
from cms.core import triggers
from cms.core.checks import facts_are_final
from cms.core.models import FactIsFinal
from cms.core.scoping import UnscopedQuery
from cms.core.vault import SealBroken, seal, unseal

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
NUMBER = "660102199001011237"


@pytest.fixture(autouse=True)
def _regions() -> None:
    load_regions()


def person_in(region: str, number: str = NUMBER, name: str = "丁一") -> Person:
    return find_or_create_person(id_number=number, name=name, region=region, now=NOW)[0]


def officer(name: str, region: str) -> User:
    user = User.objects.create(username=name)
    grant_role(user=user, role="county_officer", region=region, valid_from=NOW.date())
    return user


def test_the_database_holds_no_plain_identity_number() -> None:
    person_in("640502")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_person")
        stored = " ".join(str(value) for value in cursor.fetchall())
    assert NUMBER not in stored
    assert NUMBER[6:14] not in stored


def test_a_person_is_found_by_number_and_read_by_an_explicit_act() -> None:
    person_in("640502")
    found = find_person(NUMBER)
    assert found is not None
    assert found.id_number.open() == NUMBER
    assert NUMBER not in f"{found.id_number} {found.id_number!r} {found.masked_identity}"


def test_a_sealed_value_moved_to_another_row_does_not_open() -> None:
    token = seal(NUMBER, bound_to="accounts_person|id_number|a")
    assert unseal(token, bound_to="accounts_person|id_number|a") == NUMBER
    with pytest.raises(SealBroken):
        unseal(token, bound_to="accounts_person|id_number|b")


def test_every_changed_byte_of_a_sealed_value_is_noticed() -> None:
    token = seal("12800001111", bound_to="x")
    head, body = token.rsplit("|", 1)
    for at in range(len(body) - 2):
        changed = body[:at] + ("A" if body[at] != "A" else "B") + body[at + 1 :]
        with pytest.raises(SealBroken):
            unseal(f"{head}|{changed}", bound_to="x")


def test_a_second_person_with_the_same_number_is_the_same_person() -> None:
    first = person_in("640502")
    second, made = find_or_create_person(
        id_number=NUMBER.lower(), name="丁一", region="640521", now=NOW
    )
    assert (first.pk, made) == (second.pk, False)


def test_a_regional_query_refuses_until_somebody_says_for_whom() -> None:
    person_in("640502")
    with pytest.raises(UnscopedQuery):
        list(Person.objects.all())
    with pytest.raises(UnscopedQuery):
        Person.objects.filter(name="丁一").exists()


def test_an_officer_sees_the_people_of_the_own_county_only() -> None:
    person_in("640502")
    assert Person.objects.visible_to(officer("a", "640502")).count() == 1
    assert Person.objects.visible_to(officer("b", "640521")).count() == 0
    assert Person.objects.visible_to(officer("c", "6405")).count() == 1
    assert Person.objects.visible_to(officer("d", "3303")).count() == 0


def test_scope_is_asked_by_a_range_that_can_use_the_index() -> None:
    user = officer("c", "6405")
    sql = str(AuditEntry.objects.visible_to(user).query)
    assert "LIKE" not in sql
    assert "6406" in sql


def test_an_audit_entry_cannot_be_changed_in_python_or_in_the_database() -> None:
    entry = audit(actor=None, action="test", target="x", now=NOW)
    with pytest.raises(FactIsFinal):
        entry.save()
    for statement in (
        "UPDATE accounts_auditentry SET action = 'y'",
        "DELETE FROM accounts_auditentry",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_guard_on_inserts_is_installed_checked_and_lifted_like_the_others() -> None:
    name = "final_insert_quizzes_attemptevent_after_submission"
    assert name in {guard.name for guard in triggers.guards()}
    assert triggers.missing(connection) == []
    with triggers.lifted(connection):
        assert name in triggers.missing(connection)
        assert [fault.id for fault in facts_are_final(databases=["default"])] == ["core.E001"]
    assert triggers.missing(connection) == []


def test_a_changed_audit_entry_breaks_the_chain() -> None:
    for number in range(3):
        audit(actor=None, action="test", target=str(number), now=NOW)
    assert verify_audit() == []
    table = "final_update_accounts_auditentry"
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else " ON accounts_auditentry"
        cursor.execute(f"DROP TRIGGER {table}{on}")
        cursor.execute("UPDATE accounts_auditentry SET target = 'z' WHERE target = '1'")
    assert len(verify_audit()) == 1


def test_a_region_holds_its_parts() -> None:
    city = Region.objects.get(code="6405")
    assert city.holds("640521")
    assert not city.holds("640402")


def test_a_role_carries_as_far_as_its_own_grant_and_no_farther() -> None:
    person_in("640502")
    person_in("640521", number="660102199001011245", name="丁二")
    user = officer("e", "640502")
    grant_role(user=user, role="auditor", region="6405", valid_from=NOW.date())
    assert Person.objects.visible_to(user).count() == 2
    acting = Person.objects.visible_to(user, "county_officer", "city_officer")
    assert [person.name for person in acting] == ["丁一"]
    assert user.scope.areas("auditor") == ("6405",)
