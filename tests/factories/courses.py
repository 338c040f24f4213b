"""Course trees for tests: a home page, a course, chapters, lessons with every kind of block."""

import json
from datetime import UTC, date, datetime
from typing import Any

from wagtail.models import Page

from cms.accounts.models import User
from courses.models import ChapterPage, CourseIndexPage, CoursePage, KnowledgePoint, LessonPage
from courses.pages.services import ensure_chapter, ensure_course, ensure_index, ensure_workflow
from tests.factories.people import make_officer
from tests.factories.site import make_home

READ_AT = datetime(2026, 4, 14, 4, tzinfo=UTC)  # noon in China
TEXT = "<p>先听，再问，后约定。</p>"
KEY_POINTS = {"type": "key_points", "value": {"stars": "3", "points": ["<p>先<b>保安全</b></p>"]}}
EVERY_KIND: list[dict[str, Any]] = [
    KEY_POINTS,
    {"type": "flow", "value": {"label": "六个阶段", "steps": ["接案", "预估"], "current": 1}},
    {"type": "text", "value": "<h2>为什么要紧</h2><p>第一次见面。</p>"},
    {
        "type": "table",
        "value": {
            "caption": "接案与预估",
            "header_column": True,
            "rows": [["", "接案"], ["做什么", "<b>听</b>"]],
        },
    },
    {
        "type": "law",
        "value": {
            "law": "中华人民共和国反家庭暴力法",
            "article": "第十四条",
            "text": "发现<疑似>的，应当及时报案。",
            "marks": ["<疑似>"],
            "in_force_from": "2016-03-01",
            "checked_on": "2026-11-01",
        },
    },
    {"type": "case", "value": {"material": "甲来了。", "analysis": "先听。", "points": ["保安全"]}},
    {"type": "mnemonic", "value": {"text": "接预计", "meaning": "六个阶段的首字"}},
    {"type": "callout", "value": {"tone": "wait", "title": "易错", "text": "先后次序"}},
    {"type": "self_check", "value": {"question": "7d7a1f9e-36f4-4f58-bb6b-9a8f1a3c0001"}},
]


def make_index() -> CourseIndexPage:
    index = ensure_index(make_home(), title="课程", lead="按大纲编排")
    ensure_workflow()
    return index


def make_course(
    chapters: int = 2, lessons: int = 2, *, subject: str = "junior-practice"
) -> CoursePage:
    """A course of published chapters with published lessons (reference rows must be there)."""
    points = list(
        KnowledgePoint.objects.of_newest_version().chapters().filter(subject=subject)[:chapters]
    )
    course = ensure_course(
        make_index(), points[0], title="社会工作实务（初级）", lead="先学通用过程"
    )
    for point in points:
        chapter = ensure_chapter(course, point, lead="这一章问什么")
        for n in range(chapter.get_children_count() + 1, lessons + 1):
            make_lesson(chapter, f"第{point.number}章第{n}节", slug=f"l{point.number}-{n}")
    return course


def make_lesson(
    chapter: ChapterPage, title: str = "接案", *, slug: str = "", live: bool = True, **fields: Any
) -> LessonPage:
    body = fields.pop("body", [KEY_POINTS, {"type": "text", "value": TEXT}])
    lesson = LessonPage(
        title=title,
        slug=slug or "intake",
        minutes=15,
        live=live,
        body=json.dumps(body),
        law_as_of=date(2026, 11, 1),
        **fields,
    )
    chapter.add_child(instance=lesson)
    revision = lesson.save_revision(user=fields.get("owner"))
    if live:
        revision.publish()
    return LessonPage.objects.get(pk=lesson.pk)


def lessons_of(course: CoursePage) -> list[LessonPage]:
    return list(LessonPage.objects.descendant_of(course).order_by("path"))


def first_chapter(course: CoursePage) -> ChapterPage:
    return ChapterPage.objects.child_of(course).order_by("path")[0]


def make_author(username: str, role: str = "instructor") -> User:
    return make_officer(username, region=None, role=role)


def address_of(page: Page) -> str:
    return str(page.url_path).removeprefix("/start")
