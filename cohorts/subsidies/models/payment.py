"""Awards, accounts, batches and the ledger: what may exist at most once does so by constraint."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.accounts.models import PersonRegion
from cms.core.fields import BlindIndexField, EncryptedField
from cms.core.models import AppendOnly
from cms.core.scoping import NOBODY, Scope, ScopedQuerySet, region_q
from cohorts.subsidies.models.claim import OfClaimQuerySet
from cohorts.subsidies.tones import BATCH_TONES, tone


class Award(AppendOnly):
    """The entitlement table: an award is granted once for a period, in any area.

    The key has no certificate number (a certificate issued again is not paid again) and no region
    (two areas collide rather than both pay).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="awards")
    award_key = models.CharField(max_length=80)
    period = models.CharField(max_length=7)
    level = models.ForeignKey("courses.Level", models.PROTECT, related_name="+")
    exam_year = models.PositiveSmallIntegerField(null=True)
    region = models.ForeignKey("accounts.Region", models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField()
    claim = models.OneToOneField("cohorts.Claim", models.PROTECT, related_name="award")
    decision = models.OneToOneField("cohorts.Decision", models.PROTECT, related_name="award")
    granted_at = models.DateTimeField()

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "award_key", "period"], name="award_once_a_period"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="award_is_money"),
        ]

    def __str__(self) -> str:
        return f"{self.award_key} {self.period}"


class PayeeAccountQuerySet(ScopedQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        own = Q(person_id=scope.person_id) if scope.person_id else NOBODY
        ties = PersonRegion.objects.filter(region_q("region", scope.regions))
        return own | (Q(person_id__in=ties.values("person")) if scope.regions else NOBODY)

    def valid(self) -> "PayeeAccountQuerySet":
        return self.filter(valid=True)


class PayeeAccount(models.Model):
    """Where a person is paid. A new account makes the old one invalid; rows stay."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="payee_accounts")
    bank = models.CharField(_("bank (in full)"), max_length=120)
    account = EncryptedField(pgettext_lazy("bank", "account"))
    account_index = BlindIndexField(source="account", db_index=True)
    account_tail = models.CharField(max_length=4, editable=False)
    holder = models.CharField(_("account holder"), max_length=60)
    valid = models.BooleanField(default=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField()

    objects = PayeeAccountQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            # Two valid accounts would leave open where the money goes.
            models.UniqueConstraint(
                fields=["person"], condition=Q(valid=True), name="payee_one_valid_account"
            )
        ]

    def __str__(self) -> str:
        return f"{self.bank} **** {self.account_tail}"

    def open_account(self) -> str:
        sealed: Any = self.account
        return str(sealed.open())


def _apart(one: str, other: str) -> Q:
    return Q(**{f"{one}__isnull": True}) | Q(**{f"{other}__isnull": True}) | ~Q(**{one: F(other)})


class PayoutBatchQuerySet(ScopedQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        return region_q("region", scope.regions)


class PayoutBatch(models.Model):
    """Payments of one area and fund year; from `locked` on its lines are what will be paid."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        LOCKED = "locked", _("locked")
        APPROVED = "approved", _("approved")
        EXPORTED = "exported", _("exported")
        SETTLED = "settled", _("settled")
        CLOSED = "closed", pgettext_lazy("payout batch", "closed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey("accounts.Region", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("fund year"))
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    line_count = models.PositiveIntegerField(default=0)
    total_fen = models.BigIntegerField(default=0)
    checksum = models.CharField(max_length=64, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    locked_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    exported_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = PayoutBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("payout batch")
        verbose_name_plural = _("payout batches")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "year", "number"], name="batch_once_a_number"
            ),
            # Awards fall due into one open batch, or two people would collect them at once.
            models.UniqueConstraint(
                fields=["region", "year"], condition=Q(state="draft"), name="batch_one_draft"
            ),
            # Making, locking and approving a batch are three persons' work.
            models.CheckConstraint(
                condition=_apart("opened_by", "locked_by")
                & _apart("opened_by", "approved_by")
                & _apart("locked_by", "approved_by"),
                name="batch_three_persons",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | (Q(locked_by__isnull=False) & ~Q(checksum="")),
                name="batch_locked_has_checksum",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "locked"]) | Q(approved_by__isnull=False),
                name="batch_approved_has_approver",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return f"{self.region_id}-{self.year}-{self.number:02d}"

    @property
    def tone(self) -> str:
        return tone(BATCH_TONES, self.state)


class PayoutLineQuerySet(ScopedQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        return region_q("batch__region", scope.regions)

    def live(self) -> "PayoutLineQuerySet":
        return self.exclude(state__in=PayoutLine.ENDED)


class PayoutLine(models.Model):
    """One payment of an award. Name, unit and account are those of the moment of locking."""

    class State(models.TextChoices):
        DUE = "due", _("not paid yet")
        PAID = "paid", _("paid")
        RETURNED = "returned", _("returned")
        REMOVED = "removed", _("taken out")

    ENDED = ("returned", "removed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    batch = models.ForeignKey(PayoutBatch, models.PROTECT, related_name="lines")
    award = models.ForeignKey(Award, models.PROTECT, related_name="lines")
    claim = models.ForeignKey("cohorts.Claim", models.PROTECT, related_name="payout_lines")
    attempt_no = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveIntegerField(null=True, blank=True)
    amount_fen = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    name = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=120, blank=True)
    certificate_number = models.CharField(max_length=40, blank=True)
    bank = models.CharField(max_length=120, blank=True)
    account = EncryptedField(null=True, blank=True)
    account_tail = models.CharField(max_length=4, blank=True)
    holder = models.CharField(max_length=60, blank=True)
    # Who said that the money goes there: never the approver of the batch.
    account_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PayoutLineQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "number", "pk"]
        constraints = [
            # Check-then-insert pays twice under load; this does not.
            models.UniqueConstraint(
                fields=["award"],
                condition=~Q(state__in=("returned", "removed")),
                name="line_live_once_an_award",
            ),
            models.UniqueConstraint(
                fields=["award", "attempt_no"], name="line_attempts_are_counted"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="line_is_money"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} · {self.number or '–'}"

    def open_account(self) -> str:
        sealed: Any = self.account
        return str(sealed.open()) if sealed else ""


class TransferQuerySet(OfClaimQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        return region_q("region", scope.regions)


class Transfer(AppendOnly):
    """One posting of the ledger. The id is made from what it pays, so it exists at most once."""

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=10)
    debit = models.CharField(max_length=20)
    credit = models.CharField(max_length=20)
    amount_fen = models.BigIntegerField()
    region = models.ForeignKey("accounts.Region", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    batch = models.ForeignKey(
        PayoutBatch, models.PROTECT, null=True, blank=True, related_name="transfers"
    )
    line = models.ForeignKey(
        PayoutLine, models.PROTECT, null=True, blank=True, related_name="transfers"
    )
    reference = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="transfer_is_money"),
            models.CheckConstraint(
                condition=~Q(debit=F("credit")), name="transfer_between_two_accounts"
            ),
            models.UniqueConstraint(
                fields=["kind", "line"],
                condition=Q(line__isnull=False),
                name="transfer_once_a_line_and_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.debit} → {self.credit} {self.amount_fen}"
