"""Recordings and downloads of lessons: for readers of published lessons, in the parts asked for."""

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents import get_document_model

from courses.models import CoursePage, LessonPage
from courses.pages.blocks import Download, Table, Video
from tests.factories.courses import address_of, first_chapter, make_author, make_course, make_lesson
from tests.factories.exam import make_user
from tests.factories.pages import text_of
from tests.factories.people import make_reference
from tests.factories.world import BACKEND

pytestmark = pytest.mark.django_db

FILM = bytes(range(256)) * 4


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def course() -> CoursePage:
    make_reference()
    return make_course(chapters=1, lessons=0)


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(make_user("alice"), BACKEND)
    return client


def make_document(name: str, content: bytes = FILM) -> Any:
    return get_document_model().objects.create(
        title=name, file=ContentFile(content, name=name), file_size=len(content)
    )


def make_film_lesson(course: CoursePage, *, live: bool = True) -> tuple[LessonPage, Any, Any]:
    film, captions = make_document("film.mp4"), make_document("film.vtt", b"WEBVTT")
    value = {
        "file": film.pk,
        "captions": captions.pk,
        "title": "第一次见面",
        "transcript": "您好。\n请坐。",
    }
    body = [
        {"type": "video", "value": value},
        {"type": "download", "value": {"document": film.pk, "title": ""}},
    ]
    return make_lesson(first_chapter(course), "看片", body=body, live=live), film, captions


def drain(reply: Any) -> bytes:
    """What was sent; read to its end, a reply closes its file."""
    return b"".join(reply.streaming_content)


def url(document: Any) -> str:
    return f"/lesson-files/{document.pk}/{document.filename}"


def test_a_film_stands_with_captions_and_what_is_said(reader, course) -> None:
    lesson, film, captions = make_film_lesson(course)
    seen = text_of(reader.get(address_of(lesson)))
    assert f'src="{url(film)}"' in seen
    assert f'kind="captions" srclang="zh" label="Captions" src="{url(captions)}"' in seen
    assert "<p>您好。</p><p>请坐。</p>" in seen
    assert "MP4 · 1.0\xa0KB" in seen


def test_a_player_gets_the_part_it_asks_for(reader, course) -> None:
    _lesson, film, captions = make_film_lesson(course)
    whole = reader.get(url(film))
    assert (whole.status_code, whole["Content-Type"]) == (200, "video/mp4")
    assert drain(whole) == FILM
    part = reader.get(url(film), headers={"Range": "bytes=10-19"})
    assert (part.status_code, part["Content-Range"]) == (206, "bytes 10-19/1024")
    assert drain(part) == FILM[10:20]
    assert part["Content-Length"] == "10"
    assert reader.get(url(film), headers={"Range": "bytes=5000-"}).status_code == 416
    assert reader.get(url(captions))["Content-Type"].startswith("text/vtt")


def test_other_files_are_saved_and_never_shown_as_pages_of_ours(reader, course) -> None:
    paper = make_document("form.pdf")
    body = [{"type": "download", "value": {"document": paper.pk, "title": "登记表"}}]
    make_lesson(first_chapter(course), body=body)
    reply = reader.get(url(paper))
    drain(reply)
    assert reply["Content-Disposition"].startswith("attachment")
    assert reply["X-Content-Type-Options"] == "nosniff"


def test_files_of_drafts_and_of_nothing_are_for_authors(reader, course) -> None:
    _draft, film, _captions = make_film_lesson(course, live=False)
    loose = make_document("loose.pdf")
    author = Client()
    author.force_login(make_author("luo"), BACKEND)
    for document in (film, loose):
        assert reader.get(url(document)).status_code == 404
        opened = author.get(url(document))
        assert opened.status_code == 200
        drain(opened)
    assert Client().get(url(film)).status_code == 302
    assert reader.get(f"/lesson-files/{film.pk}/other.mp4").status_code == 404


def test_a_file_of_the_wrong_kind_is_refused_where_a_film_is_expected() -> None:
    paper = make_document("form.pdf")
    block = Video()
    value = block.to_python(
        {"file": paper.pk, "captions": paper.pk, "title": "x", "transcript": "y"}
    )
    with pytest.raises(ValidationError) as refused:
        block.clean(value)
    assert set(refused.value.block_errors) == {"file", "captions"}
    assert Download().clean(Download().to_python({"document": paper.pk, "title": ""}))


def test_a_table_as_it_is_typed_is_kept_as_rows() -> None:
    rows = Table().child_blocks["rows"]
    typed = rows.value_from_form("| | 接案 |\n| 做什么 | 听 |")
    assert rows.clean(typed) == [["", "接案"], ["做什么", "听"]]
    assert rows.value_for_form(typed) == "|  | 接案 |\n| 做什么 | 听 |"
    with pytest.raises(ValidationError, match="Row 2 has 1 cells"):
        rows.clean(rows.value_from_form("甲 | 乙\n丙"))


def test_key_points_come_first() -> None:
    stream = LessonPage.body.field.stream_block
    told = [
        {"type": "mnemonic", "value": {"text": "x", "meaning": "y"}},
        {"type": "key_points", "value": {"stars": "1", "points": ["<p>x</p>"]}},
    ]
    with pytest.raises(ValidationError) as refused:
        stream.clean(stream.to_python(told))
    assert list(refused.value.block_errors) == [1]
    assert stream.clean(stream.to_python(json.loads(json.dumps(told[::-1]))))


def test_pictures_are_served_and_nothing_else_of_the_store(client, settings) -> None:
    settings.MEDIA_ROOT.joinpath("images").mkdir()
    settings.MEDIA_ROOT.joinpath("documents").mkdir()
    settings.MEDIA_ROOT.joinpath("images", "a.png").write_bytes(b"x")
    settings.MEDIA_ROOT.joinpath("documents", "b.pdf").write_bytes(b"x")
    reply = client.get("/media/images/a.png")
    assert reply.status_code == 200
    assert "immutable" in reply["Cache-Control"]
    drain(reply)
    for address in ("/media/documents/b.pdf", "/media/images/../documents/b.pdf", "/media/images/"):
        assert client.get(address).status_code in {400, 404}


def test_the_door_of_the_public_site_stays_shut_for_lesson_files(reader, course) -> None:
    _lesson, film, _captions = make_film_lesson(course)
    assert reader.get(url(film)).status_code == 200
    assert reader.get(film.url).status_code == 404
