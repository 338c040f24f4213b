"""Study events and what they come to: credited once, rebuilt to the same rows."""

import io
import json
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from cms.accounts.models import User
from cms.core.errors import Refused
from cms.core.models import FactIsFinal
from courses.models import CoursePage, LessonPage
from courses.study import services
from courses.study.models import (
    LessonBookmark,
    LessonNote,
    LessonProgress,
    StudyDay,
    StudyEvent,
)
from courses.study.overview import course_progress, minutes_by_day, next_lesson
from tests.factories.courses import READ_AT, lessons_of, make_course
from tests.factories.exam import make_user
from tests.factories.people import make_reference

pytestmark = pytest.mark.django_db

FIRST_VIEW, SECOND_VIEW = uuid.UUID(int=1), uuid.UUID(int=2)
DAY = date(2026, 4, 14)


@pytest.fixture
def course() -> CoursePage:
    make_reference()
    return make_course(chapters=2, lessons=2)


@pytest.fixture
def reader() -> User:
    return make_user("alice")


def say(
    reader: User, lesson: LessonPage, seconds: float, kind: str = "beat", **fields: Any
) -> LessonProgress:
    told: dict[str, Any] = {"view": FIRST_VIEW, "place": 10} | fields
    now = READ_AT + timedelta(seconds=seconds)
    return services.record_event(user=reader, lesson=lesson, kind=kind, now=now, **told)


def read_for(reader: User, lesson: LessonPage, minutes: int, *, start: float = 0) -> None:
    say(reader, lesson, start, "opened", view=uuid.uuid4())
    for n in range(1, 2 * minutes + 1):
        say(reader, lesson, start + 30 * n)


def test_ten_minutes_of_reading_are_credited_to_lesson_and_day(course, reader) -> None:
    lesson = lessons_of(course)[0]
    read_for(reader, lesson, 10)
    assert LessonProgress.objects.get(user=reader, lesson=lesson).credited_s == 600
    assert StudyDay.objects.get(user=reader, day=DAY).credited_s == 600
    assert minutes_by_day([reader.pk], DAY, DAY) == {reader.pk: {DAY: 10}}


def test_two_windows_at_once_credit_the_time_once(course, reader) -> None:
    one, two, *_ = lessons_of(course)
    for n in range(11):
        say(reader, one, 30 * n)
        say(reader, two, 30 * n + 12, view=SECOND_VIEW)
    assert StudyDay.objects.get(user=reader).credited_s == 312


def test_the_same_opening_sent_twice_is_one_event(course, reader) -> None:
    lesson = lessons_of(course)[0]
    say(reader, lesson, 0, "opened")
    say(reader, lesson, 20, "opened")
    assert StudyEvent.objects.count() == 1


def test_beats_in_quick_succession_change_nothing(course, reader) -> None:
    lesson = lessons_of(course)[0]
    say(reader, lesson, 0, "opened")
    for n in range(1, 50):
        say(reader, lesson, n / 10, place=99)
    assert StudyEvent.objects.count() == 1
    assert LessonProgress.objects.get().furthest == 10


def test_a_clock_that_goes_back_does_not_take_credit_away(course, reader) -> None:
    lesson = lessons_of(course)[0]
    say(reader, lesson, 60, "opened")
    say(reader, lesson, 30, view=SECOND_VIEW)
    first, second = StudyEvent.objects.order_by("pk")
    assert first.at == second.at
    assert not StudyDay.objects.exists()


def test_a_lesson_is_finished_once(course, reader) -> None:
    lesson = lessons_of(course)[0]
    say(reader, lesson, 0, "opened")
    for seconds in (20, 90):
        now = READ_AT + timedelta(seconds=seconds)
        services.finish_lesson(user=reader, lesson=lesson, view=FIRST_VIEW, now=now)
    progress = LessonProgress.objects.get()
    assert progress.finished_at == READ_AT + timedelta(seconds=20)
    assert (progress.place, progress.credited_s) == (100, 20)
    assert StudyEvent.objects.filter(kind="finished").count() == 1


def test_events_are_facts(course, reader) -> None:
    say(reader, lessons_of(course)[0], 0)
    with pytest.raises(FactIsFinal):
        StudyEvent.objects.update(place=100)
    with pytest.raises(IntegrityError), transaction.atomic():
        StudyEvent.objects.create(
            user=reader,
            lesson=lessons_of(course)[0],
            kind="beat",
            view=FIRST_VIEW,
            place=101,
            at=READ_AT,
        )


def everything() -> list[Any]:
    progress = LessonProgress.objects.order_by("user", "lesson")
    days = StudyDay.objects.order_by("user", "day").filter(credited_s__gt=0)
    names = ("user", "lesson", "place", "furthest", "credited_s", "opened_at", "last_at")
    return [
        *progress.values_list(*names, "finished_at"),
        *days.values_list("user", "day", "credited_s"),
    ]


def a_busy_evening(course: CoursePage) -> None:
    """Two readers, three lessons, a window left open, past midnight, and a finish."""
    one, two, three, _four = lessons_of(course)
    for reader in (make_user("alice"), make_user("bob")):
        read_for(reader, one, 6)
        read_for(reader, two, 3, start=380)
        say(reader, one, 4000, view=SECOND_VIEW, place=80)
        services.finish_lesson(
            user=reader, lesson=one, view=SECOND_VIEW, now=READ_AT + timedelta(seconds=4020)
        )
        read_for(reader, three, 30, start=11 * 3600 + 50 * 60)


def test_deleted_rows_come_back_the_same_from_the_events(course) -> None:
    a_busy_evening(course)
    before = everything()
    assert services.rebuild(check=True).different == 0
    LessonProgress.objects.all().delete()
    StudyDay.objects.all().delete()
    rebuilt = services.rebuild(check=False)
    assert rebuilt.different == rebuilt.rows == len(before)
    assert everything() == before
    assert len({row[1] for row in before if isinstance(row[1], date)}) == 2


def test_a_check_says_what_differs_and_writes_nothing(course, reader) -> None:
    read_for(reader, lessons_of(course)[0], 2)
    StudyDay.objects.update(credited_s=9999)
    StudyDay.objects.create(user=make_user("nobody"), day=DAY, credited_s=5)
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("rebuild", "progress", "--check", stdout=out)
    assert end.value.code == 3
    assert json.loads(out.getvalue()) == {"rows": 2, "different": 2}
    assert StudyDay.objects.filter(credited_s=9999).exists()
    call_command("rebuild", "progress", stdout=io.StringIO())
    assert list(StudyDay.objects.values_list("credited_s", flat=True)) == [120]


def test_a_bookmark_is_kept_once_and_let_go(course, reader) -> None:
    lesson = lessons_of(course)[0]
    for _ in range(2):
        services.bookmark(user=reader, lesson=lesson, now=READ_AT)
    assert LessonBookmark.objects.count() == 1
    services.unbookmark(user=reader, lesson=lesson)
    services.unbookmark(user=reader, lesson=lesson)
    assert not LessonBookmark.objects.exists()


def test_there_is_one_note_a_lesson_and_an_empty_one_is_none(course, reader) -> None:
    lesson = lessons_of(course)[0]
    for text in ("先听", "  先听，再问  "):
        services.save_note(user=reader, lesson=lesson, text=text, now=READ_AT)
    assert LessonNote.objects.get().text == "先听，再问"
    services.save_note(user=reader, lesson=lesson, text="  ", now=READ_AT)
    assert not LessonNote.objects.exists()


def test_a_note_that_is_too_long_is_refused_and_the_old_one_stays(course, reader) -> None:
    lesson = lessons_of(course)[0]
    services.save_note(user=reader, lesson=lesson, text="先听", now=READ_AT)
    with pytest.raises(Refused) as refused:
        services.save_note(user=reader, lesson=lesson, text="长" * 4001, now=READ_AT)
    assert refused.value.code == "note_too_long"
    assert LessonNote.objects.get().text == "先听"


def test_progress_of_many_people_in_many_courses_takes_three_statements(
    course, reader, django_assert_num_queries
) -> None:
    other = make_course(chapters=1, lessons=3, subject="junior-general")
    one, two, *_ = lessons_of(course)
    optional = lessons_of(other)[2]
    LessonPage.objects.filter(pk=optional.pk).update(optional=True)
    for lesson in (one, optional):
        services.finish_lesson(user=reader, lesson=lesson, view=FIRST_VIEW, now=READ_AT)
    say(reader, two, 60, "opened")
    people = [reader.pk, *(make_user(f"reader-{n}").pk for n in range(5))]
    with django_assert_num_queries(3):
        found = course_progress(people, [course.pk, other.pk])
    assert len(found) == 12
    mine = found[reader.pk, course.pk]
    assert (mine.done, mine.total, mine.percent) == (1, 4, 25)
    assert mine.last_at == READ_AT + timedelta(seconds=60)
    assert (found[reader.pk, other.pk].done, found[reader.pk, other.pk].total) == (0, 2)
    assert found[people[1], course.pk].last_at is None


def test_nothing_is_asked_where_there_is_nobody_or_no_course(course, reader) -> None:
    assert course_progress([], [course.pk]) == {}
    assert course_progress([reader.pk], []) == {}
    assert next_lesson(reader, []) is None


def test_the_next_lesson_is_where_the_reader_stopped(course, reader) -> None:
    one, two, three, _ = lessons_of(course)
    assert next_lesson(reader, [course.pk]) == (one, 0)
    say(reader, two, 0, place=60)
    assert next_lesson(reader, [course.pk]) == (two, 60)
    services.finish_lesson(
        user=reader, lesson=two, view=FIRST_VIEW, now=READ_AT + timedelta(seconds=30)
    )
    assert next_lesson(reader, [course.pk]) == (three, 0)


def test_a_lesson_taken_back_to_draft_counts_nowhere(course, reader) -> None:
    one = lessons_of(course)[0]
    services.finish_lesson(user=reader, lesson=one, view=FIRST_VIEW, now=READ_AT)
    one.unpublish()
    found = course_progress([reader.pk], [course.pk])[reader.pk, course.pk]
    assert (found.done, found.total) == (0, 3)


def test_minutes_stand_at_the_day_of_china(course, reader) -> None:
    late = datetime(2026, 4, 14, 15, 58, tzinfo=UTC)  # two minutes before midnight in China
    shift = (late - READ_AT).total_seconds()
    read_for(reader, lessons_of(course)[0], 5, start=shift)
    found = minutes_by_day([reader.pk], DAY, DAY + timedelta(days=1))
    assert found == {reader.pk: {DAY: 2, DAY + timedelta(days=1): 3}}
