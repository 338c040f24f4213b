"""Runs: some questions in a fixed order, begun, gone through, ended."""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from cms.accounts.models import User
from cms.core.errors import Refused
from cms.core.wording import Message
from courses.syllabus.models import KnowledgePoint, Subject
from quizzes.attempts.scoring import Verdict
from quizzes.bank.models import QuestionVersionQuerySet
from quizzes.practice.drawing import OpenMistake, draw, most_useful
from quizzes.practice.models import Mistake, PracticeAnswer, PracticeRun, QuestionBookmark
from quizzes.practice.pool import in_practice

LONGEST = 500
"""Questions in one run: its list is read whole with every page."""


@dataclass(frozen=True)
class RunWanted:
    """What a trainee asked for.

    Without a chapter all of the subject; `again` are the questions that a run did not get right;
    `types` and `verdicts` narrow the notebook to what its filter shows.
    """

    kind: str
    style: str
    subject: Subject
    chapter: KnowledgePoint | None = None
    size: int | None = None
    again: PracticeRun | None = None
    types: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()


@transaction.atomic
def start(wanted: RunWanted, *, user: User, rng: random.Random, now: datetime) -> PracticeRun:
    """Begin a run. The same kind left open before is ended: going on means the newest.

    Raises Refused with code ``nothing_to_practise``.
    """
    versions = _drawn(wanted, user, rng, now)
    if not versions:
        message = Message("There is no question of this kind to practise at the moment.")
        raise Refused("nothing_to_practise", message)
    mine = PracticeRun.objects.across_regions().of(user).left_open()
    alike = mine.filter(kind=wanted.kind, style=wanted.style, chapter=wanted.chapter)
    alike.filter(subject=wanted.subject).update(finished_at=now)
    return PracticeRun.objects.create(
        user=user,
        subject=wanted.subject,
        chapter=wanted.chapter,
        kind=wanted.kind,
        style=wanted.style,
        versions=versions,
        started_at=now,
        last_at=now,
    )


def turn(run: PracticeRun, place: int, *, now: datetime) -> None:
    """Go on to a place, which is where resuming leads."""
    run.place, run.last_at = place, now
    run.save(update_fields=["place", "last_at"])


def finish(run: PracticeRun, *, now: datetime) -> None:
    """End a run, also where questions are left."""
    run.finished_at, run.last_at = run.finished_at or now, now
    run.save(update_fields=["finished_at", "last_at"])


def move_on(run: PracticeRun, version: int, *, now: datetime) -> None:
    """After an answer: on to the next question without one; after the last the run is over."""
    answered = set(answered_in(run).values_list("version_id", flat=True))
    left = [place for place, pk in enumerate(run.versions, start=1) if pk not in answered]
    if not left:
        finish(run, now=now)
        return
    here = run.versions.index(version) + 1
    turn(run, next((place for place in left if place > here), left[0]), now=now)


def answered_in(run: PracticeRun) -> Any:
    return PracticeAnswer.objects.across_regions().filter(run=run)


def _drawn(wanted: RunWanted, user: User, rng: random.Random, now: datetime) -> list[int]:
    pool = in_practice(user, timezone.localdate(now)).of_subject(wanted.subject.pk)
    questions = dict(_chosen_from(pool, wanted, user).values_list("question_id", "pk"))
    size = min(wanted.size or LONGEST, LONGEST)
    if wanted.kind == PracticeRun.Kind.MISTAKES and wanted.again is None:
        return [questions[q] for q in most_useful(_standing(user, questions), size)]
    answers = PracticeAnswer.objects.across_regions().of(user).on(questions.keys())
    last = dict(answers.order_by().values_list("question_id").annotate(last=Max("at")))
    return [questions[q] for q in draw(list(questions), last_at=last, size=size, rng=rng)]


def _standing(user: User, questions: Collection[int]) -> list[OpenMistake]:
    rows = Mistake.objects.across_regions().of(user).open().on(questions)
    return [OpenMistake(m.question_id, m.wrong_count, m.streak, m.last_at) for m in rows]


def _chosen_from(
    pool: QuestionVersionQuerySet, wanted: RunWanted, user: User
) -> QuestionVersionQuerySet:
    if wanted.again is not None:
        return pool.filter(question__in=_not_right_in(wanted.again))
    if wanted.kind == PracticeRun.Kind.MISTAKES:
        return pool.filter(question__in=_mistakes(user, wanted.types, wanted.verdicts))
    if wanted.kind == PracticeRun.Kind.BOOKMARKS:
        kept = QuestionBookmark.objects.across_regions().of(user)
        return pool.filter(question__in=kept.values("question"))
    return pool if wanted.chapter is None else pool.filter(chapter=wanted.chapter)


def _not_right_in(run: PracticeRun) -> Any:
    return answered_in(run).exclude(verdict=Verdict.RIGHT).values("question")


def _mistakes(user: User, types: Sequence[str], verdicts: Sequence[str]) -> Any:
    rows = Mistake.objects.across_regions().of(user).open()
    if types:
        rows = rows.filter(version__type__in=types)
    if verdicts:
        rows = rows.filter(verdict__in=verdicts)
    return rows.values("question")
