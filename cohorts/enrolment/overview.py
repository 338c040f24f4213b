"""What other pages ask about classes: the own ones, the public ones, a plan and its state."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from cms.core.wording import Message
from cms.notices.models import InboxMessage
from cohorts.enrolment.admission import seats_in_words
from cohorts.enrolment.models import Cohort, CohortPlan, Enrolment
from cohorts.enrolment.plan_state import is_done, is_overdue
from courses.study.models import LessonProgress
from quizzes.attempts.models import Attempt


@dataclass(frozen=True)
class PlanLine:
    """`done` is None for a line of free text, which nobody can tell from here."""

    line: CohortPlan
    done: bool | None
    overdue: bool


@dataclass(frozen=True)
class PublicCohort:
    """A class as anybody may see it; nobody's name but the organiser's."""

    cohort: Cohort
    taken: int
    takes_enrolments: bool

    @property
    def seats(self) -> Message:
        return seats_in_words(capacity=self.cohort.capacity, taken=self.taken)

    @property
    def is_full(self) -> bool:
        return self.taken >= self.cohort.capacity


def classes_of(user: Any) -> list[Enrolment]:
    """The visitor's own enrolments in a class, newest first."""
    if not user.is_authenticated:
        return []
    own = Enrolment.objects.visible_to(user).filter(person__user=user).in_class()
    return list(
        own.select_related("cohort__level", "cohort__region").order_by("-cohort__starts_on")
    )


def own_enrolments(user: Any) -> dict[int, Enrolment]:
    """Every enrolment of the visitor's by class, whatever its state."""
    if not user.is_authenticated:
        return {}
    own = Enrolment.objects.visible_to(user).filter(person__user=user)
    return {
        enrolment.cohort_id: enrolment for enrolment in own.select_related("organisation", "cohort")
    }


def public_cohorts(now: datetime) -> list[PublicCohort]:
    """Published classes that are not over: those that take enrolments first, then by first day."""
    rows = _public().filter(ends_on__gte=timezone.localdate(now))
    shown = [_as_public(cohort, now) for cohort in rows.order_by("starts_on", "pk")]
    return sorted(shown, key=lambda row: not row.takes_enrolments)


def public_cohort(code: str, now: datetime) -> PublicCohort | None:
    """One class by its code; closed ones stay readable for who was in them."""
    rows = Cohort.objects.across_regions().exclude(state="draft").filter(code=code)
    cohort = _with_counts(rows).first()
    return None if cohort is None else _as_public(cohort, now)


def sessions_of(cohort: Cohort) -> list[Any]:
    """When the class meets, for its public page.

    Walked from the class's side: enrolment imports nothing of attendance, which stands on it.
    """
    return list(cohort.sessions.across_regions())


def code_is_taken(code: str, *, by_other_than: int | None) -> bool:
    """Whether another class has this address, wherever it is."""
    rows = Cohort.objects.across_regions().filter(code=code)
    return rows.exclude(pk__in=[by_other_than] if by_other_than else []).exists()


def _public() -> Any:
    return _with_counts(Cohort.objects.across_regions().published())


def _with_counts(rows: Any) -> Any:
    return rows.with_counts().select_related("level", "exam_year", "region", "organiser")


def _as_public(cohort: Any, now: datetime) -> PublicCohort:
    return PublicCohort(cohort, cohort.taken, cohort.takes_enrolments(now))


def letters_of(enrolment: Enrolment) -> str:
    """What the sources of messages to this one trainee begin with, in the inbox."""
    return f"letter:{enrolment.uuid}:"


def letters_to(enrolment: Enrolment) -> list[InboxMessage]:
    """What the staff of the class has written to this one trainee, newest first."""
    if enrolment.person.user_id is None:
        return []
    inbox = InboxMessage.objects.of(enrolment.person.user_id)
    return list(inbox.filter(source__startswith=letters_of(enrolment)))


def plan_of(cohort: Cohort, user: Any, now: datetime) -> list[PlanLine]:
    """The plan of a class with what this account has done of it, by day."""
    lines = list(CohortPlan.objects.filter(cohort=cohort).select_related("lesson", "paper"))
    if not user.is_authenticated:
        return [PlanLine(line, done=None, overdue=False) for line in lines]
    lessons = {line.lesson_id for line in lines if line.lesson_id}
    papers = {line.paper_id for line in lines if line.paper_id}
    finished = LessonProgress.objects.filter(
        user=user, lesson__in=lessons, finished_at__isnull=False
    )
    attempts = Attempt.objects.visible_to(user).handed_in().filter(paper__in=papers)
    return plan_lines(
        lines,
        finished_lessons=set(finished.values_list("lesson_id", flat=True)),
        handed_in_papers=set(attempts.values_list("paper_id", flat=True)),
        now=now,
    )


def plan_lines(
    lines: Iterable[CohortPlan],
    *,
    finished_lessons: Collection[int],
    handed_in_papers: Collection[int],
    now: datetime,
) -> list[PlanLine]:
    today = timezone.localdate(now)
    found = []
    for line in lines:
        done = is_done(
            line.lesson_id,
            line.paper_id,
            finished_lessons=finished_lessons,
            handed_in_papers=handed_in_papers,
        )
        found.append(PlanLine(line, done, is_overdue(line.due_on, done=done, today=today)))
    return found
