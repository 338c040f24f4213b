"""What the database itself refuses of claims and decisions, whatever a service does."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from cms.core.models import FactIsFinal
from cohorts.subsidies import services
from cohorts.subsidies.models import Award, Claim, Decision, FactSnapshot, Notice, ReviewStep
from cohorts.subsidies.services.review import move
from cohorts.subsidies.transitions import ClaimAction
from tests.factories.people import (
    SHAPOTOU,
)
from tests.factories.subsidies import (
    MONDAY,
    all_claims,
    approved,
    confirmed,
    one,
    proposed,
    refused,
    reviewed,
    stage,
)

pytestmark = pytest.mark.django_db


# --- the database itself --------------------------------------------------------------------------
def with_constraint(name: str) -> Any:
    """SQLite names the columns of a unique constraint, PostgreSQL the constraint."""
    if connection.vendor == "sqlite":
        return pytest.raises(IntegrityError, match="UNIQUE constraint failed")
    return pytest.raises(IntegrityError, match=name)


def test_the_database_keeps_one_live_claim_for_an_award() -> None:
    office, version = stage([SHAPOTOU])
    claim = proposed(office, version)[0]
    claim.pk, claim.uuid, claim.decision = None, "00000000-0000-4000-8000-000000000001", None
    with with_constraint("claim_live_once|claim_once_a_certificate"), transaction.atomic():
        claim.save(force_insert=True)


def test_the_database_does_not_let_a_refused_claim_be_proposed_again() -> None:
    office, claim = reviewed()
    services.refuse(claim, reason="证书有疑", actor=office.city, now=MONDAY)
    claim.pk, claim.uuid, claim.decision = None, "00000000-0000-4000-8000-000000000001", None
    claim.state = "draft"
    with with_constraint("claim_once_a_certificate"), transaction.atomic():
        claim.save(force_insert=True)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"reviewed_by": "city", "approved_by": "city"}, "claim_reviewer_is_not_approver"),
        ({"submitted_by": "city", "approved_by": "city"}, "claim_maker_is_not_approver"),
        ({"state": "approved"}, "claim_approved_by_two"),
        ({"state": "confirmed", "approved_by": None}, "claim_approved_by_two"),
    ],
)
def test_the_database_keeps_the_hands_apart(changes: dict[str, Any], constraint: str) -> None:
    office, claim = reviewed()
    values = {
        name: getattr(office, value) if name.endswith("_by") and value else value
        for name, value in changes.items()
    }
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Claim.objects.across_regions().filter(pk=claim.pk).update(**values)


def test_the_database_grants_an_award_once() -> None:
    office, version = stage([SHAPOTOU])
    confirmed(office, version)
    award = Award.objects.across_regions().get()
    award.pk, award.uuid = None, "00000000-0000-4000-8000-000000000001"
    award._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        award.save(force_insert=True)


def test_the_database_pays_where_and_only_where_a_decision_says_eligible() -> None:
    _office, claim = one()
    decision = claim.decision
    assert decision is not None
    snapshot = FactSnapshot.objects.create(
        claim=claim, facts={}, sha256="0" * 64, collected_at=MONDAY
    )
    for outcome, amount_fen in (("eligible", 0), ("not_eligible", 1)):
        with pytest.raises(IntegrityError, match="decision_pays"), transaction.atomic():
            Decision.objects.create(
                claim=claim,
                version=claim.version,
                snapshot=snapshot,
                engine="1",
                outcome=outcome,
                amount_fen=amount_fen,
                trace={},
                at=MONDAY,
            )


def test_the_database_wants_an_answer_to_every_settled_objection() -> None:
    office, version = stage([SHAPOTOU])
    services.open_notice(approved(office, version), actor=office.city, now=MONDAY)
    claim = all_claims()[0]
    objection = services.object_to(claim, text="?", actor=office.county, now=MONDAY)
    rows = type(objection).objects.across_regions().filter(pk=objection.pk)
    with pytest.raises(IntegrityError, match="objection_settled"), transaction.atomic():
        rows.update(state="dismissed", settled_by=office.city)
    objection.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        objection.save(force_insert=True)


def test_the_database_closes_a_notice_after_it_opens() -> None:
    office, version = stage([SHAPOTOU])
    notice = services.open_notice(approved(office, version), actor=office.city, now=MONDAY)
    notice.pk, notice.uuid = None, "00000000-0000-4000-8000-000000000001"
    notice.closes_on = notice.opened_on
    with pytest.raises(IntegrityError, match="notice_closes"), transaction.atomic():
        notice.save(force_insert=True)


def test_snapshots_decisions_steps_awards_and_notices_are_final() -> None:
    office, version = stage([SHAPOTOU])
    confirmed(office, version)
    for model in (FactSnapshot, Decision, ReviewStep, Award):
        row = model.objects.across_regions().first()
        assert row is not None
        with pytest.raises(FactIsFinal):
            row.save()
        with pytest.raises(FactIsFinal):
            model.objects.across_regions().update(pk=row.pk)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608 - our own table
    with pytest.raises(DatabaseError), transaction.atomic():
        Notice.objects.across_regions().update(rows=[])


def test_a_batch_act_is_not_open_to_the_review_pages() -> None:
    office, claim = reviewed()
    with refused("wrong_state"):
        move(claim, ClaimAction.PAY, actor=office.finance, now=MONDAY)
