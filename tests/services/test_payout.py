"""From confirmed claims to the payout list: three persons, one budget, the same bytes."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.core.vault import SealBroken
from cohorts.subsidies import services
from cohorts.subsidies.books import Account
from cohorts.subsidies.models import (
    Claim,
    PayeeAccount,
    PayoutBatch,
    PayoutLine,
    Transfer,
)
from cohorts.subsidies.services.payout import live_lines
from tests.factories.people import (
    SHAPOTOU,
    ZHONGNING,
    ZHONGWEI,
    make_officer,
    make_two_hats,
)
from tests.factories.subsidies import (
    AFTER_NOTICE,
    MONDAY,
    Office,
    all_claims,
    batch_approved,
    confirmed,
    locked,
    make_account,
    make_holder,
    proposed,
    ready,
    refused,
    revoke_certificate,
    stage,
)

pytestmark = pytest.mark.django_db
FUND = (ZHONGWEI, 2023)


def cells(content: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_nineteen_intermediate_certificates_become_a_list_of_57000_yuan() -> None:
    office, version = stage()
    batch = batch_approved(office, version)
    assert (batch.line_count, batch.total_fen) == (19, 5_700_000)
    rows = cells(services.export_payout(batch, actor=office.finance, now=AFTER_NOTICE))
    total = next(row for row in rows if row[0] == "合计")
    assert (total[1], float(total[5])) == ("19 笔", 57000.0)
    assert "人民币伍万柒仟元整" in [cell for row in rows for cell in row]
    assert [row[0] for row in rows[3:22]] == list(range(1, 20))
    assert services.verify_books().faults == ()
    assert services.replay_decisions().different == ()


def test_the_same_batch_gives_the_same_bytes_whatever_happened_since() -> None:
    office, version = stage([SHAPOTOU])
    batch = batch_approved(office, version)
    first = services.export_payout(batch, actor=office.finance, now=AFTER_NOTICE)
    person = all_claims()[0].person
    PayeeAccount.objects.across_regions().update(valid=False)
    make_account(person, account="6228480402888899999", account_tail="9999")
    person.name = "改名"
    person.save(update_fields=["name"])
    services.export_batch(batch, actor=office.finance, now=AFTER_NOTICE)
    later = AFTER_NOTICE + timedelta(days=400)
    assert services.export_payout(batch, actor=office.payer, now=later) == first


def test_money_moves_from_budget_to_paid_step_by_step() -> None:
    office, batch = locked()

    def held() -> list[int]:
        balances = services.balances_of(FUND)
        return [balances[a] // 100 for a in list(Account)[1:]]

    assert held() == [180_000, 0, 0, 0]
    services.approve_batch(batch, actor=office.payer, now=AFTER_NOTICE)
    assert held() == [174_000, 6_000, 0, 0]
    services.export_batch(batch, actor=office.payer, now=AFTER_NOTICE)
    assert held() == [174_000, 0, 6_000, 0]
    services.settle_batch(batch, actor=office.payer, now=AFTER_NOTICE)
    assert held() == [174_000, 0, 0, 6_000]
    services.close_batch(batch, actor=office.payer, now=AFTER_NOTICE)
    assert {claim.state for claim in all_claims()} == {"closed"}
    assert services.verify_books().faults == ()


def test_every_step_is_taken_once() -> None:
    office, batch = locked()
    with refused("wrong_state"):
        services.lock_batch(batch, actor=office.finance, now=AFTER_NOTICE)
    for act, again in (
        (services.approve_batch, office.payer),
        (services.export_batch, office.payer),
        (services.settle_batch, office.payer),
        (services.close_batch, office.payer),
    ):
        act(batch, actor=office.payer, now=AFTER_NOTICE)
        with refused("wrong_state"):
            act(batch, actor=again, now=AFTER_NOTICE)
    assert Transfer.objects.across_regions().count() == 1 + 3 * 2


def test_opening_again_adds_what_has_fallen_due_and_nothing_twice() -> None:
    office, batch = ready([SHAPOTOU])
    again = services.open_batch(region=ZHONGWEI, year=2023, actor=office.opener, now=AFTER_NOTICE)
    assert (again.pk, len(live_lines(again))) == (batch.pk, 1)
    make_holder(30)
    confirmed(office, all_claims()[0].version)
    services.open_batch(region=ZHONGWEI, year=2023, actor=office.opener, now=AFTER_NOTICE)
    assert len(live_lines(batch)) == 2


def test_there_is_no_batch_without_anything_due() -> None:
    office, _version = stage([])
    with refused("nothing_due"):
        services.open_batch(region=ZHONGWEI, year=2023, actor=office.opener, now=AFTER_NOTICE)


def test_opening_locking_and_approving_are_three_persons_work() -> None:
    office, batch = ready()
    with refused("same_person"):
        services.lock_batch(batch, actor=office.opener, now=AFTER_NOTICE)
    services.lock_batch(batch, actor=office.finance, now=AFTER_NOTICE)
    for hand in (office.opener, office.finance, office.city):
        # office.city has approved the claims: who checks does not pay.
        with refused("same_person"):
            services.approve_batch(batch, actor=hand, now=AFTER_NOTICE)
    services.approve_batch(batch, actor=office.payer, now=AFTER_NOTICE)


def test_nobody_moves_a_batch_that_pays_them() -> None:
    office, batch = ready()
    person = all_claims()[0].person
    person.user = office.finance
    person.save(update_fields=["user"])
    with refused("own_claim"):
        services.lock_batch(batch, actor=office.finance, now=AFTER_NOTICE)


@pytest.mark.parametrize(
    ("role", "region", "code"),
    [
        ("auditor", ZHONGWEI, "wrong_role"),
        ("county_officer", ZHONGWEI, "wrong_role"),
        ("finance_officer", SHAPOTOU, "not_issuer"),
    ],
)
def test_others_are_refused(role: str, region: str, code: str) -> None:
    _office, batch = ready()
    outsider = make_officer("outsider", region=region, role=role)
    with refused(code):
        services.lock_batch(batch, actor=outsider, now=AFTER_NOTICE)
    with refused(code):
        services.open_batch(region=ZHONGWEI, year=2023, actor=outsider, now=AFTER_NOTICE)


def test_a_batch_is_not_locked_while_accounts_are_missing() -> None:
    office, batch = ready()
    PayeeAccount.objects.across_regions().filter(person=all_claims()[0].person).update(valid=False)
    with refused("accounts_missing"):
        services.lock_batch(batch, actor=office.finance, now=AFTER_NOTICE)


def test_a_batch_beyond_the_budget_is_not_approved() -> None:
    office, batch = locked()
    batch_of_other_year = Transfer.objects.across_regions().count()
    assert batch_of_other_year == 1
    PayoutLine.objects.across_regions().filter(batch=batch).update(amount_fen=9_000_001)
    with refused("checks_fail"):
        services.approve_batch(batch, actor=office.payer, now=AFTER_NOTICE)


def test_the_budget_is_asked_when_a_batch_is_approved() -> None:
    office, version = stage([SHAPOTOU])
    for claim in confirmed(office, version):
        make_account(claim.person)
    batch = services.open_batch(region=ZHONGWEI, year=2023, actor=office.opener, now=AFTER_NOTICE)
    services.lock_batch(batch, actor=office.finance, now=AFTER_NOTICE)
    with refused("checks_fail"):
        services.approve_batch(batch, actor=office.payer, now=AFTER_NOTICE)


def test_a_locked_batch_can_be_given_back_and_locked_anew() -> None:
    office, batch = locked()
    first = batch.checksum
    with refused("reason_needed"):
        services.unlock_batch(batch, reason="", actor=office.payer, now=AFTER_NOTICE)
    services.unlock_batch(batch, reason="账号待核", actor=office.payer, now=AFTER_NOTICE)
    assert (batch.state, batch.checksum) == ("draft", "")
    services.lock_batch(batch, actor=office.finance, now=AFTER_NOTICE)
    assert batch.checksum == first


def test_a_list_leaves_only_after_approval_and_only_to_payers() -> None:
    office, batch = locked()
    with refused("not_approved"):
        services.export_payout(batch, actor=office.finance, now=AFTER_NOTICE)
    services.approve_batch(batch, actor=office.payer, now=AFTER_NOTICE)
    with refused("wrong_role"):
        services.export_payout(batch, actor=office.county, now=AFTER_NOTICE)


def test_lines_changed_after_locking_are_not_exported_and_the_check_finds_them() -> None:
    office, version = stage([SHAPOTOU])
    batch = batch_approved(office, version)
    PayoutLine.objects.across_regions().update(bank="别的银行")
    with refused("checksum"):
        services.export_payout(batch, actor=office.finance, now=AFTER_NOTICE)
    assert {fault.invariant for fault in services.verify_books().faults} == {"I3"}


def test_an_account_moved_to_another_line_does_not_open() -> None:
    office, version = stage([SHAPOTOU, ZHONGNING])
    batch = batch_approved(office, version)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, account FROM cohorts_payoutline ORDER BY id")
        (first, _), (_, token) = cursor.fetchall()
        cursor.execute("UPDATE cohorts_payoutline SET account = %s WHERE id = %s", [token, first])
    with pytest.raises(SealBroken):
        services.export_payout(batch, actor=office.finance, now=AFTER_NOTICE)


def test_a_claim_that_lost_its_ground_is_found_by_the_check() -> None:
    office, version = stage([SHAPOTOU])
    batch_approved(office, version)
    Claim.objects.across_regions().update(notice=None)
    assert "I8" in {fault.invariant for fault in services.verify_books().faults}


def test_a_budget_is_recorded_once_for_a_document() -> None:
    office, _version = stage([])
    grant = {"region": ZHONGWEI, "year": 2024, "reference": "2024-1", "now": MONDAY}
    assert services.allot_budget(amount_fen=100, actor=office.finance, **grant)
    assert not services.allot_budget(amount_fen=100, actor=office.finance, **grant)
    with refused("document_taken"):
        services.allot_budget(amount_fen=200, actor=office.finance, **grant)
    with refused("wrong_role"):
        services.allot_budget(amount_fen=100, actor=office.county, **grant)
    assert services.balances_of((ZHONGWEI, 2024))[Account.BUDGET] == 100


# --- a certificate that is revoked on the way -----------------------------------------------------
def test_a_revoked_certificate_is_not_collected() -> None:
    office, version = stage([SHAPOTOU])
    claim = confirmed(office, version)[0]
    revoke_certificate(claim.person)
    with refused("nothing_due"):
        services.open_batch(region=ZHONGWEI, year=2023, actor=office.opener, now=AFTER_NOTICE)


def test_a_revoked_certificate_is_not_locked_and_opening_again_takes_it_out() -> None:
    office, batch = ready()
    lost, kept = all_claims()
    revoke_certificate(lost.person)
    with refused("certificate_not_checked"):
        services.lock_batch(batch, actor=office.finance, now=AFTER_NOTICE)
    services.open_batch(region=ZHONGWEI, year=2023, actor=office.opener, now=AFTER_NOTICE)
    assert [line.claim_id for line in live_lines(batch)] == [kept.pk]
    assert [claim.state for claim in all_claims()] == ["confirmed", "in_batch"]
    services.lock_batch(batch, actor=office.finance, now=AFTER_NOTICE)


def test_a_revoked_certificate_is_not_approved_and_the_checks_show_it() -> None:
    office, batch = locked()
    revoke_certificate(all_claims()[0].person)
    failed = [str(check.text) for check in services.batch_checks(batch) if not check.passed]
    assert failed == ["Every certificate is checked, and none has been revoked since"]
    with refused("checks_fail"):
        services.approve_batch(batch, actor=office.payer, now=AFTER_NOTICE)


def test_what_was_paid_on_a_certificate_revoked_later_is_found_by_the_check() -> None:
    office, version = stage([SHAPOTOU])
    batch_approved(office, version)
    revoke_certificate(all_claims()[0].person)
    assert [fault.invariant for fault in services.verify_books().faults] == ["I12", "I12"]


# --- hands and areas ------------------------------------------------------------------------------
def test_whoever_submitted_a_claim_does_not_pay_it() -> None:
    office, version = stage([SHAPOTOU])
    claims = proposed(office, version)
    services.submit_many(claims, actor=office.author, now=MONDAY)
    services.review_many(claims, actor=office.county, now=MONDAY)
    services.approve_many(claims, actor=office.city, now=MONDAY)
    services.open_notice(all_claims(), actor=office.city, now=MONDAY)
    services.confirm_due(now=AFTER_NOTICE)
    make_account(claims[0].person)
    give_budget(office)
    batch = services.open_batch(region=ZHONGWEI, year=2023, actor=office.opener, now=AFTER_NOTICE)
    services.lock_batch(batch, actor=office.finance, now=AFTER_NOTICE)
    with refused("same_person"):
        services.approve_batch(batch, actor=office.author, now=AFTER_NOTICE)
    services.approve_batch(batch, actor=office.payer, now=AFTER_NOTICE)
    Claim.objects.across_regions().update(submitted_by=office.payer)
    assert {fault.invariant for fault in services.verify_books().faults} == {"I9"}


def give_budget(office: Office, amount_fen: int = 18_000_000) -> None:
    services.allot_budget(
        region=ZHONGWEI,
        year=2023,
        amount_fen=amount_fen,
        reference="卫财社〔2023〕1号",
        actor=office.finance,
        now=MONDAY,
    )


def test_whoever_set_an_account_does_not_approve_its_payment() -> None:
    office, batch = ready()
    person = all_claims()[0].person
    PayeeAccount.objects.across_regions().filter(person=person).update(valid=False)
    make_account(person, account="6228480402888899999", recorded_by=office.payer)
    services.lock_batch(batch, actor=office.finance, now=AFTER_NOTICE)
    shown = services.batch_checks(batch, approver=office.payer.pk)
    assert [str(check.text) for check in shown if not check.passed] == [
        "Whoever recorded an account does not approve its payment"
    ]
    with refused("same_person"):
        services.approve_batch(batch, actor=office.payer, now=AFTER_NOTICE)
    services.approve_batch(batch, actor=office.author, now=AFTER_NOTICE)
    assert all(check.passed for check in services.batch_checks(batch))
    lines = PayoutLine.objects.across_regions().filter(claim__person=person)
    lines.update(account_recorded_by=office.author)
    assert {fault.invariant for fault in services.verify_books().faults} == {"I9"}


def test_an_account_changed_after_locking_changes_neither_the_line_nor_its_hand() -> None:
    office, batch = locked()
    before = [(line.open_account(), line.account_recorded_by) for line in live_lines(batch)]
    person = all_claims()[0].person
    PayeeAccount.objects.across_regions().filter(person=person).update(valid=False)
    make_account(person, account="6228480402888899999", recorded_by=office.payer)
    services.approve_batch(batch, actor=office.payer, now=AFTER_NOTICE)
    after = [(line.open_account(), line.account_recorded_by) for line in live_lines(batch)]
    assert before == after


def test_who_pays_in_one_county_and_audits_the_city_does_not_pay_for_the_city() -> None:
    _office, batch = ready()
    two_hats = make_two_hats(acts="finance_officer", in_area=SHAPOTOU)
    assert PayoutBatch.objects.visible_to(two_hats).count() == 1
    with refused("not_issuer"):
        services.lock_batch(batch, actor=two_hats, now=AFTER_NOTICE)
    with refused("not_issuer"):
        services.allot_budget(
            region=ZHONGWEI, year=2023, amount_fen=1, reference="?", actor=two_hats, now=MONDAY
        )
    with refused("not_issuer"):
        services.open_batch(region=ZHONGWEI, year=2023, actor=two_hats, now=AFTER_NOTICE)


def test_a_batch_approved_twice_has_moved_on_even_where_the_budget_is_spent() -> None:
    office, version = stage([SHAPOTOU])
    make_account(confirmed(office, version)[0].person)
    give_budget(office, 300_000)
    batch = services.open_batch(region=ZHONGWEI, year=2023, actor=office.opener, now=AFTER_NOTICE)
    services.lock_batch(batch, actor=office.finance, now=AFTER_NOTICE)
    stale = PayoutBatch.objects.across_regions().get()
    services.approve_batch(batch, actor=office.payer, now=AFTER_NOTICE)
    with refused("wrong_state"):
        services.approve_batch(stale, actor=office.payer, now=AFTER_NOTICE)


@pytest.mark.parametrize("step", ["lock", "approve"])
def test_a_batch_is_held_before_its_lines_are_read(step: str) -> None:
    office, batch = ready() if step == "lock" else locked()
    acts: Any = {"lock": services.lock_batch, "approve": services.approve_batch}
    actor = office.finance if step == "lock" else office.payer
    with CaptureQueriesContext(connection) as seen:
        acts[step](batch, actor=actor, now=AFTER_NOTICE)
    asked = [query["sql"] for query in seen]
    held = next(n for n, sql in enumerate(asked) if 'FROM "cohorts_payoutbatch"' in sql)
    read = next(n for n, sql in enumerate(asked) if 'FROM "cohorts_payoutline"' in sql)
    assert held < read
    assert connection.vendor == "sqlite" or "FOR UPDATE" in asked[held]
