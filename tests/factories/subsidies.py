"""The money side of the tests: officers whose hands are apart, nineteen holders, their claims."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cms.accounts.models import Person, User
from cms.core.errors import Refused
from cohorts.certificates.models import Certificate
from cohorts.subsidies import services
from cohorts.subsidies.models import Claim, PayeeAccount, PayoutBatch, PolicyVersion
from tests.factories.people import (
    HAIYUAN,
    SHAPOTOU,
    ZHONGNING,
    ZHONGWEI,
    make_certificate,
    make_officer,
    make_organisation,
    make_person,
    make_post,
    make_reference,
)

POLICY_FILE = Path("cohorts/subsidies/policies/zhongwei-2023.json")
POLICY: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / POLICY_FILE).read_text(encoding="utf-8")
)
AWARD = "zhongwei-certificate/intermediate"
MONDAY = datetime(2023, 11, 6, 2, tzinfo=UTC)  # 10 o'clock in China
AFTER_NOTICE = MONDAY + timedelta(days=8)
NINETEEN = [SHAPOTOU] * 11 + [ZHONGNING] * 6 + [HAIYUAN] * 2


@dataclass(frozen=True)
class Office:
    """Who does what: `county` files and reviews, `city` approves, three others pay."""

    author: User
    county: User
    city: User
    opener: User
    finance: User
    payer: User
    auditor: User


def make_office() -> Office:
    city = {"region": ZHONGWEI, "role": "city_officer"}
    money = {"region": ZHONGWEI, "role": "finance_officer"}
    return Office(
        author=make_officer("author", **city),
        county=make_officer("county", region=ZHONGWEI, role="county_officer"),
        city=make_officer("city", **city),
        opener=make_officer("opener", **city),
        finance=make_officer("finance", **money),
        payer=make_officer("payer", **money),
        auditor=make_officer("auditor", region=ZHONGWEI, role="auditor"),
    )


def make_policy(office: Office, document: dict[str, Any] | None = None) -> PolicyVersion:
    """The published policy of the founding city, or a variant of it."""
    version, _ = services.load_policy(document or POLICY, actor=office.author, now=MONDAY)
    services.publish(version, actor=office.city, now=MONDAY)
    return version


def make_holder(n: int, *, region: str = SHAPOTOU, **changes: Any) -> Certificate:
    """A made-up person with a checked 中级 certificate of 2023 and a post in a station."""
    person = make_person(n, region=region)
    station = make_organisation(f"{region}社工站", region=region, kind="station")
    make_post(person, station, appointed=False)
    fields = {"level_id": "intermediate", "region_id": region}
    return make_certificate(person, **fields | changes)


def make_holders(regions: list[str] | None = None) -> list[Certificate]:
    areas = NINETEEN if regions is None else regions
    return [make_holder(n, region=region) for n, region in enumerate(areas, start=1)]


def make_account(person: Person, **changes: Any) -> PayeeAccount:
    account = f"62284804028888{person.pk:05d}"
    fields: dict[str, Any] = {
        "bank": "中卫农村商业银行文昌支行",
        "account": account,
        "account_tail": account[-4:],
        "holder": person.name,
        "recorded_at": MONDAY,
    }
    return PayeeAccount.objects.create(person=person, **fields | changes)


def stage(regions: list[str] | None = None) -> tuple[Office, PolicyVersion]:
    """Reference, officers, policy and holders: everything before the first claim."""
    make_reference(MONDAY)
    office = make_office()
    make_holders(regions)
    return office, make_policy(office)


def proposed(office: Office, version: PolicyVersion) -> list[Claim]:
    return list(services.propose_due(version, now=MONDAY, actor=office.author).created)


def approved(office: Office, version: PolicyVersion) -> list[Claim]:
    claims = proposed(office, version)
    services.submit_many(claims, actor=office.county, now=MONDAY)
    services.review_many(claims, actor=office.county, now=MONDAY)
    services.approve_many(claims, actor=office.city, now=MONDAY)
    return [claim for claim in all_claims() if claim.state == "approved"]


def confirmed(office: Office, version: PolicyVersion) -> list[Claim]:
    services.open_notice(approved(office, version), actor=office.city, now=MONDAY)
    services.confirm_due(now=AFTER_NOTICE)
    return all_claims()


def all_claims() -> list[Claim]:
    rows = Claim.objects.across_regions().select_related("person", "decision", "notice")
    return list(rows.order_by("pk"))


def opened(office: Office, version: PolicyVersion) -> PayoutBatch:
    """A draft batch of confirmed claims, accounts on record and a budget of 180,000 yuan."""
    for claim in confirmed(office, version):
        make_account(claim.person)
    services.allot_budget(
        region=ZHONGWEI,
        year=2023,
        amount_fen=18_000_000,
        reference="卫财社〔2023〕1号",
        actor=office.finance,
        now=MONDAY,
    )
    return services.open_batch(region=ZHONGWEI, year=2023, actor=office.opener, now=AFTER_NOTICE)


def batch_approved(office: Office, version: PolicyVersion) -> PayoutBatch:
    batch = opened(office, version)
    services.lock_batch(batch, actor=office.finance, now=AFTER_NOTICE)
    services.approve_batch(batch, actor=office.payer, now=AFTER_NOTICE)
    return batch


def revoke_certificate(person: Person) -> None:
    rows = Certificate.objects.across_regions().filter(person=person)
    rows.update(state="revoked", revoked_reason="查实有误")


def day(text: str) -> date:
    return date.fromisoformat(text)


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=f"^{code}$")


def one(regions: list[str] | None = None) -> tuple[Office, Claim]:
    office, version = stage(regions or [SHAPOTOU])
    return office, proposed(office, version)[0]


def submitted() -> tuple[Office, Claim]:
    office, claim = one()
    return office, services.submit(claim, actor=office.county, now=MONDAY)


def reviewed() -> tuple[Office, Claim]:
    office, claim = submitted()
    return office, services.review(claim, actor=office.county, now=MONDAY)


def ready(regions: list[str] | None = None) -> tuple[Office, PayoutBatch]:
    office, version = stage([SHAPOTOU, ZHONGNING] if regions is None else regions)
    return office, opened(office, version)


def locked() -> tuple[Office, PayoutBatch]:
    office, batch = ready()
    return office, services.lock_batch(batch, actor=office.finance, now=AFTER_NOTICE)
