"""What the pages of a course show beside their text: the place in the course, the own progress."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery

from courses.pages.models import ChapterPage, CourseIndexPage, CoursePage, LessonPage
from courses.pages.outline import STEP, Chapter, chapters_of, lessons_below
from courses.study.models import LessonBookmark, LessonNote, LessonProgress
from courses.study.overview import (
    CourseProgress,
    course_progress,
    go_on,
    progress_in,
    steps_of,
)
from courses.study.progress import Share, share_of
from courses.syllabus.outline import is_numbered

PROGRESS = ("place", "furthest", "finished_at")
CHAPTER = {
    "chapter": "chapter__number",
    "subject": "chapter__subject__short_name",
    "level": "chapter__subject__level__name",
}


@dataclass(frozen=True)
class LessonRow:
    page: LessonPage
    state: str  # as `.row-mark` knows it: "done", "half", or nothing
    place: int


@dataclass(frozen=True)
class ChapterRow:
    page: ChapterPage
    lessons: tuple[LessonRow, ...]
    share: Share
    minutes: int


@dataclass(frozen=True)
class GoingOn:
    lesson: LessonPage
    place: int


@dataclass(frozen=True)
class CourseCard:
    page: CoursePage
    progress: CourseProgress


@dataclass(frozen=True)
class CourseReading:
    chapters: tuple[ChapterRow, ...]
    share: Share
    begun: bool
    going_on: GoingOn | None


@dataclass(frozen=True)
class ChapterReading:
    course: CoursePage
    row: ChapterRow
    going_on: GoingOn | None


@dataclass(frozen=True)
class Own:
    """What one row tells of a lesson: its chapter and subject, who wrote and read it, and what an
    account left at it. A draft that was never saved has none of it.
    """

    chapter: str = ""
    subject: str = ""
    level: str = ""
    writer: str | None = None
    reader: str | None = None
    bookmarked: bool = False
    note: str | None = None
    place: int | None = None
    furthest: int | None = None
    finished_at: datetime | None = None

    @property
    def chapter_is_numbered(self) -> bool:
        return is_numbered(self.chapter)


@dataclass(frozen=True)
class LessonReading:
    """The place of a lesson in its course, and what was left at it."""

    number: int
    total: int
    previous: LessonPage | None
    next: LessonPage | None
    own: Own

    @property
    def resume_at(self) -> int:
        """A finished lesson is read again from the top."""
        return 0 if self.own.finished_at else self.own.place or 0


def index_cards(index: CourseIndexPage, user: Any) -> list[CourseCard]:
    """Courses with the own progress, or for visitors with how many lessons there are."""
    pages = CoursePage.objects.live().child_of(index).select_related("subject").order_by("path")
    return cards_of(list(pages), user)


def cards_of(pages: Sequence[CoursePage], user: Any) -> list[CourseCard]:
    reader = user.pk or 0
    found = course_progress([reader], [page.pk for page in pages])
    return [CourseCard(page, found[reader, page.pk]) for page in pages]


def course_reading(course: CoursePage, user: Any) -> CourseReading:
    chapters = chapters_of(course)
    lessons = [lesson for chapter in chapters for lesson in chapter.lessons]
    known = progress_in(user, lessons)
    return CourseReading(
        chapters=tuple(_row(chapter, known) for chapter in chapters),
        share=share_of(steps_of(lessons, known)),
        begun=bool(known),
        going_on=_going_on(lessons, known),
    )


def chapter_reading(chapter: ChapterPage, user: Any) -> ChapterReading:
    lessons = lessons_below(chapter.path)
    known = progress_in(user, lessons)
    course = CoursePage.objects.select_related("subject").get(path=chapter.path[:-STEP])
    row = _row(Chapter(chapter, tuple(lessons)), known)
    return ChapterReading(course, row, _going_on(lessons, known))


def lesson_reading(lesson: LessonPage, user: Any) -> LessonReading:
    """Two statements, however many lessons the course has."""
    parent = lesson.path[:-STEP]
    lessons = lessons_below(parent[:-STEP])
    order = [other.pk for other in lessons]
    # A draft in preview is not among the published ones: it stands before whatever follows it.
    at = sum(other.path < lesson.path for other in lessons)
    after = at + (lesson.pk in order)
    siblings = [other for other in lessons if other.path.startswith(parent)]
    return LessonReading(
        number=sum(other.path < lesson.path for other in siblings) + 1,
        total=len(siblings) + (lesson.pk not in order),
        previous=lessons[at - 1] if at else None,
        next=lessons[after] if after < len(lessons) else None,
        own=_own(lesson, user),
    )


def _own(lesson: LessonPage, user: Any) -> Own:
    here = {"user": user.pk or 0, "lesson": OuterRef("pk")}
    progress = LessonProgress.objects.filter(**here)
    chapter = ChapterPage.objects.filter(path=lesson.path[:-STEP])
    rows = LessonPage.objects.filter(pk=lesson.pk).annotate(
        **{name: Subquery(chapter.values(field)[:1]) for name, field in CHAPTER.items()},
        writer=F("written_by__first_name"),
        reader=F("reviewed_by__first_name"),
        bookmarked=Exists(LessonBookmark.objects.filter(**here)),
        note=Subquery(LessonNote.objects.filter(**here).values("text")[:1]),
        **{name: Subquery(progress.values(name)[:1]) for name in PROGRESS},
    )
    found = rows.values(*CHAPTER, "writer", "reader", "bookmarked", "note", *PROGRESS).first()
    return Own(**found) if found else Own()


def _row(chapter: Chapter, known: dict[int, LessonProgress]) -> ChapterRow:
    return ChapterRow(
        page=chapter.page,
        lessons=tuple(_lesson_row(lesson, known.get(lesson.pk)) for lesson in chapter.lessons),
        share=share_of(steps_of(chapter.lessons, known)),
        minutes=chapter.minutes,
    )


def _lesson_row(lesson: LessonPage, row: LessonProgress | None) -> LessonRow:
    if row is None:
        return LessonRow(lesson, "", 0)
    return LessonRow(lesson, "done" if row.finished_at else "half", row.furthest)


def _going_on(lessons: Sequence[LessonPage], known: dict[int, LessonProgress]) -> GoingOn | None:
    found = go_on(lessons, known)
    return GoingOn(*found) if found else None
