"""The question bank: a question is an identity, its versions hold what it says."""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.core.models import FrozenFields
from quizzes.bank.content import QuestionType, State

TYPE_NAMES = {
    QuestionType.SINGLE_CHOICE: _("single choice"),
    QuestionType.MULTIPLE_RESPONSE: _("multiple response"),
    QuestionType.TRUE_FALSE: _("true or false"),
    QuestionType.CONSTRUCTED_RESPONSE: _("constructed response"),
    QuestionType.CASE_GROUP: _("case group"),
}
GIST_BREAK = "\n\n"
STATE_NAMES = {
    State.DRAFT: _("draft"),
    State.IN_REVIEW: _("in review"),
    State.PUBLISHED: _("published"),
    State.RETIRED: _("retired"),
}


class Question(FrozenFields):
    """The identity that statistics, mistakes and favourites follow through all versions."""

    frozen_fields = ("uuid", "subject", "created_at")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.ForeignKey(
        "courses.Subject", models.PROTECT, related_name="questions", verbose_name=_("subject")
    )
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return f"Q{self.pk}"


class QuestionVersionQuerySet(models.QuerySet):
    def published(self) -> "QuestionVersionQuerySet":
        return self.filter(state=State.PUBLISHED)

    def of_subject(self, subject: str) -> "QuestionVersionQuerySet":
        return self.filter(question__subject=subject)

    def right_for_law_of(self, day: date) -> "QuestionVersionQuerySet":
        """Versions whose law was checked up to that day, or that rest on no law."""
        return self.filter(Q(law_as_of__isnull=True) | Q(law_as_of__gte=day))

    def with_content(self, digests: list[str]) -> "QuestionVersionQuerySet":
        return self.filter(content_sha256__in=digests)


class QuestionVersion(FrozenFields):
    """What a question says, for good: a correction is the next version, its state alone moves.

    `content`: ``{"stem", "options": [{"id", "text"}], "stimulus"}`` (HTML, made safe on the way
    in); `key`: option ids, or ``{"reference"}`` for constructed responses.
    """

    frozen_fields = (
        "uuid",
        "question",
        "number",
        "type",
        "content",
        "key",
        "rationale",
        "law_as_of",
        "source",
        "content_sha256",
        "created_at",
    )

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    question = models.ForeignKey(
        Question, models.PROTECT, related_name="versions", verbose_name=_("question")
    )
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=[(state.value, name) for state, name in STATE_NAMES.items()],
        default=State.DRAFT,
    )
    type = models.CharField(
        _("type"),
        max_length=24,
        choices=[(type_.value, name) for type_, name in TYPE_NAMES.items()],
    )
    content = models.JSONField(_("content"))
    key = models.JSONField(_("key"))
    rationale = models.TextField(_("rationale"), blank=True)
    # Plain text of stem and material, then of the options, for the list and its search.
    gist = models.TextField(_("stem"), blank=True)
    chapter = models.ForeignKey(
        "courses.KnowledgePoint",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="question_versions",
        verbose_name=_("chapter"),
    )
    difficulty_hint = models.CharField(_("difficulty by the author"), max_length=20, blank=True)
    law_as_of = models.DateField(_("law as of"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=120, blank=True)
    content_sha256 = models.CharField(max_length=64)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    objects = QuestionVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        # Lists count by these words, and to an author every row is a question.
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="version_once_a_number"),
            # Practice and assembly take "the" published version: there is at most one.
            models.UniqueConstraint(
                fields=["question"],
                condition=Q(state=State.PUBLISHED),
                name="one_published_version_a_question",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED) | Q(published_at__isnull=False),
                name="published_version_has_its_time",
            ),
        ]
        indexes = [
            # An import asks which of its questions the bank already holds.
            models.Index(fields=["content_sha256"], name="version_by_content"),
            models.Index(fields=["state", "type", "chapter"], name="version_by_use"),
        ]

    def __str__(self) -> str:
        asked = self.gist.partition(GIST_BREAK)[0]
        return asked[:60] or f"Q{self.question_id}.{self.number}"

    def shown(self) -> dict[str, Any]:
        """Return what a trainee sees of it; the key is not in there."""
        return {"type": self.type, **self.content}
