"""The notebook as rows: derived from answers and mocks, alike whichever way they came."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cms.core.errors import Refused
from quizzes.models import Mistake, PracticeProfile, Scoring
from quizzes.practice import services
from quizzes.practice.overview import (
    mistakes_to_redo,
    open_mistakes,
    weak_chapters,
)
from tests.factories.exam import (
    STARTED,
    hand_in,
    make_chapter,
    make_paper,
    make_user,
    start_attempt,
)
from tests.factories.practice import DAY, give, make_elsewhere, make_multiple, make_single

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return make_user("alice")


def rows(user):
    return {row.question_id: row.as_standing() for row in Mistake.objects.visible_to(user)}


def row_of(user, version):
    return Mistake.objects.visible_to(user).get(question=version.question_id)


def sit(user, paper, answers):
    return hand_in(start_attempt(user, paper), answers)


def version_of(paper, number):
    return paper.items.get(number=number).question_version


# --- from answers -----------------------------------------------------------------------------
def test_a_wrong_answer_is_in_the_notebook_at_once(alice):
    version = make_multiple()
    give(alice, version, "ab")
    found = row_of(alice, version)
    assert (found.verdict, found.chosen, found.source) == ("wrong", ("a", "b"), "lesson")
    assert open_mistakes(alice) == 1


def test_two_right_in_a_row_take_it_out(alice):
    version = make_single()
    for minute, chosen in enumerate("abb"):
        give(alice, version, chosen, minute=minute)
    found = row_of(alice, version)
    assert found.cleared_at == DAY + timedelta(minutes=2)
    assert open_mistakes(alice) == 0


def test_a_guess_is_in_the_notebook_and_does_not_count(alice):
    version = make_single()
    give(alice, version, guessed=True)
    assert row_of(alice, version).is_guess
    give(alice, version, minute=1)
    give(alice, version, minute=2, guessed=True)
    assert (row_of(alice, version).streak, row_of(alice, version).cleared_at) == (1, None)


def test_another_number_in_a_row_holds_for_what_was_answered_before(alice):
    version = make_single()
    for minute, chosen in enumerate("abb"):
        give(alice, version, chosen, minute=minute)
    services.set_clear_after(alice, 3)
    assert open_mistakes(alice) == 1
    services.set_clear_after(alice, 1)
    assert row_of(alice, version).cleared_at == DAY + timedelta(minutes=1)
    services.set_clear_after(alice, 0)
    assert open_mistakes(alice) == 1


@pytest.mark.parametrize("times", [-1, 5])
def test_a_number_beyond_the_choices_is_refused(alice, times):
    with pytest.raises(Refused) as refused:
        services.set_clear_after(alice, times)
    assert refused.value.code == "invalid"


# --- from mocks -------------------------------------------------------------------------------
def test_wrong_partial_and_blank_items_of_a_mock_are_taken_in_once(alice):
    paper = make_paper(3, 2)
    sit(alice, paper, {1: "b", 2: "a", 4: "ac"})
    assert services.take_in_mocks(alice) == 1
    assert services.take_in_mocks(alice) == 0
    found = {row.question_id: row.verdict for row in Mistake.objects.visible_to(alice)}
    assert found == {
        version_of(paper, 2).question_id: "wrong",
        version_of(paper, 3).question_id: "blank",
        version_of(paper, 4).question_id: "partial",
        version_of(paper, 5).question_id: "blank",
    }
    assert set(Mistake.objects.visible_to(alice).values_list("source", flat=True)) == {"mock"}


def test_a_short_look_into_a_mock_brings_its_answers_and_no_blanks(alice):
    paper = make_paper(4, 1)
    sit(alice, paper, {1: "b", 2: "a"})
    services.take_in_mocks(alice)
    before = rows(alice)
    assert before.keys() == {version_of(paper, 2).question_id}
    services.rebuild()
    assert rows(alice) == before


def test_a_mock_that_is_open_or_somebody_elses_is_not_taken_in(alice):
    paper = make_paper(1, 0)
    start_attempt(alice, paper)
    sit(make_user("charlie"), paper, {1: "a"})
    assert services.take_in_mocks(alice) == 0
    assert rows(alice) == {}


def test_a_mock_taken_in_late_counts_from_when_it_was_handed_in(alice):
    paper = make_paper(1, 0)
    version = version_of(paper, 1)
    sit(alice, paper, {1: "a"})
    give(alice, version)
    give(alice, version, minute=1)
    late = rows(alice)
    assert services.take_in_mocks(alice) == 1
    assert rows(alice) == late
    assert row_of(alice, version).wrong_at == STARTED + timedelta(minutes=1)
    assert row_of(alice, version).cleared_at == DAY + timedelta(minutes=1)


def test_a_rescored_mock_is_taken_in_anew(alice):
    paper = make_paper(1, 0)
    sit(alice, paper, {1: "a"})
    services.take_in_mocks(alice)
    before = rows(alice)
    old = Scoring.objects.get()
    rescored = Scoring.objects.create(
        attempt=old.attempt,
        total_half=2,
        item_scores=[2],
        answers={"1": ["b"]},
        scheme_sha256=old.scheme_sha256,
        paper_sha256=old.paper_sha256,
        supersedes=old,
        reason="答案录错",
        by=alice,
        at=DAY,
    )
    assert before
    assert services.take_in_mocks(alice) == 1
    assert rows(alice) == {}
    assert PracticeProfile.objects.get(user=alice).scorings_through == rescored.pk


def test_the_sweep_takes_in_everybodys_new_mocks(alice):
    paper = make_paper(1, 0)
    charlie = make_user("charlie")
    sit(alice, paper, {1: "a"})
    sit(charlie, paper, {1: "c"})
    now = STARTED + timedelta(minutes=5)
    assert services.take_in_due(now) == 2
    assert services.take_in_due(now) == 0
    assert open_mistakes(alice) == open_mistakes(charlie) == 1


def test_the_due_run_takes_mocks_in(alice, monkeypatch):
    sit(alice, make_paper(1, 0), {1: "a"})
    now = STARTED + timedelta(minutes=5)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    call_command("run_due", stdout=StringIO())
    assert open_mistakes(alice) == 1


# --- rebuilt ----------------------------------------------------------------------------------
@pytest.fixture
def story(alice):
    """A mock, then practice on some of its questions, guesses, a comeback, two people."""
    paper = make_paper(3, 2)
    charlie = make_user("charlie")
    sit(alice, paper, {1: "a", 2: "b", 4: "ac"})
    sit(charlie, paper, {1: "b"})
    own = make_single(9)
    for minute, chosen in enumerate("abba"):
        give(alice, own, chosen, minute=minute)
    give(alice, version_of(paper, 1), minute=10)
    services.take_in_mocks(alice)
    give(alice, version_of(paper, 1), minute=11)
    give(alice, version_of(paper, 2), minute=12, guessed=True)
    give(charlie, own, "", minute=3)
    services.take_in_mocks(charlie)
    return alice, charlie


def test_rows_deleted_come_back_the_same(story):
    before = [rows(user) for user in story]
    assert all(before)
    Mistake.objects.across_regions().delete()
    assert services.rebuild() == (sum(map(len, before)),) * 2
    assert [rows(user) for user in story] == before


def test_a_check_finds_what_differs_and_writes_nothing(story):
    alice, _charlie = story
    assert services.rebuild(check=True).different == 0
    Mistake.objects.visible_to(alice).update(streak=9)
    before = rows(alice)
    assert services.rebuild(check=True).different == len(before)
    assert rows(alice) == before
    services.rebuild()
    assert services.rebuild(check=True).different == 0


def test_a_row_without_a_fact_goes(alice):
    give(alice, make_single(1), "a")
    stray = make_single(2)
    facts = {"verdict": "wrong", "source": "practice", "wrong_at": DAY, "last_at": DAY}
    Mistake.objects.create(user=alice, question=stray.question, version=stray, **facts)
    assert services.rebuild() == (1, 1)
    assert open_mistakes(alice) == 1


def test_the_command_rebuilds_and_its_check_exits_with_three(story):
    said = StringIO()
    call_command("rebuild", "practice", "--check", stdout=said)
    assert json.loads(said.getvalue())["different"] == 0
    Mistake.objects.across_regions().delete()
    with pytest.raises(SystemExit) as ended:
        call_command("rebuild", "practice", "--check", stdout=said)
    assert ended.value.code == 3
    call_command("rebuild", "practice", stdout=said)
    call_command("rebuild", "practice", "--check", stdout=said)


def test_the_database_keeps_one_row_a_question(alice):
    version = make_single()
    give(alice, version, "a")
    facts = {"verdict": "wrong", "source": "practice", "wrong_at": DAY, "last_at": DAY}
    with pytest.raises(IntegrityError), transaction.atomic():
        Mistake.objects.create(user=alice, question=version.question, version=version, **facts)


# --- strength ---------------------------------------------------------------------------------
def test_weak_chapters_come_worst_first_and_need_five_answers(alice):
    weak, strong, thin = (make_chapter(n) for n in (1, 2, 3))
    for n in range(5):
        give(alice, make_single(n, weak), "a", minute=n)
        give(alice, make_single(n, strong), "b" if n else "a", minute=n)
    for n in range(4):
        give(alice, make_single(n, thin), "a", minute=n)
    found = weak_chapters(alice, ["junior-general"], limit=5)
    assert [(s.chapter, s.answered, s.right_share) for s in found] == [
        (weak, 5, 0.0),
        (strong, 5, 0.8),
    ]
    assert weak_chapters(alice, ["junior-general"], limit=1) == found[:1]
    assert weak_chapters(alice, ["junior-practice"], limit=5) == []


def test_strength_counts_the_last_two_hundred_answers(alice):
    version = make_single(1, make_chapter(1))
    for minute in range(205):
        give(alice, version, "a" if minute < 5 else "b", minute=minute)
    (found,) = weak_chapters(alice, ["junior-general"], limit=5)
    assert (found.answered, found.right_share) == (200, 1.0)


def test_mock_items_count_as_answers_but_blank_ones_do_not(alice):
    paper = make_paper(12, 0)
    sit(alice, paper, {number: "b" if number % 2 else "a" for number in range(1, 11)})
    found = {s.chapter.order: s.right_share for s in weak_chapters(alice, ["junior-general"], 9)}
    assert found == {1: 0.0, 2: 1.0}


def test_practice_of_one_subject_does_not_change_what_is_said_of_another(alice):
    here, there = make_single(1, make_chapter(1)), make_elsewhere()
    for minute in range(5):
        give(alice, here, "a", minute=minute)
    before = weak_chapters(alice, ["junior-general"])
    for minute in range(5, 206):
        give(alice, there, minute=minute)
    both = ["junior-general", "junior-practice"]
    assert weak_chapters(alice, ["junior-general"]) == before
    assert [(s.right, s.answered) for s in weak_chapters(alice, both)] == [(0, 5), (200, 200)]


def test_the_strength_of_a_trainee_takes_as_many_statements_however_much_was_sat(alice):
    counts = []
    for code in ("mock-1", "mock-2", "mock-3"):
        sit(alice, make_paper(4, 1, code=code), {1: "b"})
        weak_chapters(alice, ["junior-general"])
        with CaptureQueriesContext(connection) as captured:
            weak_chapters(alice, ["junior-general"])
        counts.append(len(captured))
    assert len(set(counts)) == 1
    assert counts[0] <= 4


# --- doing them again -------------------------------------------------------------------------
def test_what_can_be_redone_is_of_the_subject_with_most_and_twelve_at_most(alice):
    assert mistakes_to_redo(alice, DAY.date()) is None
    give(alice, make_elsewhere(), "a")
    for n in range(13):
        give(alice, make_single(n), "a", minute=n)
    found = mistakes_to_redo(alice, DAY.date())
    assert (found.subject.pk, found.count) == ("junior-general", 12)


def test_mistakes_of_a_paper_being_sat_are_left_out(alice):
    paper = make_paper(1, 0)
    give(alice, version_of(paper, 1), "a")
    start_attempt(alice, paper)
    assert open_mistakes(alice) == 0
    assert mistakes_to_redo(alice, DAY.date()) is None
