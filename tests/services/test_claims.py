"""From checked certificates to confirmed claims: every finding, two persons, public notice."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.accounts.models import AuditEntry
from cms.core.scoping import UnscopedQuery
from cohorts.certificates.models import Certificate
from cohorts.subsidies import services
from cohorts.subsidies.models import Claim, Decision, FactSnapshot, ReviewStep
from cohorts.subsidies.services.outlook import outlooks
from tests.factories.people import (
    SHAPOTOU,
    TAISHUN,
    ZHONGNING,
    make_certificate,
    make_officer,
    make_organisation,
    make_person,
    make_post,
    make_trainee,
    make_two_hats,
)
from tests.factories.subsidies import (
    AFTER_NOTICE,
    AWARD,
    MONDAY,
    all_claims,
    approved,
    confirmed,
    make_holder,
    one,
    proposed,
    refused,
    reviewed,
    revoke_certificate,
    stage,
    submitted,
)

pytestmark = pytest.mark.django_db
FEW = [SHAPOTOU, ZHONGNING]


# --- proposing ------------------------------------------------------------------------------------
def test_every_checked_certificate_becomes_a_claim_with_all_its_findings() -> None:
    office, version = stage(FEW)
    proposal = services.propose_due(version, now=MONDAY, actor=office.author)
    assert [claim.region_id for claim in proposal.created] == FEW
    assert proposal.outcomes == {"eligible": 2}
    decision = all_claims()[0].decision
    assert decision is not None
    assert decision.amount_fen == 300000
    assert [found["id"] for found in decision.trace["findings"]] == [
        "checked",
        "one-off-level",
        "exam-year",
        "in-city",
        "not-paid",
    ]


def test_proposing_again_changes_nothing() -> None:
    office, version = stage(FEW)
    services.propose_due(version, now=MONDAY, actor=office.author)
    later = MONDAY + timedelta(days=30)
    again = services.propose_due(version, now=later, actor=office.author)
    assert (again.created, again.refreshed) == ((), 0)
    assert Decision.objects.across_regions().count() == 2


def test_only_checked_certificates_of_the_year_and_level_in_the_city_are_proposed() -> None:
    office, version = stage([])
    make_holder(1)
    make_holder(2, state="recorded", checked_at=None)
    make_holder(3, exam_year=2022)
    make_holder(4, level_id="junior")
    make_holder(5, region=TAISHUN)
    created = services.propose_due(version, now=MONDAY, actor=office.author).created
    assert [claim.certificate.person.name for claim in created] == ["沙金雀1"]


def test_a_certificate_issued_again_is_not_paid_again() -> None:
    office, version = stage([SHAPOTOU])
    confirmed(office, version)
    old = Certificate.objects.across_regions().get()
    Certificate.objects.across_regions().filter(pk=old.pk).update(
        state="revoked", revoked_reason="补发"
    )
    make_certificate(old.person, level_id="intermediate", number="2023999900000001", exam_year=2023)
    later = AFTER_NOTICE + timedelta(days=1)
    again = services.propose_due(version, now=later, actor=office.author)
    assert again.created == ()


def test_a_draft_is_decided_anew_when_its_facts_change() -> None:
    office, version = stage([SHAPOTOU])
    claim = proposed(office, version)[0]
    Certificate.objects.across_regions().update(state="revoked", revoked_reason="错")
    again = services.propose_due(version, now=MONDAY, actor=office.author)
    assert again.refreshed == 1
    claim.refresh_from_db()
    assert claim.decision is not None
    assert (claim.decision.outcome, claim.decision.supersedes is not None) == ("not_eligible", True)
    with refused("not_eligible"):
        services.submit(claim, actor=office.county, now=MONDAY)


def test_facts_of_many_claims_are_collected_in_a_bounded_number_of_queries() -> None:
    office, version = stage([SHAPOTOU] * 2)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            services.propose_due(version, now=MONDAY, actor=office.author)
        return len(seen)

    queries()
    make_holder(3)
    few = queries()
    for n in range(10, 40):
        make_holder(n)
    assert queries() <= few + 1


def test_facts_hold_no_number_phone_or_account() -> None:
    _office, claim = one()
    facts = FactSnapshot.objects.across_regions().get(claim=claim).facts
    person = claim.person
    assert person.id_number.open() not in str(facts)
    assert claim.certificate.number not in str(facts)
    assert set(facts["certificate"]) == {
        "level",
        "exam_year",
        "state",
        "approved_on",
        "sign_up_area",
    }


def test_what_is_not_on_record_stays_unknown() -> None:
    _office, _version = stage([])
    person = make_person(1)
    certificate = make_certificate(person, level_id="junior")
    facts = services.collect_facts([certificate], as_of=date(2023, 11, 6))[certificate.pk]
    assert "posts" not in facts
    assert "insurance_months" not in facts
    assert facts["awards"] == []


def test_an_officer_of_one_county_proposes_only_there() -> None:
    _office, version = stage(FEW)
    county = make_officer("zhongning", region=ZHONGNING)
    with refused("not_issuer"):
        services.propose_due(version, now=MONDAY, actor=county)
    created = services.propose_due(version, now=MONDAY, actor=county, region=ZHONGNING).created
    assert [claim.region_id for claim in created] == [ZHONGNING]


@pytest.mark.parametrize("state", ["withdrawn", "lapsed"])
def test_a_claim_given_up_is_proposed_again(state: str) -> None:
    office, claim = one()
    Claim.objects.across_regions().filter(pk=claim.pk).update(state=state)
    again = services.propose_due(claim.version, now=MONDAY, actor=office.author)
    assert [row.award_key for row in again.created] == [AWARD]
    certificate = Certificate.objects.across_regions().select_related("person").get()
    outlook = next(row for row in outlooks([certificate], now=MONDAY) if row.weighed.award == AWARD)
    assert outlook.claim == again.created[0]


def test_a_claim_withdrawn_can_be_made_again_by_its_holder() -> None:
    office, claim = one()
    services.withdraw(claim, reason="改日再报", actor=office.county, now=MONDAY)
    certificate = Certificate.objects.across_regions().select_related("person").get()
    outlook = next(row for row in outlooks([certificate], now=MONDAY) if row.weighed.award == AWARD)
    assert (outlook.claim, outlook.claimable) == (None, True)


# --- the holder's own hand ------------------------------------------------------------------------
def test_a_holder_files_and_submits_the_own_claim_and_goes_no_further() -> None:
    _office, version = stage([SHAPOTOU])
    certificate = Certificate.objects.across_regions().get()
    trainee = make_trainee("alice", certificate.person)
    claim = services.file_claim(certificate, version, AWARD, actor=trainee, now=MONDAY)
    again = services.file_claim(certificate, version, AWARD, actor=trainee, now=MONDAY)
    assert claim.pk == again.pk
    claim = services.submit(claim, actor=trainee, now=MONDAY)
    with refused("own_claim"):
        services.review(claim, actor=trainee, now=MONDAY)


def test_nobody_acts_on_the_own_claim_whatever_the_role() -> None:
    office, claim = submitted()
    claim.person.user = office.city
    claim.person.save(update_fields=["user"])
    with refused("own_claim"):
        services.review(claim, actor=office.city, now=MONDAY)
    services.review(claim, actor=office.county, now=MONDAY)
    with refused("own_claim"):
        services.approve(claim, actor=office.city, now=MONDAY)


# --- review and approval --------------------------------------------------------------------------
def test_the_reviewer_does_not_approve() -> None:
    office, claim = submitted()
    services.review(claim, actor=office.opener, now=MONDAY)
    with refused("same_person"):
        services.approve(claim, actor=office.opener, now=MONDAY)
    claim = services.approve(claim, actor=office.city, now=MONDAY)
    assert claim.state == "approved"


def test_whoever_submitted_does_not_approve() -> None:
    office, claim = one()
    claim = services.submit(claim, actor=office.city, now=MONDAY)
    services.review(claim, actor=office.county, now=MONDAY)
    with refused("same_person"):
        services.approve(claim, actor=office.city, now=MONDAY)


def test_approval_is_for_the_area_that_issued_the_policy() -> None:
    _office, claim = reviewed()
    with refused("out_of_scope"):
        services.approve(claim, actor=make_officer("shapotou", region=SHAPOTOU), now=MONDAY)


@pytest.mark.parametrize("role", ["auditor", "finance_officer", "instructor", "organiser"])
def test_roles_without_the_step_are_refused(role: str) -> None:
    _office, claim = submitted()
    outsider = make_officer("outsider", region="6405", role=role)
    with refused("wrong_role"):
        services.review(claim, actor=outsider, now=MONDAY)


def test_an_officer_of_another_county_does_not_review() -> None:
    _office, claim = submitted()
    with refused("out_of_scope"):
        services.review(claim, actor=make_officer("zhongning", region=ZHONGNING), now=MONDAY)


def test_who_audits_the_city_acts_only_in_the_own_county() -> None:
    office, version = stage(FEW)
    claims = proposed(office, version)
    two_hats = make_two_hats(acts="county_officer", in_area=SHAPOTOU)
    assert Claim.objects.visible_to(two_hats).count() == 2
    assert Claim.objects.visible_to(two_hats, "county_officer").count() == 1
    moved = services.submit_many(claims, actor=two_hats, now=MONDAY)
    assert [claim.region_id for claim in moved.done] == [SHAPOTOU]
    assert [why.code for _claim, why in moved.refused] == ["out_of_scope"]
    with refused("not_issuer"):
        services.propose_due(version, now=MONDAY, actor=two_hats, region=ZHONGNING)


def test_steps_cannot_be_skipped_or_taken_twice() -> None:
    office, claim = one()
    for act in (services.review, services.approve):
        with refused("wrong_state"):
            act(claim, actor=office.city, now=MONDAY)
    services.submit(claim, actor=office.county, now=MONDAY)
    with refused("wrong_state"):
        services.submit(claim, actor=office.county, now=MONDAY)


def test_a_claim_is_returned_with_a_reason_and_reviewed_afresh() -> None:
    office, claim = reviewed()
    with refused("reason_needed"):
        services.return_claim(claim, reason=" ", actor=office.city, now=MONDAY)
    claim = services.return_claim(claim, reason="缺在岗证明", actor=office.city, now=MONDAY)
    claim.refresh_from_db()
    assert (claim.state, claim.reviewed_by) == ("returned", None)
    claim = services.submit(claim, actor=office.county, now=MONDAY)
    assert claim.state == "submitted"


def test_a_refused_claim_ends_and_does_not_come_back_by_itself() -> None:
    office, claim = reviewed()
    services.refuse(claim, reason="证书有疑", actor=office.city, now=MONDAY)
    later = MONDAY + timedelta(days=1)
    again = services.propose_due(claim.version, now=later, actor=office.author)
    assert again.created == ()


def test_a_claim_whose_facts_turned_is_not_approved() -> None:
    office, claim = reviewed()
    Certificate.objects.across_regions().update(state="revoked", revoked_reason="错")
    with refused("not_eligible"):
        services.approve(claim, actor=office.city, now=MONDAY)


def test_many_are_moved_in_one_act_and_the_others_are_named() -> None:
    office, version = stage([SHAPOTOU] * 3)
    claims = proposed(office, version)
    services.submit_many(claims[:2], actor=office.county, now=MONDAY)
    moved = services.review_many(claims, actor=office.county, now=MONDAY)
    assert len(moved.done) == 2
    assert [(claim.pk, why.code) for claim, why in moved.refused] == [(claims[2].pk, "wrong_state")]


def test_an_act_that_is_refused_leaves_the_decision_as_it_is() -> None:
    office, version = stage(FEW)
    claims = approved(office, version)
    services.open_notice(claims[:1], actor=office.city, now=MONDAY)
    shown = claims[0]
    revoke_certificate(shown.person)
    before = Decision.objects.across_regions().count()
    moved = services.review_many([shown], actor=office.county, now=MONDAY)
    assert [why.code for _claim, why in moved.refused] == ["wrong_state"]
    services.refresh([shown], now=MONDAY, actor=office.county)
    assert Decision.objects.across_regions().count() == before
    assert all_claims()[0].decision == shown.decision


def test_an_act_of_the_wrong_hand_leaves_the_decision_as_it_is() -> None:
    office, claim = submitted()
    revoke_certificate(claim.person)
    with refused("wrong_role"):
        services.review(claim, actor=office.finance, now=MONDAY)
    assert Decision.objects.across_regions().count() == 2  # proposed, submitted


def test_an_act_on_several_counties_is_on_record_in_each() -> None:
    office, version = stage([SHAPOTOU, SHAPOTOU, ZHONGNING])
    services.submit_many(proposed(office, version), actor=office.county, now=MONDAY)
    entries = AuditEntry.objects.across_regions().filter(action="claim_submit")
    assert [(e.region_id, len(e.detail["claims"])) for e in entries.order_by("region")] == [
        (SHAPOTOU, 2),
        (ZHONGNING, 1),
    ]


def test_every_step_leaves_its_trace_and_an_audit_entry() -> None:
    _office, claim = reviewed()
    steps = ReviewStep.objects.across_regions().filter(claim=claim)
    assert list(steps.values_list("action", "from_state", "to_state")) == [
        ("propose", "", "draft"),
        ("submit", "draft", "submitted"),
        ("review", "submitted", "reviewed"),
    ]
    actions = set(AuditEntry.objects.across_regions().values_list("action", flat=True))
    assert {"propose_claims", "claim_submit", "claim_review"} <= actions


# --- who sees what --------------------------------------------------------------------------------
def test_claims_are_seen_by_their_region_and_their_owner_alone() -> None:
    office, version = stage(FEW)
    proposed(office, version)
    with pytest.raises(UnscopedQuery):
        list(Claim.objects.all())
    zhongning = make_officer("zhongning", region=ZHONGNING)
    elsewhere = make_officer("elsewhere", region=TAISHUN)
    alice = make_trainee("alice", all_claims()[0].person)
    seen = [
        list(Claim.objects.visible_to(user).values_list("region_id", flat=True))
        for user in (office.city, zhongning, elsewhere, alice)
    ]
    assert seen == [FEW, [ZHONGNING], [], [SHAPOTOU]]
    assert Decision.objects.visible_to(elsewhere).count() == 0
    assert Decision.objects.visible_to(alice).count() == 1


# --- more than one benefit ------------------------------------------------------------------------
def test_a_monthly_allowance_is_decided_from_posts_and_never_proposed_as_a_claim() -> None:
    office, version = stage([])
    certificate = make_holder(1)
    community = make_organisation("滨河社区", kind="community")
    make_post(certificate.person, community, from_on=date(2022, 5, 1), appointed=True)
    services.propose_due(version, now=MONDAY, actor=office.author)
    assert [claim.award_key for claim in all_claims()] == [AWARD]
