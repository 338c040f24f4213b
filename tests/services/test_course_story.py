"""The courses of the demo, loaded from files of lessons."""

import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cms.demo import course_story
from courses.models import ChapterPage, CoursePage, KnowledgePoint, LessonPage
from courses.pages.lesson_file import BadLessonFile
from tests.factories.courses import make_author, make_home
from tests.factories.exam import make_version
from tests.factories.people import make_reference
from tests.rules.test_lesson_file import HEAD, KEY_POINTS

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 20, 3, tzinfo=UTC)
STEM = "居民李阿姨与儿媳长期不和，来到社工站。"
SELF_CHECK = '[[body]]\ntype = "self_check"\nstem_starts = "居民李阿姨与儿媳长期不和"\n'
FIGURE = '[[body]]\ntype = "figure"\nfile = "six.png"\nalt = "六个阶段围成一圈"\n'
OUTLINE = """
[junior-general]
title = "综合能力"
lead = "先懂道理"
chapters = [{ number = "1", lead = "这一章问什么" }]
"""


@pytest.fixture(autouse=True)
def _ground() -> None:
    make_reference()
    make_home()
    make_author("instructor", "instructor")
    make_author("editor", "editor")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "junior-general").mkdir()
    (tmp_path / "courses.toml").write_text(OUTLINE, encoding="utf-8")
    return tmp_path


def write(folder: Path, name: str, content: str) -> None:
    (folder / "junior-general" / name).write_text(content, encoding="utf-8")


def tiny_png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + crc

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff")
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_without_files_there_are_courses_with_all_their_chapters(tmp_path: Path) -> None:
    course_story.publish_courses(NOW, tmp_path / "nothing")
    assert CoursePage.objects.live().count() == 3
    chapters = KnowledgePoint.objects.chapters().filter(subject__in=course_story.SUBJECTS)
    shown = ChapterPage.objects.live().values_list("chapter", flat=True)
    assert sorted(shown) == sorted(chapters.values_list("pk", flat=True))
    assert len(shown) > 40
    assert not LessonPage.objects.exists()
    assert course_story.courses_are_up(tmp_path / "nothing")


def test_lessons_are_published_by_two_hands_once(folder: Path) -> None:
    make_version(kind="single_choice", key=["b"], stem=STEM).__class__.objects.update(gist=STEM)
    write(folder, "01-1.toml", HEAD + KEY_POINTS + SELF_CHECK)
    assert not course_story.courses_are_up(folder)
    course_story.publish_courses(NOW, folder)
    course_story.publish_courses(NOW, folder)
    lesson = LessonPage.objects.get()
    assert lesson.live
    assert (lesson.written_by.username, lesson.reviewed_by.username) == ("instructor", "editor")
    assert lesson.body[1].block_type == "self_check"
    assert len(lesson.body[1].value["question"]) == 36
    chapter = ChapterPage.objects.get(pk=lesson.get_parent().pk)
    assert (chapter.chapter.number, chapter.lead) == ("1", "这一章问什么")
    assert course_story.courses_are_up(folder)


def test_a_picture_beside_the_file_is_stored_with_its_words(folder: Path, settings) -> None:
    settings.MEDIA_ROOT = folder / "media"
    (folder / "junior-general" / "six.png").write_bytes(tiny_png())
    write(folder, "01-1.toml", HEAD + KEY_POINTS + FIGURE)
    course_story.publish_courses(NOW, folder)
    shown = LessonPage.objects.get().body[1].value["image"]
    assert shown.contextual_alt_text == "六个阶段围成一圈"


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (HEAD.replace("minutes = 15", ""), "minutes"),
        (HEAD.replace('chapter = "1"', 'chapter = "99"') + KEY_POINTS, "chapter"),
        (HEAD + KEY_POINTS + SELF_CHECK, "self_check.stem_starts"),
        (HEAD + KEY_POINTS + FIGURE, "figure.file"),
    ],
)
def test_a_wrong_file_is_named_with_its_field(folder: Path, content: str, field: str) -> None:
    write(folder, "03-1.toml", content if KEY_POINTS in content else content + KEY_POINTS)
    with pytest.raises(BadLessonFile) as caught:
        course_story.publish_courses(NOW, folder)
    assert (caught.value.file, caught.value.field) == ("junior-general/03-1.toml", field)


def test_a_beginning_that_fits_two_questions_is_refused(folder: Path) -> None:
    for _ in range(2):
        made = make_version(kind="single_choice", key=["b"], stem=STEM)
        type(made).objects.filter(pk=made.pk).update(gist=STEM)
    write(folder, "01-1.toml", HEAD + KEY_POINTS + SELF_CHECK)
    with pytest.raises(BadLessonFile, match="2 questions of junior-general"):
        course_story.publish_courses(NOW, folder)
