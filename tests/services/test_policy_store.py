"""The store of policies: loaded once, checked by examples, published by another, then final."""

import copy
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from cms.core.errors import Refused
from cohorts.subsidies import services
from cohorts.subsidies.models import PolicyVersion
from cohorts.subsidies.rulebook import PolicyRefused
from tests.factories.people import make_officer, make_reference, make_two_hats
from tests.factories.subsidies import MONDAY, POLICY, Office, day, make_office, make_policy, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    make_reference(MONDAY)
    return make_office()


def variant(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(POLICY) | changes


def load(office: Office, **changes: Any) -> PolicyVersion:
    return services.load_policy(variant(**changes), actor=office.author, now=MONDAY)[0]


def test_a_policy_whose_examples_pass_is_checked_and_loading_it_again_changes_nothing(
    office: Office,
) -> None:
    version, created = services.load_policy(POLICY, actor=office.author, now=MONDAY)
    assert (version.state, created, version.examples.count()) == ("checked", True, 23)
    again, created = services.load_policy(POLICY, actor=office.author, now=MONDAY)
    assert (again.pk, created) == (version.pk, False)


def test_other_rules_under_the_same_number_are_refused(office: Office) -> None:
    load(office)
    with refused("version_taken"):
        load(office, title="另外的政策")


def test_an_unknown_condition_does_not_load(office: Office) -> None:
    document = variant()
    document["conditions"]["all"][0]["type"] = "script"
    with pytest.raises(PolicyRefused):
        services.load_policy(document, actor=office.author, now=MONDAY)
    assert not PolicyVersion.objects.exists()


def test_a_failing_example_keeps_a_policy_from_being_published(office: Office) -> None:
    document = variant()
    document["examples"][0]["expected"]["amount_fen"] = 1
    version, _ = services.load_policy(document, actor=office.author, now=MONDAY)
    assert version.state == "draft"
    with refused("examples_fail"):
        services.check_version(version, actor=office.city, now=MONDAY)
    with refused("examples_fail"):
        services.publish(version, actor=office.city, now=MONDAY)


def test_a_verdict_that_no_example_has_seen_keeps_it_too(office: Office) -> None:
    document = variant()
    document["examples"] = document["examples"][:12]
    version, _ = services.load_policy(document, actor=office.author, now=MONDAY)
    assert version.state == "draft"


def test_the_author_does_not_publish(office: Office) -> None:
    version = load(office)
    with refused("own_version"):
        services.publish(version, actor=office.author, now=MONDAY)
    services.publish(version, actor=office.city, now=MONDAY)
    version.refresh_from_db()
    assert (version.state, version.published_by) == ("published", office.city)


def test_an_officer_of_a_county_does_not_speak_for_the_city(office: Office) -> None:
    county = make_officer("zhongning", region="640521")
    with refused("not_issuer"):
        services.publish(load(office), actor=county, now=MONDAY)


def test_publishing_twice_is_refused_in_words(office: Office) -> None:
    version = make_policy(office)
    with pytest.raises(Refused):
        services.publish(version, actor=office.city, now=MONDAY)


def test_versions_in_force_do_not_overlap(office: Office) -> None:
    first = make_policy(office)
    second = load(office, version=2, effective_from="2024-01-01")
    with refused("versions_overlap"):
        services.publish(second, actor=office.city, now=MONDAY)
    services.retire(first, on=day("2024-01-01"), reason="新标准", actor=office.city, now=MONDAY)
    services.publish(second, actor=office.city, now=MONDAY)
    assert services.governing("zhongwei-2023", day("2023-12-31")) == first
    assert services.governing("zhongwei-2023", day("2024-01-01")) == second
    assert services.governing("zhongwei-2023", day("2022-12-31")) is None


def test_a_range_that_ends_before_it_begins_is_refused(office: Office) -> None:
    first = make_policy(office)
    with refused("ends_too_early"):
        services.retire(first, on=day("2023-01-01"), reason="错", actor=office.city, now=MONDAY)


def test_retiring_never_lengthens_a_version_onto_its_successor(office: Office) -> None:
    first = load(office, effective_to="2024-01-01")
    second = load(office, version=2, effective_from="2024-01-01")
    for version in (first, second):
        services.publish(version, actor=office.city, now=MONDAY)
    with refused("ends_too_late"):
        services.retire(first, on=day("2024-06-01"), reason="误", actor=office.city, now=MONDAY)
    services.retire(first, on=day("2024-01-01"), reason="到期", actor=office.city, now=MONDAY)
    assert services.governing("zhongwei-2023", day("2024-03-01")) == second


@pytest.mark.parametrize("role", ["auditor", "finance_officer", "township_officer", "organiser"])
def test_a_role_without_the_step_neither_loads_nor_checks_nor_publishes(
    office: Office, role: str
) -> None:
    version = load(office)
    outsider = make_officer("outsider", region="6405", role=role)
    with refused("wrong_role"):
        services.load_policy(variant(version=2), actor=outsider, now=MONDAY)
    with refused("wrong_role"):
        services.check_version(version, actor=outsider, now=MONDAY)
    with refused("wrong_role"):
        services.publish(version, actor=outsider, now=MONDAY)
    services.publish(version, actor=office.city, now=MONDAY)
    with refused("wrong_role"):
        services.retire(version, on=day("2024-01-01"), reason="?", actor=outsider, now=MONDAY)


def test_an_auditor_of_the_city_speaks_only_for_the_own_county(office: Office) -> None:
    two_hats = make_two_hats(acts="county_officer", in_area="640502")
    with refused("not_issuer"):
        services.publish(load(office), actor=two_hats, now=MONDAY)


# --- the database itself --------------------------------------------------------------------------
def test_the_database_keeps_author_and_publisher_apart(office: Office) -> None:
    version = load(office)
    rows = PolicyVersion.objects.filter(pk=version.pk)
    with (
        pytest.raises(IntegrityError, match="policy_author_is_not_publisher"),
        transaction.atomic(),
    ):
        rows.update(state="published", published_by=office.author)
    with pytest.raises(IntegrityError, match="policy_in_force_has_publisher"), transaction.atomic():
        rows.update(state="published")
    with pytest.raises(IntegrityError, match="policy_ends_after_it_begins"), transaction.atomic():
        rows.update(effective_to=version.effective_from)


def test_the_database_refuses_a_second_row_of_one_version_number(office: Office) -> None:
    version = load(office)
    version.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        version.save(force_insert=True)


def test_the_database_refuses_any_change_of_stored_rules(office: Office) -> None:
    version = make_policy(office)
    rows = PolicyVersion.objects.filter(pk=version.pk)
    for changes in ({"rules": {}}, {"sha256": "0" * 64}, {"number": 9}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**changes)
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyVersion.objects.filter(pk=version.pk)._raw_delete("default")


def test_the_database_refuses_a_second_example_of_one_number(office: Office) -> None:
    example = load(office).examples.first()
    assert example is not None
    example.pk, example._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        example.save(force_insert=True)


def test_the_database_keeps_two_writers_from_publishing_overlapping_versions(
    office: Office,
) -> None:
    """By an exclusion constraint; on SQLite the service's check holds the only write lock."""
    make_policy(office)
    if connection.vendor == "sqlite":
        assert connection.transaction_mode == "IMMEDIATE"
        return
    second = load(office, version=2, effective_from="2024-01-01")
    with (
        pytest.raises(IntegrityError, match="policy_versions_do_not_overlap"),
        transaction.atomic(),
    ):
        PolicyVersion.objects.filter(pk=second.pk).update(
            state="published", published_by=office.city
        )


def test_changed_rules_are_found_by_the_check_of_the_books(office: Office) -> None:
    version = make_policy(office)
    assert services.verify_books().faults == ()
    version.rules["title"] = "改过"
    with connection.cursor() as cursor:
        trigger = "final_update_cohorts_policyversion"
        on = "" if connection.vendor == "sqlite" else ' ON "cohorts_policyversion"'
        cursor.execute(f'DROP TRIGGER "{trigger}"{on}')
    version.save(update_fields=["rules"])
    assert [fault.invariant for fault in services.verify_books().faults] == ["I13"]
