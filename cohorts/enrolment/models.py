"""Classes (班期), who teaches them, their dated plan, and who is in them."""

import uuid
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, Q, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.accounts.models import Organisation, Person, Region
from cms.accounts.roles import REGIONAL, Role
from cms.core.models import AppendOnly, AppendOnlyQuerySet
from cms.core.scoping import NOBODY, Scope, ScopedQuerySet, region_q
from cohorts.enrolment.states import (
    COHORT_TONES,
    IN_CLASS,
    SEATED,
    TONES,
    UNDECIDED,
    CohortState,
    State,
)

STATE_NAMES = {
    State.APPLIED: _("waiting for approval"),
    State.WAITING: _("on the waiting list"),
    State.OFFERED: _("seat offered"),
    State.ENROLLED: _("enrolled"),
    State.WITHDRAWN: pgettext_lazy("enrolment", "withdrawn"),
    State.COMPLETED: _("completed"),
    State.REMOVED: _("removed"),
    State.REFUSED: _("not admitted"),
}
COHORT_STATE_NAMES = {
    CohortState.DRAFT: _("draft"),
    CohortState.PUBLISHED: _("published"),
    CohortState.CLOSED: _("closed"),
}
# Whom a place in `CohortStaff` lets in: the place alone opens nothing once the role has ended.
CLASS_ROLES = frozenset({Role.INSTRUCTOR, Role.ORGANISER})


def staffed_q(column: str, scope: Scope) -> Q:
    """Rows whose class has this user among its staff; `column` leads to the class."""
    if not scope.roles & CLASS_ROLES:
        return NOBODY
    own = CohortStaff.objects.filter(user=scope.user_id, role__in=scope.roles)
    return Q(**{f"{column}__in": own.values("cohort")})


def official_q(column: str, scope: Scope) -> Q:
    """Rows in the areas of an officer's, finance's or auditor's role; `column` is a region.

    An organiser's grant names an area too, but it opens no class there: only the place among the
    class's staff does.
    """
    return region_q(column, scope.areas(*REGIONAL.intersection(scope.roles)))


class CohortQuerySet(ScopedQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        """Officers reach classes by region, staff their own. The public list is a service."""
        return official_q("region", scope) | staffed_q("pk", scope)

    def published(self) -> "CohortQuerySet":
        return self.filter(state=CohortState.PUBLISHED)

    def in_progress(self, today: date) -> "CohortQuerySet":
        """Published classes that have begun and are not over."""
        return self.published().filter(starts_on__lte=today, ends_on__gte=today)

    def of_year(self, year: int) -> "CohortQuerySet":
        return self.filter(exam_year=year)

    def with_counts(self) -> "CohortQuerySet":
        """Annotates `taken` seats, and `to_answer`: applications, and who waits while one is free.

        A seat that somebody gave back is given away by the staff, to whom this counts as work.
        """

        def in_state(*states: State) -> Count:
            return Count("enrolments", filter=Q(enrolments__state__in=states))

        counted = self.annotate(
            taken=in_state(*SEATED), applied=in_state(State.APPLIED), waits=in_state(State.WAITING)
        )
        return counted.annotate(
            to_answer=Case(
                When(taken__lt=F("capacity"), then=F("applied") + F("waits")),
                default=F("applied"),
            )
        )


class Cohort(models.Model):
    """A class of one level for one exam year, run by an organisation.

    `code_hash` is the keyed hash of the enrolment code; without one, the class needs no code.
    `frozen_at` is when the list was frozen: from then on `Enrolment.on_register` never changes.
    """

    class Admission(models.TextChoices):
        OPEN = "open", pgettext_lazy("admission", "open")
        APPROVAL = "approval", _("by approval")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=80)
    level = models.ForeignKey(
        "courses.Level", models.PROTECT, related_name="cohorts", verbose_name=_("level")
    )
    exam_year = models.ForeignKey(
        "courses.ExamYear", models.PROTECT, related_name="cohorts", verbose_name=_("exam year")
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    organiser = models.ForeignKey(
        Organisation, models.PROTECT, related_name="cohorts", verbose_name=_("organiser")
    )
    courses: Any = models.ManyToManyField(
        "courses.CoursePage", related_name="cohorts", blank=True, verbose_name=_("courses")
    )
    description = models.TextField(_("description"), blank=True, max_length=2000)
    venue = models.CharField(_("venue"), max_length=120, blank=True)
    online = models.BooleanField(_("online"), default=False)
    capacity = models.PositiveSmallIntegerField(_("seats"))
    admission = models.CharField(
        _("admission"), max_length=10, choices=Admission, default=Admission.APPROVAL
    )
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    code_expires_at = models.DateTimeField(_("code valid until"), null=True, blank=True)
    opens_at = models.DateTimeField(_("enrolment opens"))
    closes_at = models.DateTimeField(_("enrolment closes"))
    starts_on = models.DateField(pgettext_lazy("class", "first day"))
    ends_on = models.DateField(pgettext_lazy("class", "last day"))
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=[(state.value, name) for state, name in COHORT_STATE_NAMES.items()],
        default=CohortState.DRAFT,
    )
    frozen_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="class_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="enrolment_closes_after_it_opens"
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="class_has_a_seat"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def tone(self) -> str:
        return COHORT_TONES[CohortState(self.state)]

    def takes_enrolments(self, now: datetime) -> bool:
        return self.state == CohortState.PUBLISHED and self.opens_at <= now < self.closes_at


class CohortStaff(models.Model):
    """Who runs or teaches a class; through this, instructors and organisers reach its people."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="staff")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(
        _("role"), max_length=20, choices=[(role.value, role.value) for role in sorted(CLASS_ROLES)]
    )

    class Meta:
        ordering = ["role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "user", "role"], name="class_staff_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.cohort_id} ({self.role})"


class CohortPlan(models.Model):
    """One line of the class's plan: by this day, read this lesson or sit this paper."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="plan")
    due_on = models.DateField(_("by"))
    title = models.CharField(_("title"), max_length=120)
    lesson = models.ForeignKey(
        "courses.LessonPage", models.PROTECT, null=True, blank=True, related_name="plan_lines"
    )
    paper = models.ForeignKey(
        "quizzes.Paper", models.PROTECT, null=True, blank=True, related_name="plan_lines"
    )

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            # A line asks for one thing, or it could be half done.
            models.CheckConstraint(
                condition=Q(lesson__isnull=True) | Q(paper__isnull=True),
                name="plan_line_lesson_or_paper",
            )
        ]

    def __str__(self) -> str:
        return f"{self.due_on} {self.title}"


class EnrolmentQuerySet(ScopedQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        own = Q(person=scope.person_id) if scope.person_id else NOBODY
        return own | official_q("cohort__region", scope) | staffed_q("cohort", scope)

    def seated(self) -> "EnrolmentQuerySet":
        return self.filter(state__in=SEATED)

    def in_class(self) -> "EnrolmentQuerySet":
        return self.filter(state__in=IN_CLASS)

    def undecided(self) -> "EnrolmentQuerySet":
        return self.filter(state__in=UNDECIDED)

    def on_register(self) -> "EnrolmentQuerySet":
        """The frozen list: the denominator that nobody can prune."""
        return self.filter(on_register=True)


class Enrolment(models.Model):
    """One person in one class."""

    class Source(models.TextChoices):
        SELF = "self", _("enrolled on the web")
        ROSTER = "roster", _("roster")
        STAFF = "staff", _("added by staff")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=[(state.value, name) for state, name in STATE_NAMES.items()],
        default=State.APPLIED,
    )
    source = models.CharField(max_length=8, choices=Source, default=Source.SELF)
    applied_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    on_register = models.BooleanField(default=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["applied_at", "pk"]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            # Through two units or twice from one phone: still one seat.
            models.UniqueConstraint(fields=["cohort", "person"], name="enrolled_once_a_class")
        ]
        indexes = [models.Index(fields=["cohort", "state"], name="enrolment_by_state")]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.cohort_id} ({self.state})"

    @property
    def tone(self) -> str:
        return TONES[State(self.state)]

    @property
    def is_in_class(self) -> bool:
        return self.state in IN_CLASS


class EnrolmentStep(AppendOnly):
    """How an enrolment came to stand where it stands: who moved it, when and why."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="steps")
    to_state = models.CharField(max_length=10)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.enrolment_id} → {self.to_state}"

    @property
    def state_name(self) -> Any:
        return STATE_NAMES[State(self.to_state)]


class ClassNotice(AppendOnly):
    """A notice of the class's staff; each trainee finds it in the inbox."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="notices")
    subject = models.CharField(_("subject"), max_length=80)
    body = models.TextField(_("text"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.subject
