"""Certificates of the qualification, from the pass that promises one to the checked number."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import Person, Region
from cms.core.scoping import Scope, ScopedQuerySet
from cohorts.certificates.number import masked
from cohorts.certificates.states import State, may_move
from cohorts.results.models import own_or_in_region
from courses.syllabus.models import Level


class CertificateQuerySet(ScopedQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        return own_or_in_region(scope)

    def live(self) -> "CertificateQuerySet":
        return self.exclude(state=State.REVOKED)

    def waiting(self) -> "CertificateQuerySet":
        """Somebody still has to record or check them."""
        return self.filter(state__in=[State.EXPECTED, State.RECORDED])

    def held_on(self, day: date) -> "CertificateQuerySet":
        """Checked certificates that were approved by then."""
        return self.filter(state=State.CHECKED, approved_on__lte=day)


class Certificate(models.Model):
    """职业资格（水平）证书. `region` is the sign-up area (报考地) of the pass it stands for.

    `valid_areas` lists division codes where a pass by a separate line holds; None is nationwide.
    `organisation` is what a register says and no post (see posts).
    """

    class State(models.TextChoices):
        EXPECTED = State.EXPECTED, _("expected")
        RECORDED = State.RECORDED, _("recorded, to be checked")
        CHECKED = State.CHECKED, _("checked")
        REVOKED = State.REVOKED, _("revoked")

    class Wording(models.TextChoices):
        UNKNOWN = "", _("not recorded")
        PROFICIENCY = "proficiency", _("certificate of proficiency (水平)")
        QUALIFICATION = "qualification", _("certificate of qualification (资格)")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="certificates")
    level = models.ForeignKey(Level, models.PROTECT, related_name="+")
    exam_year = models.PositiveSmallIntegerField(_("exam year"), null=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    number = models.CharField(_("certificate number"), max_length=40, blank=True)
    approved_on = models.DateField(_("approval date"), null=True)
    state = models.CharField(max_length=10, choices=State)
    wording = models.CharField(max_length=14, choices=Wording, blank=True, default=Wording.UNKNOWN)
    valid_areas = models.JSONField(null=True)
    organisation = models.CharField(max_length=120, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=300, blank=True)
    imported_sha256 = models.CharField(max_length=64, blank=True)
    imported_line = models.PositiveIntegerField(null=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-exam_year", "-pk"]
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            # A level is held once: two live certificates would earn its money twice.
            models.UniqueConstraint(
                fields=["person", "level"],
                condition=~Q(state=State.REVOKED),
                name="certificate_once_a_level",
            ),
            # One number belongs to one holder; a second use is a typing error or a forgery.
            models.UniqueConstraint(
                fields=["number"],
                condition=~Q(number="") & ~Q(state=State.REVOKED),
                name="certificate_number_once",
            ),
            # Money follows from `checked`: without these there was nothing to check.
            models.CheckConstraint(
                condition=~Q(state=State.CHECKED)
                | (~Q(number="") & Q(approved_on__isnull=False, checked_at__isnull=False)),
                name="certificate_checked_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RECORDED) | ~Q(number=""),
                name="certificate_recorded_has_number",
            ),
            # Two persons stand behind a number that was typed in. Whoever imports a register
            # attests the paper register as a whole.
            models.CheckConstraint(
                condition=~Q(state=State.CHECKED)
                | Q(recorded_by__isnull=True)
                | Q(checked_by__isnull=True)
                | ~Q(checked_by=F("recorded_by"))
                | ~Q(imported_sha256=""),
                name="certificate_checked_by_another",
            ),
            # Who stops what a revoked certificate had led to has to know why.
            models.CheckConstraint(
                condition=~Q(state=State.REVOKED) | ~Q(revoked_reason=""),
                name="certificate_revoked_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["state", "region"], name="certificate_by_state_region")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.level_id} {self.masked_number}"

    @property
    def masked_number(self) -> str:
        return masked(self.number) if self.number else ""

    @property
    def may_be_recorded(self) -> bool:
        return may_move(self.state, State.RECORDED)

    @property
    def may_be_checked(self) -> bool:
        return may_move(self.state, State.CHECKED) and self.approved_on is not None

    @property
    def may_be_revoked(self) -> bool:
        """Of an expected one nothing is in force yet that could be revoked."""
        return self.state in (State.RECORDED, State.CHECKED)
