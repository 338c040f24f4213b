"""One day each of a trainee, an instructor, an organiser and an officer, in the demo."""

import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cohorts.attendance.rotating_code import code_at
from tests.e2e.conftest import DESK, axe_on

pytestmark = pytest.mark.browser


# --- the trainee's day ----------------------------------------------------------------------------
def test_a_trainee_reads_answers_and_looks_at_the_mistakes(as_user: Callable[..., Page]) -> None:
    page = as_user("trainee")
    page.goto("/today/")
    expect(page.get_by_role("heading", name=re.compile("距 20.. 年考试"))).to_be_visible()
    expect(page.get_by_role("heading", name="今天的计划")).to_be_visible()
    plan = page.get_by_role("region", name="今天的计划")
    planned = plan.locator("li").count()
    lesson = plan.locator("li a[href^='/courses/']").first
    title = lesson.locator(".row-title, strong, b").first.inner_text()
    lesson.click()

    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    answer_every_self_check(page)
    axe_on(page)()
    address = page.url
    page.get_by_role("button", name="学完了").click()
    page.wait_for_url(lambda url: url != address)
    page.goto(address)
    expect(page.get_by_text("您在").or_(page.get_by_text("学完")).first).to_be_visible()

    page.goto("/today/")
    expect(plan.locator("li")).to_have_count(planned)
    expect(plan.locator("li", has_text=title)).to_contain_text("已完成")

    page.goto("/practice/")
    page.get_by_role("button", name=re.compile(r"^练 \d+ 题$")).first.click()
    answer_one(page)
    page.goto("/mistakes/")
    page.get_by_role("button", name=re.compile(r"^重做")).first.click()
    answer_one(page)


def answer_every_self_check(page: Page) -> None:
    checks = page.locator(".selfcheck")
    expect(checks.first.locator("form")).to_be_visible()
    for place in range(checks.count()):
        check = checks.nth(place)
        check.locator(".option").first.click()
        check.get_by_role("button", name="交答案").click()
        expect(check).to_have_attribute("data-saved", "server")


def answer_one(page: Page) -> None:
    expect(page.get_by_role("heading", name="第 1 题")).to_be_visible()
    page.locator(".option").first.click()
    page.get_by_role("button", name="交答案").click()
    expect(page.locator("#verdict")).to_contain_text(re.compile("答对了|答错了|少选了"))


def test_a_trainee_scans_the_code_on_the_screen(
    as_user: Callable[..., Page], demo_folder: Path
) -> None:
    teacher = as_user("instructor", size=DESK)
    teacher.goto("/workbench/sessions/")
    teacher.get_by_role("link", name=re.compile("直播答疑")).first.click()
    session = teacher.url.rstrip("/").rsplit("/", 1)[-1]
    teacher.get_by_role("link", name=re.compile("签到码")).click()
    counted = int(teacher.locator(".check-in-count strong").inner_text())

    page = as_user("trainee")
    page.goto(f"/check-in/{session}/{code_of(session, demo_folder)}/")
    page.get_by_role("button", name="我到了").click()
    expect(page.get_by_text("签到成功").or_(page.get_by_text("已签到")).first).to_be_visible()
    teacher.reload()
    expect(teacher.locator(".check-in-count strong")).to_have_text(str(counted + 1))


def code_of(session: str, folder: Path) -> str:
    """What a phone's camera reads off the screen: the code of this minute."""
    with sqlite3.connect(folder / "db.sqlite3") as database:
        (secret,) = database.execute(
            "SELECT check_secret FROM cohorts_classsession WHERE uuid = ?",
            [session.replace("-", "")],
        ).fetchone()
    return code_at(secret, datetime.now(UTC))


# --- the instructor's day -------------------------------------------------------------------------
def test_an_instructor_reads_a_change_and_publishes_it(as_user: Callable[..., Page]) -> None:
    page = as_user("instructor", size=DESK)
    page.goto("/workbench/")
    page.get_by_role("link", name=re.compile("待第二人审读的课时")).click()
    waiting = page.get_by_role("region", name="等待您的审查")
    waiting.get_by_role("link", name=re.compile("接案")).click()
    page.get_by_role("button", name="更多动作").last.click()
    page.get_by_role("button", name=re.compile("^批准")).click()
    page.wait_for_url(lambda url: "/edit/" not in url)
    page.goto("/courses/junior-practice/chapter-1/intake/")
    expect(page.get_by_text("记录留到谈完再补")).to_be_visible()
    expect(page.get_by_text(re.compile("金若梅 编写，罗静文 审核"))).to_be_visible()


def test_an_instructor_looks_at_one_who_fell_behind(as_user: Callable[..., Page]) -> None:
    page = as_user("instructor", size=DESK)
    page.goto("/workbench/")
    page.get_by_role("region", name="在办的班").get_by_role(
        "link", name=re.compile("考前班")
    ).click()
    axe_on(page)()
    behind = page.get_by_role("region", name=re.compile("人落后"))
    name = behind.locator("tbody th a").first
    who = name.inner_text()
    name.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(who)
    expect(page.get_by_role("heading", name="计划与课时")).to_be_visible()
    axe_on(page)()


# --- the organiser's day --------------------------------------------------------------------------
def test_an_organiser_answers_tells_the_class_and_keeps_the_register(
    as_user: Callable[..., Page],
) -> None:
    page = as_user("organiser", size=DESK)
    page.goto("/workbench/classes/")
    page.locator("tbody a[href$='/applications/']").first.click()
    waiting = page.locator("tbody input[name=enrolment]")
    many = waiting.count()
    waiting.first.check()
    page.get_by_role("button", name="批准所选").click()
    confirm(page)
    expect(waiting).to_have_count(many - 1)

    page.goto("/workbench/")
    page.get_by_role("region", name="在办的班").get_by_role(
        "link", name=re.compile("考前班")
    ).click()
    page.get_by_role("link", name="通知", exact=True).click()
    page.get_by_label("标题").fill("周六面授改在三楼")
    page.get_by_label("正文").fill("门口有指示牌，八点半开门。")
    page.get_by_role("button", name=re.compile("^发给")).click()
    confirm(page)
    expect(page.get_by_text("周六面授改在三楼").first).to_be_visible()

    page.get_by_role("link", name="课次").first.click()
    page.get_by_role("link", name=re.compile("第 4 次面授")).first.click()
    absent = page.locator("tbody tr", has_text="缺勤").first
    who = absent.locator("th a").inner_text()
    absent.get_by_label("请假").check()
    page.get_by_role("button", name="写入名单").click()
    expect(page.locator("tbody tr", has_text=who).locator(".badge")).to_contain_text("请假")
    axe_on(page)()

    trainee = as_user("trainee")
    trainee.goto("/me/inbox/")
    expect(trainee.get_by_text("周六面授改在三楼").first).to_be_visible()


def confirm(page: Page) -> None:
    """Press the button of the page that says once more what will happen, where there is one."""
    again = page.locator("form:has(input[name=confirmed]) button[type=submit]")
    if again.count():
        again.click()


# --- the officer's day ----------------------------------------------------------------------------
def test_an_officer_goes_from_the_board_to_the_people_behind_a_figure(
    as_user: Callable[..., Page],
) -> None:
    page = as_user("city", size=DESK)
    page.goto("/workbench/outcomes/?region=6405&year=2023")
    axe_on(page)()
    page.get_by_role("link", name=re.compile("^合格 19，看名单")).click()
    expect(page.get_by_text(re.compile("19 人")).first).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(19)
    page.go_back()
    with page.expect_download() as export:
        page.get_by_role("link", name="Excel").click()
    assert Path(export.value.path()).read_bytes()[:2] == b"PK"
