"""Practice: runs through a chapter, every answer given, and what follows from the answers."""

import uuid
from collections.abc import Collection
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.core.models import AppendOnly, FinalRows
from cms.core.scoping import Scope, ScopedQuerySet
from quizzes.attempts.scoring import Verdict
from quizzes.bank.models import QuestionVersion
from quizzes.practice.judging import chosen_of
from quizzes.practice.mistakes import MOST_IN_A_ROW, USUAL_IN_A_ROW, Standing

VERDICT_NAMES = {
    Verdict.RIGHT: _("right"),
    Verdict.PARTIAL: _("partly right"),
    Verdict.WRONG: _("wrong"),
    Verdict.BLANK: _("not answered"),
}
VERDICT_CHOICES = [(verdict.value, name) for verdict, name in VERDICT_NAMES.items()]

SOURCE_MOCK = "mock"


class OwnRows(ScopedQuerySet):
    """What one trainee practised and noted down: no role opens it for anybody else."""

    def scope_q(self, scope: Scope) -> Q:
        return Q(user_id=scope.user_id)

    def of(self, user: Any) -> Self:
        """The rows of one user, for services that look across all of them."""
        return self.filter(user_id=user.pk)

    def on(self, questions: Collection[int]) -> Self:
        return self.filter(question_id__in=questions)


class PracticeRunQuerySet(OwnRows):
    def left_open(self) -> "PracticeRunQuerySet":
        return self.filter(finished_at__isnull=True)


class PracticeAnswerQuerySet(FinalRows, OwnRows):  # type: ignore[misc]
    """Answers are facts."""

    def given_in_lesson(self, version: QuestionVersion) -> "PracticeAnswerQuerySet":
        """To this wording of the question, as a self-check; the last one first."""
        rows = self.filter(version=version, place=PracticeAnswer.Place.LESSON)
        return rows.select_related("version").order_by("-at", "-pk")


class MistakeQuerySet(OwnRows):
    def open(self) -> "MistakeQuerySet":
        return self.filter(cleared_at__isnull=True)

    def overcome(self) -> "MistakeQuerySet":
        return self.filter(cleared_at__isnull=False)


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

    objects = PracticeRunQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at"]
        indexes = [models.Index(fields=["user", "-last_at"], name="practice_run_by_user")]

    def __str__(self) -> str:
        return f"{self.uuid} ({self.kind})"

    @property
    def size(self) -> int:
        return len(self.versions)

    @property
    def is_recital(self) -> bool:
        return self.style == self.Style.RECITE


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

    objects = PracticeAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["user", "question"], name="answer_by_question"),
            models.Index(fields=["user", "at"], name="answer_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} Q{self.question_id}: {self.verdict}"

    @property
    def chosen(self) -> tuple[str, ...]:
        return chosen_of(self.value)


class PracticeProfile(models.Model):
    """What one trainee has chosen for practice, and up to where their mock exams were taken in.

    Its row is also the lock under which the mistakes of this trainee are derived.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="practice_profile"
    )
    # Right answers in a row after which a mistake counts as overcome; 0 keeps it for good.
    clear_after = models.PositiveSmallIntegerField(
        _("right answers in a row"), default=USUAL_IN_A_ROW
    )
    scorings_through = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(clear_after__lte=MOST_IN_A_ROW),
                name="mistakes_cleared_after_four_at_most",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.clear_after}"


class Mistake(models.Model):
    """A question answered wrongly, in part, not at all, or by a guess. Derived from answers and
    scorings (`mistakes.py`); can be rebuilt.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mistakes")
    question = models.ForeignKey("quizzes.Question", models.PROTECT, related_name="+")
    # Version, verdict and value are of the answer that put it here last: what the notebook shows.
    version = models.ForeignKey("quizzes.QuestionVersion", models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=VERDICT_CHOICES)
    value = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=10)
    wrong_count = models.PositiveSmallIntegerField(default=1)
    streak = models.PositiveSmallIntegerField(default=0)
    wrong_at = models.DateTimeField()
    last_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)

    objects = MistakeQuerySet.as_manager()

    class Meta:
        ordering = ["-wrong_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "question"], name="mistake_once_a_question")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} ✕ Q{self.question_id}"

    @property
    def chosen(self) -> tuple[str, ...]:
        return chosen_of(self.value)

    @property
    def is_guess(self) -> bool:
        """Whether it stands here because a right answer was a guess."""
        return self.verdict == Verdict.RIGHT

    def as_standing(self) -> Standing:
        return Standing(
            version=self.version_id,
            verdict=Verdict(self.verdict),
            value=self.value,
            source=self.source,
            wrong_count=self.wrong_count,
            streak=self.streak,
            wrong_at=self.wrong_at,
            last_at=self.last_at,
            cleared_at=self.cleared_at,
        )


class QuestionBookmark(models.Model):
    """A question kept for later."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    question = models.ForeignKey("quizzes.Question", models.CASCADE, related_name="bookmarks")
    at = models.DateTimeField()

    objects = OwnRows.as_manager()

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

    objects = OwnRows.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "question"], name="one_note_a_question")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} ✎ Q{self.question_id}"
