"""Writes to the course tree: its pages, the workflow over it, and lessons that went through it."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Workflow, WorkflowPage, WorkflowTask

from cms.accounts.models import User
from courses.pages.editor_form import in_editor_form
from courses.pages.lesson_file import Block, LessonFile
from courses.pages.models import ChapterPage, CourseIndexPage, CoursePage, LessonPage
from courses.pages.second_reading import SecondReading
from courses.syllabus.models import KnowledgePoint

# What Wagtail sets up for every page: its task asks a group, and nobody here is in a group.
SHIPPED_WORKFLOW = "Moderators approval"


@transaction.atomic
def ensure_workflow() -> Workflow:
    """Put the list of courses under a second reader; safe to run again, and keeps a new name."""
    for shipped in Workflow.objects.filter(name=SHIPPED_WORKFLOW, active=True):
        shipped.deactivate()
    task = SecondReading.objects.filter(active=True).first()
    if task is None:
        task = SecondReading.objects.create(name=_("Second reading"))
    workflow = Workflow.objects.filter(active=True, workflow_tasks__task=task).first()
    if workflow is None:
        workflow = Workflow.objects.create(name=_("Second reader"))
        WorkflowTask.objects.create(workflow=workflow, task=task)
    for index in CourseIndexPage.objects.all():
        WorkflowPage.objects.update_or_create(page=index.page_ptr, defaults={"workflow": workflow})
    return workflow


# --- the tree -------------------------------------------------------------------------------------
def ensure_index(home: Page, *, title: str, lead: str) -> CourseIndexPage:
    """The list of courses below the home page, under `/courses/`."""
    found = CourseIndexPage.objects.child_of(home).first()
    return found or _published(home, CourseIndexPage(title=title, slug="courses", lead=lead))


def ensure_course(
    index: CourseIndexPage, chapter: KnowledgePoint, *, title: str, lead: str
) -> CoursePage:
    """The course for the subject and syllabus of a chapter; its address is the subject's code."""
    slug = chapter.subject_id
    found = CoursePage.objects.child_of(index).filter(slug=slug).first()
    return found or _published(
        index,
        CoursePage(
            title=title, slug=slug, lead=lead, subject=chapter.subject, syllabus=chapter.version
        ),
    )


def ensure_chapter(course: CoursePage, chapter: KnowledgePoint, *, lead: str) -> ChapterPage:
    found = ChapterPage.objects.child_of(course).filter(chapter=chapter).first()
    return found or _published(
        course,
        ChapterPage(title=chapter.title, slug=_slug(chapter), lead=lead, chapter=chapter),
    )


def _slug(chapter: KnowledgePoint) -> str:
    """Addresses are Latin; a heading without a number (时政专题) stands once in a subject."""
    return f"chapter-{chapter.number}" if chapter.is_numbered else "topics"


def _published(parent: Page, page: Any) -> Any:
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


# --- lessons --------------------------------------------------------------------------------------
@transaction.atomic
def publish_read_lesson(
    chapter: ChapterPage, lesson: LessonFile, body: Sequence[Block], *, writer: User, reader: User
) -> LessonPage:
    """Write a lesson, hand it over, and have it approved: the way every lesson goes.

    `body` is that of the file with its questions and pictures found.
    """
    page = LessonPage(
        title=lesson.title,
        slug=lesson.slug,
        minutes=lesson.minutes,
        optional=lesson.optional,
        law_as_of=lesson.law_as_of,
        search_description=lesson.summary,
        written_by=writer,
        owner=writer,
        body=json.dumps([{"type": block.type, "value": block.value} for block in body]),
        live=False,
    )
    page.body = in_editor_form(page.body)
    chapter.add_child(instance=page)
    page.save_revision(user=writer)
    submit(page, by=writer)
    approve(page, by=reader)
    page.refresh_from_db()
    return page


def submit(page: Page, *, by: User) -> None:
    """Hand the newest version to the second reader."""
    page.get_workflow().start(page, by)


@transaction.atomic
def approve(page: Page, *, by: User) -> None:
    """Approve and publish, as a second reader who did not write it. Raises PermissionDenied."""
    state = page.current_workflow_task_state
    state.task.specific.on_action(state, by, "approve")
