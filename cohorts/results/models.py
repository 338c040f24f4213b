"""Sign-ups for the exam, results subject by subject, and the rules they are judged by."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import Person, Region
from cms.core.models import AppendOnly, ScopedFactQuerySet
from cms.core.scoping import Scope, ScopedQuerySet, region_q
from cohorts.results import passing
from cohorts.results.scores import ABSENT, MISCONDUCT, TOP_HALF, VOID
from courses.syllabus.models import ExamYear, Level, Subject


def own_or_in_region(scope: Scope) -> Q:
    """Rows of the person who is signed in, and those of the regions the scope reaches."""
    return Q(person=scope.person_id) | region_q("region", scope.regions)


class ExamSignUpQuerySet(ScopedQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        return own_or_in_region(scope)

    def in_area(self, code: str) -> "ExamSignUpQuerySet":
        return self.filter(region_q("region", [code]))


class ExamSignUp(models.Model):
    """报考: one person, one exam year, one level. `region` is the sign-up area (报考地).

    `said_number` and `said_approved_on` are what a results workbook says of the certificate.
    Nobody has checked them; they only spare the officer who records the certificate the typing.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="sign_ups")
    exam_year = models.ForeignKey(ExamYear, models.PROTECT, related_name="+")
    level = models.ForeignKey(Level, models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    admission_no = models.CharField(_("admission number"), max_length=40, blank=True)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    said_number = models.CharField(max_length=40, blank=True)
    said_approved_on = models.DateField(null=True, blank=True)

    objects = ExamSignUpQuerySet.as_manager()

    class Meta:
        ordering = ["-exam_year_id", "pk"]
        verbose_name = _("exam sign-up")
        verbose_name_plural = _("exam sign-ups")
        constraints = [
            # A second sign-up of the same year would count one person twice in every rate.
            models.UniqueConstraint(
                fields=["person", "exam_year", "level"], name="sign_up_once_a_year_and_level"
            )
        ]
        indexes = [models.Index(fields=["exam_year", "region"], name="sign_up_by_year_region")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.exam_year_id} {self.level_id}"


class ResultImportQuerySet(ScopedFactQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        return Q(by=scope.user_id, by__isnull=False) | region_q("region", scope.regions)


class ResultImport(AppendOnly):
    """One workbook that changed something. `counts` is what was read and written of it."""

    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=255)
    year = models.PositiveSmallIntegerField(_("exam year"))
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    counts = models.JSONField(default=dict)

    objects = ResultImportQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("results import")
        verbose_name_plural = _("results imports")

    def __str__(self) -> str:
        return f"{self.year} {self.filename}"


class SubjectResultQuerySet(ScopedFactQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        return own_or_in_region(scope)

    def current(self) -> "SubjectResultQuerySet":
        """The newest statement of each result: those that no later row supersedes."""
        return self.filter(superseded_by__isnull=True)

    def counted(self) -> "SubjectResultQuerySet":
        """Current results that stand on more than the person's own word."""
        return self.current().filter(state__in=SubjectResult.COUNTING)

    def in_area(self, code: str) -> "SubjectResultQuerySet":
        return self.filter(region_q("region", [code]))


class SubjectResult(AppendOnly):
    """科目成绩: one subject, one person, one exam year. A correction is a row that supersedes."""

    class State(models.TextChoices):
        SELF_REPORTED = "self_reported", _("self-reported")
        EVIDENCED = "evidenced", _("evidenced")
        CHECKED = "checked", _("checked")
        REVOKED = "revoked", _("revoked")

    COUNTING: ClassVar = (State.EVIDENCED, State.CHECKED)

    class Special(models.TextChoices):
        NONE = "", _("score")
        ABSENT = ABSENT, _("absent")
        MISCONDUCT = MISCONDUCT, _("misconduct")
        VOID = VOID, _("result void")

    person = models.ForeignKey(Person, models.PROTECT, related_name="results")
    exam_year = models.ForeignKey(ExamYear, models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    score_half = models.PositiveSmallIntegerField(_("score in half points"), null=True)
    special = models.CharField(max_length=12, choices=Special, blank=True, default=Special.NONE)
    state = models.CharField(max_length=14, choices=State)
    source_import = models.ForeignKey(
        ResultImport, models.PROTECT, null=True, related_name="results"
    )
    line = models.PositiveIntegerField(null=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="superseded_by"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField()

    objects = SubjectResultQuerySet.as_manager()

    class Meta:
        ordering = ["-exam_year_id", "subject_id"]
        verbose_name = _("subject result")
        verbose_name_plural = _("subject results")
        constraints = [
            # One chain a subject and year: without it two imports at once would leave two
            # "current" results, and a rate would count the person twice.
            models.UniqueConstraint(
                fields=["person", "exam_year", "subject"],
                condition=Q(supersedes__isnull=True),
                name="result_one_chain_a_subject",
            ),
            # 缺考, 违纪 and 成绩无效 are states and never numbers that could be averaged. "Is not
            # null" is said, because a CHECK that comes out as NULL lets the row in.
            models.CheckConstraint(
                condition=Q(score_half__isnull=False, score_half__range=(0, TOP_HALF), special="")
                | Q(score_half__isnull=True, special__in=[ABSENT, MISCONDUCT, VOID]),
                name="result_score_or_special",
            ),
        ]
        indexes = [models.Index(fields=["exam_year", "region"], name="result_by_year_region")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.exam_year_id} {self.subject_id}"

    @property
    def counts(self) -> bool:
        """More than the person's own word stands behind it."""
        return self.state in self.COUNTING

    def as_result(self) -> passing.Result:
        """The rule's view of this row; its `subject` should be loaded with it."""
        return passing.Result(
            level=str(self.subject.level_id),
            subject=str(self.subject_id),
            exam_year=int(self.exam_year_id),
            area=str(self.region_id),
            score_half=self.score_half,
        )


class CutScore(models.Model):
    """合格标准: national where `area` is empty, for all subjects where `subject` is empty."""

    exam_year = models.PositiveSmallIntegerField(_("exam year"))
    level = models.ForeignKey(Level, models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    pass_half = models.PositiveSmallIntegerField(_("cut score in half points"))
    published_on = models.DateField(_("published on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    verified = models.BooleanField(_("read in the published notice"), default=False)

    class Meta:
        ordering = ["-exam_year", "level", "area", "subject"]
        verbose_name = _("cut score")
        verbose_name_plural = _("cut scores")
        constraints = [
            # Two lines for one case would make a pass depend on the order of rows. Coalesce,
            # because NULLs are distinct to a unique index.
            models.UniqueConstraint(
                F("exam_year"),
                F("level"),
                Coalesce(F("subject"), Value("")),
                Coalesce(F("area"), Value("")),
                name="cut_score_once",
            ),
            models.CheckConstraint(
                condition=Q(pass_half__lte=TOP_HALF), name="cut_score_within_full_marks"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exam_year} {self.level_id} {self.area_id or ''}".strip()


class PassingRule(models.Model):
    """How the subjects of a level add up to a pass, from an exam year on."""

    level = models.ForeignKey(Level, models.PROTECT, related_name="+")
    first_exam_year = models.PositiveSmallIntegerField(_("first exam year"))
    subjects = models.ManyToManyField(Subject, related_name="+")
    window_years = models.PositiveSmallIntegerField(_("consecutive exam years"))
    document = models.CharField(
        max_length=16,
        choices=[(passing.CERTIFICATE, _("certificate")), (passing.PROOF, _("pass document"))],
    )
    document_years = models.PositiveSmallIntegerField(_("years it is valid"), null=True)
    resit_renews = models.BooleanField(_("passing a subject again starts its window anew"))
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        ordering = ["level", "first_exam_year"]
        verbose_name = _("passing rule")
        verbose_name_plural = _("passing rules")
        constraints = [
            # Two rules of one level and year would make a pass depend on the order of rows.
            models.UniqueConstraint(fields=["level", "first_exam_year"], name="passing_rule_once")
        ]

    def __str__(self) -> str:
        return f"{self.level_id} {self.first_exam_year}"

    def as_rule(self) -> passing.LevelRule:
        return passing.LevelRule(
            level=self.level_id,
            subjects=frozenset(subject.pk for subject in self.subjects.all()),
            window_years=self.window_years,
            document=self.document,
            document_years=self.document_years,
            first_exam_year=self.first_exam_year,
            resit_renews=self.resit_renews,
        )


class ValidityExtension(models.Model):
    """Results of one year that count longer somewhere, e.g. because an exam was cancelled."""

    exam_year = models.PositiveSmallIntegerField(_("exam year"))
    area = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    extra_years = models.PositiveSmallIntegerField(_("additional years"))
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        ordering = ["-exam_year"]
        verbose_name = _("validity extension")
        verbose_name_plural = _("validity extensions")

    def __str__(self) -> str:
        return f"{self.exam_year} +{self.extra_years}"


def _cuts(rows: models.QuerySet) -> list[passing.Cut]:
    columns = ("exam_year", "level", "pass_half", "area", "subject")
    return [passing.Cut(*cut) for cut in rows.values_list(*columns)]


def unverified_lines() -> passing.Rulebook:
    """Separate lines that nobody has read in the published notice: to be shown, not applied."""
    return passing.Rulebook(
        rules=[], cuts=_cuts(CutScore.objects.filter(area__isnull=False, verified=False))
    )


def published_rules() -> passing.Rulebook:
    """All rules, cut scores and extensions that are set up, in four queries.

    A separate line counts once somebody has read in the published notice that it holds for the
    area: a pass by it leads to a certificate and to money.
    """
    rules = PassingRule.objects.prefetch_related("subjects")
    cuts = CutScore.objects.filter(Q(area__isnull=True) | Q(verified=True))
    extensions = ValidityExtension.objects.values_list("exam_year", "extra_years", "area")
    return passing.Rulebook(
        rules=[rule.as_rule() for rule in rules],
        cuts=_cuts(cuts),
        extensions=[passing.Extension(*extension) for extension in extensions],
    )
