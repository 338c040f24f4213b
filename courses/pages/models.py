"""Courses as pages: course → chapter → lesson, authored in Wagtail, read by who is signed in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction
from wagtail.url_routing import RouteResult

from courses.pages.blocks import LessonBlocks
from courses.pages.forms import LessonBodyField, LessonForm
from courses.pages.second_reading import (
    ChildrenNeverPublishedDirectly,
    NeverPublishedDirectly,
    SecondReading,
)

__all__ = [
    "ChapterPage",
    "CourseIndexPage",
    "CoursePage",
    "LessonPage",
    "SecondReading",
]


class LessonBody(StreamField):
    """A StreamField whose block definitions stay out of migrations: they change with every idea of
    how a lesson is laid out, and none of these changes touches the table.
    """

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs

    def formfield(self, **kwargs: Any) -> LessonBodyField:
        field: LessonBodyField = super().formfield(**{"form_class": LessonBodyField, **kwargs})
        return field


class CourseIndexPage(Page):
    """All courses, under `/courses/`."""

    lead = models.CharField(_("lead"), max_length=200, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead")]
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["courses.CoursePage"]
    max_count = 1
    template = "courses/pages/index.html"

    class Meta:
        verbose_name = _("list of courses")
        verbose_name_plural = _("lists of courses")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find a page below by its whole path: one statement, where Wagtail asks two a level."""
        if not path_components:
            return super().route(request, path_components)
        kinds = (CoursePage, ChapterPage, LessonPage)
        if len(path_components) > len(kinds):
            raise Http404
        kind: type[Page] = kinds[len(path_components) - 1]
        wanted = self.url_path + "/".join(path_components) + "/"
        found = kind.objects.live().filter(url_path=wanted).first()
        if found is None:
            raise Http404
        return RouteResult(found)


class CoursePage(Page):
    """A course prepares for one subject under one syllabus version."""

    subject = models.ForeignKey(
        "courses.Subject", models.PROTECT, related_name="+", verbose_name=_("subject")
    )
    syllabus = models.ForeignKey(
        "courses.SyllabusVersion",
        models.PROTECT,
        related_name="+",
        verbose_name=_("syllabus version"),
    )
    lead = models.CharField(_("lead"), max_length=300, blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("subject"),
        FieldPanel("syllabus"),
        FieldPanel("lead"),
    ]
    parent_page_types = ["courses.CourseIndexPage"]
    subpage_types = ["courses.ChapterPage"]
    template = "courses/pages/course.html"

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")


class ChapterPage(Page):
    """A chapter of the syllabus with its lessons."""

    chapter = models.ForeignKey(
        "courses.KnowledgePoint",
        models.PROTECT,
        related_name="+",
        verbose_name=_("chapter"),
    )
    lead = models.CharField(_("lead"), max_length=300, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("chapter"), FieldPanel("lead")]
    parent_page_types = ["courses.CoursePage"]
    subpage_types = ["courses.LessonPage"]
    template = "courses/pages/chapter.html"

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")

    def permissions_for_user(self, user: Any) -> ChildrenNeverPublishedDirectly:
        return ChildrenNeverPublishedDirectly(user, self)


class LessonPage(Page):
    """A lesson of ten to twenty minutes; `law_as_of` is the day up to which its law was checked."""

    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=15, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    law_as_of = models.DateField(_("law as of"), null=True, blank=True)
    optional = models.BooleanField(_("optional reading"), default=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    # Set by the workflow when a second reader approves; never by hand.
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("reviewed by"),
    )
    body = LessonBody(LessonBlocks(), blank=True, verbose_name=_("text"))

    content_panels = [
        *Page.content_panels,
        FieldPanel("minutes"),
        FieldPanel("law_as_of"),
        FieldPanel("optional"),
        FieldPanel("written_by"),
        FieldPanel("body"),
    ]
    base_form_class = LessonForm
    parent_page_types = ["courses.ChapterPage"]
    subpage_types: list[str] = []
    template = "courses/pages/lesson.html"

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def permissions_for_user(self, user: Any) -> NeverPublishedDirectly:
        return NeverPublishedDirectly(user, self)

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """Those of this page and of all above it, in one statement instead of two."""
        above = [self.path[:end] for end in range(self.steplen, len(self.path) + 1, self.steplen)]
        return PageViewRestriction.objects.filter(page__path__in=above)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lessons are for who is signed in; the way back leads here."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return super().serve(request, *args, **kwargs)
