"""公示 pages: what everybody may read while it stands, and nothing more."""

import re
from typing import Any

import pytest
from django.test import Client

from cohorts.subsidies import services
from tests.factories.people import SHAPOTOU, ZHONGNING
from tests.factories.subsidies import AFTER_NOTICE, MONDAY, approved, make_account, stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


def notice_of_two() -> Any:
    office, version = stage([SHAPOTOU, ZHONGNING])
    claims = approved(office, version)
    for claim in claims:
        make_account(claim.person)
    return claims, services.open_notice(claims, actor=office.city, now=MONDAY)


def test_everybody_reads_name_unit_level_amount_days_and_telephone() -> None:
    claims, notice = notice_of_two()
    assert notice.title in Client().get("/notices/").content.decode()
    seen = Client().get(f"/notices/{notice.uuid}/").content.decode()
    for text in ("沙金雀1", "640502社工站", "intermediate level", "3,000.00", "6,000.00"):
        assert text in seen
    for text in ("2023-11-06", "2023-11-13", "5 working days", "0955-000 0000"):
        assert text in seen
    assert len(claims) == 2


def test_a_notice_says_what_it_is_and_is_signed_by_who_issued_the_policy() -> None:
    _claims, notice = notice_of_two()
    seen = Client().get(f"/notices/{notice.uuid}/").content.decode()
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", seen, re.DOTALL)
    assert heading is not None
    assert heading.group(1) == f"Public notice: {notice.title}"
    assert "中卫市民政局 · 2023-11-06" in seen


def test_nobody_reads_a_number_a_telephone_or_an_account() -> None:
    claims, notice = notice_of_two()
    seen = Client().get(f"/notices/{notice.uuid}/").content.decode()
    article = re.search(r"<article.*</article>", seen, re.DOTALL)
    assert article is not None
    for claim in claims:
        person = claim.person
        account = person.payee_accounts.across_regions().get()
        for secret in (
            person.id_number.open(),
            person.id_tail,
            claim.certificate.number,
            account.account.open(),
            account.bank,
            str(person.uuid),
            str(claim.uuid),
        ):
            assert secret not in article.group()
    # No run of digits that could be a number of anybody but the telephone for objections.
    assert not re.search(r"\d{7}", article.group())


def test_a_notice_is_not_indexed_and_not_kept() -> None:
    _claims, notice = notice_of_two()
    response = Client().get(f"/notices/{notice.uuid}/")
    assert "noindex" in response.content.decode()
    assert response["Cache-Control"] == "no-store"


def test_a_notice_is_gone_after_its_days() -> None:
    _claims, notice = notice_of_two()
    services.confirm_due(now=AFTER_NOTICE)
    assert Client().get(f"/notices/{notice.uuid}/").status_code == 404
    assert "No notice is on display" in Client().get("/notices/").content.decode()
