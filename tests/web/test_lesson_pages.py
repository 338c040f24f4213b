"""Course, chapter and lesson pages: who reads what, what stands there, what it costs."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.test import Client

from courses.models import ChapterPage, CoursePage, KnowledgePoint, LessonPage
from courses.pages.services import ensure_chapter
from tests.factories.courses import (
    EVERY_KIND,
    address_of,
    first_chapter,
    lessons_of,
    make_author,
    make_course,
    make_lesson,
)
from tests.factories.exam import make_user
from tests.factories.pages import text_of
from tests.factories.people import make_reference
from tests.factories.practice import make_single
from tests.factories.world import BACKEND

pytestmark = pytest.mark.django_db

MOST_STATEMENTS = 12
MOST_BYTES = 150_000


@pytest.fixture(autouse=True)
def _english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def course() -> CoursePage:
    make_reference()
    return make_course(chapters=2, lessons=2)


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(make_user("alice"), BACKEND)
    return client


def read(client: Client, page: Any) -> str:
    reply = client.get(address_of(page))
    assert reply.status_code == 200
    return text_of(reply)


# --- who reads what -------------------------------------------------------------------------------
def test_everybody_sees_courses_and_chapters(client, course) -> None:
    assert course.title in text_of(client.get("/courses/"))
    seen = read(client, course)
    assert "第1章第2节" in seen
    assert "sign in" in seen
    assert "第1章第1节" in read(client, first_chapter(course))


def test_a_lesson_sends_visitors_to_sign_in_and_back(client, course) -> None:
    address = address_of(lessons_of(course)[0])
    reply = client.get(address)
    assert reply.status_code == 302
    assert reply.headers["Location"] == f"/accounts/login/?next={address}"


def test_a_draft_is_nowhere(reader, course) -> None:
    draft = make_lesson(first_chapter(course), "草稿一节", slug="draft", live=False)
    assert reader.get(address_of(draft)).status_code == 404
    for page in (course, first_chapter(course)):
        assert "草稿一节" not in read(reader, page)


def test_a_lesson_of_another_place_in_the_tree_is_not_found(reader, course) -> None:
    lesson = lessons_of(course)[0]
    wrong = address_of(lesson).replace("chapter-1", "chapter-2")
    assert reader.get(wrong).status_code == 404
    assert reader.get("/courses/no-such-course/").status_code == 404


# --- what stands there ----------------------------------------------------------------------------
def test_a_lesson_says_where_it_stands_and_what_it_rests_on(reader, course) -> None:
    writer, second = make_author("罗静文"), make_author("金若梅", "editor")
    for user in (writer, second):
        type(user).objects.filter(pk=user.pk).update(first_name=user.username)
    lesson = lessons_of(course)[1]
    LessonPage.objects.filter(pk=lesson.pk).update(written_by=writer, reviewed_by=second)
    seen = read(reader, lesson)
    assert re.search(
        r"<p class=\"title\">实务 \(初级\), chapter 1<small>Lesson 2 of 2</small>", seen
    )
    assert "written by 罗静文, reviewed by 金若梅" in seen
    assert "Law as of 1 November 2026" in seen
    assert len(re.findall(r"<h1\b", seen)) == 1


def test_every_kind_of_block_is_drawn_in_its_form(reader, course) -> None:
    lesson = make_lesson(first_chapter(course), "全部", slug="all", body=EVERY_KIND)
    seen = read(reader, lesson)
    for form in ("kp", "flow", "table-card", "law", "case", "mnemonic", "callout", "self-check"):
        assert re.search(rf'class="[^"]*\b{form}\b', seen), form
    assert 'aria-label="Importance: 3 stars of three"' in seen
    assert '<li aria-current="step">接案</li>' in seen
    assert '<th scope="row">做什么</th>' in seen


def test_what_authors_type_stays_text(reader, course) -> None:
    lesson = make_lesson(first_chapter(course), "全部", slug="all", body=EVERY_KIND)
    seen = read(reader, lesson)
    assert "<td>&lt;b&gt;听&lt;/b&gt;</td>" in seen
    assert "发现<mark>&lt;疑似&gt;</mark>的" in seen


def test_a_self_check_is_an_island_with_a_way_without_it(reader, course) -> None:
    lesson = make_lesson(first_chapter(course), "全部", slug="all", body=EVERY_KIND)
    question = EVERY_KIND[-1]["value"]["question"]
    found = re.search(
        r'data-island="self-check"><script type="application/json" data-island-json>(.*?)</script>'
        r"(.*?)</div>",
        read(reader, lesson),
        re.DOTALL,
    )
    assert found is not None
    config = json.loads(found[1])
    assert config == {"question": question, "api": "/api/v1/practice/", "lang": "en"}
    assert f'href="/practice/questions/{question}/"' in found[2]


def test_the_foot_leads_on_and_at_the_end_back_to_the_course(reader, course) -> None:
    one, two, three, four = lessons_of(course)
    assert 'rel="prev"' not in read(reader, one)
    across = read(reader, two)
    assert f'rel="prev" href="{address_of(one)}"' in across
    assert f"Done, next: {three.title}" in across
    assert "Done, back to the course" in read(reader, four)


def test_no_page_carries_scripts_or_styles_in_its_text(reader, course) -> None:
    lesson = make_lesson(first_chapter(course), "全部", slug="all", body=EVERY_KIND)
    for page in (course, first_chapter(course), lesson):
        seen = read(reader, page)
        assert " style=" not in seen
        assert not re.search(r"<script(?![^>]*(src=|application/json))", seen)
        assert not re.search(r"\son[a-z]+=", seen)


def test_course_and_chapter_show_the_own_progress_and_where_to_go_on(reader, course) -> None:
    one, two, *_ = lessons_of(course)
    reader.post(f"/study/lessons/{one.pk}/finish/")
    seen = read(reader, course)
    assert "1 of 4 lessons done" in seen
    assert f"Continue with: {two.title}" in seen
    assert "1 of 2 lessons done" in read(reader, first_chapter(course))
    assert 'data-state="done"' in seen


def test_a_chapter_leads_to_practice_only_where_it_has_questions(reader, course) -> None:
    chapter = first_chapter(course)
    assert "/practice/" not in re.sub("<nav.*?</nav>", "", read(reader, chapter), flags=re.DOTALL)
    assert "This chapter has no questions yet." in read(reader, chapter)
    make_single(1, chapter.chapter)
    make_single(2, chapter.chapter)
    assert "To the 2 questions of this chapter" in read(reader, chapter)
    assert f"/practice/?chapter={chapter.chapter_id}" in read(reader, chapter)


def test_a_heading_without_a_number_has_its_title_alone_and_a_latin_address(reader, course) -> None:
    topics = KnowledgePoint.objects.get(number="专题")
    law = make_course(1, 0, subject="intermediate-law")
    page = ensure_chapter(law, topics, lead="近一年的时政")
    assert page.slug == "topics"
    seen = read(reader, page)
    assert re.search("<h1>\\s*时政专题", seen)
    assert "Chapter" not in seen
    assert "近一年的时政" in seen
    assert "being written" in seen


# --- what it costs --------------------------------------------------------------------------------
def cold(client: Client, address: str, counted: Any) -> int:
    """Statements of a page with nothing remembered from before."""
    cache.clear()
    ContentType.objects.clear_cache()
    with counted() as found:
        assert client.get(address).status_code == 200
    return len(found.captured_queries)


@pytest.fixture
def counted() -> Any:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return lambda: CaptureQueriesContext(connection)


def with_siblings(course: CoursePage, wanted: int) -> None:
    """Published lessons beside one another, written at once."""
    chapter = first_chapter(course)
    for n in range(chapter.get_children_count(), wanted):
        chapter = ChapterPage.objects.get(pk=chapter.pk)
        chapter.add_child(instance=LessonPage(title=f"第{n}节", slug=f"s{n}", live=True))


def test_a_lesson_takes_twelve_statements_with_ten_and_with_three_hundred_lessons(
    reader, course, counted
) -> None:
    lesson = lessons_of(course)[1]
    reader.post(f"/study/lessons/{lesson.pk}/note/", {"text": "先听"})
    with_siblings(course, 10)
    few = cold(reader, address_of(lesson), counted)
    with_siblings(course, 300)
    many = cold(reader, address_of(lesson), counted)
    assert "Lesson 2 of 300" in read(reader, lesson)
    assert few == many
    assert many <= MOST_STATEMENTS


def test_course_and_chapter_take_as_many_statements_whatever_they_hold(
    reader, course, counted
) -> None:
    pages = ("/courses/", address_of(course), address_of(first_chapter(course)))
    reader.get("/welcome/")  # the terms have been asked for, as they are once an hour
    few = [cold(reader, page, counted) for page in pages]
    with_siblings(course, 40)
    make_course(chapters=5, lessons=3, subject="junior-practice")
    assert [cold(reader, page, counted) for page in pages] == few


def test_a_lesson_of_text_weighs_little_over_the_wire(reader, course) -> None:
    """HTML and everything the page loads, compressed as a server would."""
    text = "<p>" + "接案先建立关系，让对方愿意把事情说下去。" * 90 + "</p>"
    body = [*EVERY_KIND, {"type": "text", "value": text}]
    lesson = make_lesson(first_chapter(course), "长的一节", slug="long", body=body)
    seen = read(reader, lesson)
    built = Path(settings.STATIC_BUILD)
    names = set(re.findall(r'/static/([^"#]+\.(?:css|js|svg))', seen))
    manifest = json.loads((built / ".vite/manifest.json").read_text())
    names.add(manifest["src/study/index.ts"]["file"])
    assert any(name.endswith(".css") for name in names)
    assets = [(built / name).read_bytes() for name in names]
    weight = sum(len(gzip.compress(part)) for part in [seen.encode(), *assets])
    print(f"a lesson of {len(text)} characters: {weight} bytes")  # noqa: T201
    assert weight <= MOST_BYTES


def test_reading_does_not_write(reader, course) -> None:
    from courses.models import LessonProgress, StudyEvent

    read(reader, lessons_of(course)[0])
    assert not StudyEvent.objects.exists()
    assert not LessonProgress.objects.exists()
