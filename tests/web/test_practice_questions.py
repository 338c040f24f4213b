"""Single questions: the self-check without script, bookmarks and notes."""

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quizzes.bank import services as bank
from quizzes.models import Mistake, PracticeAnswer, QuestionBookmark, QuestionNote
from quizzes.practice import services
from tests.factories.exam import SECRET_RATIONALE, make_paper, make_user, start_attempt
from tests.factories.practice import DAY, give, make_single

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return make_user("alice")


@pytest.fixture
def browser(alice):
    client = Client()
    client.force_login(alice)
    return client


def key_on(reply):
    return re.search(r'name="key" value="([0-9a-f-]{36})"', reply.content.decode())[1]


def verdict_on(reply):
    found = re.search(r'id="verdict"[^>]*data-verdict="(\w+)"', reply.content.decode())
    return found[1] if found else None


def answers():
    return PracticeAnswer.objects.across_regions()


def statements(client, address):
    client.get(address)  # once before: what is remembered from page to page is no cost of this one
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


# --- a single question ------------------------------------------------------------------------
def test_a_self_check_works_without_script_and_leads_back_to_the_lesson(alice, browser):
    version = make_single()
    page = reverse("practice:question", args=[version.question.uuid])
    opened = browser.get(page, {"next": "/courses/one/"})
    assert SECRET_RATIONALE not in opened.content.decode()
    sent = {"key": key_on(opened), "option": "b", "next": "/courses/one/"}
    reply = browser.post(page, sent)
    shown = browser.get(reply["Location"])
    assert verdict_on(shown) == "right"
    assert 'href="/courses/one/"' in shown.content.decode()
    assert answers().get().place == "lesson"
    assert verdict_on(browser.get(page)) is None


def test_a_self_check_leads_to_no_other_site(browser):
    page = reverse("practice:question", args=[make_single().question.uuid])
    assert "66.example" not in browser.get(page, {"next": "https://66.example/"}).content.decode()


def test_anothers_answer_shows_no_key(alice, browser):
    version = make_single()
    theirs = give(make_user("charlie"), version)
    page = reverse("practice:question", args=[version.question.uuid])
    for named in (theirs.key, "x"):
        reply = browser.get(page, {"answer": named})
        assert verdict_on(reply) is None
        assert SECRET_RATIONALE not in reply.content.decode()


def test_a_question_of_a_draft_paper_is_not_here(browser):
    paper = make_paper(1, 0, code="to-come", released=False)
    question = paper.items.get().question_version.question
    for name in ("question", "bookmark", "note"):
        page = reverse(f"practice:{name}", args=[question.uuid])
        assert browser.post(page, {"key": uuid.uuid4(), "give_up": "1"}).status_code == 404
    assert browser.get(reverse("practice:question", args=[question.uuid])).status_code == 404


# --- bookmarks and notes ----------------------------------------------------------------------
def test_a_bookmark_and_a_note_are_kept_and_shown(alice, browser):
    version = make_single()
    address = reverse("practice:bookmark", args=[version.question.uuid])
    assert browser.post(address, {"kept": "1", "next": "/practice/"})["Location"] == "/practice/"
    note = reverse("practice:note", args=[version.question.uuid])
    browser.post(note, {"text": "先看<b>主体</b>"})
    markup = browser.get("/practice/bookmarks/").content.decode()
    assert "先看&lt;b&gt;主体" in markup
    assert SECRET_RATIONALE in markup
    browser.post(address, {"kept": "0"})
    assert not QuestionBookmark.objects.visible_to(alice).exists()
    assert QuestionNote.objects.visible_to(alice).exists()


def test_notes_on_questions_stand_beside_those_on_lessons(alice, browser):
    kept, gone, other = (make_single(n) for n in (1, 2, 3))
    for version, text in ((kept, "先看主语"), (gone, "记住<b>年份</b>")):
        services.set_note(version.question, text, user=alice, now=DAY)
    services.set_note(other.question, "别人的", user=make_user("charlie"), now=DAY)
    bank.retire(gone, actor=alice, now=DAY)
    markup = browser.get("/practice/notes/").content.decode()
    assert "先看主语" in markup
    assert "记住&lt;b&gt;年份" in markup
    assert "别人的" not in markup
    assert reverse("practice:question", args=[kept.question.uuid]) in markup
    assert reverse("practice:question", args=[gone.question.uuid]) not in markup
    assert 'href="/study/notes/"' in markup
    assert 'href="/practice/notes/"' in browser.get("/study/notes/").content.decode()


def test_a_note_on_a_paper_being_sat_is_hidden_for_so_long(alice, browser):
    paper = make_paper(1, 0)
    question = paper.items.get().question_version.question
    services.set_note(question, "选第二项", user=alice, now=DAY)
    start_attempt(alice, paper)
    reply = browser.get("/practice/notes/")
    assert reply.context["resting"] == 1
    assert "选第二项" not in reply.content.decode()


def test_the_notes_ask_a_bounded_number_of_questions(alice, browser):
    counts = []
    for start in (0, 10):
        for n in range(start, start + 6):
            services.set_note(make_single(n).question, "笔记", user=alice, now=DAY)
        counts.append(statements(browser, "/practice/notes/"))
    assert counts[0] == counts[1]
    assert counts[0] <= 14


def test_a_bookmarked_question_that_left_practice_is_counted_and_not_shown(alice, browser):
    version = make_single()
    services.set_bookmark(version.question, user=alice, kept=True, now=DAY)
    bank.retire(version, actor=alice, now=DAY)
    reply = browser.get("/practice/bookmarks/")
    assert SECRET_RATIONALE not in reply.content.decode()
    assert reply.context["resting"] == 1
    let_go = reverse("practice:bookmark", args=[version.question.uuid])
    assert browser.post(let_go, {"kept": "0"}).status_code == 302


def test_a_mistake_of_a_question_that_left_practice_can_still_be_noted(alice, browser):
    version = make_single()
    give(alice, version, "a")
    bank.retire(version, actor=alice, now=DAY)
    assert Mistake.objects.visible_to(alice).exists()
    note = reverse("practice:note", args=[version.question.uuid])
    assert browser.post(note, {"text": "旧题"}).status_code == 302


def test_the_bookmarks_ask_a_bounded_number_of_questions(alice, browser):
    counts = []
    for start in (0, 10):
        for n in range(start, start + 5):
            question = make_single(n).question
            services.set_bookmark(question, user=alice, kept=True, now=DAY)
        counts.append(statements(browser, "/practice/bookmarks/"))
    assert counts[0] == counts[1]
