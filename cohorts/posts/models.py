"""Where people work, since when, appointed or not; appraisals and months of social insurance."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import Organisation, Person, PersonRegion, Region
from cms.core.scoping import Scope, ScopedQuerySet, region_q


class PostQuerySet(ScopedQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        return Q(person=scope.person_id) | region_q("organisation__region", scope.regions)

    def on(self, day: date) -> "PostQuerySet":
        """Posts that cover the day; `to_on` is the last day in post."""
        return self.filter(Q(to_on__isnull=True) | Q(to_on__gte=day), from_on__lte=day)


class Post(models.Model):
    """One appointment. `appointed` (聘任) is None where no sheet has said."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    title = models.CharField(_("post"), max_length=60, blank=True)
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("last day in post"), null=True, blank=True)
    appointed = models.BooleanField(_("appointed"), null=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["-from_on", "-pk"]
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            # The same appointment comes with every year's sheet; money is counted by post.
            models.UniqueConstraint(
                fields=["person", "organisation", "from_on"], name="post_once_a_start"
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
                name="post_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["from_on", "to_on"], name="post_by_span")]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.organisation_id} ({self.from_on})"


class AppraisalQuerySet(ScopedQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        """Seen by whoever sees the person: an appraisal has no place of its own."""
        ties = PersonRegion.objects.filter(region_q("region", scope.regions))
        return Q(person=scope.person_id) | Q(person__in=ties.values("person"))


class Appraisal(models.Model):
    """年度考核: the grade of one year."""

    class Grade(models.TextChoices):
        EXCELLENT = "excellent", _("excellent")
        QUALIFIED = "qualified", _("qualified")
        BASICALLY = "basically", _("basically qualified")
        UNQUALIFIED = "unqualified", _("unqualified")

    person = models.ForeignKey(Person, models.PROTECT, related_name="appraisals")
    year = models.PositiveSmallIntegerField(_("year"))
    grade = models.CharField(_("grade"), max_length=12, choices=Grade)

    objects = AppraisalQuerySet.as_manager()

    class Meta:
        ordering = ["-year"]
        verbose_name = _("appraisal")
        verbose_name_plural = _("appraisals")
        constraints = [
            # A year has one grade; two would let a condition pick the better one.
            models.UniqueConstraint(fields=["person", "year"], name="appraisal_once_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.year} {self.grade}"


class InsuranceMonthQuerySet(ScopedQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        return Q(person=scope.person_id) | region_q("region", scope.regions)


class InsuranceMonth(models.Model):
    """A month (YYYY-MM) for which social insurance was paid."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="insurance_months")
    month = models.CharField(_("month"), max_length=7)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")

    objects = InsuranceMonthQuerySet.as_manager()

    class Meta:
        ordering = ["-month"]
        verbose_name = _("insurance month")
        verbose_name_plural = _("insurance months")
        constraints = [
            # "Twelve months in a row" counts months, so each may stand here once.
            models.UniqueConstraint(fields=["person", "month"], name="insurance_month_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.month}"
