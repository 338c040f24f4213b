"""Questions in practice, runs and answers for tests, through the services."""

import random
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from cms.accounts.models import User
from courses.models import KnowledgePoint
from quizzes.models import PracticeAnswer, PracticeRun, QuestionVersion
from quizzes.practice import services
from quizzes.practice.services import RunWanted
from tests.factories.exam import MULTIPLE_KEY, SINGLE_KEY, make_chapter, make_subject, make_version

DAY = datetime(2026, 4, 20, 8, tzinfo=UTC)


def make_single(n: int = 1, chapter: KnowledgePoint | None = None) -> QuestionVersion:
    """A single choice with the key b."""
    return make_version(
        kind="single_choice",
        key=SINGLE_KEY,
        stem=f"第{n}道单选题的题干",
        chapter=chapter or make_chapter(1),
    )


def make_elsewhere() -> QuestionVersion:
    """A single choice of another subject."""
    return make_single(1, make_chapter(1, make_subject("junior-practice")))


def make_multiple(n: int = 1, chapter: KnowledgePoint | None = None) -> QuestionVersion:
    """A multiple response with the key a, c, d."""
    return make_version(
        kind="multiple_response",
        key=MULTIPLE_KEY,
        stem=f"第{n}道多选题的题干",
        chapter=chapter or make_chapter(1),
    )


def make_run(user: User, **wanted: Any) -> PracticeRun:
    """A run of everything there is, in an order that is the same each time."""
    fields = {"kind": "chapter", "style": "drill", "subject": make_subject(), **wanted}
    return services.start(RunWanted(**fields), user=user, rng=random.Random(7), now=DAY)  # noqa: S311


def give(
    user: User,
    version: QuestionVersion,
    chosen: Sequence[str] = "b",
    *,
    minute: int = 0,
    guessed: bool = False,
    key: uuid.UUID | None = None,
    run: PracticeRun | None = None,
) -> PracticeAnswer:
    """Answer so many minutes after the beginning of the day."""
    return services.answer(
        version,
        user=user,
        key=key or uuid.uuid4(),
        chosen=list(chosen),
        guessed=guessed,
        run=run,
        now=DAY + timedelta(minutes=minute),
    )
