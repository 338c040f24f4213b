"""How accounts come to be: invitations, consent, and the tie between an account and a person."""

import uuid
from datetime import date, datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.accounts.models.accounts import Organisation, Person, Region, User, mask_phone
from cms.accounts.roles import EVERYWHERE, ROLE_WORDS, Role
from cms.core.errors import say
from cms.core.fields import BlindIndexField, EncryptedField
from cms.core.identity import normalise as normalise_identity
from cms.core.models import AppendOnly, AppendOnlyQuerySet
from cms.core.scoping import Scope, ScopedQuerySet, region_q


class InvitationQuerySet(models.QuerySet):
    def usable(self, now: datetime) -> "InvitationQuerySet":
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)

    def within(self, scope: Scope) -> "InvitationQuerySet":
        """Those whose area lies in the area of somebody who grants roles."""
        if scope.roles & EVERYWHERE:
            return self
        areas = scope.areas(Role.CITY_OFFICER)
        return self.filter(region_q("region", areas) | region_q("organisation__region", areas))


class Invitation(models.Model):
    """A staff account waiting for its holder. The link carries a token; here stands its hash."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60)
    role = models.CharField(_("role"), max_length=20, choices=[(r.value, r.value) for r in Role])
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until (exclusive)"), null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(_("link valid until"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(accepted_by__isnull=False),
                name="accepted_invitation_names_the_account",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.role}"

    @property
    def role_words(self) -> str:
        return say(ROLE_WORDS[Role(self.role)])

    @property
    def area(self) -> str:
        """Division code that the grant will reach, empty where it reaches none."""
        if self.organisation is not None:
            return str(self.organisation.region_id)
        return str(self.region_id or "")

    def stage(self, now: datetime) -> str:
        """`accepted`, `revoked`, `expired` or `open`."""
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        return "open" if now < self.expires_at else "expired"


class ConsentTextQuerySet(models.QuerySet):
    def in_force(self, today: date) -> "ConsentTextQuerySet":
        """The newest version of each purpose that has come into force."""
        later = ConsentText.objects.filter(
            purpose=OuterRef("purpose"),
            version__gt=OuterRef("version"),
            in_force_from__lte=today,
        )
        return self.filter(~Exists(later), in_force_from__lte=today)


class ConsentText(models.Model):
    """A versioned text that people are asked to agree to, for one purpose; never edited."""

    purpose = models.SlugField(_("purpose"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=80)
    body = models.TextField(_("text"))
    in_force_from = models.DateField(_("in force from"))

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        ordering = ["purpose", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "version"], name="consent_text_once_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"


class Consent(AppendOnly):
    """Somebody agreed to a text, or took the agreement back; the last row counts."""

    user = models.ForeignKey(User, models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    given = models.BooleanField()
    at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.text_id}: {self.given}"


OPEN_STATES = ("code_sent", "waiting")


class LinkRequestQuerySet(ScopedQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        """Officers of the county named in the request; the applicant sees the own one."""
        return Q(user=scope.user_id) | region_q("region", scope.regions)

    def waiting(self) -> "LinkRequestQuerySet":
        return self.filter(state=LinkRequest.State.WAITING)

    def open(self) -> "LinkRequestQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def with_rivals(self) -> "LinkRequestQuerySet":
        """Marks `has_rival`: another account's request names the same identity number."""
        others = LinkRequest.objects.across_regions().open().exclude(user=OuterRef("user"))
        return self.annotate(has_rival=Exists(others.filter(id_index=OuterRef("id_index"))))


class LinkRequest(models.Model):
    """An account says which person it belongs to; an officer settles what could not be matched.

    Money depends on the link, so that nothing here is guessed (interfaces §8).
    """

    class State(models.TextChoices):
        CODE_SENT = "code_sent", _("code sent")
        WAITING = "waiting", _("waits for an officer")
        LINKED = "linked", _("linked")
        REFUSED = "refused", pgettext_lazy("link request", "refused")
        WITHDRAWN = "withdrawn", _("taken back")

    class Cause(models.TextChoices):
        UNKNOWN = "unknown", _("nobody with this identity number is on record")
        NAME_DIFFERS = "name_differs", _("the name differs from the one on record")
        NO_PHONE = "no_phone", _("no phone is on record")
        PHONE_LOST = "phone_lost", _("the phone on record is no longer in use")
        TAKEN = "taken", _("the person is linked to another account")
        NO_CODE = "no_code", _("no code could be sent, or it was not entered in time")
        NEW_PHONE = "new_phone", _("the person has a new phone")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="link_requests")
    name = models.CharField(_("name"), max_length=60)
    id_number = EncryptedField(_("identity number"))
    id_index = BlindIndexField(source="id_number", normalise=normalise_identity, db_index=True)
    id_tail = models.CharField(max_length=4, blank=True, editable=False)
    # The number to stand on record from now on, where the old one is lost or there was none.
    phone = EncryptedField(_("new phone"), null=True, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("county"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State)
    cause = models.CharField(max_length=14, choices=Cause, blank=True)
    statement = models.CharField(_("what speaks for it"), max_length=300, blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = LinkRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            # One open question an account at a time.
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state__in=list(OPEN_STATES)),
                name="one_open_link_request_an_account",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.person_id} ({self.state})"

    @property
    def masked_identity(self) -> str:
        return f"***{self.id_tail}"

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone.open()) if self.phone else ""
