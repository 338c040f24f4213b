"""A claim and what was known, decided and done about it; all but the claim's state is final."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.core.models import AppendOnly, ScopedFactQuerySet
from cms.core.scoping import Scope, ScopedQuerySet, region_q
from cohorts.subsidies.tones import CLAIM_TONES, OUTCOME_TONES, tone
from cohorts.subsidies.transitions import LIVE

LIVE_STATES = tuple(sorted(state.value for state in LIVE))
# From here on two persons have checked the claim, or it could not be here.
CHECKED_STATES = (
    "approved",
    "on_notice",
    "objected",
    "confirmed",
    "in_batch",
    "paid",
    "payment_returned",
    "closed",
)


class ClaimQuerySet(ScopedQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        """Officers by the sign-up area of the certificate; everybody their own."""
        own = Q(person_id=scope.person_id) if scope.person_id else Q(pk__in=[])
        return region_q("region", scope.regions) | own

    def live(self) -> "ClaimQuerySet":
        return self.filter(state__in=LIVE_STATES)

    def in_state(self, *states: str) -> "ClaimQuerySet":
        return self.filter(state__in=states)

    def without_open_objection(self) -> "ClaimQuerySet":
        return self.exclude(objections__state="open")


class Claim(models.Model):
    """One person's claim to one award for one period, on one certificate."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("being reviewed")
        RETURNED = "returned", _("returned for completion")
        REVIEWED = "reviewed", _("to be approved")
        APPROVED = "approved", _("approved")
        ON_NOTICE = "on_notice", _("on public notice")
        OBJECTED = "objected", _("objection open")
        CONFIRMED = "confirmed", _("confirmed")
        IN_BATCH = "in_batch", _("in a payout batch")
        PAID = "paid", _("paid")
        PAYMENT_RETURNED = "payment_returned", _("payment returned")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("claim withdrawn")
        LAPSED = "lapsed", _("lapsed")
        CLOSED = "closed", pgettext_lazy("claim", "closed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="claims")
    version = models.ForeignKey(
        "cohorts.PolicyVersion", models.PROTECT, related_name="claims", verbose_name=_("policy")
    )
    certificate = models.ForeignKey("cohorts.Certificate", models.PROTECT, related_name="claims")
    award_key = models.CharField(max_length=80)
    period = models.CharField(max_length=7)
    level = models.ForeignKey("courses.Level", models.PROTECT, related_name="+")
    exam_year = models.PositiveSmallIntegerField(_("exam year"), null=True)
    region = models.ForeignKey(
        "accounts.Region", models.PROTECT, related_name="+", verbose_name=_("sign-up area")
    )
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.DRAFT)
    # The decision that counts; earlier ones stay and are superseded.
    decision = models.OneToOneField(
        "cohorts.Decision", models.PROTECT, null=True, blank=True, related_name="+"
    )
    notice = models.ForeignKey(
        "cohorts.Notice", models.PROTECT, null=True, blank=True, related_name="claims"
    )
    created_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["region", "pk"]
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            # The same award is claimed once at a time, whatever certificate number it rests on.
            models.UniqueConstraint(
                fields=["person", "award_key", "period"],
                condition=Q(state__in=LIVE_STATES),
                name="claim_live_once",
            ),
            # A certificate is proposed once; a refused claim does not come back by itself.
            models.UniqueConstraint(
                fields=["certificate", "award_key", "period", "version"],
                condition=Q(state__in=[*LIVE_STATES, "refused"]),
                name="claim_once_a_certificate",
            ),
            # Four eyes: whoever made or reviewed a claim does not approve it.
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(reviewed_by__isnull=True)
                | ~Q(approved_by=F("reviewed_by")),
                name="claim_reviewer_is_not_approver",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(submitted_by__isnull=True)
                | ~Q(approved_by=F("submitted_by")),
                name="claim_maker_is_not_approver",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=CHECKED_STATES)
                | Q(reviewed_by__isnull=False, approved_by__isnull=False),
                name="claim_approved_by_two",
            ),
        ]
        indexes = [models.Index(fields=["state", "region"], name="claim_by_state")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it on the telephone."""
        return f"SL-{self.exam_year or 0}-{self.pk:04d}"

    @property
    def tone(self) -> str:
        return tone(CLAIM_TONES, self.state)


class OfClaimQuerySet(ScopedFactQuerySet):
    """Final rows that belong to a claim and are seen by whoever sees the claim."""

    def scope_q(self, scope: Scope) -> Q:
        own = Q(claim__person_id=scope.person_id) if scope.person_id else Q(pk__in=[])
        return region_q("claim__region", scope.regions) | own


class FactSnapshot(AppendOnly):
    """The facts a decision used (schemas/facts.schema.json). No number, phone or account in it."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="snapshots")
    facts = models.JSONField()
    sha256 = models.CharField(max_length=64)
    collected_at = models.DateTimeField()

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.sha256[:12]


class Decision(AppendOnly):
    """What the rules said of a snapshot. `trace` is the whole entitlement with its findings."""

    class Outcome(models.TextChoices):
        ELIGIBLE = "eligible", _("eligible")
        NOT_ELIGIBLE = "not_eligible", _("not eligible")
        NEEDS_INFO = "needs_info", _("to be confirmed")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="decisions")
    version = models.ForeignKey("cohorts.PolicyVersion", models.PROTECT, related_name="+")
    snapshot = models.OneToOneField(FactSnapshot, models.PROTECT, related_name="decision")
    engine = models.CharField(max_length=10)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    amount_fen = models.BigIntegerField()
    trace = models.JSONField()
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            # Money exactly where the rules say eligible.
            models.CheckConstraint(
                condition=Q(outcome="eligible", amount_fen__gt=0)
                | (~Q(outcome="eligible") & Q(amount_fen=0)),
                name="decision_pays_when_eligible",
            )
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.outcome}"

    @property
    def tone(self) -> str:
        return tone(OUTCOME_TONES, self.outcome)


class ReviewStep(AppendOnly):
    """One act on a claim: who, what, from which state to which, and why. `by` null: the system."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="steps")
    action = models.CharField(max_length=20)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.action}"
