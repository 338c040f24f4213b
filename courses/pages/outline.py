"""The pages of a course in their order, read in as many statements as there are kinds of pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from courses.pages.models import ChapterPage, CoursePage, LessonPage

STEP = LessonPage.steplen  # signs of a tree path for one level


@dataclass(frozen=True)
class Chapter:
    page: ChapterPage
    lessons: tuple[LessonPage, ...]

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)


def lessons_below(*paths: str) -> list[LessonPage]:
    """Published lessons below these pages in reading order, without their text."""
    if not paths:
        return []
    found = LessonPage.objects.none()
    for path in paths:
        found |= LessonPage.objects.filter(path__startswith=path)
    return list(found.live().defer("body").order_by("path"))


def chapters_of(course: CoursePage) -> list[Chapter]:
    """Published chapters, each with its published lessons; two statements."""
    pages = ChapterPage.objects.live().child_of(course).select_related("chapter").order_by("path")
    lessons = by_parent(lessons_below(course.path))
    return [Chapter(page, lessons.get(page.path, ())) for page in pages]


def by_parent(lessons: Sequence[LessonPage]) -> dict[str, tuple[LessonPage, ...]]:
    """Lessons by the tree path of their chapter; they come in the order of their paths."""
    return {
        parent: tuple(own)
        for parent, own in groupby(lessons, key=lambda lesson: lesson.path[:-STEP])
    }
