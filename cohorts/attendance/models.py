"""Sessions of a class (课次), and who was there."""

import secrets
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.core.models import AppendOnly, ScopedFactQuerySet
from cms.core.scoping import NOBODY, Scope, ScopedQuerySet
from cohorts.enrolment.models import Cohort, Enrolment, official_q, staffed_q


def new_secret() -> str:
    return secrets.token_hex(16)


class ClassSessionQuerySet(ScopedQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        """Staff and officers of the class, and who is enrolled in it."""
        own = Enrolment.objects.across_regions().in_class().filter(person=scope.person_id)
        enrolled = Q(cohort__in=own.values("cohort")) if scope.person_id else NOBODY
        return enrolled | official_q("cohort__region", scope) | staffed_q("cohort", scope)


class ClassSession(models.Model):
    """One session, mostly half a day; `units` are half-days credited for being there.

    `check_secret` feeds the rotating check-in code and is never shown.
    """

    class Kind(models.TextChoices):
        CLASSROOM = "classroom", _("classroom")
        LIVE = "live", _("live online")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="sessions")
    title = models.CharField(_("title"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.CLASSROOM)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    units = models.PositiveSmallIntegerField(_("half-day units"), default=1)
    venue = models.CharField(_("venue"), max_length=120, blank=True)
    join_url = models.URLField(_("link"), blank=True)
    check_secret = models.CharField(max_length=32, default=new_secret, editable=False)

    objects = ClassSessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return self.title


# An exam is missed (缺考), a session is not attended (缺勤): two words in the language of the site.
KIND_WORDS = {"present": _("attended"), "leave": _("on leave"), "absent": _("not attended")}


class CheckInQuerySet(ScopedFactQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        own = Q(enrolment__person=scope.person_id) if scope.person_id else NOBODY
        by_region = official_q("session__cohort__region", scope)
        return own | by_region | staffed_q("session__cohort", scope)


class CheckIn(AppendOnly):
    """Somebody was at a session, or had leave from it; a correction is a later row.

    The row with the largest id counts for an enrolment and a session.
    """

    class Kind(models.TextChoices):
        PRESENT = "present", _("present")
        LEAVE = "leave", _("on leave")
        ABSENT = "absent", pgettext_lazy("attendance", "absent")

    class Means(models.TextChoices):
        CODE = "code", _("by the rotating code")
        STAFF = "staff", _("by the staff")

    session = models.ForeignKey(ClassSession, models.PROTECT, related_name="check_ins")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="check_ins")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PRESENT)
    means = models.CharField(max_length=8, choices=Means, default=Means.CODE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = CheckInQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            # Two taps, or a reload after the code was scanned: one check-in.
            models.UniqueConstraint(
                fields=["session", "enrolment"],
                condition=Q(means="code"),
                name="checked_in_once_by_code",
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} @ {self.session_id}: {self.kind}"

    @property
    def words(self) -> Any:
        return KIND_WORDS[self.kind]
