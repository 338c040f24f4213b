"""The road of the money as officers walk it: a results workbook in, a payout list out.

Seven people at one desk, from August to November 2023, each through the pages alone.
"""

import io
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import openpyxl
import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from cms.core.sheet_writer import SheetOut, write_workbook
from cohorts.subsidies import services as subsidies
from tests.e2e.conftest import DESK
from tests.factories.numbers import fictional_id
from tests.factories.people import PASSWORD, ZHONGNING, ZHONGWEI, make_officer, make_reference
from tests.factories.workbooks import RESULTS, intermediate_row, workbook
from tests.factories.world import POLICY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OFFICERS = {
    "li": ("county_officer", ZHONGNING),  # imports, records, proposes, submits
    "ma": ("county_officer", ZHONGNING),  # checks certificates
    "hai": ("city_officer", ZHONGWEI),  # approves, opens and closes the notice
    "yang": ("city_officer", ZHONGWEI),  # reviews, imports the payees' accounts
    "he": ("finance_officer", ZHONGWEI),  # records the budget, opens the batch, sends it
    "tian": ("finance_officer", ZHONGWEI),  # locks it
    "bai": ("finance_officer", ZHONGWEI),  # approves it
}
PASSED = {1: "马小燕", 2: "丁文静", 3: "穆建国"}
UNIT = "宁安镇东街社区"
CERTIFICATES = {n: f"2023064052100{n:04d}" for n in PASSED}
ACCOUNTS = {n: f"62990000000000{n:03d}" for n in PASSED}
PAYEES = ("姓名", "身份证号", "开户行（全称）", "银行账号")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def on(day: str) -> Any:
    """Be at ten in the morning of that day; the clock goes on from there."""
    return time_machine.travel(timezone.make_aware(datetime.fromisoformat(f"{day}T10:00")))


def results_workbook() -> bytes:
    """Three who pass all they sat, one who fails, and a score that cannot be."""
    said = {n: {"证书管理号": CERTIFICATES[n], "批准日期": "2023-06-11"} for n in (1, 2)}
    area = {"报考地区": "中宁县", "工作单位": UNIT}
    rows = [
        *(intermediate_row(n, 姓名=name, **area, **said.get(n, {})) for n, name in PASSED.items()),
        intermediate_row(4, general=58, 姓名="陈不过", **area),
        intermediate_row(5, law=105, 姓名="赵超分", **area),
    ]
    return workbook(RESULTS, *rows)


def payees_workbook() -> bytes:
    rows = [[name, fictional_id(n), "中宁农商行营业部", ACCOUNTS[n]] for n, name in PASSED.items()]
    return write_workbook([SheetOut("收款账户", PAYEES, rows)])


@dataclass
class Desk:
    """One browser, at which one officer after the other sits down."""

    page: Page
    root: str
    sign_in: Any
    axe: Any

    def sits(self, who: str) -> None:
        self.sign_in(who, PASSWORD)

    def opens(self, path: str) -> None:
        self.page.goto(f"{self.root}{path}")
        self.axe()

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def confirms(self, name: str) -> None:
        """Press, read what will happen, and press the same word again."""
        self.presses(name)
        expect(self.page.get_by_role("link", name="不，返回")).to_be_visible()
        self.axe()
        self.presses(name)

    def sees(self, words: str) -> None:
        expect(self.page.get_by_role("main").get_by_text(words)).to_be_visible()
        self.axe()

    def told(self, words: str) -> None:
        expect(self.page.get_by_role("status")).to_contain_text(words)
        self.axe()

    def uploads(self, name: str, content: bytes) -> None:
        file = {"name": name, "mimeType": XLSX, "buffer": content}
        self.page.get_by_label("工作簿（.xlsx、.xls、.csv）").set_input_files(file)
        self.presses("核对文件")
        self.sees(f"核对：{name}")


@pytest.fixture
def officers(live_server: Any) -> None:
    """Reference tables, seven accounts, and the policy of 2023 in force."""
    with on("2023-07-03"):
        make_reference(timezone.now())
        users = {name: make_officer(name, role=r, region=at) for name, (r, at) in OFFICERS.items()}
        policy = json.loads(POLICY.read_text(encoding="utf-8"))
        version, _ = subsidies.load_policy(policy, actor=users["yang"], now=timezone.now())
        subsidies.publish(version, actor=users["hai"], now=timezone.now())


@pytest.fixture
def desk(page: Page, live_server: Any, officers: None, sign_in: Any, axe: Any) -> Desk:
    page.set_viewport_size(DESK)
    return Desk(page, live_server.url, sign_in, axe)


def read_results(desk: Desk) -> None:
    desk.sits("li")
    for path in ("", "results/", "results/import/"):
        desk.opens(f"/workbench/{path}")
    desk.page.get_by_label("考试年度").select_option("2023")
    desk.uploads("中宁县2023年成绩.xlsx", results_workbook())
    for count in ("^拒收 1 ", "^将写入 4 "):
        expect(desk.page.get_by_role("link", name=re.compile(count))).to_be_visible()
    expect(desk.page.get_by_text("105 超出 0–100 分")).to_be_visible()
    desk.presses("写入 4 行")
    desk.told("已写入 4 行")
    expect(desk.page.get_by_role("row", name="马小燕").get_by_text("全科合格")).to_be_visible()
    desk.opens("/workbench/results/imports/")


def record_certificates(desk: Desk) -> None:
    """Two numbers stand in the results file; the third is copied from the certificate."""
    desk.opens("/workbench/certificates/")
    desk.presses("查找新合格人员")
    desk.told("新增 3 本待登记的证书")
    desk.page.get_by_role("link", name=PASSED[3]).click()
    desk.page.get_by_label("证书管理号").fill(CERTIFICATES[3])
    desk.page.get_by_label("批准日期").fill("2023-06-11")
    desk.axe()
    desk.presses("登记管理号和日期")
    desk.told("已登记，由另一位经办人核验后生效")
    desk.opens("/workbench/certificates/?state=expected")
    desk.presses("全部采用成绩表的管理号")
    desk.told("登记了 2 本证书")


def check_certificates(desk: Desk) -> None:
    desk.sits("ma")
    desk.opens("/workbench/certificates/?state=recorded")
    for name in PASSED.values():
        desk.page.get_by_role("checkbox", name=name).check()
    desk.presses("核验已选")
    desk.told("核验了 3 本证书")
    desk.opens("/workbench/certificates/?state=checked")
    expect(desk.page.get_by_role("rowheader")).to_have_count(3)


def act_on_all(desk: Desk, state: str, act: str) -> None:
    desk.opens(f"/workbench/subsidies/claims/?state={state}")
    desk.page.get_by_label("这一列表的全部 3 件").check()
    (desk.confirms if act in ("复审通过", "公示") else desk.presses)(act)


def propose_and_submit(desk: Desk) -> None:
    desk.sits("li")
    for path in ("policies/", "policies/zhongwei-2023/1/", "claims/"):
        desk.opens(f"/workbench/subsidies/{path}")
    desk.page.get_by_role("button", name="生成申领").click()
    desk.told("已生成 3 件申领")
    expect(desk.page.get_by_role("cell", name="3,000.00")).to_have_count(3)
    act_on_all(desk, "draft", "提交")
    desk.told("已办 3 件申领")


def review_and_approve(desk: Desk) -> None:
    desk.sits("yang")
    act_on_all(desk, "submitted", "初审通过")
    desk.told("已办 3 件申领")
    desk.opens("/workbench/subsidies/claims/?state=reviewed")
    desk.sees("您提交或初审过的申领")
    expect(desk.page.get_by_role("button", name="复审通过")).to_have_count(0)
    desk.sits("hai")
    desk.page.goto(f"{desk.root}/workbench/subsidies/claims/")
    desk.page.get_by_role("link", name=PASSED[1]).click()
    desk.sees("初审 yang，2023-11-09 通过")
    act_on_all(desk, "reviewed", "复审通过")
    desk.told("已办 3 件申领")


def put_on_notice(desk: Desk) -> None:
    act_on_all(desk, "approved", "公示")
    desk.sees("合计 9,000.00 元")
    address = desk.page.get_by_role("link", name="看公示页面").get_attribute("href")
    desk.page.context.clear_cookies()  # whoever passes by, with no account
    desk.opens("/notices/")
    desk.opens(str(address))
    desk.sees("中卫市民政局")
    for name in PASSED.values():
        row = desk.page.get_by_role("row", name=name)
        expect(row).to_have_text(re.compile(rf"{name}\s*{UNIT}\s*中级\s*3,000\.00"))
    source = desk.page.content()
    assert not [n for n in PASSED if fictional_id(n) in source or CERTIFICATES[n] in source]
    assert not re.search(r"\d{6,}", desk.page.get_by_role("main").inner_text())


def take_notice_down(desk: Desk) -> None:
    desk.sits("hai")
    desk.opens("/workbench/subsidies/notices/")
    desk.page.get_by_role("rowheader").get_by_role("link").click()
    desk.sees("公示期已满")
    desk.confirms("撤下公示并确认")
    desk.told("已确认 3 件申领")
    desk.opens("/notices/")
    desk.sees("现在没有公示")


def read_payees(desk: Desk) -> None:
    desk.sits("yang")
    desk.opens("/workbench/subsidies/payees/")
    desk.opens("/workbench/subsidies/payees/import/")
    desk.uploads("收款账户.xlsx", payees_workbook())
    desk.presses("写入 3 行")
    desk.told("已写入 3 行")
    assert ACCOUNTS[1] not in desk.page.content()


def open_batch(desk: Desk) -> str:
    """The page of the new batch."""
    desk.sits("he")
    desk.opens("/workbench/subsidies/batches/")
    budget = desk.page.get_by_role("region", name="登记预算")
    expect(budget.get_by_label("年度")).to_have_value("2023")  # the year that is due
    budget.get_by_label("金额（元）").fill("10000")
    budget.get_by_label("下达预算的文件").fill("2023年奖补资金")
    desk.presses("登记预算")
    desk.told("预算已登记")
    expect(desk.page.get_by_role("cell", name="10,000.00")).to_be_visible()
    desk.sees("中卫市 2023 年度：3 人，合计 9,000.00 元")
    desk.presses("新建批次")
    desk.told("批次已建立，共 3 笔，合计 9,000.00 元")
    desk.sees("前面的步骤由您办理过")
    return desk.page.url.removeprefix(desk.root)


def lock_and_approve(desk: Desk, batch: str) -> None:
    desk.sits("tian")
    desk.opens(batch)
    desk.confirms("锁定批次")
    desk.told("批次已锁定。")
    expect(desk.page.get_by_role("button", name="批准本批次")).to_have_count(0)
    desk.sits("bai")
    desk.opens(batch)
    expect(desk.page.get_by_role("main")).to_contain_text("玖仟元整")
    desk.confirms("批准本批次")
    desk.told("批次已批准。")


def take_list(desk: Desk, batch: str) -> list[list[Any]]:
    """The cells of the workbook that the browser was given."""
    desk.sits("he")
    desk.opens(batch)
    with desk.page.expect_download() as taken:
        desk.presses("拨付清单（.xlsx）")
    assert re.fullmatch(r"payout-[\w-]+\.xlsx", taken.value.suggested_filename)
    sheet = openpyxl.load_workbook(io.BytesIO(taken.value.path().read_bytes())).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def settle(desk: Desk) -> None:
    desk.confirms("送银行拨付")
    desk.told("批次已送银行。")
    desk.confirms("银行已全部付清")
    desk.told("批次已结清。")
    desk.opens("/workbench/subsidies/claims/?state=paid")
    expect(desk.page.get_by_role("heading", name="3 件申领")).to_be_visible()


def test_a_results_workbook_becomes_a_payout_list_through_the_pages(desk: Desk) -> None:
    with on("2023-08-15"):
        read_results(desk)
        record_certificates(desk)
        check_certificates(desk)
    with on("2023-11-09"):  # a Thursday: five working days end on the 16th
        propose_and_submit(desk)
        review_and_approve(desk)
        put_on_notice(desk)
    with on("2023-11-17"):
        take_notice_down(desk)
        read_payees(desk)
        batch = open_batch(desk)
        lock_and_approve(desk, batch)
        cells = take_list(desk, batch)
        code = desk.page.locator("main .code").first.inner_text()
        settle(desk)
    header = next(row for row in cells if "姓名" in row)
    name, amount, account = (header.index(title) for title in ("姓名", "金额（元）", "银行账号"))
    paid = [(row[name], row[amount], row[account]) for row in cells if isinstance(row[0], int)]
    assert paid == [(PASSED[n], 3000, ACCOUNTS[n]) for n in PASSED]
    assert next(row for row in cells if row[0] == "合计")[amount] == 9000
    assert {"人民币玖仟元整", "3 笔", code} <= {str(cell) for row in cells for cell in row}
