"""Policies as dated content: a version's rules are final from the moment they are loaded."""

import json
from datetime import date
from functools import lru_cache
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms.core.models import AppendOnly, AppendOnlyQuerySet, FrozenFields
from cohorts.subsidies.facts import canonical
from cohorts.subsidies.models.ranges import NoOverlap
from cohorts.subsidies.rulebook import Rulebook, read_rulebook
from cohorts.subsidies.tones import VERSION_TONES, tone
from cohorts.subsidies.transitions import VersionState

IN_FORCE = (VersionState.PUBLISHED.value, VersionState.RETIRED.value)


@lru_cache(maxsize=64)
def _rulebook(rules: str) -> Rulebook:
    """Reading and checking rules takes longer than deciding; the same text means the same."""
    return read_rulebook({**json.loads(rules), "examples": []})


class Policy(models.Model):
    """A subsidy scheme of an area. What it says at a time stands in its versions."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    region = models.ForeignKey("accounts.Region", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("policy")
        verbose_name_plural = _("policies")

    def __str__(self) -> str:
        return self.title


class PolicyVersionQuerySet(models.QuerySet):
    def published(self) -> "PolicyVersionQuerySet":
        return self.filter(state=VersionState.PUBLISHED)

    def in_force(self, day: date) -> "PolicyVersionQuerySet":
        """Versions that governed that day, whether or not they have been retired since."""
        ends_later = Q(effective_to__isnull=True) | Q(effective_to__gt=day)
        return self.filter(ends_later, state__in=IN_FORCE, effective_from__lte=day)


class PolicyVersion(FrozenFields):
    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        CHECKED = "checked", _("checked, to be published")
        PUBLISHED = "published", _("published")
        RETIRED = "retired", _("retired")

    # A trigger refuses any change of these: claims point at what they were decided by.
    frozen_fields: ClassVar[tuple[str, ...]] = (
        "policy",
        "number",
        "effective_from",
        "rules",
        "sha256",
        "author",
    )

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("no longer in force from"), null=True, blank=True)
    rules = models.JSONField(_("rules"))
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-policy_id", "-number"]
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "number"], name="policy_version_once_a_number"
            ),
            # Who writes the rules does not also put them in force.
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("author")),
                name="policy_author_is_not_publisher",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "checked"], published_by__isnull=True)
                | Q(state__in=IN_FORCE, published_by__isnull=False),
                name="policy_in_force_has_publisher",
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="policy_ends_after_it_begins",
            ),
            # Two versions in force on one day would leave open which of them governs.
            NoOverlap(
                name="policy_versions_do_not_overlap",
                owner="policy",
                start="effective_from",
                end="effective_to",
                states=IN_FORCE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id}/{self.number}"

    @property
    def tone(self) -> str:
        return tone(VERSION_TONES, self.state)

    @property
    def rulebook(self) -> Rulebook:
        return _rulebook(canonical(self.rules))


class PolicyExample(AppendOnly):
    """Facts and the answer expected; publishing needs every one of them to pass."""

    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="examples")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=1000)
    article = models.CharField(max_length=1000, blank=True)
    facts = models.JSONField()
    expected = models.JSONField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["version", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "number"], name="policy_example_once_a_number"
            )
        ]

    def __str__(self) -> str:
        return self.title
