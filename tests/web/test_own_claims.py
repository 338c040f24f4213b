"""A person's own subsidies and results on the phone: what is missing, until when, what to do."""

import copy
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cohorts.results.models import SubjectResult
from cohorts.subsidies import services
from tests.factories.people import (
    NOW,
    SHAPOTOU,
    make_officer,
    make_person,
    make_reference,
    make_results,
    make_sign_up,
    make_trainee,
)
from tests.factories.subsidies import (
    MONDAY,
    POLICY,
    all_claims,
    confirmed,
    make_account,
    make_holder,
    make_office,
    make_policy,
    proposed,
    stage,
)

pytestmark = pytest.mark.django_db
LATER_POLICY = Path(__file__).parents[2] / "cms/demo/files/policy-zhongwei-2025.json"


@pytest.fixture(autouse=True)
def _english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content[-2000:].decode()
    return response.content.decode()


def own(certificate: Any, benefit: str = "one-off") -> str:
    return f"/me/claims/{certificate.uuid}/{benefit}/"


def with_window(days: int) -> dict[str, Any]:
    """The policy of the founding city, to be claimed until so many days from now."""
    document = copy.deepcopy(POLICY)
    last = timezone.localdate() + timedelta(days=days)
    leaf = {"id": "in-time", "type": "window", "through": last.isoformat(), "text": "在申领期内"}
    document["benefits"][0]["conditions"]["all"].append(leaf)
    first = document["examples"][0]
    for example in document["examples"]:
        example["facts"]["applied_on"] = last.isoformat()
    late = {**first["facts"], "applied_on": (last + timedelta(days=1)).isoformat()}
    unsaid = {name: value for name, value in first["facts"].items() if name != "applied_on"}
    document["examples"] += [
        {"title": "过期", "facts": late, "expected": {"outcome": "not_eligible", "amount_fen": 0}},
        {"title": "未说", "facts": unsaid, "expected": {"outcome": "needs_info", "amount_fen": 0}},
    ]
    return document


def a_holder(document: dict[str, Any] | None = None) -> tuple[Client, str]:
    """Alice, who holds 中级 of 2023 under the policy, and the address of her one-off benefit."""
    make_reference(MONDAY)
    make_policy(make_office(), document)
    certificate = make_holder(50)
    return signed_in(make_trainee("alice", certificate.person)), own(certificate)


# --- until when -----------------------------------------------------------------------------------
def test_the_last_day_stands_with_its_hour_and_the_days_left() -> None:
    alice, address = a_holder(with_window(16))
    seen = page(alice, address)
    assert "Claim by" in seen
    assert "24:00" in seen
    assert "16 days left" in seen
    assert "Submit the claim" in seen


def test_far_away_the_day_stands_alone_and_today_is_said() -> None:
    alice, address = a_holder(with_window(200))
    assert "days left" not in page(alice, address)


def test_on_the_last_day_it_can_still_be_claimed() -> None:
    alice, address = a_holder(with_window(0))
    assert "today is the last day" in page(alice, address)
    alice.post(f"{address}submit/")
    assert [claim.state for claim in all_claims()] == ["submitted"]


def test_a_lapsed_window_is_said_and_nothing_can_be_submitted() -> None:
    alice, address = a_holder(with_window(-1))
    seen = page(alice, address)
    assert "The time for claims ended on" in seen
    assert "The time for claims is over" in seen  # beside the condition
    assert "Submit the claim" not in seen
    assert "time for claims is over" in page(alice, "/me/claims/")
    alice.post(f"{address}submit/")
    assert all(claim.state == "draft" for claim in all_claims())


def test_a_policy_without_a_window_says_so() -> None:
    alice, address = a_holder()
    assert "The policy sets no last day" in page(alice, address)


# --- what to do, what to bring, who does what -----------------------------------------------------
def test_each_open_condition_says_what_to_do_and_which_paper_to_bring() -> None:
    stage([])
    certificate = make_holder(50, state="recorded", checked_at=None)
    alice = signed_in(make_trainee("alice", certificate.person))
    seen = page(alice, own(certificate))
    assert "What to do:" in seen
    assert "certificate, on paper or electronic" in seen
    assert seen.count("to bring</span>") == 2  # the certificate and the bank card
    make_account(certificate.person)
    assert page(alice, own(certificate)).count("to bring</span>") == 1


def test_the_road_says_who_acts_and_how_long_the_notice_hangs() -> None:
    alice, address = a_holder()
    seen = page(alice, address)
    assert "an officer of the county where you signed up" in seen
    assert "no experience yet how long it takes" in seen
    assert "5 working days" in seen


def test_the_road_of_a_claim_says_when_each_step_was_done() -> None:
    office, version = stage([SHAPOTOU] * 5)
    confirmed(office, version)
    mine = all_claims()[0]
    seen = page(signed_in(make_trainee("alice", mine.person)), own(mine.certificate))
    assert seen.count("done on 6 November 2023") == 3
    assert "done on 14 November 2023" in seen
    assert "to bring" not in seen


def test_enough_claims_before_say_how_long_a_step_takes() -> None:
    office, version = stage([SHAPOTOU] * 6)
    claims = proposed(office, version)
    services.submit_many(claims[:5], actor=office.county, now=MONDAY)
    later = MONDAY + timedelta(days=2)
    services.review_many(claims[:5], actor=office.county, now=later)
    last = claims[5]
    seen = page(signed_in(make_trainee("alice", last.person)), own(last.certificate))
    assert "mostly within 2 working days so far" in seen


def test_a_returned_claim_shows_the_reason_and_can_be_handed_in_again() -> None:
    office, version = stage([SHAPOTOU])
    claim = proposed(office, version)[0]
    services.submit(claim, actor=office.county, now=MONDAY)
    services.return_claim(claim, reason="缺在岗证明", actor=office.county, now=MONDAY)
    seen = page(signed_in(make_trainee("alice", claim.person)), own(claim.certificate))
    assert "The office asks you to complete it" in seen
    assert "缺在岗证明" in seen
    assert "Submit the claim" in seen


def test_whom_to_ask_stands_on_the_page() -> None:
    alice, address = a_holder()
    seen = page(alice, address)
    assert "You think this is wrong?" in seen
    assert POLICY["issuer"] in seen
    assert f'href="tel:{POLICY["notice"]["telephone"].replace(" ", "")}"' in seen


def test_one_award_of_two_policies_is_shown_once_and_by_the_one_that_pays() -> None:
    make_reference(MONDAY)
    office = make_office()
    make_policy(office)
    later = json.loads(LATER_POLICY.read_text(encoding="utf-8"))
    make_policy(office, later)
    certificate = make_holder(50)  # of 2023: the later policy cannot pay it
    alice = signed_in(make_trainee("alice", certificate.person))
    seen = page(alice, "/me/claims/")
    assert seen.count('class="row"') == 2  # one-off and monthly
    assert "all conditions met, to be claimed" in seen
    assert POLICY["title"] in page(alice, own(certificate))
    assert later["title"] in page(alice, own(certificate, "monthly"))


def test_the_pages_take_as_many_statements_for_many_claims_as_for_few(
    django_assert_max_num_queries: Any,
) -> None:
    office, version = stage([SHAPOTOU] * 8)
    confirmed(office, version)
    mine = all_claims()[0]
    alice = signed_in(make_trainee("alice", mine.person))
    with django_assert_max_num_queries(26):
        page(alice, own(mine.certificate))
    with django_assert_max_num_queries(22):
        page(alice, "/me/claims/")


# --- without a certificate, without a person ------------------------------------------------------
@pytest.mark.parametrize("address", ["/me/claims/", "/me/results/"])
def test_an_account_without_a_person_is_led_to_the_link(address: str) -> None:
    stage([])
    seen = page(signed_in(make_officer("newcomer", region=None, role="trainee")), address)
    assert "not linked to a person" in seen
    assert 'href="/me/link/"' in seen


def test_without_a_certificate_the_page_says_what_one_would_bring() -> None:
    stage([])
    seen = page(signed_in(make_trainee("bob", make_person(51))), "/me/claims/")
    assert "No certificate is on record" in seen
    assert "See my results" in seen
    assert POLICY["title"] in seen
    assert "3,000.00" in seen


# --- results --------------------------------------------------------------------------------------
def test_a_sign_up_without_a_result_stands_on_my_results() -> None:
    make_reference()
    person = make_person(1)
    make_sign_up(person, year=2024, level="junior")
    seen = page(signed_in(make_trainee("alice", person)), "/me/results/")
    assert "2024 · Junior" in seen
    assert "nobody knows your result yet" in seen


def test_the_own_word_is_said_to_count_for_nothing_yet() -> None:
    make_reference()
    person = make_person(1)
    make_sign_up(person, year=2024, level="junior")
    SubjectResult.objects.create(
        person=person, exam_year_id=2024, subject_id="junior-general", region_id=SHAPOTOU,
        score_half=130, state="self_reported", recorded_at=NOW,
    )  # fmt: skip
    seen = page(signed_in(make_trainee("alice", person)), "/me/results/")
    assert "These scores are what you said yourself" in seen


def test_a_subject_that_still_counts_says_until_which_exam() -> None:
    make_reference()
    person = make_person(1)
    make_results(person, {"intermediate-law": 61, "intermediate-general": 40}, year=2025)
    seen = page(signed_in(make_trainee("alice", person)), "/me/results/")
    assert seen.count("counts until the exam of 2026") == 1
