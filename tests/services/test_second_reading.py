"""A lesson is published when somebody who did not write it approves it, by no other way."""

import pytest
from django.core.exceptions import PermissionDenied
from wagtail.models import TaskState, Workflow, WorkflowPage

from cms.accounts.models import User
from cms.core.errors import Refused
from courses.models import LessonPage, SecondReading
from courses.pages import services
from courses.pages.editor_form import in_editor_form
from courses.pages.lesson_file import read_lesson
from courses.pages.second_reading import may_read, writers
from tests.factories.courses import first_chapter, make_author, make_course, make_index, make_lesson
from tests.factories.people import make_reference
from tests.rules.test_lesson_file import HEAD, KEY_POINTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer() -> User:
    return make_author("luo", "instructor")


@pytest.fixture
def reader() -> User:
    return make_author("jin", "editor")


@pytest.fixture
def draft(writer: User) -> LessonPage:
    make_reference()
    chapter = first_chapter(make_course(chapters=1, lessons=0))
    return make_lesson(chapter, live=False, owner=writer, written_by=writer)


def reload(lesson: LessonPage) -> LessonPage:
    return LessonPage.objects.get(pk=lesson.pk)


def change(lesson: LessonPage, by: User, title: str) -> None:
    newest = reload(lesson).get_latest_revision_as_object()
    newest.title = title
    newest.save_revision(user=by)


def test_the_second_reader_publishes_and_is_named(draft, writer, reader) -> None:
    services.submit(draft, by=writer)
    services.approve(reload(draft), by=reader)
    lesson = reload(draft)
    assert lesson.live
    assert (lesson.written_by, lesson.reviewed_by) == (writer, reader)
    assert lesson.get_latest_revision_as_object().reviewed_by == reader


def test_the_writer_cannot_approve_the_own_lesson(draft, writer) -> None:
    services.submit(draft, by=writer)
    with pytest.raises(PermissionDenied):
        services.approve(reload(draft), by=writer)
    assert not reload(draft).live
    assert reload(draft).workflow_in_progress


def test_whoever_is_named_as_writer_cannot_approve_what_another_typed_in(draft, writer) -> None:
    typist = make_author("typist", "editor")
    change(draft, typist, "接案（录入）")
    assert writers(reload(draft)) == {writer.pk, typist.pk}
    services.submit(reload(draft), by=typist)
    for somebody in (writer, typist):
        with pytest.raises(PermissionDenied):
            services.approve(reload(draft), by=somebody)


def test_trainees_and_former_authors_are_no_second_readers(draft, reader) -> None:
    trainee = make_author("ma", "trainee")
    assert may_read(draft, reader)
    assert not may_read(draft, trainee)
    reader.grants.all().delete()
    assert not may_read(draft, User.objects.get(pk=reader.pk))


def test_a_text_changed_after_it_was_handed_over_is_not_approved(draft, writer, reader) -> None:
    services.submit(draft, by=writer)
    change(draft, writer, "悄悄改过")
    with pytest.raises(Refused) as refused:
        services.approve(reload(draft), by=reader)
    assert refused.value.code == "changed_since_submitted"
    assert not reload(draft).live


def test_a_reader_who_changes_the_text_becomes_a_writer(draft, writer, reader) -> None:
    services.submit(draft, by=writer)
    change(draft, reader, "审读时改过")
    assert not may_read(reload(draft), reader)
    assert reload(draft).current_workflow_task.locked_for_user(reload(draft), reader)


def test_the_named_writer_may_read_what_another_changed_later(draft, writer, reader) -> None:
    services.submit(draft, by=writer)
    services.approve(reload(draft), by=reader)
    change(draft, reader, "修订")
    services.submit(reload(draft), by=reader)
    services.approve(reload(draft), by=writer)
    lesson = reload(draft)
    assert lesson.title == "修订"
    # Two different people stand behind the text either way.
    assert (lesson.written_by, lesson.reviewed_by) == (writer, reader)


def test_a_lesson_without_a_writer_names_who_saved_it(writer, reader) -> None:
    make_reference()
    lesson = make_lesson(
        first_chapter(make_course(chapters=1, lessons=0)), live=False, owner=writer
    )
    services.submit(lesson, by=writer)
    services.approve(reload(lesson), by=reader)
    assert reload(lesson).written_by == writer


def test_reading_can_be_refused_with_a_word(draft, writer, reader) -> None:
    services.submit(draft, by=writer)
    state = reload(draft).current_workflow_task_state
    state.task.specific.on_action(state, reader, "reject", comment="补上法条")
    assert not reload(draft).live
    assert TaskState.objects.get().comment == "补上法条"


def test_waiting_lessons_are_listed_for_readers_and_not_for_their_writer(
    draft, writer, reader
) -> None:
    services.submit(draft, by=writer)
    assert TaskState.objects.reviewable_by(reader).count() == 1
    assert TaskState.objects.reviewable_by(writer).count() == 0


def test_the_workflow_is_set_up_once_and_keeps_its_new_name() -> None:
    make_reference()
    index = make_index()
    workflow = services.ensure_workflow()
    Workflow.objects.filter(pk=workflow.pk).update(name="审读")
    assert services.ensure_workflow() == workflow
    assert SecondReading.objects.count() == 1
    assert WorkflowPage.objects.get(page=index.pk).workflow.name == "审读"


def test_a_lesson_from_a_file_goes_the_same_way(writer, reader) -> None:
    make_reference()
    chapter = first_chapter(make_course(chapters=1, lessons=0))
    told = read_lesson(HEAD + KEY_POINTS, file="01-1.toml")
    lesson = services.publish_read_lesson(chapter, told, told.body, writer=writer, reader=reader)
    assert lesson.live
    assert (lesson.written_by, lesson.reviewed_by) == (writer, reader)
    assert lesson.search_description == "接案要做的三件事"
    stored = lesson.body.get_prep_value()
    assert in_editor_form(lesson.body).get_prep_value() == stored
    assert all("id" in item for item in stored[0]["value"]["points"])
    with pytest.raises(PermissionDenied):
        services.publish_read_lesson(
            first_chapter(make_course(chapters=1, lessons=0, subject="junior-general")),
            told,
            told.body,
            writer=writer,
            reader=writer,
        )


def test_the_workflow_that_nobody_could_approve_is_taken_away() -> None:
    make_index()
    services.ensure_workflow()
    assert not Workflow.objects.filter(name=services.SHIPPED_WORKFLOW, active=True).exists()
    assert not WorkflowPage.objects.filter(workflow__name=services.SHIPPED_WORKFLOW).exists()
