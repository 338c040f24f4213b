"""公示: what the public may read before money is paid, and the objections it brings."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms.core.models import FrozenFields
from cms.core.scoping import Scope, ScopedQuerySet, region_q


class NoticeQuerySet(ScopedQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        return region_q("region", scope.regions)

    def on_display(self) -> Self:
        """Open notices, for everybody: their rows hold nothing that is not public."""
        return self._open(self.filter(closed_at__isnull=True))


class Notice(FrozenFields):
    """Rows are number, name, unit, level and amount; nothing else can get in."""

    frozen_fields: ClassVar[tuple[str, ...]] = (
        "uuid",
        "version",
        "region",
        "title",
        "rows",
        "sha256",
        "working_days",
        "opened_on",
        "closes_on",
        "telephone",
        "opened_by",
    )

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey("cohorts.PolicyVersion", models.PROTECT, related_name="notices")
    region = models.ForeignKey("accounts.Region", models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=200)
    rows = models.JSONField()
    sha256 = models.CharField(max_length=64)
    working_days = models.PositiveSmallIntegerField(_("working days"))
    opened_on = models.DateField(_("from"))
    closes_on = models.DateField(_("until"))
    telephone = models.CharField(_("telephone for objections"), max_length=40, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("public notice")
        verbose_name_plural = _("public notices")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gt=F("opened_on")), name="notice_closes_after_it_opens"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def total_fen(self) -> int:
        return sum(row["amount_fen"] for row in self.rows)


class ObjectionQuerySet(ScopedQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        return region_q("claim__region", scope.regions)


class Objection(models.Model):
    """A doubt raised during the notice. A claim under one cannot reach a batch."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DISMISSED = "dismissed", _("dismissed")
        UPHELD = "upheld", _("upheld")

    claim = models.ForeignKey("cohorts.Claim", models.PROTECT, related_name="objections")
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections")
    text = models.CharField(_("what was objected"), max_length=500)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(state="open"), name="objection_open_once_a_claim"
            ),
            # An objection is settled by somebody, with an answer, or it is open.
            models.CheckConstraint(
                condition=Q(state="open", settled_by__isnull=True)
                | (~Q(state="open") & Q(settled_by__isnull=False) & ~Q(answer="")),
                name="objection_settled_with_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.state}"
