"""How strong somebody is where, for pages of other features. Reads only."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest
from typing import Any, NamedTuple

from django.db.models import Count, Q, Sum

from courses.syllabus.models import KnowledgePoint
from quizzes.attempts.frozen import keyed
from quizzes.attempts.models import Attempt, Scoring, Submission
from quizzes.attempts.scoring import SCORED_TYPES, Verdict, verdict_of
from quizzes.bank.models import QuestionVersion
from quizzes.papers.models import PaperItem
from quizzes.practice.facts import in_mock, scorings_of
from quizzes.practice.models import Mistake, PracticeAnswer

RECENT = 200
"""Answers that say how somebody stands today; what lies further back says how they stood."""
FEWEST = 5
"""Answers under which a share says nothing of a chapter."""


class RightOf(NamedTuple):
    """Right answers among `n`. △ is not right: in the exam it loses marks."""

    right: int
    n: int

    @property
    def share(self) -> float:
        return self.right / self.n


@dataclass(frozen=True)
class ChapterStrength:
    """How a trainee did lately in one chapter."""

    chapter: KnowledgePoint
    answered: int
    right_share: float


class _Given(NamedTuple):
    """An answer as far as strength goes; sorts by time."""

    at: datetime
    version: int
    is_right: bool


def weak_chapters(user: Any, subject_codes: Collection[str], limit: int) -> list[ChapterStrength]:
    """The chapters answered worst in the last 200 answers, worst first.

    Chapters with fewer than five answers are not judged.
    """
    judged = {
        chapter: found
        for chapter, found in recent_by_chapter(user, subject_codes).items()
        if found.n >= FEWEST
    }
    chapters = KnowledgePoint.objects.in_bulk(judged)
    strengths = [
        ChapterStrength(chapters[pk], found.n, found.share) for pk, found in judged.items()
    ]
    return sorted(strengths, key=lambda s: (s.right_share, -s.answered))[:limit]


def recent_by_chapter(user: Any, subject_codes: Collection[str]) -> dict[int, RightOf]:
    """Right answers by chapter among the last 200 answers, in practice and in mock exams.

    An item left blank in a mock is no answer: time ran out, or it was skipped.
    """
    recent = nlargest(RECENT, _given(user, subject_codes))
    chapters = dict(
        QuestionVersion.objects.filter(
            pk__in={given.version for given in recent}, chapter__isnull=False
        ).values_list("pk", "chapter_id")
    )
    return _counted(
        (chapters[given.version], given.is_right) for given in recent if given.version in chapters
    )


def strength_by_chapter(
    user_ids: Collection[int], subject: str
) -> dict[tuple[int, int], tuple[int, int]]:
    """For each user and chapter of a subject: right answers, and answers in all. Three statements,
    however many users.
    """
    right, answered = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    for user, chapter, n, n_right in _practised(user_ids, subject):
        answered[user, chapter] += n
        right[user, chapter] += n_right
    for user, chapter, is_right in _sat(user_ids, subject):
        answered[user, chapter] += 1
        right[user, chapter] += is_right
    return {place: (right[place], n) for place, n in answered.items()}


def open_mistakes(user: Any) -> int:
    """How many questions stand in the notebook and are not overcome."""
    return Mistake.objects.across_regions().of(user).open().count()


def answered_since(user_ids: Collection[int], since: datetime) -> dict[int, int]:
    """Questions answered by each user since a moment, in practice and in handed-in mock exams.

    Who answered nothing is not in it.
    """
    answers = PracticeAnswer.objects.across_regions().filter(user__in=user_ids, at__gte=since)
    practised = answers.order_by().values_list("user").annotate(n=Count("pk"))
    papers = Submission.objects.filter(attempt__user__in=user_ids, received_at__gte=since)
    sat = papers.order_by().values_list("attempt__user").annotate(n=Sum("answered"))
    found = Counter(dict(practised))
    found.update(dict(sat))
    return dict(+found)


def _given(user: Any, subject_codes: Collection[str]) -> Iterator[_Given]:
    answers = PracticeAnswer.objects.across_regions().of(user)
    lately = answers.filter(question__subject__in=subject_codes).order_by("-at", "-pk")[:RECENT]
    for at, version, verdict in lately.values_list("at", "version_id", "verdict"):
        yield _Given(at, version, verdict == Verdict.RIGHT)
    mocks = scorings_of(user).filter(attempt__paper__subject__in=subject_codes)
    for scoring in mocks.order_by("-attempt__submission__received_at")[:RECENT]:
        for answered in in_mock(scoring):
            if answered.verdict is not Verdict.BLANK:
                yield _Given(answered.at, answered.version, answered.is_right)


def _counted(answers: Iterable[tuple[int, bool]]) -> dict[int, RightOf]:
    right, n = Counter[int](), Counter[int]()
    for chapter, is_right in answers:
        n[chapter] += 1
        right[chapter] += is_right
    return {chapter: RightOf(right[chapter], n[chapter]) for chapter in n}


def _practised(user_ids: Collection[int], subject: str) -> Iterable[tuple[int, int, int, int]]:
    answers = PracticeAnswer.objects.across_regions().filter(
        user__in=user_ids, question__subject=subject, version__chapter__isnull=False
    )
    return (
        answers.order_by()
        .values_list("user", "version__chapter")
        .annotate(n=Count("pk"), n_right=Count("pk", filter=Q(verdict=Verdict.RIGHT)))
    )


def _sat(user_ids: Collection[int], subject: str) -> Iterator[tuple[int, int, bool]]:
    """(user, chapter, right) of each item answered in a mock."""
    handed_in = Attempt.objects.across_regions().handed_in()
    attempts = handed_in.filter(user__in=user_ids, paper__subject=subject)
    scorings = list(
        Scoring.objects.current().filter(attempt__in=attempts).select_related("attempt")
    )
    items = _items({scoring.attempt.paper_id for scoring in scorings})
    for scoring in scorings:
        answers = scoring.answers_by_item()
        for item in items.get(scoring.attempt.paper_id, ()):
            chosen = answers.get(item.number, ())
            chapter = item.question_version.chapter_id
            if chosen and chapter is not None:
                right = verdict_of(keyed(item), chosen) is Verdict.RIGHT
                yield scoring.attempt.user_id, chapter, right


def _items(papers: Collection[int]) -> dict[int, list[PaperItem]]:
    items = PaperItem.objects.filter(paper__in=papers, question_version__type__in=SCORED_TYPES)
    found: dict[int, list[PaperItem]] = {}
    for item in items.select_related("question_version"):
        found.setdefault(item.paper_id, []).append(item)
    return found
