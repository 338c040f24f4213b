"""The day's list: what brings somebody furthest in the time there is.

Order of worth: what was answered wrongly (remembering it again is worth most), the lesson that the
class or the course has next, then the weakest chapter. The list never asks for more than the
evening holds; what does not fit is left for tomorrow and not added to it. A mock exam takes two
hours and stands beside the list, when enough has been read and the last one is two weeks ago.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

EVENING_MIN = 45
MISTAKE_MIN = 0.75
DRILL_QUESTIONS = 10
DRILL_MIN = 1  # for a question, with reading why
MOCK_EVERY_DAYS = 14
MOCK_FROM_PERCENT = 40  # of the course: before that a mock only says what was not read yet
LAST_DAYS = 3  # before the exam nothing new is begun


class Kind(StrEnum):
    """What an item asks for."""

    MISTAKES = "mistakes"
    LESSON = "lesson"
    DRILL = "drill"


@dataclass(frozen=True)
class Lesson:
    """A lesson that comes next; `due_on` where the class's plan has it, `place` in percent."""

    title: str
    url: str
    where: str
    minutes: int
    place: int = 0
    due_on: date | None = None

    @property
    def minutes_left(self) -> int:
        return max(1, round(self.minutes * (100 - self.place) / 100))


@dataclass(frozen=True)
class WeakChapter:
    """A chapter that needs work: how many in 100 were right of late, and what can be practised."""

    title: str
    url: str
    where: str
    percent: int
    answered: int
    questions: int


@dataclass(frozen=True)
class DoneToday:
    """What has been done since midnight, so that a finished item stays on the list as done."""

    mistakes_redone: int = 0
    drilled: int = 0
    lessons: tuple[Lesson, ...] = ()


@dataclass(frozen=True)
class Situation:
    """Everything tonight's list is made of."""

    today: date
    exam_on: date | None
    course_percent: int = 0
    mistakes_to_redo: int = 0  # in one go
    lessons: tuple[Lesson, ...] = ()
    weak: tuple[WeakChapter, ...] = ()
    last_mock_on: date | None = None
    done: DoneToday = DoneToday()
    evening_min: int = EVENING_MIN

    @property
    def days_left(self) -> int | None:
        return None if self.exam_on is None else (self.exam_on - self.today).days


@dataclass(frozen=True)
class Item:
    """One thing to do. `count` are questions; `lesson` and `chapter` say which."""

    kind: Kind
    minutes: int
    is_done: bool = False
    count: int = 0
    lesson: Lesson | None = None
    chapter: WeakChapter | None = None


@dataclass(frozen=True)
class Plan:
    """Tonight's list in order; `next` is the first item that is not done."""

    items: tuple[Item, ...]

    @property
    def minutes(self) -> int:
        return sum(item.minutes for item in self.items)

    @property
    def minutes_left(self) -> int:
        return sum(item.minutes for item in self.items if not item.is_done)

    @property
    def next(self) -> Item | None:
        return next((item for item in self.items if not item.is_done), None)


def plan(situation: Situation) -> Plan:
    """Done items first, then what still fits into the evening, best first."""
    done = _done(situation.done)
    left = situation.evening_min - sum(item.minutes for item in done)
    return Plan((*done, *_fitting(_wishes(situation), left, must=not done)))


def mock_is_due(now: Situation) -> bool:
    """Whether a mock exam is worth two hours of one of the next days."""
    if now.course_percent < MOCK_FROM_PERCENT or _is_final_rest(now):
        return False
    waited = timedelta(days=MOCK_EVERY_DAYS)
    return now.last_mock_on is None or now.today - now.last_mock_on >= waited


def _is_final_rest(now: Situation) -> bool:
    return now.days_left is not None and 0 <= now.days_left <= LAST_DAYS


def _done(done: DoneToday) -> list[Item]:
    items = [
        Item(Kind.LESSON, lesson.minutes, is_done=True, lesson=lesson) for lesson in done.lessons
    ]
    if done.mistakes_redone:
        count = done.mistakes_redone
        items.append(Item(Kind.MISTAKES, _mistakes_min(count), is_done=True, count=count))
    if done.drilled:
        items.append(Item(Kind.DRILL, done.drilled * DRILL_MIN, is_done=True, count=done.drilled))
    return items


def _wishes(now: Situation) -> Iterable[Item]:
    """What is not done yet, best first. A kind that was done today comes no second time, so that a
    list gets shorter by what is done and not longer.
    """
    done = now.done
    count = now.mistakes_to_redo
    if count and not done.mistakes_redone:
        yield Item(Kind.MISTAKES, _mistakes_min(count), count=count)
    for lesson in () if done.lessons else _next_lessons(now):
        yield Item(Kind.LESSON, lesson.minutes_left, lesson=lesson)
    for chapter in () if done.drilled else now.weak:
        count = min(chapter.questions, DRILL_QUESTIONS)
        if count:
            yield Item(Kind.DRILL, count * DRILL_MIN, count=count, chapter=chapter)


def _next_lessons(now: Situation) -> Sequence[Lesson]:
    """By the date the class wants them, undated ones last; nothing new right before the exam."""
    if _is_final_rest(now):
        return ()
    return sorted(
        now.lessons, key=lambda lesson: (lesson.due_on is None, lesson.due_on or date.max)
    )


def _fitting(wishes: Iterable[Item], left: int, *, must: bool) -> list[Item]:
    """One item of a kind while it fits; the first in any case, or an evening stays empty."""
    taken: list[Item] = []
    kinds: set[Kind] = set()
    for item in wishes:
        fits = item.minutes <= left or (must and not taken)
        if fits and item.kind not in kinds:
            taken.append(item)
            kinds.add(item.kind)
            left -= item.minutes
    return taken


def _mistakes_min(count: int) -> int:
    return max(1, round(count * MISTAKE_MIN))
