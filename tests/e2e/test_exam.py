"""A mock exam sat on a phone: answered, flagged, reloaded, handed in, read."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cms.accounts.services import open_account
from tests.factories.exam import make_paper

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a long enough secret"


@pytest.fixture
def paper(live_server: Any) -> Any:
    open_account(username="alice", name="爱丽", password=PASSWORD)
    return make_paper(n_single=3, n_multiple=2)


def choose(page: Page, *letters: str) -> None:
    for letter in letters:
        page.locator(".option", has=page.locator(f".key:text-is('{letter}')")).click()


def go_to(page: Page, item: int) -> None:
    page.get_by_role("button", name="答题卡").click()
    page.locator(".cells .cell", has_text=str(item)).first.click()
    expect(page.locator(f"section[data-item='{item}']")).to_be_visible()


def saved(page: Page, where: str) -> None:
    expect(page.locator(f"section[data-save-state='{where}']")).to_be_visible()


def start(page: Page, live_server: Any, paper: Any) -> None:
    page.goto(f"{live_server.url}/papers/{paper.uuid}/sit/")
    page.get_by_role("button", name="开始作答").click()
    expect(page.locator("section[data-item='1']")).to_be_visible()


def test_a_trainee_sits_a_mock_exam_on_a_phone(
    page: Page,
    live_server: Any,
    paper: Any,
    sign_in: Callable[..., None],
    axe: Callable[[], None],
) -> None:
    sign_in("alice", PASSWORD)
    page.goto(f"{live_server.url}/papers/")
    expect(page.get_by_role("heading", name=paper.title)).to_be_visible()
    axe()

    start(page, live_server, paper)
    axe()
    choose(page, "B")
    saved(page, "server")
    page.get_by_role("button", name="标记本题").click()
    go_to(page, 4)
    choose(page, "A", "C")
    saved(page, "server")

    page.reload()
    expect(page.locator("section[data-item='4'] .option.is-on")).to_have_count(2)
    go_to(page, 1)
    expect(page.locator("section[data-item='1'] .option.is-on .key")).to_have_text("B")

    page.get_by_role("button", name="交卷").first.click()
    expect(page.get_by_text("还有 3 题没答，现在交卷？")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="交卷").click()
    expect(page.locator("[data-receipt]")).to_be_visible()
    axe()

    page.get_by_role("link", name="看成绩报告").click()
    expect(page.get_by_text("一次模拟不代表考试结果")).to_be_visible()
    # One single choice right (1 mark), two of three right options chosen (0.5 each): 2 marks.
    expect(page.locator("main")).to_contain_text("2")
    axe()


def test_an_answer_given_without_network_is_kept_on_the_device_and_sent_later(
    page: Page, live_server: Any, paper: Any, sign_in: Callable[..., None]
) -> None:
    sign_in("alice", PASSWORD)
    start(page, live_server, paper)
    page.context.set_offline(True)
    choose(page, "B")
    saved(page, "device")
    expect(page.get_by_text("网络断开，可以继续答题。").first).to_be_visible()
    page.context.set_offline(False)
    saved(page, "server")
