"""What the pages of a course ask for: pages stand below study and cannot ask themselves."""

import posixpath
import uuid
from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from courses.pages.models import ChapterPage, CourseIndexPage, CoursePage, LessonPage
from courses.study.reading import (
    ChapterReading,
    CourseCard,
    CourseReading,
    LessonReading,
    chapter_reading,
    course_reading,
    index_cards,
    lesson_reading,
)
from courses.syllabus.outline import is_numbered

register = template.Library()
# Pages have no names to reverse, and practice stands above courses: these addresses are an
# agreement between features.
PRACTICE = "/practice/"
COURSES = "/courses/"
PRACTICE_API = "/api/v1/practice/"


@register.simple_tag(takes_context=True)
def course_cards(context: dict[str, Any], page: CourseIndexPage) -> list[CourseCard]:
    return index_cards(page, context["request"].user)


@register.simple_tag(takes_context=True)
def read_course(context: dict[str, Any], page: CoursePage) -> CourseReading:
    return course_reading(page, context["request"].user)


@register.simple_tag(takes_context=True)
def read_chapter(context: dict[str, Any], page: ChapterPage) -> ChapterReading:
    return chapter_reading(page, context["request"].user)


@register.simple_tag(takes_context=True)
def read_lesson(context: dict[str, Any], page: LessonPage) -> LessonReading:
    return lesson_reading(page, context["request"].user)


@register.simple_tag(takes_context=True)
def address(context: dict[str, Any], page: Page) -> str:
    """Where a page is read. Wagtail's own tag first asks for the roots of all sites."""
    site = Site.find_for_request(context["request"])
    return "/" + page.url_path.removeprefix(site.root_page.url_path)


@register.simple_tag(takes_context=True)
def address_above(context: dict[str, Any], page: Page) -> str:
    return posixpath.dirname(address(context, page).rstrip("/")) + "/"


@register.simple_tag
def all_courses() -> str:
    return COURSES


@register.filter
def chapter_number(chapter: Any) -> str:
    """As "Chapter 3"; nothing for a heading that stands in the syllabus without a number."""
    if not is_numbered(chapter.number):
        return ""
    return _("Chapter %(number)s") % {"number": chapter.number}


@register.filter
def chapter_name(chapter: Any, title: str = "") -> str:
    """As "Chapter 3: Theories", or the title alone. Takes whatever has a number and a title."""
    title = title or str(chapter.title)
    if not is_numbered(chapter.number):
        return title
    return _("Chapter %(number)s: %(title)s") % {"number": chapter.number, "title": title}


@register.filter
def practice_of(chapter_id: int) -> str:
    """Where the questions of a chapter are practised."""
    return f"{PRACTICE}?chapter={chapter_id}"


@register.simple_tag
def beat_config(page: LessonPage, resume_at: int) -> dict[str, Any]:
    """What the reading page is told once; `view` names this opening of it."""
    return {
        "lesson": page.pk,
        "view": str(uuid.uuid4()),
        "place": resume_at,
        "url": reverse("study_api:events"),
    }


@register.simple_tag
def self_check_config(question: str) -> dict[str, str | None]:
    return {"question": question, "api": PRACTICE_API, "lang": get_language()}


@register.simple_tag
def self_check_fallback(question: str) -> SafeString:
    return format_html(
        '<p><a class="btn btn-block" href="{}questions/{}/">{}</a></p>',
        PRACTICE,
        question,
        _("Answer the question"),
    )


@register.filter
def file_url(document: Any) -> str:
    """Where a lesson's file is read: below /cms/ stand only the files of the public site."""
    return reverse("lessons:file", args=[document.pk, document.filename])


@register.filter
def paragraphs(text: str) -> SafeString:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return format_html_join("", "<p>{}</p>", ((line,) for line in lines))


@register.filter
def marked(text: str, phrases: Iterable[str]) -> SafeString:
    """The wording with some of its phrases marked, in paragraphs; everything is escaped first."""
    shown = str(paragraphs(text))
    for phrase in sorted({str(phrase) for phrase in phrases}, key=len, reverse=True):
        written = str(conditional_escape(phrase))
        shown = shown.replace(written, f"<mark>{written}</mark>", 1)
    return mark_safe(shown)  # noqa: S308 - escaped above
