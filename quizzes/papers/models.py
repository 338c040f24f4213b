"""Papers: questions frozen in order, with the marks they carry."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.core.models import FrozenFields
from quizzes.papers.states import State


class Mode(models.TextChoices):
    MOCK = "mock", _("mock exam")
    PRACTICE = "practice", _("practice")


STATE_NAMES = {
    State.DRAFT: _("draft"),
    State.RELEASED: _("released"),
    State.WITHDRAWN: _("withdrawn"),
}


class PaperQuerySet(models.QuerySet):
    def released(self) -> "PaperQuerySet":
        return self.filter(state=State.RELEASED)


class Paper(FrozenFields):
    """A paper (试卷). Everything but its state is fixed when it is frozen.

    `scheme`: ``{"sections": […], "duration_min", "pass_half", "total_half"}`` as the exam year had
    it that day; `content_sha256` covers the scheme and every item with its key.
    """

    frozen_fields = (
        "uuid",
        "code",
        "subject",
        "exam_year",
        "mode",
        "scheme",
        "content_sha256",
        "seed",
        "created_at",
    )

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=80)
    subject = models.ForeignKey(
        "courses.Subject", models.PROTECT, related_name="papers", verbose_name=_("subject")
    )
    exam_year = models.ForeignKey(
        "courses.ExamYear", models.PROTECT, related_name="papers", verbose_name=_("exam year")
    )
    mode = models.CharField(_("mode"), max_length=10, choices=Mode, default=Mode.MOCK)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=[(state.value, name) for state, name in STATE_NAMES.items()],
        default=State.DRAFT,
    )
    scheme = models.JSONField(_("scheme"))
    content_sha256 = models.CharField(max_length=64)
    # Fingerprint of the chance the questions were drawn with: equal seeds drew alike.
    seed = models.CharField(_("seed"), max_length=40, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"))
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=State.RELEASED) | Q(released_at__isnull=False),
                name="released_paper_has_its_time",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def ordered_items(self) -> models.QuerySet["PaperItem"]:
        return self.items.select_related("question_version", "question_version__chapter")

    def snapshot(self) -> dict[str, Any]:
        """Return the paper as a player gets it: everything to answer it, no key."""
        return {
            "paper": str(self.uuid),
            "title": self.title,
            "subject": self.subject_id,
            "sections": [
                {**section, "hint": section.get("hint", "")} for section in self.scheme["sections"]
            ],
            "duration_min": self.scheme["duration_min"],
            "pass_half": self.scheme["pass_half"],
            "total_half": self.scheme["total_half"],
            "sha256": self.content_sha256,
            "items": [item.shown() for item in self.ordered_items()],
        }


class PaperItem(FrozenFields):
    """A question version in its place (卷内题目)."""

    frozen_fields = ("paper", "number", "section", "question_version", "points_half")

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField(_("number"))
    section = models.PositiveSmallIntegerField(_("section"))
    question_version = models.ForeignKey(
        "quizzes.QuestionVersion", models.PROTECT, related_name="paper_items"
    )
    points_half = models.PositiveSmallIntegerField(_("half points"))

    class Meta:
        ordering = ["paper", "number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="item_once_a_number"),
            # The same question twice in a paper would count double.
            models.UniqueConstraint(
                fields=["paper", "question_version"], name="version_once_a_paper"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="item_numbers_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id}/{self.number}"

    def shown(self) -> dict[str, Any]:
        """Return the item for a trainee: stem, options and marks; never the key."""
        version = self.question_version
        return {
            "item": self.number,
            "section": self.section,
            "type": version.type,
            "points_half": self.points_half,
            **version.content,
        }
