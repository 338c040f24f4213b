"""What the database itself refuses of batches, lines and the ledger."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from cohorts.subsidies.models import (
    Award,
    PayoutBatch,
    PayoutLine,
    Transfer,
)
from cohorts.subsidies.services.payout import live_lines
from tests.factories.people import (
    SHAPOTOU,
    make_person,
)
from tests.factories.subsidies import (
    batch_approved,
    locked,
    make_account,
    ready,
    stage,
)

pytestmark = pytest.mark.django_db
OTHER_UUID = "00000000-0000-4000-8000-000000000001"


# --- the database itself --------------------------------------------------------------------------
def test_the_database_keeps_one_live_payment_of_an_award() -> None:
    _office, batch = ready([SHAPOTOU])
    line = live_lines(batch)[0]
    line.pk, line.uuid, line.attempt_no = None, OTHER_UUID, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save(force_insert=True)
    PayoutLine.objects.across_regions().update(state="returned")
    line.save(force_insert=True)
    line.pk, line.uuid, line.state = None, OTHER_UUID.replace("1", "2"), "removed"
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save(force_insert=True)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"locked_by": "opener"}, "batch_three_persons"),
        ({"approved_by": "opener"}, "batch_three_persons"),
        ({"approved_by": "finance"}, "batch_three_persons"),
        ({"checksum": ""}, "batch_locked_has_checksum"),
        ({"state": "approved"}, "batch_approved_has_approver"),
    ],
)
def test_the_database_keeps_the_hands_of_a_batch_apart(
    changes: dict[str, str], constraint: str
) -> None:
    office, batch = locked()
    values = {
        name: getattr(office, value) if name.endswith("_by") else value
        for name, value in changes.items()
    }
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PayoutBatch.objects.across_regions().filter(pk=batch.pk).update(**values)


def test_the_database_keeps_one_draft_of_an_area_and_year_and_counts_batches() -> None:
    _office, batch = ready([SHAPOTOU])
    copy = {f.attname: getattr(batch, f.attname) for f in batch._meta.fields if f.name != "id"}
    for changes in ({"number": 2}, {"state": "locked", "checksum": "x", "locked_by_id": 1}):
        row = PayoutBatch(**copy | {"uuid": OTHER_UUID} | changes)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_the_database_keeps_one_valid_account_a_person() -> None:
    person = make_account_person()
    make_account(person)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_account(person)


def make_account_person() -> Any:
    stage([])
    return make_person(1)


def test_the_database_posts_a_line_once_a_kind_and_only_money_between_two_accounts() -> None:
    office, version = stage([SHAPOTOU])
    batch_approved(office, version)
    for changes in (
        {},
        {"id": OTHER_UUID},
        {"id": OTHER_UUID, "kind": "pay", "amount_fen": 0},
        {"id": OTHER_UUID, "kind": "pay", "credit": "committed", "debit": "committed"},
    ):
        row = Transfer.objects.across_regions().get(kind="commit")
        for name, value in changes.items():
            setattr(row, name, value)
        row._state.adding = True
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_the_ledger_is_final() -> None:
    office, version = stage([SHAPOTOU])
    batch_approved(office, version)
    for statement in (
        "UPDATE cohorts_transfer SET amount_fen = 1",
        "DELETE FROM cohorts_transfer",
        "UPDATE cohorts_award SET amount_fen = 1",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("amount_fen", [0, -1])
def test_the_database_pays_no_nothing(amount_fen: int) -> None:
    _office, batch = ready([SHAPOTOU])
    with pytest.raises(IntegrityError, match="line_is_money"), transaction.atomic():
        PayoutLine.objects.across_regions().filter(batch=batch).update(amount_fen=amount_fen)
    award = Award.objects.across_regions().get()
    award.pk, award.uuid, award.amount_fen = None, OTHER_UUID, amount_fen
    award._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        award.save(force_insert=True)
