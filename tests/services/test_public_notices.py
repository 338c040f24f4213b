"""Public notice: working days, objections, and what is granted when it ends."""

from datetime import date, timedelta
from typing import Any

import pytest

from cohorts.subsidies import services
from cohorts.subsidies.models import Award, Claim, Decision, FactSnapshot, Notice
from cohorts.subsidies.services.review import move
from cohorts.subsidies.transitions import ClaimAction
from tests.factories.people import (
    SHAPOTOU,
    ZHONGNING,
    make_officer,
)
from tests.factories.subsidies import (
    AFTER_NOTICE,
    AWARD,
    MONDAY,
    all_claims,
    approved,
    refused,
    reviewed,
    revoke_certificate,
    stage,
)

pytestmark = pytest.mark.django_db
FEW = [SHAPOTOU, ZHONGNING]


# --- public notice --------------------------------------------------------------------------------
def test_a_notice_stands_for_its_working_days_and_shows_only_what_is_public() -> None:
    office, version = stage(FEW)
    notice = services.open_notice(approved(office, version), actor=office.city, now=MONDAY)
    assert (notice.opened_on, notice.closes_on) == (date(2023, 11, 6), date(2023, 11, 13))
    assert notice.rows == [
        {
            "number": 1,
            "name": "沙金雀1",
            "unit": "640502社工站",
            "level": "intermediate",
            "amount_fen": 300000,
        },
        {
            "number": 2,
            "name": "宁金雀2",
            "unit": "640521社工站",
            "level": "intermediate",
            "amount_fen": 300000,
        },
    ]


def test_make_up_days_and_holidays_count_as_the_calendar_says() -> None:
    office, version = stage([SHAPOTOU])
    claims = approved(office, version)
    before_holidays = MONDAY.replace(month=9, day=27)
    notice = services.open_notice(claims, actor=office.city, now=before_holidays)
    # 2023-09-29 … 10-06 is holiday, 10-07 and 10-08 are make-up days.
    assert notice.closes_on == date(2023, 10, 10)


def test_claims_are_confirmed_and_awards_granted_after_the_last_day_and_only_once() -> None:
    office, version = stage(FEW)
    notice = services.open_notice(approved(office, version), actor=office.city, now=MONDAY)
    with refused("too_early"):
        services.close_notice(notice, now=MONDAY + timedelta(days=7))
    assert services.confirm_due(now=MONDAY + timedelta(days=7)) == []
    assert len(services.confirm_due(now=AFTER_NOTICE)) == 2
    assert services.confirm_due(now=AFTER_NOTICE) == []
    assert {claim.state for claim in all_claims()} == {"confirmed"}
    awards = Award.objects.across_regions().values_list("award_key", "period", "amount_fen")
    assert set(awards) == {(AWARD, "once", 300000)}


def test_a_claim_under_objection_waits_and_goes_on_when_it_is_dismissed() -> None:
    office, version = stage(FEW)
    services.open_notice(approved(office, version), actor=office.city, now=MONDAY)
    doubted = all_claims()[0]
    objection = services.object_to(doubted, text="已不在本市工作", actor=office.county, now=MONDAY)
    assert len(services.confirm_due(now=AFTER_NOTICE)) == 1
    services.settle_objection(
        objection, upheld=False, answer="已核实", actor=office.city, now=AFTER_NOTICE
    )
    assert len(services.confirm_due(now=AFTER_NOTICE)) == 1


def test_an_objection_upheld_refuses_the_claim() -> None:
    office, version = stage([SHAPOTOU])
    services.open_notice(approved(office, version), actor=office.city, now=MONDAY)
    claim = all_claims()[0]
    objection = services.object_to(claim, text="证书不实", actor=office.county, now=MONDAY)
    services.settle_objection(objection, upheld=True, answer="属实", actor=office.city, now=MONDAY)
    assert all_claims()[0].state == "refused"
    assert services.confirm_due(now=AFTER_NOTICE) == []
    with refused("wrong_state"):
        services.settle_objection(
            objection, upheld=False, answer="再看", actor=office.city, now=MONDAY
        )


def test_nothing_but_approved_claims_goes_on_notice() -> None:
    office, claim = reviewed()
    with refused("wrong_state"):
        services.open_notice([claim], actor=office.city, now=MONDAY)


def test_no_objection_to_a_claim_that_is_not_on_notice() -> None:
    office, claim = reviewed()
    with refused("not_on_notice"):
        services.object_to(claim, text="?", actor=office.county, now=MONDAY)


@pytest.mark.parametrize("role", ["auditor", "finance_officer", "township_officer"])
def test_a_role_without_the_step_puts_nothing_on_notice_and_takes_nothing_down(role: str) -> None:
    office, version = stage([SHAPOTOU])
    claims = approved(office, version)
    outsider = make_officer("outsider", region="6405", role=role)
    with refused("wrong_role"):
        services.open_notice(claims, actor=outsider, now=MONDAY)
    notice = services.open_notice(claims, actor=office.city, now=MONDAY)
    with refused("wrong_role"):
        services.close_notice(notice, now=AFTER_NOTICE, actor=outsider)


def test_a_claim_on_a_revoked_certificate_does_not_go_on_notice() -> None:
    office, version = stage(FEW)
    claims = approved(office, version)
    revoke_certificate(claims[0].person)
    with refused("certificate_not_checked"):
        services.open_notice(claims, actor=office.city, now=MONDAY)
    assert not Notice.objects.across_regions().exists()
    services.open_notice(claims[1:], actor=office.city, now=MONDAY)


def test_a_claim_on_a_revoked_certificate_is_not_confirmed_found_and_ended() -> None:
    office, version = stage(FEW)
    services.open_notice(approved(office, version), actor=office.city, now=MONDAY)
    lost = all_claims()[0]
    with refused("certificate_checked"):
        move(lost, ClaimAction.REVOKE, actor=office.city, now=MONDAY, reason="?")
    revoke_certificate(lost.person)
    assert len(services.confirm_due(now=AFTER_NOTICE)) == 1
    assert services.confirm_due(now=AFTER_NOTICE) == []
    assert [claim.state for claim in all_claims()] == ["on_notice", "confirmed"]
    faults = services.verify_books().faults
    assert [(fault.invariant, fault.subject) for fault in faults] == [("I12", f"claim {lost.uuid}")]
    with refused("reason_needed"):
        move(lost, ClaimAction.REVOKE, actor=office.city, now=AFTER_NOTICE)
    move(lost, ClaimAction.REVOKE, actor=office.city, now=AFTER_NOTICE, reason="证书已撤销")
    assert all_claims()[0].state == "refused"
    assert services.verify_books().faults == ()


def test_a_notice_that_cannot_be_settled_does_not_keep_the_others_waiting(caplog: Any) -> None:
    office, version = stage(FEW)
    claims = approved(office, version)
    for claim in claims:
        services.open_notice([claim], actor=office.city, now=MONDAY)
    broken = claims[0].decision
    assert broken is not None
    Claim.objects.across_regions().filter(pk=claims[0].pk).update(decision=None)
    FactSnapshot.objects.create(claim=claims[0], facts={}, sha256="0" * 64, collected_at=MONDAY)
    snapshot = FactSnapshot.objects.across_regions().latest("pk")
    worthless = Decision.objects.create(
        claim=claims[0],
        version=version,
        snapshot=snapshot,
        engine="1",
        outcome="not_eligible",
        amount_fen=0,
        trace={},
        supersedes=broken,
        at=MONDAY,
    )
    Claim.objects.across_regions().filter(pk=claims[0].pk).update(decision=worthless)
    assert len(services.confirm_due(now=AFTER_NOTICE)) == 1
    assert [claim.state for claim in all_claims()] == ["on_notice", "confirmed"]
    assert "cannot be settled" in caplog.text
