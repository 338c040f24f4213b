"""The courses of the story: chapters of the 2025 syllabus, and the lessons that stand as files.

`lessons/courses.toml` names the courses and their chapters; `lessons/<subject>/*.toml` are the
lessons (`courses.pages.lesson_file`). A folder that is missing is a course without lessons.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile
from django.db import transaction
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.accounts.models import User
from cms.pages.models import HomePage
from courses.pages.editor_form import in_editor_form
from courses.pages.lesson_file import BadLessonFile, Block, LessonFile, read_lesson
from courses.pages.models import ChapterPage, CourseIndexPage, CoursePage, LessonPage
from courses.pages.services import (
    ensure_chapter,
    ensure_course,
    ensure_index,
    ensure_workflow,
    publish_read_lesson,
    submit,
)
from courses.syllabus.models import KnowledgePoint, Subject
from quizzes.bank.models import QuestionVersion

LESSONS = Path(__file__).parent / "lessons"
OUTLINE = "courses.toml"
PROPOSED = "proposed.toml"
INDEX_TITLE = "课程"
INDEX_LEAD = "按2025年版考试大纲编排，每节十到二十分钟，手机上就能学完；法规依据写明截至哪一天。"
SUBJECTS = ("junior-general", "junior-practice", "intermediate-law")
# Who writes a subject and who reads it: two hands, as the workflow asks.
HANDS = {
    "junior-general": ("instructor", "editor"),
    "junior-practice": ("editor", "instructor"),
    "intermediate-law": ("instructor", "editor"),
}


@dataclass(frozen=True)
class Found:
    """A lesson file, and where it lies, for error messages and the pictures beside it."""

    path: Path
    subject: str
    lesson: LessonFile

    @property
    def name(self) -> str:
        return f"{self.subject}/{self.path.name}"


def courses_are_up(folder: Path = LESSONS) -> bool:
    """Return whether every course, and every lesson that has a file, is published."""
    live = set(LessonPage.objects.live().values_list("slug", flat=True))
    files = {found.lesson.slug for found in lesson_files(folder)}
    return CoursePage.objects.live().count() >= len(SUBJECTS) and files <= live


@transaction.atomic
def publish_courses(_now: datetime, folder: Path = LESSONS) -> None:
    """Index, courses, chapters, then every lesson written by one and approved by another.

    All or nothing: a wrong file leaves no half a course.
    """
    told, files = outline(folder), list(lesson_files(folder))
    index = ensure_index(_home(), title=INDEX_TITLE, lead=INDEX_LEAD)
    ensure_workflow()
    chapters = {subject: _course(index, subject, told.get(subject, {})) for subject in SUBJECTS}
    for found in files:
        _publish(found, chapters)
    _propose(folder)


def outline(folder: Path) -> dict[str, Any]:
    path = folder / OUTLINE
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def lesson_files(folder: Path) -> Iterator[Found]:
    """Every lesson in the order of its file name. Raises BadLessonFile."""
    for subject in SUBJECTS:
        for path in sorted((folder / subject).glob("*.toml")):
            content = path.read_text(encoding="utf-8")
            yield Found(path, subject, read_lesson(content, file=f"{subject}/{path.name}"))


def _home() -> Page:
    return HomePage.objects.get()


def _course(index: CourseIndexPage, subject: str, told: dict[str, Any]) -> dict[str, ChapterPage]:
    """The course of a subject with all its chapters, by their numbers in the syllabus."""
    points = KnowledgePoint.objects.of_newest_version().chapters().filter(subject=subject)
    listed = list(points.select_related("subject", "version").order_by("order"))
    name = Subject.objects.get(pk=subject).name
    course = ensure_course(
        index, listed[0], title=told.get("title", name), lead=told.get("lead", "")
    )
    leads = {str(row["number"]): row["lead"] for row in told.get("chapters", ())}
    return {
        point.number: ensure_chapter(course, point, lead=leads.get(point.number, ""))
        for point in listed
    }


def _publish(found: Found, chapters: dict[str, dict[str, ChapterPage]]) -> None:
    chapter = chapters[found.subject].get(found.lesson.chapter)
    if chapter is None:
        raise BadLessonFile(
            found.name, "chapter", f"the syllabus has no chapter {found.lesson.chapter}"
        )
    if LessonPage.objects.child_of(chapter).filter(slug=found.lesson.slug).exists():
        return
    writer, reader = HANDS[found.subject]
    publish_read_lesson(
        chapter,
        found.lesson,
        _with_what_was_found(found),
        writer=User.objects.get(username=writer),
        reader=User.objects.get(username=reader),
    )


def _propose(folder: Path) -> None:
    """Leave changes in the hands of the second reader, so that there is something to read."""
    path = folder / PROPOSED
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    for change in tomllib.loads(text).get("change", ()):
        page = LessonPage.objects.get(slug=change["slug"])
        if page.workflow_in_progress:
            continue
        for block in change["body"]:
            page.body.append((block["type"], {k: v for k, v in block.items() if k != "type"}))
        page.body = in_editor_form(page.body)
        writer = User.objects.get(username=HANDS[change["subject"]][0])
        page.save_revision(user=writer)
        submit(page, by=writer)


def _with_what_was_found(found: Found) -> Sequence[Block]:
    """The blocks of a lesson with its questions looked up and its pictures stored."""
    readers = {"self_check": _question, "figure": _picture}
    return [
        replace(block, value=readers[block.type](found, block.value))
        if block.type in readers
        else block
        for block in found.lesson.body
    ]


def _question(found: Found, value: dict[str, Any]) -> dict[str, str]:
    """The question whose stem begins so. A file that names none, or two, is wrong."""
    begins = value["stem_starts"]
    fitting = QuestionVersion.objects.published().of_subject(found.subject)
    uuids = set(fitting.filter(gist__startswith=begins).values_list("question__uuid", flat=True))
    if len(uuids) != 1:
        fault = f"{len(uuids)} questions of {found.subject} begin with {begins!r}"
        raise BadLessonFile(found.name, "self_check.stem_starts", fault)
    return {"question": str(uuids.pop())}


def _picture(found: Found, value: dict[str, Any]) -> dict[str, Any]:
    path = found.path.parent / value["file"]
    if not path.exists():
        raise BadLessonFile(found.name, "figure.file", f"{value['file']} does not lie beside it")
    image = get_image_model()(title=value["alt"][:255], description=value["alt"][:255])
    with path.open("rb") as content:
        image.file = ImageFile(content, name=path.name)
        image.save()
    shown = {"image": image.pk, "decorative": False, "alt_text": value["alt"]}
    return {"image": shown, "caption": value["caption"]}
