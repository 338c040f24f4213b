"""What the exam asks: levels, subjects, the syllabus tree, and the scheme of each exam year."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.syllabus.outline import is_numbered

# Name and title of a level by its code, for readers of other languages than its own data.
LEVEL_WORDS = {
    "junior": (_("Junior"), _("Assistant social worker")),
    "intermediate": (_("Intermediate"), _("Social worker")),
    "senior": (_("Senior"), _("Senior social worker")),
}


class Level(models.Model):
    """A level of the qualification (初级, 中级, 高级)."""

    code = models.CharField(_("code"), max_length=16, primary_key=True)
    name = models.CharField(_("name"), max_length=20)
    title = models.CharField(_("title of the holder"), max_length=20)
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        ordering = ["order"]
        verbose_name = _("level")
        verbose_name_plural = _("levels")

    def __str__(self) -> str:
        return self.said_name

    @property
    def said_name(self) -> str:
        return self._said(self.name, 0)

    @property
    def said_title(self) -> str:
        return self._said(self.title, 1)

    def _said(self, in_chinese: str, place: int) -> str:
        """Levels are data, named in Chinese; for other languages their code says what they are."""
        if (get_language() or "zh").startswith("zh") or self.code not in LEVEL_WORDS:
            return in_chinese
        return str(LEVEL_WORDS[self.code][place])


class Subject(models.Model):
    """A paper of the exam, such as 社会工作综合能力（初级）."""

    code = models.CharField(_("code"), max_length=32, primary_key=True)
    level = models.ForeignKey(
        Level, models.PROTECT, related_name="subjects", verbose_name=_("level")
    )
    name = models.CharField(_("name"), max_length=40)
    short_name = models.CharField(_("short name"), max_length=20)
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        ordering = ["order"]
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")

    def __str__(self) -> str:
        return self.name


class SyllabusVersion(models.Model):
    """An edition of the syllabus; past papers keep belonging to theirs."""

    code = models.CharField(_("code"), max_length=16, unique=True)
    title = models.CharField(_("title"), max_length=80)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    first_exam_year = models.PositiveSmallIntegerField(_("first exam year"))

    class Meta:
        ordering = ["-first_exam_year"]
        verbose_name = _("syllabus version")
        verbose_name_plural = _("syllabus versions")

    def __str__(self) -> str:
        return self.title


class KnowledgePointQuerySet(models.QuerySet):
    def chapters(self) -> "KnowledgePointQuerySet":
        return self.filter(depth=1)

    def of_newest_version(self) -> "KnowledgePointQuerySet":
        newest = SyllabusVersion.objects.order_by("-first_exam_year").values("pk")[:1]
        return self.filter(version__in=newest)


class KnowledgePoint(models.Model):
    """A chapter, a section or a point (考点) of one subject in one syllabus version."""

    version = models.ForeignKey(
        SyllabusVersion, models.PROTECT, related_name="points", verbose_name=_("syllabus version")
    )
    subject = models.ForeignKey(
        Subject, models.PROTECT, related_name="points", verbose_name=_("subject")
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    number = models.CharField(_("number"), max_length=12)
    title = models.CharField(_("title"), max_length=80)
    order = models.PositiveSmallIntegerField(_("order"))
    depth = models.PositiveSmallIntegerField(_("depth"), default=1)
    # Titles that no published text confirmed are shown as such, so that staff can put them right.
    confirmed = models.BooleanField(_("title confirmed"), default=True)

    objects = KnowledgePointQuerySet.as_manager()

    class Meta:
        ordering = ["version", "subject", "depth", "order"]
        verbose_name = _("knowledge point")
        verbose_name_plural = _("knowledge points")
        constraints = [
            # Imports and reports name a chapter by its number. Two constraints, because rows
            # whose parent is NULL are all distinct to a unique index over parent.
            models.UniqueConstraint(
                fields=["version", "subject", "parent", "number"],
                name="point_once_a_number",
                condition=Q(parent__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["version", "subject", "number"],
                name="chapter_once_a_number",
                condition=Q(parent__isnull=True),
            ),
            # depth is what reports group by; a chapter is the point without a parent.
            models.CheckConstraint(
                condition=Q(depth=1, parent__isnull=True) | Q(depth__gt=1, parent__isnull=False),
                name="chapter_is_a_point_without_parent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}" if self.is_numbered else self.title

    @property
    def is_numbered(self) -> bool:
        return is_numbered(self.number)


class ExamYear(models.Model):
    """One yearly exam: when it is, and which law it asks."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    law_as_of = models.DateField(_("law as of"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    result_on = models.DateField(_("results published on"), null=True, blank=True)
    provisional = models.BooleanField(_("provisional dates"), default=False)

    class Meta:
        ordering = ["-year"]
        verbose_name = _("exam year")
        verbose_name_plural = _("exam years")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="exam_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return str(self.year)


class SubjectPaperScheme(models.Model):
    """Marks, duration and pass mark of a subject in one exam year; half-points throughout.

    `sections`: ``[{"name", "type", "count", "points_half"}, …]`` in paper order; empty where the
    year's section plan was never published.
    """

    exam_year = models.ForeignKey(
        ExamYear, models.PROTECT, related_name="schemes", verbose_name=_("exam year")
    )
    subject = models.ForeignKey(
        Subject, models.PROTECT, related_name="schemes", verbose_name=_("subject")
    )
    sections = models.JSONField(_("sections"), default=list)
    duration_min = models.PositiveSmallIntegerField(_("minutes"))
    pass_half = models.PositiveSmallIntegerField(_("pass mark in half points"))
    total_half = models.PositiveSmallIntegerField(_("full marks in half points"))
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)

    class Meta:
        ordering = ["-exam_year", "subject"]
        verbose_name = _("paper scheme")
        verbose_name_plural = _("paper schemes")
        constraints = [
            models.UniqueConstraint(
                fields=["exam_year", "subject"], name="scheme_once_a_year_and_subject"
            ),
            models.CheckConstraint(
                condition=Q(pass_half__lte=F("total_half")), name="pass_mark_within_full_marks"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exam_year_id} {self.subject_id}"

    def frozen(self) -> dict[str, object]:
        """Return what a paper keeps of the scheme, whatever is corrected here later."""
        return {
            "sections": self.sections,
            "duration_min": self.duration_min,
            "pass_half": self.pass_half,
            "total_half": self.total_half,
        }


class LawEdition(models.Model):
    """A law, regulation or policy text as in force over a span of time."""

    title = models.CharField(_("title"), max_length=120)
    article_scope = models.CharField(_("articles"), max_length=120, blank=True)
    in_force_from = models.DateField(_("in force from"))
    superseded_on = models.DateField(_("superseded on"), null=True, blank=True)

    class Meta:
        ordering = ["title", "-in_force_from"]
        verbose_name = _("law edition")
        verbose_name_plural = _("law editions")
        constraints = [
            models.CheckConstraint(
                condition=Q(superseded_on__isnull=True) | Q(superseded_on__gt=F("in_force_from")),
                name="law_superseded_after_it_began",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.in_force_from:%Y})"
