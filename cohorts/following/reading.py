"""What is on record of the trainees of some classes, read in a fixed number of statements.

The number of statements does not depend on how many trainees, lessons or classes there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Q, Sum
from django.utils import timezone

from cohorts.attendance.hours import Attendance, attendance_of
from cohorts.attendance.overview import held_units, marks_of
from cohorts.enrolment.models import Cohort, CohortPlan, Enrolment
from cohorts.enrolment.overview import PlanLine, plan_lines
from cohorts.following.signals_of_risk import Finding, MockSat, Seen, findings, studied_lately
from courses.pages.models import CoursePage, LessonPage
from courses.study.models import LessonProgress, StudyDay
from courses.syllabus.models import Subject
from quizzes.attempts.models import Scoring
from quizzes.attempts.states import HANDED_IN
from quizzes.papers.models import Mode
from quizzes.practice.models import PracticeAnswer
from quizzes.practice.overview import ChapterStrength, weak_chapters

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Sat:
    """A paper handed in, with the scoring that counts."""

    attempt: int
    paper: int
    mode: str
    mock: MockSat
    at: datetime


@dataclass
class Doings:
    """What the accounts of some classes have done, by account."""

    finished: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    last_at: dict[int, datetime] = field(default_factory=dict)
    week_s: dict[int, int] = field(default_factory=dict)
    sat: dict[int, list[Sat]] = field(default_factory=lambda: defaultdict(list))

    def note(self, user: int, at: datetime | None) -> None:
        """Something was done then; the latest moment stands."""
        if at is not None and (user not in self.last_at or at > self.last_at[user]):
            self.last_at[user] = at


@dataclass(frozen=True)
class Trainee:
    """One row of the register, and why it is listed if it is."""

    enrolment: Enrolment
    attendance: Attendance
    lessons: int
    lessons_done: int
    week_s: int
    sat: tuple[Sat, ...]
    last_at: datetime | None
    studied_lately: bool
    plan: tuple[PlanLine, ...]
    findings: tuple[Finding, ...]

    @property
    def has_account(self) -> bool:
        return self.enrolment.person.user_id is not None

    @property
    def mocks(self) -> list[MockSat]:
        return [sat.mock for sat in self.sat if sat.mode == Mode.MOCK]

    @property
    def best(self) -> MockSat | None:
        return max(self.mocks, key=lambda mock: mock.share, default=None)

    @property
    def progress(self) -> float | None:
        return self.lessons_done / self.lessons if self.lessons else None

    @property
    def minutes(self) -> int:
        return self.week_s // 60

    def is_silent(self) -> bool:
        """The other side of `studied_lately`: of who has no account, neither can be told."""
        return self.has_account and not self.studied_lately


def trainees_of(cohort: Cohort, now: datetime) -> list[Trainee]:
    return trainees_in([cohort], now)[cohort.pk]


def trainees_in(cohorts: Iterable[Cohort], now: datetime) -> dict[int, list[Trainee]]:
    """The trainees of each class, in the order of their names."""
    chosen = list(cohorts)
    enrolments = _enrolments(chosen)
    users = [e.person.user_id for e in enrolments if e.person.user_id]
    doings = doings_of(users, now)
    plans, lessons = _plans(chosen), lessons_by_class(chosen)
    held, marks = held_units(chosen, now), marks_of(chosen)
    found: dict[int, list[Trainee]] = {}
    for cohort in chosen:
        key = cohort.pk
        found[key] = [
            _trainee(
                enrolment,
                cohort,
                attendance_of(enrolment.pk, held[key], marks),
                doings,
                plan=plans[key],
                lessons=lessons[key],
                now=now,
            )
            for enrolment in enrolments
            if enrolment.cohort_id == key
        ]
    return found


def _enrolments(cohorts: Sequence[Cohort]) -> list[Enrolment]:
    rows = Enrolment.objects.across_regions().filter(cohort__in=cohorts).in_class()
    return list(
        rows.select_related("person", "organisation__region").order_by("person__name", "pk")
    )


def _plans(cohorts: Sequence[Cohort]) -> dict[int, list[CohortPlan]]:
    found: dict[int, list[CohortPlan]] = defaultdict(list)
    for line in CohortPlan.objects.filter(cohort__in=cohorts).select_related("paper"):
        found[line.cohort_id].append(line)
    return found


def lessons_by_class(cohorts: Sequence[Cohort]) -> dict[int, set[int]]:
    """Lessons of the courses of each class, found by the paths of the page tree."""
    courses = CoursePage.objects.filter(cohorts__in=cohorts).values_list("cohorts", "path")
    paths = {path for _cohort, path in courses}
    below = Q(pk__in=[])
    for path in paths:
        below |= Q(path__startswith=path)
    lessons = list(LessonPage.objects.live().filter(below).values_list("pk", "path"))
    found: dict[int, set[int]] = defaultdict(set)
    for cohort, path in courses:
        found[cohort] |= {pk for pk, own in lessons if own.startswith(path)}
    return found


def doings_of(users: Sequence[int], now: datetime) -> Doings:
    doings = Doings()
    _add_lessons(doings, users)
    _add_week(doings, users, timezone.localdate(now))
    _add_practice(doings, users)
    _add_papers(doings, users)
    return doings


def _add_lessons(doings: Doings, users: Sequence[int]) -> None:
    rows = LessonProgress.objects.filter(user__in=users).values_list(
        "user_id", "lesson_id", "finished_at", "last_at"
    )
    for user, lesson, finished_at, last_at in rows.order_by():
        doings.note(user, last_at)
        if finished_at is not None:
            doings.finished[user].add(lesson)


def _add_week(doings: Doings, users: Sequence[int], today: date) -> None:
    days = StudyDay.objects.filter(user__in=users, day__gt=today - WEEK, day__lte=today)
    doings.week_s = dict(days.order_by().values_list("user").annotate(s=Sum("credited_s")))


def _add_practice(doings: Doings, users: Sequence[int]) -> None:
    rows = PracticeAnswer.objects.across_regions().filter(user__in=users).order_by()
    for user, at in rows.values_list("user").annotate(at=Max("at")):
        doings.note(user, at)


def _add_papers(doings: Doings, users: Sequence[int]) -> None:
    rows = Scoring.objects.current().filter(attempt__user__in=users, attempt__state__in=HANDED_IN)
    wanted = rows.order_by("attempt__started_at").values(
        "attempt_id",
        "attempt__user_id",
        "attempt__paper_id",
        "attempt__mode",
        "attempt__paper__title",
        "attempt__paper__scheme",
        "attempt__started_at",
        "attempt__last_server_at",
        "total_half",
    )
    for row in wanted:
        doings.note(row["attempt__user_id"], row["attempt__last_server_at"])
        doings.sat[row["attempt__user_id"]].append(_sat(row))


def _sat(row: dict[str, Any]) -> Sat:
    mock = MockSat(
        title=row["attempt__paper__title"],
        score_half=row["total_half"],
        total_half=row["attempt__paper__scheme"]["total_half"],
        on=timezone.localdate(row["attempt__started_at"]),
    )
    return Sat(
        attempt=row["attempt_id"],
        paper=row["attempt__paper_id"],
        mode=row["attempt__mode"],
        mock=mock,
        at=row["attempt__started_at"],
    )


def _trainee(
    enrolment: Enrolment,
    cohort: Cohort,
    attendance: Attendance,
    doings: Doings,
    *,
    plan: list[CohortPlan],
    lessons: set[int],
    now: datetime,
) -> Trainee:
    user, today = enrolment.person.user_id or 0, timezone.localdate(now)
    sat, finished = tuple(doings.sat.get(user, ())), doings.finished.get(user, set())
    lines = plan_lines(
        plan, finished_lessons=finished, handed_in_papers={s.paper for s in sat}, now=now
    )
    last_at = doings.last_at.get(user)
    last_on = timezone.localdate(last_at) if last_at else None
    joined_on = timezone.localdate(enrolment.moved_at)
    seen = replace(
        _seen(enrolment, attendance, lines, sat),
        last_on=last_on,
        counted_from=max(joined_on, cohort.starts_on) if user else None,
    )
    # Nobody can be behind in a class that has not begun.
    begun = cohort.starts_on <= today
    return Trainee(
        enrolment=enrolment,
        attendance=attendance,
        lessons=len(lessons),
        lessons_done=len(finished & lessons),
        week_s=doings.week_s.get(user, 0),
        sat=sat,
        last_at=last_at,
        studied_lately=studied_lately(last_on, today),
        plan=tuple(lines),
        findings=findings(seen, today) if begun else (),
    )


def _seen(
    enrolment: Enrolment,
    attendance: Attendance,
    plan: Sequence[PlanLine],
    sat: Sequence[Sat],
) -> Seen:
    """What the rules look at. Without an account only attendance can be told."""
    if enrolment.person.user_id is None:
        return Seen(present=attendance.present, held=attendance.held)
    overdue = [line.line for line in plan if line.overdue]
    return Seen(
        overdue=tuple(line.title for line in overdue),
        missed_mocks=tuple(
            line.title for line in overdue if line.paper and line.paper.mode == Mode.MOCK
        ),
        mocks=tuple(s.mock for s in sat if s.mode == Mode.MOCK),
        present=attendance.present,
        held=attendance.held,
    )


def practised_by_chapter(trainee: Trainee | None) -> list[ChapterStrength]:
    """How the account did lately by chapter of the class's level, weakest first: the figures that
    the trainee sees too.
    """
    if trainee is None or not trainee.has_account:
        return []
    enrolment = trainee.enrolment
    subjects = Subject.objects.filter(level=enrolment.cohort.level_id)
    return weak_chapters(enrolment.person.user, list(subjects.values_list("pk", flat=True)))
