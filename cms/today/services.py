"""Reads what tonight's list and its page are made of; nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.notices.models import InboxMessage
from cms.today.plan import (
    DoneToday,
    Lesson,
    Plan,
    Situation,
    WeakChapter,
    mock_is_due,
    plan,
)
from cms.today.weeks import Week, weeks_of
from cohorts.attendance.models import ClassSession
from cohorts.attendance.overview import is_present, next_session
from cohorts.enrolment.models import Enrolment
from cohorts.enrolment.overview import PlanLine, classes_of, plan_of
from courses.pages.models import CoursePage, LessonPage
from courses.study.models import LessonProgress
from courses.study.overview import course_progress, minutes_by_day, next_lesson
from courses.syllabus.models import ExamYear, KnowledgePoint, Subject, SubjectPaperScheme
from quizzes.attempts.models import Attempt
from quizzes.practice.models import PracticeAnswer
from quizzes.practice.overview import Redo, mistakes_to_redo, weak_chapters
from quizzes.practice.pool import in_practice

WEEKS_SHOWN = 12
PLANNED_LESSONS = 3  # lines of the class's plan that may come onto one evening's list
WEAK_SHOWN = 2
SESSION_SOON = timedelta(hours=36)


@dataclass(frozen=True)
class Today:
    """Everything the page shows."""

    exam: ExamYear | None
    slots: Sequence[SubjectPaperScheme]
    days_left: int | None
    weeks: tuple[Week, ...]
    percent: int
    plan: Plan
    redo: Redo | None
    mock_is_due: bool
    classes: Sequence[Enrolment]
    session: ClassSession | None
    is_checked_in: bool
    sitting: Sequence[Attempt]
    overdue: Sequence[PlanLine]
    messages: Sequence[InboxMessage]
    unread: int


def today_of(user: Any, now: datetime) -> Today:
    """The evening of one trainee; the level is that of the newest class, else 初级."""
    day = timezone.localdate(now)
    classes = classes_of(user)
    level = classes[0].cohort.level_id if classes else "junior"
    courses = _courses(classes, level)
    lines = [line for row in classes for line in plan_of(row.cohort, user, now)]
    exam = ExamYear.objects.filter(ends_on__gte=day).order_by("year").first()
    percent = _percent(user, courses)
    redo = mistakes_to_redo(user, day)
    session = _session_soon(user, now)
    situation = Situation(
        today=day,
        exam_on=exam.starts_on if exam else None,
        course_percent=percent,
        mistakes_to_redo=redo.count if redo else 0,
        lessons=tuple(_lessons(user, courses, lines, day)),
        weak=tuple(_weak(user, level, day)),
        last_mock_on=_last_mock_on(user),
        done=_done_today(user, now),
    )
    inbox = InboxMessage.objects.of(user.pk)
    return Today(
        exam=exam,
        slots=_slots(exam, level),
        days_left=situation.days_left,
        weeks=_weeks(user, day),
        percent=percent,
        plan=plan(situation),
        redo=redo,
        mock_is_due=mock_is_due(situation),
        classes=classes,
        session=session,
        is_checked_in=session is not None and is_present(user, session),
        sitting=list(Attempt.objects.visible_to(user).open().select_related("paper")),
        overdue=[line for line in lines if line.overdue],
        messages=list(inbox[:4]),
        unread=inbox.unread().count(),
    )


def _session_soon(user: Any, now: datetime) -> ClassSession | None:
    """The session that is on, or begins within a day and a half."""
    session = next_session(user, now)
    return session if session and session.starts_at - now < SESSION_SOON else None


def _courses(classes: Sequence[Enrolment], level: str) -> list[int]:
    """Courses of the own classes; without a class, every course of the level."""
    own = CoursePage.objects.live().filter(cohorts__in=[row.cohort_id for row in classes])
    rows = own if classes else CoursePage.objects.live().filter(subject__level=level)
    return list(rows.order_by("path").values_list("pk", flat=True).distinct())


def _percent(user: Any, courses: Sequence[int]) -> int:
    found = course_progress([user.pk], courses).values()
    total = sum(one.total for one in found)
    return round(100 * sum(one.done for one in found) / total) if total else 0


def _lessons(
    user: Any, courses: Sequence[int], lines: Sequence[PlanLine], day: date
) -> list[Lesson]:
    """Lessons the class wants by now, and the one where the course goes on."""
    open_ones = [line.line for line in lines if not line.done]
    soon = [line for line in open_ones if line.due_on <= day + timedelta(days=2)]
    wanted = {line.lesson.pk: (line.lesson, line.due_on) for line in soon if line.lesson}
    due = list(wanted.values())[:PLANNED_LESSONS]
    progress = LessonProgress.objects.filter(user=user, lesson__in=[page for page, _due in due])
    places = dict(progress.values_list("lesson", "place"))
    shown = [_lesson(page, places.get(page.pk, 0), due_on) for page, due_on in due]
    going_on = next_lesson(user, courses)
    if going_on and going_on[0].pk not in wanted:
        shown.append(_lesson(*going_on))
    return shown


def _lesson(page: LessonPage, place: int, due_on: date | None = None) -> Lesson:
    chapter = page.get_parent()
    return Lesson(page.title, page.url, chapter.title, page.minutes, place, due_on)


def _weak(user: Any, level: str, day: date) -> list[WeakChapter]:
    subjects = {subject.code: subject for subject in Subject.objects.filter(level=level)}
    weak = [one for one in weak_chapters(user, list(subjects), WEAK_SHOWN) if one.is_weak]
    pool = in_practice(user, day).filter(chapter__in=[found.chapter.pk for found in weak])
    questions = dict(pool.order_by().values_list("chapter").annotate(n=Count("pk")))
    return [
        WeakChapter(
            title=found.chapter.title,
            url=f"{reverse('practice:home')}?chapter={found.chapter.pk}",
            where=_where(subjects[found.chapter.subject_id].short_name, found.chapter),
            percent=found.percent,
            answered=found.answered,
            questions=questions.get(found.chapter.pk, 0),
        )
        for found in weak
    ]


def _where(subject: str, chapter: KnowledgePoint) -> str:
    if not chapter.is_numbered:
        return subject
    said = {"subject": subject, "number": chapter.number}
    return _("%(subject)s, chapter %(number)s") % said


def _last_mock_on(user: Any) -> date | None:
    last = Attempt.objects.visible_to(user).handed_in().order_by("-started_at").first()
    return timezone.localdate(last.started_at) if last else None


def _done_today(user: Any, now: datetime) -> DoneToday:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    places = PracticeAnswer.objects.across_regions().filter(user=user, at__gte=midnight)
    kinds = list(places.values_list("place", flat=True))
    finished = LessonProgress.objects.filter(user=user, finished_at__gte=midnight)
    return DoneToday(
        mistakes_redone=kinds.count(PracticeAnswer.Place.MISTAKES),
        drilled=kinds.count(PracticeAnswer.Place.PRACTICE),
        lessons=tuple(_lesson(row.lesson, 100) for row in finished.select_related("lesson")),
    )


def _weeks(user: Any, day: date) -> tuple[Week, ...]:
    monday = day - timedelta(days=day.weekday())
    first = monday - timedelta(weeks=WEEKS_SHOWN - 1)
    return weeks_of(minutes_by_day([user.pk], first, day)[user.pk], first=first, today=day)


def _slots(exam: ExamYear | None, level: str) -> list[SubjectPaperScheme]:
    if exam is None:
        return []
    rows = SubjectPaperScheme.objects.filter(exam_year=exam, subject__level=level)
    return list(rows.select_related("subject").order_by("subject__order"))
