"""The mistakes notebook as a page."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quizzes.bank import services as bank
from quizzes.models import Mistake, PracticeRun
from quizzes.practice.notebook import clear_after_of
from quizzes.templatetags.questions import days_ago
from tests.factories.exam import (
    SECRET_RATIONALE,
    hand_in,
    make_chapter,
    make_paper,
    make_user,
    start_attempt,
)
from tests.factories.practice import DAY, give, make_multiple, make_single

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return make_user("alice")


@pytest.fixture
def browser(alice):
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def notebook(alice):
    """In chapter 1 a wrong single and a partial multiple, in 2 a guess and one overcome."""
    here, there = make_chapter(1), make_chapter(2)
    versions = {
        "wrong": make_single(1, here),
        "partial": make_multiple(2, here),
        "guess": make_single(3, there),
        "overcome": make_single(4, there),
    }
    give(alice, versions["wrong"], "a")
    give(alice, versions["partial"], "a", minute=1)
    give(alice, versions["guess"], "b", minute=2, guessed=True)
    for minute, chosen in enumerate("abb", start=3):
        give(alice, versions["overcome"], chosen, minute=minute)
    return versions


def text_of(reply):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reply.content.decode()))


def listed(reply):
    found = reply.context["chapters"]
    return [entry.mistake.version_id for group in found for entry in group.entries]


def test_an_empty_notebook_says_what_would_fill_it(browser):
    assert 'class="empty"' in browser.get("/mistakes/").content.decode()


def test_the_open_ones_stand_by_chapter_with_what_was_chosen(browser, notebook):
    reply = browser.get("/mistakes/")
    groups = reply.context["chapters"]
    assert [(g.chapter.order, g.count, len(g.entries)) for g in groups] == [(1, 2, 2), (2, 1, 1)]
    text = text_of(reply)
    assert "△ 漏选" in text
    assert "答对了，但您勾了“蒙的”" in text
    assert "连对 0/2" in text
    assert reply.content.decode().count(SECRET_RATIONALE) == 3


def test_tabs_and_filters_count_what_they_show(browser, notebook):
    reply = browser.get("/mistakes/")
    counts = reply.context["counts"]
    assert (counts.tabs["open"], counts.tabs["overcome"]) == (3, 1)
    assert counts.shows == {
        "all": 3,
        "single": 2,
        "multiple": 1,
        "true_false": 0,
        "partial": 1,
        "guessed": 1,
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["partial", "wrong", "guess"]),
        ({"show": "nonsense", "tab": "nonsense"}, ["partial", "wrong", "guess"]),
        ({"show": "single"}, ["wrong", "guess"]),
        ({"show": "multiple"}, ["partial"]),
        ({"show": "partial"}, ["partial"]),
        ({"show": "guessed"}, ["guess"]),
        ({"tab": "overcome"}, ["overcome"]),
        ({"tab": "overcome", "show": "partial"}, []),
    ],
)
def test_the_list_can_be_narrowed(browser, notebook, query, names):
    assert listed(browser.get("/mistakes/", query)) == [notebook[name].pk for name in names]


def test_nobody_elses_mistakes_are_here(notebook):
    charlie = Client()
    charlie.force_login(make_user("charlie"))
    reply = charlie.get("/mistakes/")
    assert listed(reply) == []
    assert SECRET_RATIONALE not in reply.content.decode()


def test_mocks_handed_in_since_are_there_when_one_looks(alice, browser):
    hand_in(start_attempt(alice, make_paper(2, 0)), {1: "a"})
    reply = browser.get("/mistakes/")
    assert len(listed(reply)) == 2
    assert "模拟考试" in text_of(reply)


def test_the_number_in_a_row_is_changed_in_place(alice, browser, notebook):
    reply = browser.post(
        "/mistakes/setting/", {"clear_after": "3", "next": "/mistakes/?tab=overcome"}
    )
    assert reply["Location"] == "/mistakes/?tab=overcome"
    assert clear_after_of(alice) == 3
    assert browser.get("/mistakes/").context["counts"].tabs["open"] == 4


@pytest.mark.parametrize("wrong", ["5", "", "-1", "二", "²"])
def test_a_number_beyond_the_choices_changes_nothing(alice, browser, wrong):
    assert browser.post("/mistakes/setting/", {"clear_after": wrong}).status_code == 409
    assert clear_after_of(alice) == 2


def test_the_button_redoes_what_the_filter_shows(alice, browser, notebook):
    markup = browser.get("/mistakes/", {"show": "partial"}).content.decode()
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', markup))
    sent = {"style": "drill", **{k: fields[k] for k in ("kind", "subject", "show")}}
    browser.post("/practice/start/", {**sent, "kind": "mistakes"})
    run = PracticeRun.objects.visible_to(alice).get()
    assert run.versions == [notebook["partial"].pk]
    assert "重做 1 题" in markup


def test_what_cannot_be_done_again_is_not_promised(alice, browser, notebook):
    for name in ("wrong", "partial", "guess"):
        bank.retire(notebook[name], actor=alice, now=DAY)
    reply = browser.get("/mistakes/")
    assert reply.context["redo_count"] == 0
    assert "旧版题目" in text_of(reply)
    assert len(listed(reply)) == 3


def test_mistakes_of_a_paper_being_sat_are_hidden_and_the_page_says_so(alice, browser, notebook):
    paper = make_paper(1, 0)
    give(alice, paper.items.get().question_version, "a", minute=30)
    assert len(listed(browser.get("/mistakes/"))) == 4
    attempt = start_attempt(alice, paper)
    reply = browser.get("/mistakes/")
    assert (len(listed(reply)), reply.context["counts"].tabs["open"]) == (3, 3)
    assert "错题本里有 1 题" in text_of(reply)
    assert attempt.paper.title in text_of(reply)


def test_the_button_does_again_the_twelve_most_useful(alice, browser):
    versions = [make_single(n) for n in range(14)]
    for n, version in enumerate(versions):
        give(alice, version, "a", minute=n)
    give(alice, versions[13], "a", minute=20)
    reply = browser.get("/mistakes/")
    assert "重做 12 题 · 约 9 分钟" in text_of(reply)
    sent = {"kind": "mistakes", "style": "drill", "subject": "junior-general", "size": "12"}
    browser.post("/practice/start/", sent)
    run = PracticeRun.objects.visible_to(alice).get()
    assert run.versions == [versions[n].pk for n in (13, *range(11))]


def test_printing_lays_every_question_open(browser, notebook):
    markup = browser.get("/mistakes/", {"print": "1"}).content.decode()
    assert markup.count("<details open><summary") == 3


def test_the_notebook_asks_a_bounded_number_of_questions(alice, browser):
    counts = []
    for start in (0, 10):
        for n in range(start, start + 6):
            give(alice, make_single(n, make_chapter(1 + n % 5)), "a", minute=n)
        browser.get("/mistakes/")  # once before: what is remembered is no cost of this page
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/mistakes/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= 20


def test_a_long_notebook_has_pages_and_says_how_many_a_chapter_has(alice, browser):
    for n in range(32):
        give(alice, make_single(n), "a", minute=n)
    first = browser.get("/mistakes/")
    assert len(listed(first)) == 30
    assert first.context["chapters"][0].count == 32
    assert len(listed(browser.get("/mistakes/", {"page": 2}))) == 2
    assert Mistake.objects.visible_to(alice).count() == 32


@pytest.mark.parametrize(
    ("days", "said"), [(0, "今天"), (1, "昨天"), (3, "3 天前"), (7, "7 天前"), (8, "2026年4月12日")]
)
def test_moments_are_said_in_days_within_a_week(days, said):
    today = timezone.localdate(DAY)
    assert days_ago(DAY - timedelta(days=days), today) == said
