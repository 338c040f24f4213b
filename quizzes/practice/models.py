"""Practice: runs through a chapter, every answer given, and what follows from the answers."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.core.models import AppendOnly, AppendOnlyQuerySet
from quizzes.attempts.scoring import Verdict

VERDICT_NAMES = {
    Verdict.RIGHT: _("right"),
    Verdict.PARTIAL: _("partly right"),
    Verdict.WRONG: _("wrong"),
    Verdict.BLANK: _("not answered"),
}
VERDICT_CHOICES = [(verdict.value, name) for verdict, name in VERDICT_NAMES.items()]


class PracticeRun(models.Model):
    """Some questions in a fixed order, worked through one by one; left and resumed at any place.

    `versions` are ids of question versions as published when the run began.
    """

    class Kind(models.TextChoices):
        CHAPTER = "chapter", _("chapter practice")
        MISTAKES = "mistakes", _("mistakes again")
        BOOKMARKS = "bookmarks", _("bookmarked questions")

    class Style(models.TextChoices):
        DRILL = "drill", _("answer first")
        RECITE = "recite", _("key shown at once")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="practice_runs")
    subject = models.ForeignKey("courses.Subject", models.PROTECT, related_name="+")
    chapter = models.ForeignKey(
        "courses.KnowledgePoint", models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CHAPTER)
    style = models.CharField(max_length=8, choices=Style, default=Style.DRILL)
    versions = models.JSONField()
    place = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-last_at"]
        indexes = [models.Index(fields=["user", "-last_at"], name="practice_run_by_user")]

    def __str__(self) -> str:
        return f"{self.uuid} ({self.kind})"


class PracticeAnswer(AppendOnly):
    """One answer given outside an exam. `value` are option ids joined by commas.

    `key` is made by the device, so that an answer sent twice on a bad network counts once.
    """

    class Place(models.TextChoices):
        PRACTICE = "practice", _("chapter practice")
        MISTAKES = "mistakes", _("mistakes again")
        BOOKMARKS = "bookmarks", _("bookmarked questions")
        LESSON = "lesson", _("self-check in a lesson")

    key = models.UUIDField(unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="practice_answers"
    )
    run = models.ForeignKey(
        PracticeRun, models.PROTECT, null=True, blank=True, related_name="answers"
    )
    question = models.ForeignKey("quizzes.Question", models.PROTECT, related_name="+")
    version = models.ForeignKey("quizzes.QuestionVersion", models.PROTECT, related_name="+")
    place = models.CharField(max_length=10, choices=Place, default=Place.PRACTICE)
    value = models.CharField(max_length=60, blank=True)
    verdict = models.CharField(max_length=8, choices=VERDICT_CHOICES)
    score_half = models.PositiveSmallIntegerField()
    guessed = models.BooleanField(default=False)
    at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["user", "question"], name="answer_by_question"),
            models.Index(fields=["user", "at"], name="answer_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} Q{self.question_id}: {self.verdict}"


class PracticeProfile(models.Model):
    """What one trainee has chosen for practice, and up to where their mock exams were taken in."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="practice_profile"
    )
    # Right answers in a row after which a mistake counts as overcome; 0 keeps it for good.
    clear_after = models.PositiveSmallIntegerField(_("right answers in a row"), default=2)
    scorings_through = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(clear_after__lte=4), name="mistakes_cleared_after_four_at_most"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.clear_after}"


class Mistake(models.Model):
    """A question answered wrongly or in part. Derived from answers and scorings; can be rebuilt."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mistakes")
    question = models.ForeignKey("quizzes.Question", models.PROTECT, related_name="+")
    # The version last answered: what the notebook shows.
    version = models.ForeignKey("quizzes.QuestionVersion", models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=VERDICT_CHOICES)
    value = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=10)
    wrong_count = models.PositiveSmallIntegerField(default=1)
    streak = models.PositiveSmallIntegerField(default=0)
    wrong_at = models.DateTimeField()
    last_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-wrong_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "question"], name="mistake_once_a_question")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} ✕ Q{self.question_id}"


class QuestionBookmark(models.Model):
    """A question kept for later."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    question = models.ForeignKey("quizzes.Question", models.CASCADE, related_name="bookmarks")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "question"], name="question_bookmarked_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} ☆ Q{self.question_id}"


class QuestionNote(models.Model):
    """The own note on a question, seen by nobody else."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    question = models.ForeignKey("quizzes.Question", models.CASCADE, related_name="notes")
    text = models.TextField(_("note"), max_length=2000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "question"], name="one_note_a_question")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} ✎ Q{self.question_id}"
