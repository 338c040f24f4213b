"""One's own study: what is kept, what is shown, and only to oneself."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from cms.accounts.models import User
from courses.models import (
    CoursePage,
    LessonBookmark,
    LessonNote,
    LessonProgress,
    StudyDay,
    StudyEvent,
)
from tests.factories.courses import (
    address_of,
    first_chapter,
    lessons_of,
    make_course,
    make_lesson,
)
from tests.factories.exam import make_user
from tests.factories.pages import text_of
from tests.factories.people import make_reference
from tests.factories.world import BACKEND

pytestmark = pytest.mark.django_db

EVENTS = "/api/v1/study/events/"
VIEW = str(uuid.UUID(int=7))


@pytest.fixture(autouse=True)
def _english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    cache.clear()


@pytest.fixture
def course() -> CoursePage:
    make_reference()
    return make_course(chapters=2, lessons=2)


@pytest.fixture
def alice() -> User:
    return make_user("alice")


@pytest.fixture
def reader(client: Client, alice: User) -> Client:
    client.force_login(alice, BACKEND)
    return client


def put(client: Client, **fields: Any) -> Any:
    sent = {"view": VIEW, "kind": "beat", "place": 40} | fields
    return client.put(EVENTS, sent, content_type="application/json")


# --- the API --------------------------------------------------------------------------------------
def test_an_event_is_kept_and_answered_with_where_the_reader_stands(reader, course) -> None:
    lesson = lessons_of(course)[0]
    reply = put(reader, lesson=lesson.pk, kind="opened")
    assert reply.status_code == 200
    assert reply.json() == {"place": 40, "furthest": 40, "minutes": 0}
    assert StudyEvent.objects.get().lesson_id == lesson.pk


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "finished"},
        {"place": 101},
        {"place": -1},
        {"view": "x"},
        {"kind": "beat", "lesson": "x"},
    ],
)
def test_a_wrong_event_is_refused(reader, course, wrong) -> None:
    reply = put(reader, **({"lesson": lessons_of(course)[0].pk} | wrong))
    assert reply.status_code == 400
    assert reply.json()["code"] == "invalid"
    assert not StudyEvent.objects.exists()


def test_what_a_device_claims_is_not_credited(reader, course) -> None:
    lesson = lessons_of(course)[0]
    put(reader, lesson=lesson.pk, minutes=600, credited_s=36000, at="2020-01-01T00:00:00Z")
    assert LessonProgress.objects.get().credited_s == 0
    assert abs(StudyEvent.objects.get().at - timezone.now()) < timedelta(minutes=1)


def test_drafts_strangers_and_forged_requests_are_turned_away(course, alice) -> None:
    lesson = lessons_of(course)[0]
    draft = make_lesson(first_chapter(course), "草稿", slug="draft", live=False)
    assert put(Client(), lesson=lesson.pk).status_code == 403
    signed_in = Client()
    signed_in.force_login(alice, BACKEND)
    assert put(signed_in, lesson=draft.pk).status_code == 404
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(alice, BACKEND)
    assert put(careful, lesson=lesson.pk).status_code == 403


def test_a_flood_of_events_is_slowed_down(reader, course) -> None:
    lesson = lessons_of(course)[0]
    replies = [put(reader, lesson=lesson.pk).status_code for _ in range(61)]
    assert replies[:60] == [200] * 60
    assert replies[60] == 429


# --- the buttons of a lesson ----------------------------------------------------------------------
def test_done_without_scripts_leads_to_the_next_lesson(reader, course) -> None:
    one, two, *_ = lessons_of(course)
    reply = reader.post(f"/study/lessons/{one.pk}/finish/", {"view": VIEW})
    assert reply.headers["Location"].endswith(address_of(two))
    assert LessonProgress.objects.get().finished_at is not None
    assert "You finished it on" in text_of(reader.get(address_of(one)))


def test_done_with_the_last_lesson_leads_back_to_the_course(reader, course) -> None:
    last = lessons_of(course)[-1]
    reply = reader.post(f"/study/lessons/{last.pk}/finish/")
    assert reply.headers["Location"].endswith(address_of(course))


def test_a_lesson_is_bookmarked_shown_and_let_go(reader, course) -> None:
    lesson = lessons_of(course)[0]
    assert 'aria-pressed="false"' in text_of(reader.get(address_of(lesson)))
    reader.post(f"/study/lessons/{lesson.pk}/bookmark/", {"keep": "1"})
    assert 'aria-pressed="true"' in text_of(reader.get(address_of(lesson)))
    assert lesson.title in text_of(reader.get("/study/bookmarks/"))
    reader.post(f"/study/lessons/{lesson.pk}/bookmark/", {"keep": "0"})
    assert not LessonBookmark.objects.exists()
    assert "No lesson is bookmarked" in text_of(reader.get("/study/bookmarks/"))


def test_a_note_stands_beside_its_lesson_and_is_escaped(reader, course) -> None:
    lesson = lessons_of(course)[0]
    reply = reader.post(f"/study/lessons/{lesson.pk}/note/", {"text": "<b>先听</b>"})
    assert reply.headers["Location"] == f"{address_of(lesson)}?note=saved#note"
    assert "The note is saved." in text_of(reader.get(f"{address_of(lesson)}?note=saved"))
    for page in (address_of(lesson), "/study/notes/"):
        assert "&lt;b&gt;先听&lt;/b&gt;" in text_of(reader.get(page))


def test_nobody_sees_notes_bookmarks_or_progress_of_others(reader, course) -> None:
    lesson = lessons_of(course)[0]
    for action, sent in (("note", {"text": "只给自己看"}), ("bookmark", {}), ("finish", {})):
        reader.post(f"/study/lessons/{lesson.pk}/{action}/", sent)
    other = Client()
    other.force_login(make_user("bob"), BACKEND)
    for page in ("/study/", "/study/notes/", "/study/bookmarks/", address_of(lesson)):
        seen = text_of(other.get(page))
        assert "只给自己看" not in seen
        assert "You finished it on" not in seen
    assert "No notes yet" in text_of(other.get("/study/notes/"))
    assert LessonNote.objects.get().user.username == "alice"


def test_the_buttons_of_a_draft_are_not_found(reader, course) -> None:
    draft = make_lesson(first_chapter(course), "草稿", slug="draft", live=False)
    for action in ("finish", "bookmark", "note"):
        assert reader.post(f"/study/lessons/{draft.pk}/{action}/").status_code == 404


# --- the study page -------------------------------------------------------------------------------
def test_a_new_reader_is_led_to_the_courses(reader, course) -> None:
    seen = text_of(reader.get("/study/"))
    assert "Choose a course to begin with" in seen
    assert "Nothing read in this time" in seen


def test_the_page_goes_on_where_the_reader_stopped(reader, course) -> None:
    two = lessons_of(course)[1]
    put(reader, lesson=two.pk, place=60)
    seen = text_of(reader.get("/study/"))
    assert "Go on where you stopped" in seen
    assert two.title in seen
    assert "read to 60%" in seen
    assert "0 of 4 lessons done" in seen


def test_minutes_stand_as_bars_and_as_a_table(reader, alice, course) -> None:
    today = timezone.localdate()
    for back, seconds in ((0, 1500), (3, 600), (20, 6000)):
        StudyDay.objects.create(user=alice, day=today - timedelta(days=back), credited_s=seconds)
    seen = text_of(reader.get("/study/"))
    assert "35 minutes on 2 days" in seen
    assert seen.count('fill="var(--chart-1)"') == 2
    assert f'{today:%Y-%m-%d}</time></th><td class="num">25</td>' in seen


def test_the_page_takes_as_many_statements_whatever_was_read(
    reader, alice, course, django_assert_max_num_queries
) -> None:
    for lesson in lessons_of(course):
        reader.post(f"/study/lessons/{lesson.pk}/finish/")
        reader.post(f"/study/lessons/{lesson.pk}/note/", {"text": "x"})
    make_course(chapters=4, lessons=4, subject="junior-general")
    reader.get("/study/")  # once before: what is remembered is no cost of this page
    with django_assert_max_num_queries(16):
        reader.get("/study/")
    for page in ("notes", "bookmarks"):
        with django_assert_max_num_queries(6):
            reader.get(f"/study/{page}/")
