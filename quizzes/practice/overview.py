"""How strong somebody is where, and what they could redo, for pages of other features.

Reads only.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from heapq import nlargest
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import Count

from courses.syllabus.models import KnowledgePoint, Subject
from quizzes.attempts.scoring import Verdict
from quizzes.bank.models import QuestionVersion
from quizzes.practice.facts import in_mock, scorings_of
from quizzes.practice.models import Mistake, MistakeQuerySet, PracticeAnswer
from quizzes.practice.pool import being_sat, in_practice

RECENT = 200
"""Answers that say how somebody stands today; what lies further back says how they stood."""
FEWEST = 5
"""Answers under which a share says nothing of a chapter."""
WEAK_SHARE = 0.6
"""Under the share that passes an exam, a chapter needs work."""
REDONE_AT_ONCE = 12
"""Mistakes done again in one go: about nine minutes."""


class RightOf(NamedTuple):
    """Right answers among `n`. △ is not right: in the exam it loses marks."""

    right: int
    n: int


@dataclass(frozen=True)
class ChapterStrength:
    """How a trainee did lately in one chapter."""

    chapter: KnowledgePoint
    answered: int
    right: int

    @property
    def right_share(self) -> float:
        return self.right / self.answered

    @property
    def percent(self) -> int:
        return round(100 * self.right_share)

    @property
    def is_weak(self) -> bool:
        return self.right_share < WEAK_SHARE


@dataclass(frozen=True)
class Redo:
    """Mistakes of one subject that can be done again in one go."""

    subject: Subject
    count: int


class _Given(NamedTuple):
    """An answer as far as strength goes; sorts by time."""

    at: datetime
    version: int
    is_right: bool


def weak_chapters(
    user: Any, subject_codes: Collection[str], limit: int | None = None
) -> list[ChapterStrength]:
    """The chapters of these subjects, those answered worst lately first.

    Every page that says how strong somebody is asks here, so that they all say the same. "Lately"
    are the last 200 answers of each subject: with one window over all of them, practice of one
    subject would change what is said of another. Chapters with fewer than five are not judged.
    """
    recent = _recent_by_chapter(user, subject_codes)
    judged = {chapter: found for chapter, found in recent.items() if found.n >= FEWEST}
    chapters = KnowledgePoint.objects.in_bulk(judged)
    strengths = [
        ChapterStrength(chapters[pk], found.n, found.right) for pk, found in judged.items()
    ]
    return sorted(strengths, key=lambda s: (s.right_share, -s.answered, s.chapter.pk))[:limit]


def open_mistakes(user: Any) -> int:
    """How many questions stand in the notebook and are not overcome.

    Those of a paper that is being sat rest until it is handed in.
    """
    return _shown_mistakes(user).count()


def mistakes_to_redo(user: Any, today: date) -> Redo | None:
    """What "mistakes again" would take, of the subject with most of them; None: nothing.

    Starts by POST to `practice:start` with kind=mistakes, style=drill, subject=<its code> and
    size=12.
    """
    questions = _shown_mistakes(user).order_by().values("question")
    pool = in_practice(user, today).filter(question__in=questions).order_by()
    counts = pool.values_list("question__subject").annotate(n=Count("pk"))
    most = max(counts, key=lambda row: (row[1], row[0]), default=None)
    if most is None:
        return None
    return Redo(Subject.objects.get(pk=most[0]), min(most[1], REDONE_AT_ONCE))


def _shown_mistakes(user: Any) -> MistakeQuerySet:
    return Mistake.objects.across_regions().of(user).open().exclude(question__in=being_sat(user))


def _recent_by_chapter(user: Any, subject_codes: Collection[str]) -> dict[int, RightOf]:
    """Right answers by chapter among the last 200 of each subject, in practice and in mock exams.

    An item left blank in a mock is no answer: time ran out, or it was skipped.
    """
    sat = _sat(user, subject_codes)
    recent = [
        given
        for code in subject_codes
        for given in nlargest(RECENT, chain(_practised(user, code), sat.get(code, ())))
    ]
    chapters = dict(
        QuestionVersion.objects.filter(
            pk__in={given.version for given in recent}, chapter__isnull=False
        ).values_list("pk", "chapter_id")
    )
    return _counted(
        (chapters[given.version], given.is_right) for given in recent if given.version in chapters
    )


def _practised(user: Any, subject: str) -> Iterator[_Given]:
    answers = PracticeAnswer.objects.across_regions().of(user).filter(question__subject=subject)
    lately = answers.order_by("-at", "-pk")[:RECENT]
    for at, version, verdict in lately.values_list("at", "version_id", "verdict"):
        yield _Given(at, version, verdict == Verdict.RIGHT)


def _sat(user: Any, subject_codes: Collection[str]) -> dict[str, list[_Given]]:
    """Items answered in mock exams, by subject; one statement for all of them."""
    found: dict[str, list[_Given]] = {}
    mocks = scorings_of(user).filter(attempt__paper__subject__in=subject_codes)
    for scoring in mocks.select_related("attempt__submission", "attempt__paper"):
        given = found.setdefault(scoring.attempt.paper.subject_id, [])
        given += [
            _Given(answered.at, answered.version, answered.is_right)
            for answered in in_mock(scoring)
            if answered.verdict is not Verdict.BLANK
        ]
    return found


def _counted(answers: Iterable[tuple[int, bool]]) -> dict[int, RightOf]:
    right, n = Counter[int](), Counter[int]()
    for chapter, is_right in answers:
        n[chapter] += 1
        right[chapter] += is_right
    return {chapter: RightOf(right[chapter], n[chapter]) for chapter in n}
