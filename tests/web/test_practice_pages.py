"""Practice as a trainee walks it, without a line of script."""

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quizzes.bank import services as bank
from quizzes.models import (
    PracticeAnswer,
    PracticeRun,
)
from quizzes.practice import services
from quizzes.practice.overview import weak_chapters
from tests.factories.exam import (
    SECRET_RATIONALE,
    hand_in,
    make_chapter,
    make_paper,
    make_user,
    start_attempt,
)
from tests.factories.practice import (
    DAY,
    give,
    make_elsewhere,
    make_multiple,
    make_run,
    make_single,
)

pytestmark = pytest.mark.django_db
START = {"kind": "chapter", "style": "drill", "subject": "junior-general", "size": "10"}


@pytest.fixture
def alice():
    return make_user("alice")


@pytest.fixture
def browser(alice):
    client = Client()
    client.force_login(alice)
    return client


def text_of(reply):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reply.content.decode()))


def place(run, number=1):
    return reverse("practice:run", args=[run.uuid, number])


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


# --- home -------------------------------------------------------------------------------------
def test_the_home_says_what_would_fill_it(browser):
    assert 'class="empty"' in browser.get("/practice/").content.decode()


def test_the_doors_count_what_is_behind_them(alice, browser):
    make_paper(2, 1)
    make_paper(1, 0, code="to-come", released=False)
    wrong = make_single()
    give(alice, wrong, "a")
    services.set_bookmark(wrong.question, user=alice, kept=True, now=DAY)
    doors = browser.get("/practice/").context["home"].doors
    assert (doors.questions, doors.papers, doors.mistakes, doors.bookmarks) == (4, 1, 1, 1)


def test_a_mock_that_was_handed_in_is_counted_when_one_looks(alice, browser):
    hand_in(start_attempt(alice, make_paper(3, 0)), {1: "b", 2: "a"})
    assert browser.get("/practice/").context["home"].doors.mistakes == 2


def test_chapters_say_how_much_is_answered_and_how_it_went(alice, browser):
    first, second = make_chapter(1), make_chapter(2)
    versions = [make_single(n, first) for n in range(6)]
    make_single(9, second)
    for n, version in enumerate(versions[:5]):
        give(alice, version, "b" if n < 2 else "a", minute=n)
    rows = browser.get("/practice/").context["home"].rows
    assert [(r.chapter, r.questions, r.practised, r.is_weak) for r in rows] == [
        (first, 6, 5, True),
        (second, 1, 0, False),
    ]
    assert (rows[0].recent.percent, rows[1].recent) == (40, None)


def test_the_home_and_other_pages_name_the_same_chapter_with_the_same_share(alice, browser):
    hand_in(start_attempt(alice, make_paper(10, 0)), dict.fromkeys(range(1, 11), "a"))
    for minute in range(6):
        give(alice, make_single(minute, make_chapter(3)), "b" if minute else "a", minute=minute)
    home = browser.get("/practice/").context["home"]
    found = weak_chapters(alice, ["junior-general"])
    assert [row.recent for row in home.rows] == sorted(found, key=lambda s: s.chapter.order)
    assert home.next_chapter.recent == found[0]
    assert "近 5 题对 0%（含模考）" in text_of(browser.get("/practice/"))


# --- a chapter that another page leads to -----------------------------------------------------
def test_a_chapter_that_is_asked_for_stands_on_top_with_both_ways_to_begin(alice, browser):
    make_run(alice, subject=make_elsewhere().question.subject)
    chapter = make_chapter(2)
    for n in range(3):
        make_single(n, chapter)
    make_single(9, make_chapter(1))
    reply = browser.get("/practice/", {"chapter": chapter.pk})
    home, markup = reply.context["home"], reply.content.decode()
    assert (home.subject.pk, home.chapter.chapter) == ("junior-general", chapter)
    assert "练 3 题" in text_of(reply)
    assert markup.count("btn-primary") == 1
    assert f'<details id="chapter-{chapter.pk}"><summary class="row" aria-current="true">' in markup
    start = {"kind": "chapter", "subject": home.subject.pk, "chapter": chapter.pk, "size": "10"}
    for style in ("drill", "recite"):
        assert f'name="style" value="{style}"' in markup
        browser.post("/practice/start/", {**start, "style": style})
    runs = PracticeRun.objects.visible_to(alice).filter(chapter=chapter)
    assert [run.size for run in runs] == [3, 3]


def test_a_chapter_without_questions_says_so_and_offers_nothing(browser):
    make_single(1, make_chapter(1))
    reply = browser.get("/practice/", {"chapter": make_chapter(2).pk})
    assert "本章还没有题" in text_of(reply)
    assert "btn-primary" not in reply.content.decode()


@pytest.mark.parametrize("wanted", ["", "x", "0", "٣", "99999999999999999999"])
def test_a_chapter_that_is_none_leaves_the_home_as_it_is(browser, wanted):
    make_single()
    assert browser.get("/practice/", {"chapter": wanted}).context["home"].chapter is None


# --- a paper that is being sat ----------------------------------------------------------------
def test_while_a_paper_is_sat_its_subject_stays_and_says_why_and_until_when(alice, browser):
    paper = make_paper(2, 0)
    attempt = start_attempt(alice, paper)
    reply = browser.get("/practice/", {"chapter": make_chapter(1).pk})
    home, text = reply.context["home"], text_of(reply)
    assert (home.subject.pk, home.total, home.doors.questions) == ("junior-general", 0, 0)
    assert "2026年4月12日 11:00" in text
    assert reverse("attempts:player", args=[attempt.uuid]) in reply.content.decode()
    assert "交卷后" in text
    hand_in(attempt, {1: "b", 2: "b"})
    home = browser.get("/practice/").context["home"]
    assert (home.total, home.sitting) == (2, [])


def test_an_earlier_answer_gives_no_key_away_while_the_paper_is_sat(alice, browser):
    paper = make_paper(1, 0)
    run = make_run(alice)
    give(alice, paper.items.get().question_version, run=run)
    assert SECRET_RATIONALE in browser.get(place(run)).content.decode()
    start_attempt(alice, paper)
    assert SECRET_RATIONALE not in browser.get(place(run)).content.decode()


def test_the_next_step_is_the_open_run_then_the_weakest_chapter_then_a_fresh_one(alice, browser):
    weak, fresh = make_chapter(1), make_chapter(2)
    version = make_single(1, weak)
    make_single(2, fresh)
    assert browser.get("/practice/").context["home"].next_chapter.chapter == weak
    give(alice, version, "b")
    assert browser.get("/practice/").context["home"].next_chapter.chapter == fresh
    for minute in range(1, 6):
        give(alice, version, "a", minute=minute)
    reply = browser.get("/practice/")
    assert reply.context["home"].next_chapter.chapter == weak
    assert reply.content.decode().count("btn-primary") == 1
    run = make_run(alice)
    reply = browser.get("/practice/")
    assert place(run, run.place) in reply.content.decode()
    assert reply.content.decode().count("btn-primary") == 1


def test_the_home_asks_a_bounded_number_of_questions(alice, browser):
    counts = []
    for start in (0, 20):
        for n in range(start, start + 8):
            give(alice, make_single(n, make_chapter(1 + n % 9)), "a", minute=n)
        counts.append(statements(browser, "/practice/"))
    assert counts[0] == counts[1]
    assert counts[0] <= 22


# --- starting ---------------------------------------------------------------------------------
def test_starting_makes_a_run_and_leads_to_its_first_question(alice, browser):
    here = make_single(1, make_chapter(1))
    make_single(2, make_chapter(2))
    reply = browser.post("/practice/start/", {**START, "chapter": make_chapter(1).pk})
    run = PracticeRun.objects.visible_to(alice).get()
    assert reply["Location"] == place(run)
    assert run.versions == [here.pk]


@pytest.mark.parametrize("wrong", [{"kind": "x"}, {"style": ""}, {"subject": "x"}, {"size": "9"}])
def test_a_start_that_no_form_sends_is_refused(browser, wrong):
    make_single()
    reply = browser.post("/practice/start/", {**START, **wrong})
    assert reply.status_code == 400
    assert not PracticeRun.objects.across_regions().exists()


def test_a_start_from_anothers_run_is_not_found(browser):
    make_single()
    theirs = make_run(make_user("charlie"))
    reply = browser.post("/practice/start/", {**START, "again": theirs.uuid})
    assert reply.status_code == 404


# --- a question -------------------------------------------------------------------------------
def test_a_question_shows_no_key_before_it_is_answered(alice, browser):
    make_multiple()
    reply = browser.get(place(make_run(alice)))
    markup = reply.content.decode()
    assert SECRET_RATIONALE not in markup
    assert "is-right" not in markup
    assert "is-missed" not in markup
    assert markup.count('type="checkbox" name="option"') == 5
    assert "无限" not in markup


def test_an_answer_comes_back_with_feedback_and_a_reload_repeats_nothing(alice, browser):
    make_multiple()
    page = place(make_run(alice))
    sent = {"key": key_on(browser.get(page)), "option": ["a", "c"]}
    reply = browser.post(page, sent)
    assert reply["Location"] == f"{page}#verdict"
    shown = browser.get(page)
    assert verdict_on(shown) == "partial"
    assert shown.content.decode().count("is-missed") == 1
    assert SECRET_RATIONALE in shown.content.decode()
    assert "得 1 分，满分 2 分" in text_of(shown)
    assert browser.post(page, sent)["Location"] == f"{page}#verdict"
    assert answers().count() == 1


@pytest.mark.parametrize(("chosen", "verdict"), [("b", "right"), ("a", "wrong"), ("", "blank")])
def test_a_single_choice_is_right_wrong_or_not_known(alice, browser, chosen, verdict):
    make_single()
    page = place(make_run(alice))
    sent = {"key": uuid.uuid4(), **({"option": chosen} if chosen else {"give_up": "1"})}
    browser.post(page, sent)
    assert verdict_on(browser.get(page)) == verdict


def test_one_option_of_several_is_warned_of_and_counts_all_the_same(alice, browser):
    make_multiple()
    page = place(make_run(alice))
    browser.post(page, {"key": uuid.uuid4(), "option": "a"})
    assert "您只选了 1 项" in text_of(browser.get(page))
    assert answers().get().verdict == "partial"


def test_nothing_chosen_is_told_and_keeps_the_page(alice, browser):
    make_single()
    page = place(make_run(alice))
    reply = browser.post(
        page, {"key": uuid.uuid4()}, headers={"referer": f"http://testserver{page}"}
    )
    assert reply["Location"] == f"http://testserver{page}"
    assert "还没有选" in text_of(browser.get(page))
    assert not answers().exists()


def test_a_page_without_its_key_is_refused(alice, browser):
    make_single()
    assert browser.post(place(make_run(alice)), {"option": "b", "key": "x"}).status_code == 400


def test_a_guess_that_was_right_is_said_not_to_count(alice, browser):
    make_single()
    page = place(make_run(alice))
    browser.post(page, {"key": uuid.uuid4(), "option": "b", "guessed": "1"})
    assert "您勾了“蒙的”" in text_of(browser.get(page))


def test_the_streak_stands_under_the_feedback(alice, browser):
    version = make_single()
    give(alice, version, "a")
    page = place(make_run(alice, kind="mistakes"))
    browser.post(page, {"key": uuid.uuid4(), "option": "b"})
    assert "连对 1/2" in text_of(browser.get(page))


def test_a_question_that_left_practice_is_passed_over(alice, browser):
    version = make_single()
    run = make_run(alice)
    bank.retire(version, actor=alice, now=DAY)
    markup = browser.get(place(run)).content.decode()
    assert "题的题干" not in markup
    assert 'name="option"' not in markup
    assert browser.post(place(run), {"key": uuid.uuid4(), "option": "b"}).status_code == 409


def test_what_was_answered_can_still_be_read_after_it_left_practice(alice, browser):
    version = make_single()
    run = make_run(alice)
    give(alice, version, run=run)
    bank.retire(version, actor=alice, now=DAY)
    assert verdict_on(browser.get(place(run))) == "right"


def test_a_recital_shows_the_key_at_once_and_turns_by_a_form(alice, browser):
    make_single(1)
    make_single(2)
    run = make_run(alice, style="recite")
    markup = browser.get(place(run)).content.decode()
    assert "is-right" in markup
    assert SECRET_RATIONALE in markup
    assert browser.post(place(run))["Location"] == place(run, 2)
    assert browser.post(place(run, 2))["Location"] == reverse("practice:summary", args=[run.uuid])
    run.refresh_from_db()
    assert run.finished_at is not None
    assert not answers().exists()


def test_there_is_no_question_beyond_the_run(alice, browser):
    make_single()
    run = make_run(alice)
    assert browser.get(place(run, 0)).status_code == 404
    assert browser.get(place(run, 2)).status_code == 404


def test_anothers_run_is_not_here(browser):
    make_single()
    theirs = make_run(make_user("charlie"))
    summary = reverse("practice:summary", args=[theirs.uuid])
    finish = reverse("practice:finish", args=[theirs.uuid])
    assert browser.get(place(theirs)).status_code == 404
    assert browser.post(place(theirs), {"key": uuid.uuid4(), "option": "b"}).status_code == 404
    assert browser.get(summary).status_code == 404
    assert browser.post(finish).status_code == 404


def test_a_question_asks_a_bounded_number_of_questions(alice, browser):
    counts = []
    for n in (1, 30):
        for each in range(n):
            make_single(each)
        counts.append(statements(browser, place(make_run(alice))))
    assert counts[0] == counts[1]
    assert counts[0] <= 12


# --- summary ----------------------------------------------------------------------------------
def test_the_summary_sums_by_verdict_and_chapter(alice, browser):
    versions = [make_single(1, make_chapter(1)), make_multiple(2, make_chapter(2))]
    versions += [make_single(n, make_chapter(2)) for n in (3, 4)]
    run = make_run(alice)
    for version, chosen in zip(versions, ("b", "ac", ""), strict=False):
        give(alice, version, chosen, run=run)
    reply = browser.get(reverse("practice:summary", args=[run.uuid]))
    whole = reply.context["outcome"].whole
    assert (whole.right, whole.partial, whole.wrong, whole.left) == (1, 1, 1, 1)
    chapters = [
        (chapter.order, sums.answered) for chapter, sums in reply.context["outcome"].chapters
    ]
    assert chapters == [(1, 1), (2, 2)]
    assert "再做没答对的 2 题" in text_of(reply)


def test_the_wrong_ones_can_be_done_again_from_the_summary(alice, browser):
    wrong = make_single()
    run = make_run(alice)
    give(alice, wrong, "a", run=run)
    browser.post("/practice/start/", {**START, "kind": "mistakes", "size": "", "again": run.uuid})
    assert PracticeRun.objects.visible_to(alice).get(kind="mistakes").versions == [wrong.pk]


def test_ending_a_run_leads_to_its_summary(alice, browser):
    make_single()
    run = make_run(alice)
    reply = browser.post(reverse("practice:finish", args=[run.uuid]))
    assert reply["Location"] == reverse("practice:summary", args=[run.uuid])
    assert browser.get("/practice/").context["home"].resume is None


def test_the_summary_asks_a_bounded_number_of_questions(alice, browser):
    counts = []
    for n in (1, 30):
        for each in range(n):
            make_single(each)
        run = make_run(alice)
        counts.append(statements(browser, reverse("practice:summary", args=[run.uuid])))
    assert counts[0] == counts[1]
