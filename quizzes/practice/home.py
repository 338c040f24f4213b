"""What the first page of practice shows, in a bounded number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef

from courses.syllabus.models import KnowledgePoint, Subject
from quizzes.papers.models import Paper
from quizzes.practice.models import PracticeAnswer, PracticeRun, QuestionBookmark
from quizzes.practice.overview import FEWEST, RightOf, open_mistakes, recent_by_chapter
from quizzes.practice.pool import in_practice

WEAK_SHARE = 0.6
"""Under the share that passes an exam, a chapter needs work."""


@dataclass(frozen=True)
class ChapterRow:
    """One chapter with what there is, what was answered, and how it went lately."""

    chapter: KnowledgePoint
    questions: int
    answered: int
    recent: RightOf | None

    @property
    def percent(self) -> int | None:
        """Share right lately; None while there are too few answers to say."""
        return round(100 * self.recent.share) if self.recent else None

    @property
    def is_weak(self) -> bool:
        return self.recent is not None and self.recent.share < WEAK_SHARE


@dataclass(frozen=True)
class Doors:
    """Counts on the four ways into practice."""

    questions: int
    papers: int
    mistakes: int
    bookmarks: int


@dataclass(frozen=True)
class Home:
    """The page; `next_chapter` is where to begin when no run is left open."""

    subjects: Sequence[Subject]
    subject: Subject | None
    total: int
    rows: Sequence[ChapterRow]
    resume: PracticeRun | None
    doors: Doors

    @property
    def next_chapter(self) -> ChapterRow | None:
        """The weakest chapter, else the first that was never touched, else the first."""
        weak = [row for row in self.rows if row.is_weak]
        if weak:
            return min(weak, key=lambda row: row.percent or 0)
        fresh = (row for row in self.rows if not row.answered)
        return next(fresh, self.rows[0] if self.rows else None)


def home_of(user: Any, wanted: str, today: date) -> Home:
    """The page of one trainee; `wanted` is the code of a subject, or anything."""
    counts = _questions_by_subject(user, today)
    subjects = list(Subject.objects.filter(pk__in=counts))
    runs = PracticeRun.objects.visible_to(user).select_related("subject", "chapter")
    latest = list(runs.left_open()[:1])
    subject = _chosen(subjects, wanted, latest[0].subject_id if latest else "")
    return Home(
        subjects=subjects,
        subject=subject,
        total=counts[subject.pk] if subject else 0,
        rows=_rows(user, subject, today) if subject else [],
        resume=latest[0] if latest else None,
        doors=Doors(
            questions=sum(counts.values()),
            papers=Paper.objects.released().count(),
            mistakes=open_mistakes(user),
            bookmarks=QuestionBookmark.objects.visible_to(user).count(),
        ),
    )


def _questions_by_subject(user: Any, today: date) -> Mapping[str, int]:
    pool = in_practice(user, today).order_by()
    return dict(pool.values_list("question__subject").annotate(n=Count("pk")))


def _chosen(subjects: Sequence[Subject], *wishes: str) -> Subject | None:
    by_code = {subject.pk: subject for subject in subjects}
    wished = (by_code[code] for code in wishes if code in by_code)
    return next(wished, subjects[0] if subjects else None)


def _rows(user: Any, subject: Subject, today: date) -> list[ChapterRow]:
    answers = PracticeAnswer.objects.visible_to(user).filter(question=OuterRef("question"))
    pool = in_practice(user, today).of_subject(subject.pk).order_by()
    counted = pool.values_list("chapter").annotate(
        n=Count("pk"), done=Count("pk", filter=Exists(answers))
    )
    found = {chapter: (n, done) for chapter, n, done in counted if chapter is not None}
    recent = recent_by_chapter(user, [subject.pk])
    judged = {chapter: right for chapter, right in recent.items() if right.n >= FEWEST}
    chapters = KnowledgePoint.objects.filter(pk__in=found).order_by("order")
    return [ChapterRow(row, *found[row.pk], judged.get(row.pk)) for row in chapters]
