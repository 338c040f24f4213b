"""Practice: which questions are in it, runs, answers, bookmarks and notes."""

import random
import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from cms.core.errors import Refused
from courses.models import ExamYear
from quizzes.bank import services as bank
from quizzes.models import (
    Paper,
    PracticeAnswer,
    PracticeProfile,
    PracticeRun,
    QuestionBookmark,
    QuestionNote,
    QuestionVersion,
)
from quizzes.papers import services as papers
from quizzes.practice import services
from quizzes.practice.pool import by_question, in_practice, law_day
from quizzes.practice.services import RunWanted
from tests.factories.exam import (
    hand_in,
    make_chapter,
    make_paper,
    make_subject,
    make_user,
    make_version,
    start_attempt,
)
from tests.factories.practice import DAY, give, make_multiple, make_run, make_single

pytestmark = pytest.mark.django_db
TODAY = DAY.date()


@pytest.fixture
def alice():
    return make_user("alice")


def pool_of(user, today=TODAY):
    return set(in_practice(user, today).values_list("pk", flat=True))


# --- which questions --------------------------------------------------------------------------
def test_published_choice_questions_are_in_practice_and_others_are_not(alice):
    in_it = {make_single().pk, make_multiple().pk}
    draft = QuestionVersion.objects.get(pk=make_single(3).pk)
    QuestionVersion.objects.filter(pk=draft.pk).update(state="draft")
    make_version(kind="case_group", key=[], stem="案例")
    make_version(kind="constructed_response", key=[], stem="简答")
    assert pool_of(alice) == in_it


def test_a_retired_question_leaves_practice(alice):
    version = make_single()
    bank.retire(version, actor=alice, now=DAY)
    assert pool_of(alice) == set()
    assert by_question(alice, TODAY, version.question.uuid) is None


def test_questions_of_a_draft_paper_wait_for_its_release(alice):
    paper = make_paper(code="to-come", released=False)
    make_single()
    assert len(pool_of(alice)) == 1
    papers.release(paper, actor=alice, now=DAY)
    assert len(pool_of(alice)) == 6


def test_a_corrected_version_of_a_draft_papers_question_waits_too(alice):
    paper = make_paper(1, 0, code="to-come", released=False)
    old = paper.items.get().question_version
    corrected = QuestionVersion.objects.create(
        **{
            name: getattr(old, name) for name in ("question", "type", "content", "key", "rationale")
        },
        number=2,
        content_sha256=uuid.uuid4().hex * 2,
        created_at=DAY,
    )
    bank.publish(corrected, actor=alice, now=DAY)
    assert pool_of(alice) == set()


def test_a_question_of_a_draft_and_a_released_paper_waits(alice):
    released, draft = make_paper(1, 0), make_paper(1, 0, code="to-come", released=False)
    draft.items.create(
        number=2,
        section=0,
        points_half=2,
        question_version=released.items.get().question_version,
    )
    assert pool_of(alice) == set()


def test_questions_of_a_paper_being_sat_rest_for_who_sits_it_alone(alice):
    paper = make_paper()
    attempt = start_attempt(alice, paper)
    assert pool_of(alice) == set()
    assert len(pool_of(make_user("charlie"))) == 5
    hand_in(attempt)
    assert len(pool_of(alice)) == 5


def test_a_question_checked_against_older_law_is_not_in_practice(alice):
    ExamYear.objects.create(year=2026, law_as_of=date(2025, 12, 31), starts_on=TODAY, ends_on=TODAY)
    ExamYear.objects.create(
        year=2027,
        law_as_of=date(2026, 12, 31),
        starts_on=date(2027, 5, 22),
        ends_on=date(2027, 5, 23),
    )
    fresh, old = _checked(date(2025, 12, 31)), _checked(date(2024, 12, 31))
    assert pool_of(alice) == {fresh.pk}
    assert old.pk not in pool_of(alice)
    assert law_day(date(2026, 12, 30)) == date(2025, 12, 31)
    assert law_day(date(2026, 12, 31)) == date(2026, 12, 31)


def _checked(law_as_of):
    plain = make_single()
    QuestionVersion.objects.filter(pk=plain.pk).update(state="retired")
    return QuestionVersion.objects.create(
        question=plain.question,
        number=2,
        type=plain.type,
        content=plain.content,
        key=plain.key,
        law_as_of=law_as_of,
        state="published",
        published_at=DAY,
        created_at=DAY,
        content_sha256=uuid.uuid4().hex * 2,
    )


# --- runs -------------------------------------------------------------------------------------
def test_a_run_takes_the_questions_of_its_chapter_in_a_fixed_order(alice):
    here = {make_single(n, make_chapter(1)).pk for n in range(5)}
    make_single(9, make_chapter(2))
    run = make_run(alice, chapter=make_chapter(1))
    assert set(run.versions) == here
    run.refresh_from_db()
    assert set(run.versions) == here


def test_a_run_is_no_longer_than_asked(alice):
    for n in range(12):
        make_single(n)
    assert make_run(alice, size=10).size == 10
    assert make_run(alice, size=None).size == 12


def test_a_run_of_nothing_is_refused(alice):
    with pytest.raises(Refused) as refused:
        make_run(alice)
    assert refused.value.code == "nothing_to_practise"


def test_beginning_again_ends_the_one_left_open_and_no_other(alice):
    make_single(1, make_chapter(1))
    make_single(2, make_chapter(2))
    first = make_run(alice, chapter=make_chapter(1))
    other = make_run(alice, chapter=make_chapter(2))
    make_run(alice, chapter=make_chapter(1))
    first.refresh_from_db()
    other.refresh_from_db()
    assert first.finished_at is not None
    assert other.finished_at is None


def test_answering_leads_on_to_the_next_open_question_and_the_last_ends_the_run(alice):
    versions = {v.pk: v for v in (make_single(n) for n in range(3))}
    run = make_run(alice)
    second = versions[run.versions[1]]
    give(alice, second, run=run)
    assert (run.place, run.finished_at) == (3, None)
    give(alice, versions[run.versions[2]], run=run)
    assert (run.place, run.finished_at) == (1, None)
    give(alice, versions[run.versions[0]], run=run)
    assert run.finished_at is not None


def test_a_run_of_mistakes_takes_those_still_open_and_narrows_by_the_filter(alice):
    wrong, partial, overcome = make_single(1), make_multiple(2), make_single(3)
    give(alice, wrong, "a")
    give(alice, partial, "a")
    for minute, chosen in enumerate("abb"):
        give(alice, overcome, chosen, minute=minute)
    assert set(make_run(alice, kind="mistakes").versions) == {wrong.pk, partial.pk}
    narrowed = make_run(alice, kind="mistakes", verdicts=("partial",))
    assert narrowed.versions == [partial.pk]
    assert make_run(alice, kind="mistakes", types=("single_choice",)).versions == [wrong.pk]


def test_again_takes_what_a_run_did_not_get_right(alice):
    right, wrong, unknown = make_single(1), make_single(2), make_single(3)
    make_single(4)
    run = make_run(alice)
    give(alice, right, "b", run=run)
    give(alice, wrong, "c", run=run)
    give(alice, unknown, "", run=run)
    again = make_run(alice, kind="mistakes", again=run)
    assert set(again.versions) == {wrong.pk, unknown.pk}


def test_a_run_of_bookmarks_takes_the_own_ones(alice):
    kept, other = make_single(1), make_single(2)
    services.set_bookmark(kept.question, user=alice, kept=True, now=DAY)
    services.set_bookmark(other.question, user=make_user("charlie"), kept=True, now=DAY)
    assert make_run(alice, kind="bookmarks").versions == [kept.pk]


def test_a_recital_goes_on_page_by_page_and_ends(alice):
    make_single(1)
    make_single(2)
    run = make_run(alice, style="recite")
    services.turn(run, 2, now=DAY)
    assert (run.place, run.finished_at) == (2, None)
    services.finish(run, now=DAY + timedelta(minutes=5))
    services.finish(run, now=DAY + timedelta(minutes=9))
    run.refresh_from_db()
    assert run.finished_at == DAY + timedelta(minutes=5)
    assert not PracticeAnswer.objects.across_regions().exists()


def test_chance_of_its_own_gives_another_order(alice):
    for n in range(8):
        make_single(n)
    wanted = RunWanted(kind="chapter", style="drill", subject=make_subject())
    orders = [
        tuple(services.start(wanted, user=alice, rng=random.Random(seed), now=DAY).versions)  # noqa: S311
        for seed in (1, 1, 2)
    ]
    assert orders[0] == orders[1] != orders[2]


# --- answers ----------------------------------------------------------------------------------
def test_an_answer_sent_twice_counts_once(alice):
    version, key = make_multiple(), uuid.uuid4()
    first = give(alice, version, "ac", key=key)
    again = give(alice, version, "acd", key=key, minute=3)
    assert again == first
    assert (again.verdict, again.score_half, again.value) == ("partial", 2, "a,c")
    assert PracticeAnswer.objects.across_regions().count() == 1


def test_a_question_seen_with_its_key_is_not_answered_again_in_the_same_run(alice):
    version = make_single()
    run = make_run(alice)
    first = give(alice, version, "a", run=run)
    assert give(alice, version, "b", run=run, minute=1) == first
    other = make_run(alice)
    assert give(alice, version, "b", run=other, minute=2) != first


def test_the_key_of_somebody_elses_answer_is_refused(alice):
    version, key = make_single(), uuid.uuid4()
    give(make_user("charlie"), version, key=key)
    with pytest.raises(Refused) as refused:
        give(alice, version, key=key)
    assert refused.value.code == "key_taken"


@pytest.mark.parametrize("chosen", ["z", "ab", "bb"])
def test_what_no_form_sends_is_refused_and_leaves_nothing(alice, chosen):
    with pytest.raises(Refused) as refused:
        give(alice, make_single(), chosen)
    assert (refused.value.code, refused.value.status) == ("invalid", 400)
    assert not PracticeAnswer.objects.across_regions().exists()


def test_nothing_chosen_is_kept_as_not_known_and_never_as_a_guess(alice):
    answer = give(alice, make_single(), "", guessed=True)
    assert (answer.verdict, answer.score_half, answer.guessed) == ("blank", 0, False)


@pytest.mark.parametrize(
    ("kind", "place"),
    [("chapter", "practice"), ("mistakes", "mistakes"), ("bookmarks", "bookmarks")],
)
def test_an_answer_says_where_it_was_given(alice, kind, place):
    version = make_single()
    give(alice, version, "a")
    services.set_bookmark(version.question, user=alice, kept=True, now=DAY)
    run = make_run(alice, kind=kind)
    assert give(alice, version, "b", run=run, minute=1).place == place
    assert give(alice, version, "b", minute=2).place == "lesson"


# --- bookmarks and notes ----------------------------------------------------------------------
def test_a_bookmark_set_twice_is_one_and_goes_when_let_go(alice):
    question = make_single().question
    for _ in range(2):
        services.set_bookmark(question, user=alice, kept=True, now=DAY)
    assert QuestionBookmark.objects.visible_to(alice).count() == 1
    for _ in range(2):
        services.set_bookmark(question, user=alice, kept=False, now=DAY)
    assert not QuestionBookmark.objects.visible_to(alice).exists()


def test_a_note_is_changed_in_place_and_deleted_when_emptied(alice):
    question = make_single().question
    services.set_note(question, " 先看主体 ", user=alice, now=DAY)
    services.set_note(question, "再看时间", user=alice, now=DAY)
    assert [note.text for note in QuestionNote.objects.visible_to(alice)] == ["再看时间"]
    services.set_note(question, "  ", user=alice, now=DAY)
    assert not QuestionNote.objects.visible_to(alice).exists()


def test_a_note_that_is_too_long_is_refused(alice):
    with pytest.raises(Refused) as refused:
        services.set_note(make_single().question, "长" * 2001, user=alice, now=DAY)
    assert refused.value.code == "too_long"


def test_nobody_sees_anybody_elses_practice(alice):
    charlie, version = make_user("charlie"), make_single()
    run = make_run(alice)
    give(alice, version, "a", run=run)
    services.set_note(version.question, "我的", user=alice, now=DAY)
    for model in (PracticeRun, PracticeAnswer, QuestionNote):
        assert model.objects.visible_to(alice).count() == 1
        assert model.objects.visible_to(charlie).count() == 0


# --- constraints ------------------------------------------------------------------------------
def test_the_database_keeps_one_bookmark_and_one_note_a_question(alice):
    question = make_single().question
    for model, fields in ((QuestionBookmark, {}), (QuestionNote, {"text": "一"})):
        model.objects.create(user=alice, question=question, at=DAY, **fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(user=alice, question=question, at=DAY, **fields)


def test_the_database_knows_no_more_than_four_in_a_row(alice):
    with pytest.raises(IntegrityError), transaction.atomic():
        PracticeProfile.objects.create(user=alice, clear_after=5)


def test_draft_papers_stay_out_of_sight_of_every_door(alice):
    paper = make_paper(code="to-come", released=False)
    assert Paper.objects.released().count() == 0
    for item in paper.items.select_related("question_version__question"):
        assert by_question(alice, TODAY, item.question_version.question.uuid) is None
