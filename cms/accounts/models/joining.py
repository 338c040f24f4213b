"""How accounts come to be: invitations, consent, and the tie between an account and a person."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.accounts.models.accounts import Organisation, Person, Region, User
from cms.accounts.roles import Role
from cms.core.fields import BlindIndexField, EncryptedField
from cms.core.identity import normalise as normalise_identity
from cms.core.models import AppendOnly, AppendOnlyQuerySet
from cms.core.scoping import Scope, ScopedQuerySet, region_q


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


class ConsentText(models.Model):
    """A versioned text that people are asked to agree to, for one purpose; never edited."""

    purpose = models.SlugField(_("purpose"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=80)
    body = models.TextField(_("text"))
    in_force_from = models.DateField(_("in force from"))

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


class LinkRequestQuerySet(ScopedQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        """Officers of the county named in the request; the applicant sees the own one."""
        return Q(user=scope.user_id) | region_q("region", scope.regions)

    def waiting(self) -> "LinkRequestQuerySet":
        return self.filter(state=LinkRequest.State.WAITING)


class LinkRequest(models.Model):
    """An account says which person it belongs to; an officer settles what could not be matched.

    Money depends on the link, so that nothing here is guessed (interfaces §8).
    """

    class State(models.TextChoices):
        CODE_SENT = "code_sent", _("code sent")
        WAITING = "waiting", _("waits for an officer")
        LINKED = "linked", _("linked")
        REFUSED = "refused", _("refused")

    class Cause(models.TextChoices):
        UNKNOWN = "unknown", _("nobody with this identity number is on record")
        NAME_DIFFERS = "name_differs", _("the name differs from the one on record")
        NO_PHONE = "no_phone", _("no phone is on record")
        PHONE_LOST = "phone_lost", _("the phone on record is no longer in use")
        TAKEN = "taken", _("the person is linked to another account")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="link_requests")
    name = models.CharField(_("name"), max_length=60)
    id_number = EncryptedField(_("identity number"))
    id_index = BlindIndexField(source="id_number", normalise=normalise_identity, db_index=True)
    id_tail = models.CharField(max_length=4, blank=True, editable=False)
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
                condition=Q(state__in=["code_sent", "waiting"]),
                name="one_open_link_request_an_account",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.person_id} ({self.state})"
