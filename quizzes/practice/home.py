"""What the first page of practice shows, in a bounded number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from courses.syllabus.models import KnowledgePoint, Subject
from quizzes.attempts.models import Attempt
from quizzes.papers.models import Paper
from quizzes.practice.models import PracticeAnswer, PracticeRun, QuestionBookmark
from quizzes.practice.overview import ChapterStrength, open_mistakes, weak_chapters
from quizzes.practice.pool import being_sat, open_attempts, published

AT_ONCE = 10
"""Questions of a chapter in one go, where there are as many."""


@dataclass(frozen=True)
class ChapterRow:
    """One chapter with what there is, what was practised, and how it went lately.

    `resting` questions stand in a paper that is being sat; `recent` is None while there are too
    few answers to say.
    """

    chapter: KnowledgePoint
    questions: int
    resting: int
    practised: int
    recent: ChapterStrength | None

    @property
    def is_weak(self) -> bool:
        return self.recent is not None and self.recent.is_weak

    @property
    def at_once(self) -> int:
        return min(self.questions, AT_ONCE)


@dataclass(frozen=True)
class Doors:
    """Counts on the four ways into practice."""

    questions: int
    papers: int
    mistakes: int
    bookmarks: int


@dataclass(frozen=True)
class Home:
    """The page. `chapter` is the one that was asked for; `next_chapter` where to begin when none
    was and no run is left open; `sitting` are the papers whose questions rest.
    """

    subjects: Sequence[Subject]
    subject: Subject | None
    total: int
    rows: Sequence[ChapterRow]
    weakest: ChapterRow | None
    chapter: ChapterRow | None
    resume: PracticeRun | None
    sitting: Sequence[Attempt]
    doors: Doors

    @property
    def next_chapter(self) -> ChapterRow | None:
        """The weakest chapter, else the first that was never touched, else the first."""
        open_ones = [row for row in self.rows if row.questions]
        fresh = (row for row in open_ones if not (row.practised or row.recent))
        return self.weakest or next(fresh, open_ones[0] if open_ones else None)


def home_of(user: Any, wanted: str, chapter: KnowledgePoint | None, today: date) -> Home:
    """The page of one trainee; `wanted` is the code of a subject, or anything; a chapter brings
    its own subject with it.
    """
    counts = _questions_by_subject(user, today)
    runs = PracticeRun.objects.visible_to(user).select_related("subject", "chapter")
    latest = list(runs.left_open()[:1])
    subjects = list(Subject.objects.filter(Q(pk__in=counts) | Q(pk=_subject_of(chapter))))
    wishes = (_subject_of(chapter), wanted, latest[0].subject_id if latest else "")
    subject = _chosen(subjects, *wishes)
    strengths = weak_chapters(user, [subject.pk]) if subject else []
    rows = _rows(user, subject, strengths, today) if subject else []
    by_chapter = {row.chapter.pk: row for row in rows}
    weak = [s.chapter.pk for s in strengths if s.is_weak and s.chapter.pk in by_chapter]
    return Home(
        subjects=subjects,
        subject=subject,
        total=counts.get(subject.pk, 0) if subject else 0,
        rows=rows,
        weakest=next((by_chapter[pk] for pk in weak if by_chapter[pk].questions), None),
        chapter=by_chapter.get(chapter.pk, ChapterRow(chapter, 0, 0, 0, None)) if chapter else None,
        resume=latest[0] if latest else None,
        sitting=[a for a in open_attempts(user) if subject and a.paper.subject_id == subject.pk],
        doors=_doors(user, counts),
    )


def _doors(user: Any, counts: Mapping[str, int]) -> Doors:
    return Doors(
        questions=sum(counts.values()),
        papers=Paper.objects.released().count(),
        mistakes=open_mistakes(user),
        bookmarks=QuestionBookmark.objects.visible_to(user).count(),
    )


def _subject_of(chapter: KnowledgePoint | None) -> str:
    return chapter.subject_id if chapter else ""


def _questions_by_subject(user: Any, today: date) -> Mapping[str, int]:
    """Questions in practice; a subject whose questions all rest stays, with none."""
    rows = published(today).order_by().values_list("question__subject")
    return dict(rows.annotate(n=Count("pk", filter=~Q(question__in=being_sat(user)))))


def _chosen(subjects: Sequence[Subject], *wishes: str) -> Subject | None:
    by_code = {subject.pk: subject for subject in subjects}
    wished = (by_code[code] for code in wishes if code in by_code)
    return next(wished, subjects[0] if subjects else None)


def _rows(
    user: Any, subject: Subject, strengths: Sequence[ChapterStrength], today: date
) -> list[ChapterRow]:
    answers = PracticeAnswer.objects.visible_to(user).filter(question=OuterRef("question"))
    rests = Q(question__in=being_sat(user))
    counted = (
        published(today)
        .of_subject(subject.pk)
        .order_by()
        .values_list("chapter")
        .annotate(
            n=Count("pk", filter=~rests),
            resting=Count("pk", filter=rests),
            done=Count("pk", filter=~rests & Q(Exists(answers))),
        )
    )
    found = {chapter: (n, rest, done) for chapter, n, rest, done in counted if chapter is not None}
    recent = {strength.chapter.pk: strength for strength in strengths}
    chapters = KnowledgePoint.objects.filter(pk__in=found).order_by("order")
    return [ChapterRow(row, *found[row.pk], recent.get(row.pk)) for row in chapters]
