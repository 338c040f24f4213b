"""An evening of practice on a phone: a chapter, the notebook, a self-check on a bad network."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from cms.accounts.services import open_account
from quizzes.models import PracticeAnswer
from tests.factories.practice import make_multiple, make_single

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a long enough secret"
NARROW = {"width": 320, "height": 700}


@pytest.fixture
def questions(live_server: Any) -> list[Any]:
    open_account(username="alice", name="爱丽", password=PASSWORD)
    return [make_single(1), make_multiple(2)]


def choose(page: Page, *letters: str) -> None:
    for letter in letters:
        page.locator(".option", has=page.locator(f".key:text-is('{letter}')")).click()


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def answer_all_wrongly(page: Page) -> None:
    for number in (1, 2):
        expect(page.get_by_role("heading", name=f"第 {number} 题")).to_be_visible()
        choose(page, "E" if page.locator("[data-kind='multi']").count() else "A")
        page.get_by_role("button", name="交答案").click()
        expect(page.locator("#verdict")).to_contain_text("答错了")
        if number == 1:
            page.get_by_role("link", name="下一题").click()


def test_a_trainee_practises_a_chapter_and_does_the_mistakes_again(
    page: Page,
    live_server: Any,
    questions: list[Any],
    sign_in: Callable[..., None],
    axe: Callable[[], None],
) -> None:
    sign_in("alice", PASSWORD)
    page.set_viewport_size(NARROW)
    page.goto(f"{live_server.url}/practice/")
    fits(page)
    axe()
    page.get_by_role("button", name="练 2 题").click()
    fits(page)
    axe()
    page.get_by_role("button", name="交答案").click()
    expect(page.get_by_text("还没有选")).to_be_visible()
    answer_all_wrongly(page)
    axe()
    page.get_by_role("link", name="看小结").click()
    fits(page)
    axe()

    page.get_by_role("link", name="错题本").click()
    expect(page.get_by_text("连对 0/2")).to_have_count(2)
    page.locator(".rows summary").first.click()
    fits(page)
    axe()
    page.get_by_role("button", name="重做 2 题").click()
    expect(page.get_by_role("heading", name="第 1 题")).to_be_visible()


def test_it_all_works_by_keyboard(
    page: Page, live_server: Any, questions: list[Any], sign_in: Callable[..., None]
) -> None:
    sign_in("alice", PASSWORD)
    page.goto(f"{live_server.url}/practice/")
    page.get_by_role("button", name="练 2 题").press("Enter")
    option = page.locator("input[name='option']").first
    option.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_be_focused()


def test_a_self_check_in_a_lesson_survives_a_lost_network(
    page: Page,
    live_server: Any,
    questions: list[Any],
    sign_in: Callable[..., None],
    axe: Callable[[], None],
) -> None:
    sign_in("alice", PASSWORD)
    page.route("**/papers/", lambda route: embed(route, questions))
    page.goto(f"{live_server.url}/papers/")
    first, second = (page.locator(".selfcheck").nth(place) for place in (0, 1))
    expect(second.locator("form")).to_be_visible()
    axe()

    choose_in(first, "B")
    expect(first).to_contain_text("答对了")
    expect(first).to_have_attribute("data-saved", "server")

    page.context.set_offline(True)
    choose_in(second, "A", "C")
    expect(second).to_contain_text("少选了 D")
    expect(second).to_have_attribute("data-saved", "waiting")
    axe()
    page.context.set_offline(False)
    expect(second).to_have_attribute("data-saved", "server")
    kept = PracticeAnswer.objects.across_regions()
    assert sorted(kept.values_list("value", "place")) == [("a,c", "lesson"), ("b", "lesson")]


def choose_in(island: Any, *letters: str) -> None:
    for letter in letters:
        island.locator(".option", has=island.page.locator(f".key:text-is('{letter}')")).click()
    island.get_by_role("button", name="交答案").click()


def embed(route: Route, questions: list[Any]) -> None:
    """A page of the site with self-checks in it, as a lesson has them."""
    places = [
        {"question": str(v.question.uuid), "api": "/api/v1/practice/", "lang": "zh-hans"}
        for v in questions
    ]
    islands = "".join(
        '<div data-island="self-check"><script type="application/json" data-island-json>'
        f"{json.dumps(config)}</script></div>"
        for config in places
    )
    reply = route.fetch()
    body = re.sub("</h1>", lambda end: end[0] + islands, reply.text(), count=1)
    route.fulfill(response=reply, body=body)
