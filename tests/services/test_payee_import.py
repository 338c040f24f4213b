"""Accounts of payees from a workbook: whose they may be, and what stays as it is."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from cms.accounts.models import AuditEntry, PersonRegion, User
from cohorts.subsidies import services
from cohorts.subsidies.models import (
    PayeeAccount,
)
from tests.factories.numbers import fictional_id
from tests.factories.people import (
    SHAPOTOU,
    TAISHUN,
    ZHONGNING,
    ZHONGWEI,
    make_officer,
    make_person,
    make_two_hats,
)
from tests.factories.subsidies import (
    MONDAY,
    stage,
)

pytestmark = pytest.mark.django_db


# --- accounts from a workbook ---------------------------------------------------------------------
HEAD = "姓名,身份证号码,开户行（全称）,银行账号\n"


def sheet(*rows: tuple[int, str, str]) -> bytes:
    lines = [f"{name},{fictional_id(n)},中卫农商行,{account}" for n, name, account in rows]
    return (HEAD + "\n".join(lines)).encode()


def plan(content: bytes, actor: Any = None) -> Any:
    return services.plan_payees(content, "payees.csv", options={}, actor=actor, now=MONDAY)


def apply(content: bytes, actor: Any = None) -> Any:
    return services.apply_payees(content, "payees.csv", options={}, actor=actor, now=MONDAY)


def test_accounts_are_read_recorded_replaced_and_left_alone() -> None:
    stage([])
    make_person(1, name="马秀英")
    content = sheet((1, "马秀英", "62284804028888001"))
    assert (plan(content).accepted, PayeeAccount.objects.across_regions().count()) == (1, 0)
    apply(content)
    apply(content)
    held = PayeeAccount.objects.across_regions().get()
    assert (held.account.open(), held.account_tail) == ("62284804028888001", "8001")
    other = sheet((1, "马秀英", "62284804028888002"))
    assert plan(other).changed == 1
    apply(other)
    tails = PayeeAccount.objects.across_regions().values_list("account_tail", "valid")
    assert sorted(tails) == [("8001", False), ("8002", True)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ((1, "马秀兰", "62284804028888001"), "another name"),
        ((2, "李建华", "62284804028888001"), "Nobody"),
        ((1, "马秀英", "6.22848E+18"), "last digits are lost"),
        ((1, "马秀英", "abc"), "only digits"),
        ((1, "马秀英", ""), "missing"),
    ],
)
def test_a_row_that_cannot_be_paid_is_refused_with_its_reason(row: Any, reason: str) -> None:
    stage([])
    make_person(1, name="马秀英")
    outcome = plan(sheet(row))
    assert (outcome.found, outcome.accepted) == (1, 0)
    assert reason in str(outcome.refused[0].reason)
    assert outcome.refused[0].line == 2


def test_two_accounts_for_one_person_are_both_refused() -> None:
    stage([])
    make_person(1, name="马秀英")
    outcome = plan(sheet((1, "马秀英", "62284804028888001"), (1, "马秀英", "62284804028888002")))
    assert (outcome.accepted, len(outcome.refused)) == (0, 2)


def test_an_account_in_another_name_is_refused() -> None:
    stage([])
    make_person(1, name="马秀英")
    content = HEAD.replace("\n", ",户名\n") + (
        f"马秀英,{fictional_id(1)},中卫农商行,62284804028888001,李建华"
    )
    assert "not the person" in str(plan(content.encode()).refused[0].reason)


def test_an_importer_reaches_only_people_of_the_own_region() -> None:
    stage([])
    make_person(1, name="马秀英", region=SHAPOTOU)
    content = sheet((1, "马秀英", "62284804028888001"))
    zhongning = make_officer("zhongning", region=ZHONGNING)
    assert plan(content, zhongning).accepted == 0
    assert plan(content, make_officer("shapotou", region=SHAPOTOU)).accepted == 1


def test_an_importer_reaches_people_only_under_the_role_that_records_accounts() -> None:
    stage([])
    make_person(1, name="马秀英", region=SHAPOTOU)
    make_person(2, name="李建华", region=ZHONGNING)
    two_hats = make_two_hats(acts="county_officer", in_area=SHAPOTOU)
    before = PersonRegion.objects.count()
    content = sheet((1, "马秀英", "62284804028888001"), (2, "李建华", "62284804028888002"))
    outcome = apply(content, two_hats)
    assert [row.name for row in outcome.rows] == ["马秀英"]
    assert PayeeAccount.objects.across_regions().get().recorded_by == two_hats
    assert PersonRegion.objects.count() == before


def test_an_import_of_accounts_is_on_record_in_each_area_that_pays_and_only_if_it_wrote() -> None:
    stage([])
    make_person(1, name="马秀英", region=SHAPOTOU)
    make_person(2, name="李建华", region=ZHONGNING)
    make_person(3, name="王小平", region=TAISHUN)
    content = sheet((1, "马秀英", "62284804028888001"), (2, "李建华", "62284804028888002"))
    city = make_officer("city-finance", region=ZHONGWEI, role="finance_officer")
    for _ in range(2):
        apply(content, User.objects.get(pk=city.pk))
    entries = AuditEntry.objects.across_regions().filter(action="import_payees")
    assert list(entries.order_by("region").values_list("region", "detail")) == [
        (SHAPOTOU, {"written": 1}),
        (ZHONGNING, {"written": 1}),
    ]


def test_the_database_holds_no_plain_account() -> None:
    stage([])
    make_person(1, name="马秀英")
    apply(sheet((1, "马秀英", "62284804028888001")))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cohorts_payeeaccount")
        stored = " ".join(str(value) for value in cursor.fetchall())
    assert "6228480402" not in stored


def test_the_demo_workbook_of_accounts_reads_without_a_refusal_of_its_own() -> None:
    content = Path("cms/demo/files/payees-2023.xlsx").read_bytes()
    stage([])
    outcome = services.plan_payees(content, "payees-2023.xlsx", options={}, actor=None, now=MONDAY)
    assert outcome.found == 19
    assert {str(row.reason) for row in outcome.refused} == {
        "Nobody with this identity number is known here"
    }
