"""The record of who did what: the audit chain, and looks at sealed values."""

from django.db import models
from django.db.models import Q

from cms.accounts.models.accounts import Person, Region, User
from cms.accounts.roles import Role
from cms.core.models import AppendOnly, AppendOnlyQuerySet, ScopedFactQuerySet
from cms.core.scoping import Scope, region_q


class AuditEntryQuerySet(ScopedFactQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        if Role.SITE_ADMIN in scope.roles:
            return Q()
        return region_q("region", scope.regions)


class AuditEntry(AppendOnly):
    """Who did what to which record, when and why; each entry seals the one before it."""

    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=60, blank=True)
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=120)
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64)
    # Unique: two writers that read the same last entry cannot both append behind it.
    entry_hash = models.CharField(max_length=64, unique=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            # A chain has no fork: every entry has one successor.
            models.UniqueConstraint(fields=["previous_hash"], name="audit_chain_without_fork")
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target}"


class Reveal(AppendOnly):
    """One look at one sensitive field of one person, with its reason."""

    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="reveals")
    field = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.by_id} → {self.person_id}.{self.field}"
