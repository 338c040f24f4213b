"""How made-up trainees study: abilities, diligence, guessing and dropping out.

Pure: chance is an argument. What comes out are readings of lessons, answers and attendance that
look like those of a real class: most go on at their own pace, some stop for good, the weak guess.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from math import exp

BEAT_S = 30
DROP_OUT_SHARE = 0.14
EVENING = time(19, 40)
FINISHES = 0.92  # of the lessons begun
PRACTISES = 0.55  # of the evenings
GUESSES = 0.06  # right answers that are owned up to as guesses
LUCK = 0.25  # of one of four options


@dataclass(frozen=True)
class Learner:
    """`ability` in standard deviations, `diligence` 0–1; who drops out does so on that day."""

    ability: float
    diligence: float
    last_day: date | None = None

    def is_there(self, day: date) -> bool:
        return self.last_day is None or day <= self.last_day

    @property
    def skill(self) -> float:
        """Share of a mock exam that is known, so that most end between 45 and 75 marks."""
        return min(0.88, max(0.18, 0.22 + 0.5 * _logistic(self.ability)))


@dataclass(frozen=True)
class Lesson:
    """What reading a lesson takes."""

    pk: int
    minutes: int


@dataclass(frozen=True)
class Sign:
    """One sign of life from a lesson: opened, being read, or finished."""

    lesson: int
    kind: str
    place: int
    at: datetime


@dataclass(frozen=True)
class Question:
    """A question as practice draws it; `hardness` like ability."""

    pk: int
    key: tuple[str, ...]
    options: tuple[str, ...]
    hardness: float


@dataclass(frozen=True)
class Tried:
    """An answer to one question."""

    question: Question
    chosen: tuple[str, ...]
    guessed: bool
    at: datetime


def draw_learner(rng: random.Random, *, first: date, last: date) -> Learner:
    """Somebody of a class that runs from `first`; one in seven is gone before `last`."""
    drops_out = rng.random() < DROP_OUT_SHARE
    days = (last - first).days
    left = first + timedelta(days=rng.randrange(days // 5, days)) if drops_out else None
    return Learner(rng.gauss(0.1, 0.9), rng.betavariate(2.8, 1.3), left)


def evenings(
    learner: Learner, rng: random.Random, *, first: date, last: date, zone: tzinfo
) -> Iterator[datetime]:
    """Evenings on which the learner sits down, at about the same hour."""
    day = first
    while day <= last:
        wish = learner.diligence * (0.8 if day.weekday() < 5 else 0.5)
        if learner.is_there(day) and rng.random() < wish:
            late = timedelta(minutes=rng.randrange(0, 70))
            yield datetime.combine(day, EVENING, tzinfo=zone) + late
        day += timedelta(days=1)


def read(lesson: Lesson, rng: random.Random, at: datetime) -> list[Sign]:
    """One lesson from the first line on; a few are laid aside half way."""
    whole = rng.random() < FINISHES
    seconds = round(lesson.minutes * 60 * rng.uniform(0.6, 1.15) * (1 if whole else 0.45))
    beats = max(1, seconds // BEAT_S)
    end = 100 if whole else 45
    signs = [Sign(lesson.pk, "opened", 0, at)]
    signs += [
        Sign(lesson.pk, "beat", end * n // beats, at + timedelta(seconds=BEAT_S * n))
        for n in range(1, beats + 1)
    ]
    if whole:
        signs.append(Sign(lesson.pk, "finished", 100, signs[-1].at + timedelta(seconds=12)))
    return signs


def practise(
    learner: Learner,
    questions: Sequence[Question],
    rng: random.Random,
    at: datetime,
    *,
    weeks: float,
) -> list[Tried]:
    """Some questions one after the other; what was studied for weeks is known better."""
    chosen = rng.sample(questions, min(len(questions), rng.randrange(5, 11)))
    found = []
    for question in chosen:
        at += timedelta(seconds=rng.randrange(25, 95))
        found.append(_try(learner, question, rng, at, weeks=weeks))
    return found


def _try(
    learner: Learner, question: Question, rng: random.Random, at: datetime, *, weeks: float
) -> Tried:
    knows = rng.random() < _logistic(1.2 * (learner.ability - question.hardness) + 0.12 * weeks)
    chosen = question.key if knows else _unsure(question, rng)
    lucky = not knows and set(chosen) == set(question.key)
    guessed = (lucky and rng.random() < 0.5) or (knows and rng.random() < GUESSES)
    return Tried(question, tuple(sorted(chosen)), guessed, at)


def _unsure(question: Question, rng: random.Random) -> Sequence[str]:
    """A guess at a single choice; at a multiple response the cautious choose fewer."""
    if len(question.key) == 1:
        return [rng.choice(question.options)]
    part = rng.sample(question.key, len(question.key) - 1)
    if rng.random() < 0.45:
        return part
    others = [option for option in question.options if option not in question.key]
    return [*part, rng.choice(others)]


def attends(learner: Learner, rng: random.Random, day: date) -> str:
    """`present`, `leave` or `absent` on the day of a session."""
    if not learner.is_there(day):
        return "absent"
    if rng.random() < 0.62 + 0.36 * learner.diligence:
        return "present"
    return "leave" if rng.random() < 0.4 else "absent"


def hardness_of(pks: Sequence[int], rng: random.Random) -> Mapping[int, float]:
    return {pk: rng.gauss(-0.3, 0.8) for pk in sorted(pks)}


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-value))
