"""The money pages: each shows its reasons, its buttons follow the table, nobody sees too much."""

import io
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cohorts.subsidies import services
from cohorts.subsidies.models import Claim, PayeeAccount, PayoutBatch, PolicyVersion
from tests.factories.numbers import fictional_id
from tests.factories.pages import answer as post
from tests.factories.people import (
    HAIYUAN,
    SHAPOTOU,
    TAISHUN,
    ZHONGNING,
    make_officer,
    make_person,
    make_trainee,
    make_two_hats,
)
from tests.factories.subsidies import (
    AFTER_NOTICE,
    MONDAY,
    all_claims,
    approved,
    batch_approved,
    confirmed,
    make_account,
    make_holder,
    opened,
    proposed,
    revoke_certificate,
    stage,
)

pytestmark = pytest.mark.django_db
LIST = "/workbench/subsidies/claims/"


@pytest.fixture(autouse=True)
def _english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content[-3000:].decode()
    return response.content.decode()


def act_at(claim: Claim) -> str:
    return f"{LIST}{claim.uuid}/act/"


def states() -> list[str]:
    return [claim.state for claim in all_claims()]


# --- the list and acts on several -----------------------------------------------------------------
def test_the_list_shows_claims_of_the_own_region_and_no_other() -> None:
    office, version = stage([SHAPOTOU, ZHONGNING])
    proposed(office, version)
    seen = page(signed_in(make_officer("zhongning", region=ZHONGNING)), LIST)
    assert "宁金雀2" in seen
    assert "沙金雀1" not in seen
    assert "沙金雀1" in page(signed_in(office.auditor), LIST)


def test_nineteen_claims_are_carried_to_the_notice_by_two_officers_on_the_pages() -> None:
    office, version = stage()
    county, city = signed_in(office.county), signed_in(office.city)
    post(county, f"{LIST}propose/", version=version.pk)
    act = f"{LIST}act/"
    post(county, act, state="draft", action="submit", all="1")
    post(county, act, state="submitted", action="review", all="1")
    assert set(states()) == {"reviewed"}
    post(county, act, state="reviewed", action="approve", all="1")
    assert set(states()) == {"reviewed"}
    post(city, act, state="reviewed", action="approve", all="1")
    response = post(city, act, state="approved", action="put_on_notice", all="1")
    assert set(states()) == {"on_notice"}
    assert "19 rows" in page(city, response.url)


def test_what_waits_for_the_reader_stands_first_and_what_is_settled_last() -> None:
    office, version = stage([SHAPOTOU] * 4)
    settled, reviewed, draft, submitted = proposed(office, version)
    services.submit_many([settled, reviewed, submitted], actor=office.county, now=MONDAY)
    services.refuse(settled, reason="重复", actor=office.county, now=MONDAY)
    services.review(reviewed, actor=office.county, now=MONDAY)

    def listed(user: Any, query: str = "") -> list[int]:
        return [row.pk for row in signed_in(user).get(f"{LIST}{query}").context["page"]]

    assert listed(office.city) == [claim.pk for claim in (reviewed, draft, submitted, settled)]
    assert listed(office.city, "?mine=1") == [reviewed.pk]
    assert listed(office.county, "?mine=1") == [draft.pk, submitted.pk]
    assert listed(office.auditor, "?mine=1") == []


def test_the_awards_of_the_annual_report_lead_to_their_claims() -> None:
    office, version = stage([SHAPOTOU, ZHONGNING])
    confirmed(office, version)
    client = signed_in(office.city)
    report = page(client, "/workbench/outcomes/annual/?region=6405&year=2023")
    [address] = re.findall(r'href="(/workbench/subsidies/claims/[^"]+award=once)"', report)
    listed = client.get(address.replace("&amp;", "&")).context["page"]
    assert len(listed) == 2
    own = client.get(f"{LIST}?award=once&year=2023&region={SHAPOTOU}").context["page"]
    assert {row.region_id for row in own} == {SHAPOTOU}
    assert not client.get(f"{LIST}?award=monthly&year=2023").context["page"].object_list


def test_a_run_that_proposes_nothing_says_why() -> None:
    office, version = stage([])
    county = signed_in(office.county)

    def told() -> str:
        post(county, f"{LIST}propose/", version=version.pk)
        return page(county, LIST)

    assert "no certificate of the exam years 2023" in told()
    certificate = make_holder(1, state="recorded", checked_at=None)
    assert "1 certificate of the exam years 2023 still has to be checked" in told()
    type(certificate).objects.across_regions().update(state="checked", checked_at=MONDAY)
    assert "1 claim proposed" in told()
    assert "the 1 checked certificate of the exam years 2023 has one" in told()


def test_only_ticked_claims_move() -> None:
    office, version = stage([SHAPOTOU] * 3)
    claims = proposed(office, version)
    client = signed_in(office.county)
    post(client, f"{LIST}act/", state="draft", action="submit", claim=[claims[1].uuid, "nonsense"])
    assert states() == ["draft", "submitted", "draft"]
    post(client, f"{LIST}act/", state="draft", action="submit")
    assert states() == ["draft", "submitted", "draft"]


def test_acts_on_several_are_offered_by_state_and_role() -> None:
    office, version = stage([SHAPOTOU])
    proposed(office, version)
    offered = page(signed_in(office.county), f"{LIST}?state=draft")
    assert 'value="submit"' in offered
    assert 'value="approve"' not in offered
    assert 'name="action"' not in page(signed_in(office.auditor), f"{LIST}?state=draft")
    assert 'name="action"' not in page(signed_in(office.county), LIST)


def test_a_claim_that_cannot_be_moved_is_said_with_its_reason() -> None:
    office, version = stage([SHAPOTOU])
    claim = proposed(office, version)[0]
    services.submit(claim, actor=office.city, now=MONDAY)
    services.review(claim, actor=office.county, now=MONDAY)
    response = signed_in(office.city).post(
        f"{LIST}act/", {"state": "reviewed", "action": "approve", "all": "1"}, follow=True
    )
    assert "somebody else has to approve it" in response.content.decode()


def offers(user: Any, address: str) -> list[str]:
    return re.findall(r'name="action" value="(\w+)"', page(signed_in(user), address))


def test_approval_is_offered_only_to_who_may_give_it() -> None:
    office, version = stage([SHAPOTOU])
    claim = proposed(office, version)[0]
    reviewer = make_officer("shapotou", region=SHAPOTOU)
    services.submit(claim, actor=office.opener, now=MONDAY)
    services.review(claim, actor=reviewer, now=MONDAY)
    for address in (f"{LIST}?state=reviewed", f"{LIST}{claim.uuid}/"):
        assert "approve" not in offers(reviewer, address)  # the policy is the city's
        assert "approve" not in offers(office.opener, address)  # submitted it
        assert "approve" in offers(office.city, address)
    said = "Claims that you submitted or reviewed are approved by somebody else."
    assert said in page(signed_in(office.opener), f"{LIST}?state=reviewed")
    assert said not in page(signed_in(office.city), f"{LIST}?state=reviewed")


def test_a_county_puts_nothing_on_notice_and_ends_no_policy_of_the_city() -> None:
    office, version = stage([SHAPOTOU])
    approved(office, version)
    county = make_officer("shapotou", region=SHAPOTOU)
    policy = f"/workbench/subsidies/policies/{version.policy.code}/1/"
    for address, act in ((f"{LIST}?state=approved", "put_on_notice"), (policy, "retire")):
        assert act not in offers(county, address)
        assert act in offers(office.city, address)


# --- one claim ------------------------------------------------------------------------------------
def test_a_claim_shows_every_finding_with_its_rule_and_the_two_persons() -> None:
    office, version = stage([SHAPOTOU])
    claim = approved(office, version)[0]
    seen = page(signed_in(office.city), f"{LIST}{claim.uuid}/")
    for text in (
        "证书已核验",
        "2023年度考试取得",
        "在中卫市报考取得",
        "同一级别没有领过一次性奖励",
    ):
        assert text in seen
    assert "Signed up for the exam in 沙坡头区" in seen
    assert "reading to be confirmed" in seen
    assert "Reviewed by county" in seen
    assert "Approved by city" in seen


def test_no_page_of_a_claim_shows_a_full_number_or_account() -> None:
    office, version = stage([SHAPOTOU])
    batch = batch_approved(office, version)
    claim = all_claims()[0]
    account = PayeeAccount.objects.across_regions().get().account.open()
    number = claim.person.id_number.open()
    client = signed_in(office.finance)
    for address in (
        LIST,
        f"{LIST}{claim.uuid}/",
        f"/workbench/subsidies/batches/{batch.uuid}/",
        "/workbench/subsidies/payees/",
    ):
        seen = page(client, address)
        assert account not in seen
        assert account[-4:] in seen or address == LIST
        assert number not in seen
        assert claim.certificate.number not in seen


def test_the_buttons_of_a_claim_follow_the_table() -> None:
    office, version = stage([SHAPOTOU])
    claim = proposed(office, version)[0]
    services.submit(claim, actor=office.county, now=MONDAY)

    def buttons(user: Any) -> list[str]:
        seen = page(signed_in(user), f"{LIST}{claim.uuid}/")
        return re.findall(r'name="action" value="(\w+)"', seen)

    assert buttons(office.county) == ["review", "return", "refuse", "withdraw"]
    assert buttons(office.finance) == []
    assert buttons(office.auditor) == []


def test_a_claim_is_returned_with_its_reason_and_not_without() -> None:
    office, version = stage([SHAPOTOU])
    claim = proposed(office, version)[0]
    services.submit(claim, actor=office.county, now=MONDAY)
    client = signed_in(office.county)
    post(client, act_at(claim), action="return")
    assert states() == ["submitted"]
    post(client, act_at(claim), action="return", reason="缺在岗证明")
    assert states() == ["returned"]
    assert "缺在岗证明" in page(client, f"{LIST}{claim.uuid}/")


def test_an_act_that_the_pages_do_not_offer_does_nothing() -> None:
    office, version = stage([SHAPOTOU])
    claim = confirmed(office, version)[0]
    for action in ("pay", "confirm", "put_in_batch", "nonsense", ""):
        post(signed_in(office.county), act_at(claim), action=action)
    assert states() == ["confirmed"]


def test_an_objection_is_recorded_answered_and_shown() -> None:
    office, version = stage([SHAPOTOU])
    claim = approved(office, version)[0]
    services.open_notice([claim], actor=office.city, now=timezone.now())
    client = signed_in(office.city)
    post(client, f"{LIST}{claim.uuid}/object/", text="已调离本市")
    assert states() == ["objected"]
    assert "已调离本市" in page(client, f"{LIST}{claim.uuid}/")
    settle = f"/workbench/subsidies/objections/{claim.objections.across_regions().get().pk}/settle/"
    post(client, settle, upheld="0", answer="仍在本市")
    assert states() == ["on_notice"]
    assert "仍在本市" in page(client, f"{LIST}{claim.uuid}/")


# --- scope ----------------------------------------------------------------------------------------
def test_rows_outside_the_scope_are_not_found() -> None:
    office, version = stage([SHAPOTOU])
    claim = confirmed(office, version)[0]
    notice = claim.notice
    assert notice is not None
    services.open_batch(region="6405", year=2023, actor=office.opener, now=AFTER_NOTICE)
    batch = PayoutBatch.objects.across_regions().get()
    elsewhere = signed_in(make_officer("elsewhere", region=TAISHUN))
    for address in (
        f"{LIST}{claim.uuid}/",
        f"/workbench/subsidies/notices/{notice.uuid}/",
        f"/workbench/subsidies/batches/{batch.uuid}/",
    ):
        page(elsewhere, address, 404)
    assert post(elsewhere, act_at(claim), action="refuse", reason="x").status_code == 404


def test_who_audits_the_city_reads_there_and_acts_only_in_the_own_county() -> None:
    office, version = stage([SHAPOTOU, ZHONGNING])
    own, other = proposed(office, version)
    client = signed_in(make_two_hats(acts="county_officer", in_area=SHAPOTOU))
    assert 'name="action"' in page(client, f"{LIST}{own.uuid}/")
    assert 'name="action"' not in page(client, f"{LIST}{other.uuid}/")
    assert post(client, act_at(other), action="submit").status_code == 404
    post(client, f"{LIST}act/", state="draft", action="submit", all="1")
    assert states() == ["submitted", "draft"]


def test_who_audits_the_city_pays_only_in_the_own_county() -> None:
    office, version = stage([SHAPOTOU])
    batch = opened(office, version)
    client = signed_in(make_two_hats(acts="finance_officer", in_area=SHAPOTOU))
    address = f"/workbench/subsidies/batches/{batch.uuid}/"
    assert 'value="lock"' not in page(client, address)
    assert post(client, f"{address}act/", action="lock").status_code == 404
    assert post(client, f"{address}export/").status_code == 404
    offered = page(client, "/workbench/subsidies/batches/")
    assert f'<option value="{SHAPOTOU}"' in offered
    assert '<option value="6405"' not in offered
    fund = {"region": "6405", "year": 2023, "amount": "1", "reference": "x"}
    for name in ("open", "budget"):
        assert post(client, f"/workbench/subsidies/batches/{name}/", **fund).status_code == 400


def test_who_audits_the_city_takes_no_notice_down() -> None:
    office, version = stage([SHAPOTOU])
    long_ago = timezone.now() - timedelta(days=30)
    notice = services.open_notice(approved(office, version), actor=office.city, now=long_ago)
    client = signed_in(make_two_hats(acts="county_officer", in_area=SHAPOTOU))
    address = f"/workbench/subsidies/notices/{notice.uuid}/"
    assert "Take it down and confirm" not in page(client, address)
    assert post(client, f"{address}close/").status_code == 404


def test_a_claim_whose_certificate_was_revoked_is_ended_on_its_page() -> None:
    office, version = stage([SHAPOTOU])
    claim = confirmed(office, version)[0]
    client = signed_in(office.city)
    assert 'value="revoke"' not in page(client, f"{LIST}{claim.uuid}/")
    revoke_certificate(claim.person)
    assert 'value="revoke"' in page(client, f"{LIST}{claim.uuid}/")
    post(client, act_at(claim), action="revoke", reason="证书已撤销")
    assert states() == ["refused"]


def test_the_approver_is_shown_that_an_account_is_of_the_own_hand() -> None:
    office, version = stage([SHAPOTOU])
    batch = opened(office, version)
    PayeeAccount.objects.across_regions().update(recorded_by=office.payer)
    services.lock_batch(batch, actor=office.finance, now=AFTER_NOTICE)
    address = f"/workbench/subsidies/batches/{batch.uuid}/"
    seen = page(signed_in(office.payer), address)
    assert "Whoever recorded an account does not approve its payment" in seen
    assert "not all hold" in seen
    assert 'value="approve"' not in seen
    assert "not all hold" not in page(signed_in(office.author), address)


def test_money_pages_are_for_regional_staff_alone() -> None:
    stage([])
    trainee = make_trainee("alice", make_person(1))
    for name in ("claims", "notices", "batches", "policies", "payees"):
        address = reverse(f"subsidies:{name}")
        assert Client().get(address).status_code == 302
        page(signed_in(trainee), address, 403)
        page(signed_in(make_officer("ina", region=None, role="instructor")), address, 403)
    assert signed_in(trainee).get("/workbench/subsidies/").status_code == 302


def test_empty_lists_say_why_they_are_empty() -> None:
    office, _version = stage([])
    client = signed_in(office.city)
    assert "No claims here" in page(client, LIST)
    assert "No notices yet" in page(client, "/workbench/subsidies/notices/")
    assert "No batches yet" in page(client, "/workbench/subsidies/batches/")
    assert "No accounts here" in page(client, "/workbench/subsidies/payees/")


def test_a_county_is_told_that_the_city_puts_on_notice_and_pays() -> None:
    office, version = stage([SHAPOTOU])
    confirmed(office, version)
    county = signed_in(make_officer("shapotou", region=SHAPOTOU))
    assert "on notice together" in page(county, "/workbench/subsidies/notices/")
    assert "counties together" in page(county, "/workbench/subsidies/batches/")


# --- notices and batches --------------------------------------------------------------------------
def test_a_notice_is_taken_down_after_its_days_and_its_claims_confirmed() -> None:
    office, version = stage([SHAPOTOU])
    claims = approved(office, version)
    long_ago = timezone.now() - timedelta(days=30)
    notice = services.open_notice(claims, actor=office.city, now=long_ago)
    client = signed_in(office.city)
    address = f"/workbench/subsidies/notices/{notice.uuid}/"
    assert "Take it down and confirm" in page(client, address)
    post(client, f"{address}close/")
    assert states() == ["confirmed"]
    assert "taken down" in page(client, address)


def test_a_batch_is_opened_locked_approved_and_exported_on_the_pages() -> None:
    office, version = stage([SHAPOTOU, HAIYUAN])
    for claim in confirmed(office, version):
        make_account(claim.person)
    opener, finance, payer = map(signed_in, (office.opener, office.finance, office.payer))
    fund = {"region": "6405", "year": 2023}
    post(finance, "/workbench/subsidies/batches/budget/", amount="x", reference="1", **fund)
    post(finance, "/workbench/subsidies/batches/budget/", amount="180000", reference="1", **fund)
    address = post(opener, "/workbench/subsidies/batches/open/", **fund).url
    assert "Somebody else does the next one".lower() in page(opener, address).lower()
    post(finance, f"{address}act/", action="lock")
    seen = page(payer, address)
    assert "6,000.00" in seen
    assert "人民币陆仟元整" in seen
    assert "174,000.00" in seen
    assert "all hold" in seen
    post(payer, f"{address}act/", action="approve")
    files = [post(finance, f"{address}export/").content for _ in range(2)]
    assert files[0] == files[1]
    cells = openpyxl.load_workbook(io.BytesIO(files[0])).worksheets[0].values
    assert "人民币陆仟元整" in [cell for row in cells for cell in row]


def test_a_draft_says_who_has_no_account_and_where_each_works() -> None:
    office, version = stage([SHAPOTOU, ZHONGNING])
    first, second = confirmed(office, version)
    make_account(first.person)
    batch = services.open_batch(region="6405", year=2023, actor=office.opener, now=AFTER_NOTICE)
    address = f"/workbench/subsidies/batches/{batch.uuid}/"
    seen = page(signed_in(office.finance), address)
    assert f"no account of their own on record: {second.person.name}" in seen
    assert "not all hold" in seen
    assert "640502社工站" in seen
    make_account(second.person)
    assert "no account of their own" not in page(signed_in(office.finance), address)


def test_an_account_of_another_holder_fails_the_check_of_a_draft() -> None:
    office, version = stage([SHAPOTOU])
    claim = confirmed(office, version)[0]
    make_account(claim.person, holder="别人")
    batch = services.open_batch(region="6405", year=2023, actor=office.opener, now=AFTER_NOTICE)
    seen = page(signed_in(office.finance), f"/workbench/subsidies/batches/{batch.uuid}/")
    assert f"no account of their own on record: {claim.person.name}" in seen


def test_the_two_forms_of_the_batches_share_no_id_even_after_an_error() -> None:
    office, version = stage([SHAPOTOU])
    confirmed(office, version)
    client = signed_in(office.finance)
    address = "/workbench/subsidies/batches/"
    fund = {"region": "6405", "year": 2023}
    for seen in (
        page(client, address),
        post(client, f"{address}budget/", amount="x", reference="", **fund).content.decode(),
        post(client, f"{address}open/", year="x").content.decode(),
    ):
        ids = re.findall(r' id="([^"]+)"', seen)
        assert {"open_year", "budget_year"} <= set(ids)
        assert len(ids) == len(set(ids))
        assert re.search(r'<select[^>]*class="select"[^>]*id="open_region"', seen)


def test_what_is_due_is_said_before_a_batch_is_opened() -> None:
    office, version = stage([SHAPOTOU, HAIYUAN])
    confirmed(office, version)
    client = signed_in(office.finance)
    said = "中卫市, 2023: persons 2, sum 6,000.00 yuan"
    assert said in page(client, "/workbench/subsidies/batches/")
    fund = {"region": "6405", "year": 2023}
    opening = client.post("/workbench/subsidies/batches/open/", fund, follow=True)
    assert "Payments: 2; sum: 6,000.00 yuan." in opening.content.decode()
    assert said not in page(client, "/workbench/subsidies/batches/")


def test_a_batch_shows_only_what_was_done_as_reached() -> None:
    office, version = stage([SHAPOTOU])
    batch = opened(office, version)
    address = f"/workbench/subsidies/batches/{batch.uuid}/"

    def reached() -> tuple[int, bool]:
        seen = page(signed_in(office.auditor), address)
        assert 'aria-current="step"' not in seen
        return seen.count('data-state="done"'), "What approving changes" in seen

    assert reached() == (1, True)
    finance = signed_in(office.finance)
    post(finance, f"{address}act/", action="lock")
    assert "The batch is locked." in page(finance, address)
    assert reached() == (2, True)
    post(signed_in(office.payer), f"{address}act/", action="approve")
    assert reached() == (3, False)
    assert "nothing in it can be changed" not in page(signed_in(office.finance), address)


def test_a_list_is_not_taken_by_those_who_only_look() -> None:
    office, version = stage([SHAPOTOU])
    batch = batch_approved(office, version)
    address = f"/workbench/subsidies/batches/{batch.uuid}/"
    for user in (office.auditor, office.county):
        assert "Payout list" not in page(signed_in(user), address)
        assert post(signed_in(user), f"{address}export/").status_code == 403


def test_a_batch_given_back_can_be_locked_again() -> None:
    office, version = stage([SHAPOTOU])
    batch = opened(office, version)
    address = f"/workbench/subsidies/batches/{batch.uuid}/act/"
    post(signed_in(office.finance), address, action="lock")
    post(signed_in(office.payer), address, action="unlock", reason="账号待核")
    batch.refresh_from_db()
    assert batch.state == "draft"


# --- policies -------------------------------------------------------------------------------------
def test_a_policy_is_shown_in_words_with_its_assumptions_and_examples() -> None:
    office, version = stage([])
    address = f"/workbench/subsidies/policies/{version.policy.code}/1/"
    seen = page(signed_in(office.auditor), address)
    for text in ("3,000.00", "6,000.00", "220.00", "180.00", "聘任到本市社区", "是否补差"):
        assert text in seen
    assert "23 of 23 pass" in seen
    assert "证书一次性奖励" in page(signed_in(office.auditor), "/workbench/subsidies/policies/")


def test_a_policy_is_published_and_ended_on_its_page() -> None:
    office, version = stage([])
    PolicyVersion.objects.filter(pk=version.pk).update(state="checked", published_by=None)
    address = f"/workbench/subsidies/policies/{version.policy.code}/1/"
    author, city = signed_in(office.author), signed_in(office.city)
    assert 'value="publish"' not in page(author, address)
    post(city, f"{address}act/", action="publish")
    assert "published" in page(city, address)
    assert post(city, f"{address}act/", action="retire").status_code == 400
    post(city, f"{address}act/", action="retire", on="2025-01-01", reason="新办法")
    version.refresh_from_db()
    assert version.state == "retired"


# --- accounts -------------------------------------------------------------------------------------
def test_accounts_are_imported_through_a_preview() -> None:
    office, _version = stage([])
    make_person(1, name="马秀英")
    content = (
        f"姓名,身份证号,开户行,银行账号\n马秀英,{fictional_id(1)},中卫农商行,62284804028888001\n"
    )
    client = signed_in(office.finance)
    upload = SimpleUploadedFile("payees.csv", content.encode(), content_type="text/csv")
    preview = client.post("/workbench/subsidies/payees/import/", {"file": upload}).url
    seen = page(client, preview)
    assert "**** 8001" in seen
    assert "62284804028888001" not in seen
    client.post(preview, {"action": "apply"})
    assert PayeeAccount.objects.across_regions().get().account_tail == "8001"


# --- the trainee ----------------------------------------------------------------------------------
def own_page(certificate: Any) -> str:
    return f"/me/claims/{certificate.uuid}/one-off/"


def test_a_trainee_sees_the_own_claim_with_every_reason_and_submits_it() -> None:
    _office, _version = stage([SHAPOTOU])
    certificate = make_holder(50)
    alice = signed_in(make_trainee("alice", certificate.person))
    assert "证书一次性奖励" in page(alice, "/me/claims/")
    seen = page(alice, own_page(certificate))
    assert "3,000.00" in seen
    assert "All conditions are met" in seen
    post(alice, f"{own_page(certificate)}submit/")
    assert states() == ["submitted"]
    assert "being reviewed" in page(alice, own_page(certificate))
    assert "Submit the claim" not in page(alice, own_page(certificate))


def test_a_trainee_is_told_that_the_office_draws_up_what_is_paid_by_the_month() -> None:
    stage([])
    certificate = make_holder(50)
    alice = signed_in(make_trainee("alice", certificate.person))
    seen = page(alice, f"/me/claims/{certificate.uuid}/monthly/")
    assert "you do not have to submit it" in seen
    assert 'class="steps' not in seen
    assert "Submit the claim" not in seen


def test_open_readings_are_marked_for_the_office_alone() -> None:
    stage([])
    certificate = make_holder(50)
    alice = signed_in(make_trainee("alice", certificate.person))
    assert "reading to be confirmed" not in page(alice, own_page(certificate))


def test_a_trainee_reads_what_is_missing_and_how_to_mend_it() -> None:
    stage([])
    certificate = make_holder(50, state="recorded", checked_at=None)
    alice = signed_in(make_trainee("alice", certificate.person))
    seen = page(alice, own_page(certificate))
    assert "to be confirmed" in seen
    assert "Only one thing stands in the way" in seen
    assert "把证书管理号和批准日期交给经办人核验" in seen
    assert "Submit the claim" not in seen
    assert post(alice, f"{own_page(certificate)}submit/").status_code == 302
    assert all(claim.state == "draft" for claim in all_claims())


def test_a_trainee_withdraws_the_own_claim_and_never_anothers() -> None:
    office, version = stage([SHAPOTOU, ZHONGNING])
    mine, other = proposed(office, version)
    alice = signed_in(make_trainee("alice", mine.person))
    assert post(alice, f"/me/claims/{other.uuid}/withdraw/", reason="x").status_code == 404
    post(alice, f"/me/claims/{mine.uuid}/withdraw/", reason="改日再报")
    assert states() == ["withdrawn", "draft"]


def test_another_persons_certificate_is_not_found() -> None:
    stage([])
    certificate = make_holder(50)
    bob = signed_in(make_trainee("bob", make_person(51)))
    page(bob, own_page(certificate), 404)
    assert "No certificate is on record" in page(bob, "/me/claims/")


def test_an_officer_sees_only_the_own_certificates_among_the_own_claims() -> None:
    office, _version = stage([SHAPOTOU])
    assert "not linked to a person" in page(signed_in(office.city), "/me/claims/")
    assert Client().get("/me/claims/").status_code == 302
