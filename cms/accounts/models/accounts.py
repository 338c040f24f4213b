"""Accounts, persons, regions, organisations and roles."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from cms.accounts.roles import EVERYWHERE, REGIONAL, ROLE_WORDS, Role
from cms.core.errors import say
from cms.core.fields import BlindIndexField, EncryptedField
from cms.core.identity import normalise as normalise_identity
from cms.core.scoping import NOBODY, Scope, ScopedQuerySet, region_q


def normalise_phone(phone: str) -> str:
    """Digits alone, without the country code: `+86 138-1234-5678` → `13812345678`."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def mask_phone(phone: str) -> str:
    """13812345678 → 138****5678."""
    number = normalise_phone(phone)
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 11 else "*" * len(number)


class Region(models.Model):
    """An administrative division; the code of a part begins with the code of the whole."""

    code = models.CharField(_("division code"), max_length=12, primary_key=True)
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        ordering = ["code"]
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self) -> str:
        return self.name

    def holds(self, code: str) -> bool:
        return code.startswith(self.code)


class Organisation(models.Model):
    class Kind(models.TextChoices):
        COMMUNITY = "community", _("community")
        STATION = "station", _("township station")
        GUIDANCE_CENTRE = "guidance_centre", _("guidance centre")
        VILLAGE_ROOM = "village_room", _("village room")
        AGENCY = "agency", _("social work agency")
        GOVERNMENT = "government", _("government")
        INSTITUTION = "institution", _("public institution")
        COMPANY = "company", _("company")
        SCHOOL = "school", _("school")
        HOSPITAL = "hospital", _("hospital")
        OTHER = "other", _("other")

    name = models.CharField(_("name"), max_length=120)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)

    class Meta:
        ordering = ["region_id", "name"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            # One unit, one row: rosters name the same unit again and again.
            models.UniqueConstraint(fields=["region", "name"], name="organisation_once_a_region")
        ]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """An account. It signs in by user name or phone; what it may do stands in `RoleGrant`."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    phone = EncryptedField(_("phone"), null=True, blank=True)
    phone_index = BlindIndexField(source="phone", normalise=normalise_phone, unique=True)
    # Part of what a session is signed with: one more ends every session of the account.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return self.first_name or self.username

    def get_session_auth_hash(self) -> str:
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        yield from (self._session_hash(old) for old in settings.SECRET_KEY_FALLBACKS)

    def _session_hash(self, secret: str | bytes | None) -> str:
        signed = f"{self.password}|{self.session_epoch}"
        return salted_hmac("accounts.session", signed, secret, algorithm="sha256").hexdigest()

    @classmethod
    def administered_by(cls, scope: Scope) -> "models.QuerySet[User]":
        """Accounts that hold or held a role where this administrator grants roles."""
        if scope.roles & EVERYWHERE:
            return cls.objects.all()
        reached = RoleGrant.objects.within(scope)
        return cls.objects.filter(pk__in=reached.order_by().values("user"))

    @classmethod
    def with_phone(cls, phone: str) -> "models.QuerySet[User]":
        field = cls._meta.get_field("phone_index")
        assert isinstance(field, BlindIndexField)  # noqa: S101 - narrows the type
        return cls.objects.filter(phone_index=field.index_of(phone))

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone.open()) if self.phone else ""

    @cached_property
    def scope(self) -> Scope:
        """What this account may reach today; asked once a request, because the row is loaded anew.

        The clock is read here and not passed in: a grant that ended a second ago must not hold
        because a view forgot to say what day it is.
        """
        grants = list(self.grants.current(timezone.localdate()))
        person_id = Person.objects.across_regions().filter(user=self).values_list("pk", flat=True)
        return Scope(
            user_id=self.pk,
            regions=tuple(sorted({g.area for g in grants if g.role in REGIONAL and g.area})),
            roles=frozenset(g.role for g in grants),
            person_id=person_id.first(),
            grants=frozenset((str(g.role), g.area) for g in grants),
        )

    def has_role(self, *roles: str) -> bool:
        return bool(self.scope.roles.intersection(roles))


class RoleGrantQuerySet(models.QuerySet):
    def current(self, today: date) -> "RoleGrantQuerySet":
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=today), valid_from__lte=today
        ).select_related("organisation")

    def unended(self, today: date) -> "RoleGrantQuerySet":
        """Those of today and those that begin later."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))

    def within(self, scope: Scope) -> "RoleGrantQuerySet":
        """Those whose area lies in the area of somebody who grants roles (roles.GRANTS)."""
        if scope.roles & EVERYWHERE:
            return self
        areas = scope.areas(Role.CITY_OFFICER)
        return self.filter(region_q("region", areas) | region_q("organisation__region", areas))


class RoleGrant(models.Model):
    """A role for a time, over a region or over one organisation."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(_("role"), max_length=20, choices=[(r.value, r.value) for r in Role])
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until (exclusive)"), null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            # An area and a unit at once would leave open which of the two limits the role.
            models.CheckConstraint(
                condition=Q(region__isnull=True) | Q(organisation__isnull=True),
                name="grant_region_or_organisation",
            ),
            models.CheckConstraint(
                # Equal: ended on its first day, or taken back before it; it opens nothing.
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="grant_ends_not_before_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"

    @property
    def role_words(self) -> str:
        return say(ROLE_WORDS[Role(self.role)])

    @property
    def last_day(self) -> date | None:
        """The last day on which it opens anything; people do not count in exclusive ends."""
        return self.valid_to and max(self.valid_to - timedelta(days=1), self.valid_from)

    def period(self, today: date) -> str:
        """`current`, `ended` or `later`: where this grant stands on a day."""
        if self.valid_to is not None and self.valid_to <= today:
            return "ended"
        return "current" if self.valid_from <= today else "later"

    @property
    def area(self) -> str:
        """Division code that this grant reaches, empty where it reaches none."""
        if self.organisation is not None:
            return str(self.organisation.region_id)
        return str(self.region_id or "")


class PersonQuerySet(ScopedQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        """The own person, and those tied to a region of the scope by a fact (results, posts …)."""
        ties = PersonRegion.objects.filter(region_q("region", scope.regions))
        reached = Q(pk__in=ties.values("person")) if scope.regions else NOBODY
        return Q(pk=scope.person_id) | reached

    def with_identity(self, number: str) -> "PersonQuerySet":
        field = Person._meta.get_field("id_index")
        assert isinstance(field, BlindIndexField)  # noqa: S101 - narrows the type
        return self.filter(id_index=field.index_of(number))


class Person(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60)
    id_number = EncryptedField(_("identity number"), null=True, blank=True)
    id_index = BlindIndexField(source="id_number", normalise=normalise_identity, unique=True)
    phone = EncryptedField(_("phone"), null=True, blank=True)
    phone_index = BlindIndexField(source="phone", normalise=normalise_phone, db_index=True)
    id_tail = models.CharField(max_length=4, blank=True, editable=False)
    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="person")
    created_at = models.DateTimeField()

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("person")
        verbose_name_plural = _("persons")

    def __str__(self) -> str:
        return self.name

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone.open()) if self.phone else ""

    @property
    def masked_identity(self) -> str:
        """The last four digits are kept beside the sealed number, so a list opens nothing."""
        return f"***{self.id_tail}" if self.id_tail else ""


class PersonRegion(models.Model):
    """Why officers of a region may see a person: a sign-up, a post, a certificate there."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="regions")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    source = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "region", "source"], name="person_tied_once_by_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.region_id} ({self.source})"
