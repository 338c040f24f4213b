"""What one trainee has answered, wherever it was: practice answers, and items of mock exams."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from quizzes.attempts.frozen import KEPT_PAPERS, items_of, keyed
from quizzes.attempts.models import Attempt, Scoring
from quizzes.attempts.report import is_worked_through
from quizzes.attempts.scoring import SCORED_TYPES, KeyedItem, Verdict, verdict_of
from quizzes.papers.models import PaperItem
from quizzes.practice.judging import value_of
from quizzes.practice.mistakes import Answered
from quizzes.practice.models import SOURCE_MOCK, PracticeAnswer

MOCK, PRACTICE = 0, 1
"""Which comes first where both bear the same moment."""


@dataclass(frozen=True, slots=True)
class SatItem:
    """An item of a paper with the question behind it."""

    question: int
    version: int
    item: KeyedItem


def answered_by(user: Any, questions: Collection[int] | None = None) -> Iterator[Answered]:
    """All answers of a user, or those to some questions; in no order."""
    yield from _in_practice(user, questions)
    for scoring in scorings_of(user, questions):
        yield from in_mock(scoring, questions)


def scorings_of(user: Any, questions: Collection[int] | None = None) -> Any:
    """The scorings that stand, of mocks this user handed in: all, or those with some questions."""
    handed_in = Attempt.objects.across_regions().sat_by(user).handed_in()
    if questions is not None:
        items = PaperItem.objects.filter(question_version__question__in=questions)
        handed_in = handed_in.filter(paper__in=items.values("paper"))
    standing = Scoring.objects.current().filter(attempt__in=handed_in)
    return standing.select_related("attempt__submission")


def in_mock(scoring: Scoring, questions: Collection[int] | None = None) -> Iterator[Answered]:
    """The items of one scoring as answers; what was left blank is one too, where the paper was
    worked through.

    They bear the moment of handing in, also where a rescore came later.
    """
    attempt, answers = scoring.attempt, scoring.answers_by_item()
    items = sat_items(attempt.paper_id, attempt.paper_sha256)
    given = sum(bool(answers.get(sat.item.number)) for sat in items)
    blanks_count = is_worked_through(given, len(items))
    for sat in items:
        if questions is not None and sat.question not in questions:
            continue
        chosen = answers.get(sat.item.number, ())
        if not (chosen or blanks_count):
            continue
        yield Answered(
            question=sat.question,
            version=sat.version,
            verdict=verdict_of(sat.item, chosen),
            value=value_of(chosen),
            guessed=False,
            source=SOURCE_MOCK,
            at=attempt.submission.received_at,
            tie=(MOCK, attempt.pk, sat.item.number),
        )


@lru_cache(maxsize=KEPT_PAPERS)
def sat_items(paper_id: int, paper_sha256: str) -> tuple[SatItem, ...]:  # noqa: ARG001
    """The items that are scored by rule; a paper is frozen, so this is read once a process."""
    return tuple(
        SatItem(item.question_version.question_id, item.question_version_id, keyed(item))
        for item in items_of(paper_id)
        if item.question_version.type in SCORED_TYPES
    )


def _in_practice(user: Any, questions: Collection[int] | None) -> Iterator[Answered]:
    answers = PracticeAnswer.objects.across_regions().of(user)
    if questions is not None:
        answers = answers.on(questions)
    for answer in answers:
        yield Answered(
            question=answer.question_id,
            version=answer.version_id,
            verdict=Verdict(answer.verdict),
            value=answer.value,
            guessed=answer.guessed,
            source=answer.place,
            at=answer.at,
            tie=(PRACTICE, answer.pk),
        )
