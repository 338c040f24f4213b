"""One result, from the workbook it came in to the line of the payout list."""

import io
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from cms.accounts.models import AuditEntry, User
from cms.accounts.services import grant_role, load_regions, open_account, verify_audit
from cms.core.errors import Refused
from cms.demo.make_files import FILES
from cms.demo.money_story import POLICY_FILE
from cohorts.certificates import services as certificates
from cohorts.certificates.models import Certificate
from cohorts.posts import services as posts
from cohorts.results import services as results
from cohorts.results.models import SubjectResult
from cohorts.subsidies import services as subsidies
from cohorts.subsidies.books import short_code
from cohorts.subsidies.models import Award, Claim, Notice, PayoutBatch, PolicyVersion, Transfer
from courses.syllabus.services import load_reference

pytestmark = pytest.mark.django_db

POLICY = json.loads(POLICY_FILE.read_text(encoding="utf-8"))
CITY, TOTAL_FEN = "6405", 5_700_000
HANDS = {
    "bob": "city_officer",  # imports, proposes
    "carol": "county_officer",  # submits
    "dave": "county_officer",  # reviews
    "erin": "city_officer",  # approves
    "frank": "finance_officer",  # opens the batch
    "grace": "finance_officer",  # locks it
    "heidi": "city_officer",  # approves it
}


def day(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(f"{text}T10:00:00"))


@pytest.fixture
def hands() -> dict[str, User]:
    load_regions()
    load_reference(day("2023-01-09"))
    results.load_cut_scores(day("2023-01-09"))
    for name, role in HANDS.items():
        user, _ = open_account(username=name, name=name.title())
        grant_role(user=user, role=role, region=CITY, valid_from=day("2022-01-01").date())
    return {user.username: user for user in User.objects.filter(username__in=HANDS)}


class Road:
    """The steps in their order, each by the person whose work it is."""

    def __init__(self, hands: dict[str, User]) -> None:
        self.hands = hands

    def steps(self) -> list[Callable[[], Any]]:
        return [
            self.read_results_of_2022,
            self.read_register,
            self.read_results_of_2023,
            self.expect,
            self.record,
            self.confirm_certificates,
            self.read_posts,
            self.publish_policy,
            self.propose,
            self.submit,
            self.review,
            self.approve,
            self.open_notice,
            self.confirm_claims,
            self.read_payees,
            self.allot,
            self.open_batch,
            self.lock_batch,
            self.approve_batch,
            self.export_batch,
            self.settle_batch,
        ]

    def walk(self, until: Callable[[], Any] | None = None) -> None:
        for step in self.steps():
            if step == until:
                return
            step()

    def file(self, reader: Callable[..., Any], name: str, when: str, **options: Any) -> Any:
        content = (FILES / name).read_bytes()
        return reader(content, name, options=options, actor=self.hands["bob"], now=day(when))

    def read_results_of_2022(self) -> Any:
        return self.file(results.apply_import, "results-2022.xlsx", "2022-08-22", year=2022)

    def read_register(self) -> Any:
        return self.file(certificates.apply_register, "certificates-2022.xlsx", "2023-02-14")

    def read_results_of_2023(self) -> Any:
        return self.file(results.apply_import, "results-2023.xlsx", "2023-08-14", year=2023)

    def expect(self) -> int:
        return certificates.expect_due(now=day("2023-08-15"), actor=self.hands["bob"])

    def record(self) -> Any:
        due = list(certificates_in("expected"))
        return certificates.record_numbers(due, actor=self.hands["carol"], now=day("2023-10-17"))

    def confirm_certificates(self) -> Any:
        due = list(certificates_in("recorded"))
        return certificates.confirm_many(due, actor=self.hands["dave"], now=day("2023-10-24"))

    def read_posts(self) -> Any:
        return self.file(posts.apply_import, "posts-2023.xlsx", "2023-10-10")

    def publish_policy(self) -> None:
        version, _ = subsidies.load_policy(POLICY, actor=self.hands["bob"], now=day("2023-10-26"))
        subsidies.publish(version, actor=self.hands["erin"], now=day("2023-10-27"))

    def propose(self) -> Any:
        return subsidies.propose_due(
            PolicyVersion.objects.get(), now=day("2023-11-01"), actor=self.hands["bob"]
        )

    def submit(self) -> Any:
        return subsidies.submit_many(claims(), actor=self.hands["carol"], now=day("2023-11-02"))

    def review(self) -> Any:
        return subsidies.review_many(claims(), actor=self.hands["dave"], now=day("2023-11-06"))

    def approve(self) -> Any:
        return subsidies.approve_many(claims(), actor=self.hands["erin"], now=day("2023-11-08"))

    def open_notice(self) -> Any:
        return subsidies.open_notice(claims(), actor=self.hands["erin"], now=day("2023-11-09"))

    def confirm_claims(self) -> Any:
        return subsidies.confirm_due(now=day("2023-11-17"))

    def read_payees(self) -> Any:
        return self.file(subsidies.apply_payees, "payees-2023.xlsx", "2023-11-17")

    def allot(self) -> Any:
        return subsidies.allot_budget(
            region=CITY,
            year=2023,
            amount_fen=6_000_000,
            reference="2023年奖补资金",
            actor=self.hands["frank"],
            now=day("2023-11-20"),
        )

    def open_batch(self) -> Any:
        return subsidies.open_batch(
            region=CITY, year=2023, actor=self.hands["frank"], now=day("2023-11-20")
        )

    def lock_batch(self) -> Any:
        return subsidies.lock_batch(batch(), actor=self.hands["grace"], now=day("2023-11-21"))

    def approve_batch(self) -> Any:
        return subsidies.approve_batch(batch(), actor=self.hands["heidi"], now=day("2023-11-23"))

    def export_batch(self) -> Any:
        return subsidies.export_batch(batch(), actor=self.hands["frank"], now=day("2023-11-24"))

    def settle_batch(self) -> Any:
        return subsidies.settle_batch(batch(), actor=self.hands["frank"], now=day("2023-12-05"))


@pytest.fixture
def road(hands: dict[str, User]) -> Road:
    return Road(hands)


def certificates_in(state: str) -> Any:
    return Certificate.objects.across_regions().filter(state=state)


def claims() -> list[Claim]:
    return list(Claim.objects.across_regions())


def batch() -> PayoutBatch:
    return PayoutBatch.objects.across_regions().get()


def rows_of_every_table() -> dict[str, int]:
    """The record of who did what grows with every attempt; everything else must not."""
    kept = (model for model in apps.get_models() if model is not AuditEntry)
    return {model._meta.label: models.QuerySet(model).count() for model in kept}


def test_the_plan_of_a_results_workbook_says_what_its_apply_will_do(road):
    road.read_results_of_2022()
    road.read_register()
    before = rows_of_every_table()
    plan = road.file(results.plan_import, "results-2023.xlsx", "2023-08-14", year=2023)
    assert rows_of_every_table() == before
    assert (plan.found, plan.accepted) == (215, 211)
    assert [refusal.line for refusal in plan.refused] == [22, 63, 108, 176]
    assert plan.unmatched == ()
    applied = road.read_results_of_2023()
    assert (applied.found, applied.accepted) == (plan.found, plan.accepted)
    again = road.file(results.plan_import, "results-2023.xlsx", "2023-08-15", year=2023)
    assert {row.effect for row in again.rows} == {"same"}


def test_complete_passes_become_certificates_and_certificates_become_claims(road):
    road.walk(until=road.record)
    expected = certificates_in("expected")
    assert expected.filter(level="junior").count() == 80
    assert expected.filter(level="intermediate").count() == 19
    road.record()
    road.confirm_certificates()
    road.read_posts()
    road.publish_policy()
    proposal = road.propose()
    assert (len(proposal.created), dict(proposal.outcomes)) == (19, {"eligible": 19})
    assert {claim.decision.amount_fen for claim in claims()} == {300_000}
    findings = claims()[0].decision.trace["findings"]
    assert {"checked", "one-off-level", "exam-year", "in-city", "not-paid"} <= {
        finding["id"] for finding in findings
    }


def test_the_payout_list_has_nineteen_lines_their_total_in_words_and_a_checksum(road):
    road.walk()
    paid = batch()
    content = subsidies.export_payout(paid, actor=road.hands["frank"], now=day("2023-12-06"))
    again = subsidies.export_payout(paid, actor=road.hands["frank"], now=day("2024-01-06"))
    assert content == again

    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = [list(row) for row in sheet.iter_rows(values_only=True)]
    header = next(row for row in cells if "姓名" in row)
    lines = [row for row in cells if isinstance(row[0], int)]
    amount, account = header.index("金额（元）"), header.index("银行账号")
    assert len(lines) == 19
    assert sum(row[amount] for row in lines) == 57_000
    assert all(isinstance(row[account], str) and len(row[account]) >= 16 for row in lines)
    assert len({row[account] for row in lines}) == 19

    text = [str(cell) for row in cells for cell in row if cell is not None]
    assert "人民币伍万柒仟元整" in text
    assert "19 笔" in text
    assert short_code(paid.checksum) in text
    total = next(row for row in cells if row[0] == "合计")
    assert total[amount] == 57_000
    assert sheet.cell(row=cells.index(total) + 1, column=amount + 1).number_format == "#,##0.00"
    assert {"马𬀩", "马小燕"} <= {row[header.index("姓名")] for row in lines}


def test_the_books_are_clean_when_everybody_has_been_paid(road):
    road.walk()
    assert (batch().state, batch().line_count, batch().total_fen) == ("settled", 19, TOTAL_FEN)
    assert {claim.state for claim in claims()} == {"paid"}
    assert subsidies.verify_books().faults == ()
    replayed = subsidies.replay_decisions()
    assert (replayed.checked >= 19, replayed.different) == (True, ())
    assert verify_audit() == []


def test_every_step_taken_twice_changes_nothing(road):
    for step in road.steps():
        step()
        before = rows_of_every_table()
        states = sorted(claim.state for claim in claims())
        with suppress(Refused):  # a step that has been taken may say so
            step()
        assert rows_of_every_table() == before, step.__name__
        assert sorted(claim.state for claim in claims()) == states, step.__name__
    paid = Transfer.objects.across_regions().filter(kind="pay")
    assert sum(transfer.amount_fen for transfer in paid) == TOTAL_FEN
    assert Award.objects.across_regions().count() == 19


def test_a_notice_names_units_and_amounts_and_never_a_number_of_a_person(road):
    road.walk(until=road.confirm_claims)
    notice = Notice.objects.across_regions().get()
    assert (len(notice.rows), notice.opened_on.isoformat()) == (19, "2023-11-09")
    assert notice.closes_on.isoformat() == "2023-11-16"
    shown = json.dumps(notice.rows, ensure_ascii=False)
    assert "66050" not in shown
    with pytest.raises(Refused) as refused:
        subsidies.close_notice(notice, now=day("2023-11-16"))
    assert refused.value.code == "too_early"


def test_whoever_reviewed_or_approved_a_claim_neither_approves_nor_pays_it(road):
    road.walk(until=road.approve)
    moved = subsidies.approve_many(claims(), actor=road.hands["dave"], now=day("2023-11-08"))
    assert len(moved.refused) == 19
    road.approve()
    road.open_notice()
    road.confirm_claims()
    road.read_payees()
    road.allot()
    road.open_batch()
    road.lock_batch()
    with pytest.raises(Refused):
        subsidies.approve_batch(batch(), actor=road.hands["erin"], now=day("2023-11-23"))
    assert batch().state == "locked"


def test_a_corrected_result_is_a_new_row_beside_the_old_one(road):
    road.read_results_of_2023()
    before = SubjectResult.objects.across_regions().count()
    content = (FILES / "results-2023.xlsx").read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.active
    row = next(r for r in sheet.iter_rows(min_row=5) if isinstance(r[8].value, int | float))
    row[8].value = 99.5
    changed = io.BytesIO()
    book.save(changed)
    plan = results.apply_import(
        changed.getvalue(),
        "results-2023-corrected.xlsx",
        options={"year": 2023},
        actor=road.hands["bob"],
        now=day("2023-09-01"),
    )
    assert plan.changed == 1
    found = SubjectResult.objects.across_regions()
    assert (found.count(), found.current().count()) == (before + 1, before)
