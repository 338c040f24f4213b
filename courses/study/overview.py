"""What other features ask about study: progress, where to go on, minutes by day."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q, Value
from django.db.models.functions import Left

from cms.accounts.models import User
from courses.pages.models import CoursePage, LessonPage
from courses.pages.outline import lessons_below
from courses.study.models import LessonProgress, StudyDay
from courses.study.progress import Share, Step, next_step

MINUTE = 60
COUNTS = Q(optional=False)


@dataclass(frozen=True)
class CourseProgress:
    """Lessons of a course that count, how many one account finished, when it last studied there."""

    done: int
    total: int
    last_at: datetime | None = None

    @property
    def percent(self) -> int:
        return Share(self.done, self.total).percent


def course_progress(
    user_ids: Collection[int], course_ids: Collection[int]
) -> dict[tuple[int, int], CourseProgress]:
    """Progress of every account in every course, also where nothing was read; three statements."""
    paths = dict(CoursePage.objects.filter(pk__in=course_ids).values_list("path", "pk"))
    if not paths or not user_ids:
        return {}
    # All courses stand at one depth of the tree, so a course is the beginning of a lesson's path.
    width = Value(len(next(iter(paths))))
    lessons = LessonPage.objects.live().annotate(course=Left("path", width))
    counted = (
        lessons.filter(course__in=paths).values("course").annotate(n=Count("pk", filter=COUNTS))
    )
    totals = dict(counted.order_by().values_list("course", "n"))
    read = LessonProgress.objects.filter(user__in=user_ids, lesson__live=True)
    rows = (
        read.annotate(course=Left("lesson__path", width))
        .filter(course__in=paths)
        .values("user", "course")
        .annotate(
            done=Count("pk", filter=Q(lesson__optional=False, finished_at__isnull=False)),
            last=Max("last_at"),
        )
        .order_by()
    )
    known = {(row["user"], row["course"]): (row["done"], row["last"]) for row in rows}
    return {
        (user, pk): CourseProgress(done, totals.get(path, 0), last)
        for user in user_ids
        for path, pk in paths.items()
        for done, last in [known.get((user, path), (0, None))]
    }


def next_lesson(user: User, course_ids: Collection[int]) -> tuple[LessonPage, int] | None:
    """Where this account goes on in these courses, and at which place (percent) of the lesson."""
    paths = CoursePage.objects.live().filter(pk__in=course_ids).order_by("path")
    lessons = lessons_below(*paths.values_list("path", flat=True))
    return go_on(lessons, progress_in(user, lessons))


def go_on(
    lessons: Sequence[LessonPage], known: dict[int, LessonProgress]
) -> tuple[LessonPage, int] | None:
    step = next_step(steps_of(lessons, known))
    if step is None:
        return None
    return next(lesson for lesson in lessons if lesson.pk == step.lesson), step.place


def progress_in(user: User, lessons: Iterable[LessonPage]) -> dict[int, LessonProgress]:
    """The own rows by lesson; one statement, none for who is not signed in."""
    if not user.is_authenticated:
        return {}
    wanted = {lesson.pk for lesson in lessons}
    own = LessonProgress.objects.filter(user=user)
    return {row.lesson_id: row for row in own if row.lesson_id in wanted}


def steps_of(lessons: Iterable[LessonPage], known: dict[int, LessonProgress]) -> list[Step]:
    return [_step(lesson, known.get(lesson.pk)) for lesson in lessons]


def _step(lesson: LessonPage, row: LessonProgress | None) -> Step:
    if row is None:
        return Step(lesson.pk, lesson.optional)
    finished = row.finished_at is not None
    return Step(lesson.pk, lesson.optional, finished, row.place, row.last_at)


def minutes_by_day(
    user_ids: Collection[int], first: date, last: date
) -> dict[int, dict[date, int]]:
    """Credited minutes of each account from `first` to `last`, both included; one statement.

    Full minutes; a day with less than one is left out.
    """
    days = StudyDay.objects.filter(user__in=user_ids, day__range=(first, last))
    found: dict[int, dict[date, int]] = {user: {} for user in user_ids}
    for user, day, seconds in days.values_list("user", "day", "credited_s"):
        if seconds >= MINUTE:
            found[user][day] = seconds // MINUTE
    return found
