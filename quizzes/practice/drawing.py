"""Which questions a run takes, and in which order. Chance is an argument."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

_NEVER = datetime.min.replace(tzinfo=UTC)


def draw(
    candidates: Sequence[int],
    *,
    last_at: Mapping[int, datetime],
    size: int | None,
    rng: random.Random,
) -> list[int]:
    """What was never answered comes first, then what lies longest back; chance decides the rest.

    `last_at` says when a candidate was answered last; `size` None takes them all.
    """
    mixed = rng.sample(sorted(candidates), len(candidates))
    ordered = sorted(mixed, key=lambda candidate: last_at.get(candidate, _NEVER))
    return ordered[:size]


@dataclass(frozen=True, slots=True)
class OpenMistake:
    """A mistake that is not overcome, as far as its turn goes."""

    question: int
    wrong_count: int
    streak: int
    last_at: datetime


def most_useful(mistakes: Iterable[OpenMistake], size: int | None) -> list[int]:
    """The questions to do again, best first; no chance in it.

    What was not right since comes before what is half overcome, then what was wrong most often,
    then what lies longest back: that is what is forgotten soonest.
    """
    ordered = sorted(mistakes, key=lambda m: (m.streak, -m.wrong_count, m.last_at, m.question))
    return [mistake.question for mistake in ordered[:size]]
