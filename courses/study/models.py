"""What a trainee studied: events as the device sent them, and what the server makes of them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.core.models import AppendOnly, AppendOnlyQuerySet


class StudyEvent(AppendOnly):
    """A lesson was opened, is being read (a beat), or was finished. `place` is percent of the text.

    `view` names one opening of the page on one device. The device sends no minutes: those are
    credited by the server's rule (`hours.py`) from the moments at which events arrived.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened")
        BEAT = "beat", _("being read")
        FINISHED = "finished", _("finished")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="study_events")
    lesson = models.ForeignKey("courses.LessonPage", models.PROTECT, related_name="study_events")
    kind = models.CharField(max_length=8, choices=Kind)
    view = models.UUIDField()
    place = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(place__lte=100), name="study_place_is_a_percentage")
        ]
        indexes = [models.Index(fields=["user", "at"], name="study_event_by_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.lesson_id}"


class LessonProgress(models.Model):
    """How far one trainee is in one lesson. Derived from `StudyEvent`; rebuilt by a command."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="progress")
    lesson = models.ForeignKey("courses.LessonPage", models.PROTECT, related_name="progress")
    place = models.PositiveSmallIntegerField(default=0)
    furthest = models.PositiveSmallIntegerField(default=0)
    credited_s = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "lesson"], name="progress_once_a_lesson")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.lesson_id}: {self.furthest}%"


class StudyDay(models.Model):
    """Seconds of study credited on one day. Derived from `StudyEvent`; rebuilt by a command."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="study_days")
    day = models.DateField()
    credited_s = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="study_day_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}: {self.credited_s}s"


class LessonBookmark(models.Model):
    """A lesson kept for later."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    lesson = models.ForeignKey("courses.LessonPage", models.CASCADE, related_name="bookmarks")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "lesson"], name="lesson_bookmarked_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} ☆ {self.lesson_id}"


class LessonNote(models.Model):
    """The own note beside a lesson, seen by nobody else."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    lesson = models.ForeignKey("courses.LessonPage", models.CASCADE, related_name="notes")
    text = models.TextField(_("note"), max_length=4000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["user", "lesson"], name="one_note_a_lesson")]

    def __str__(self) -> str:
        return f"{self.user_id} ✎ {self.lesson_id}"
