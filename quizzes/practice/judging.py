"""What an answer given outside a paper is worth, by the rule of the exam.

Marks are those of the papers since the syllabus of 2025: a single choice 1 point, a multiple
response 2. They are shown so that △ and ✕ can be told apart by what they cost; nothing adds them
up. Questions that a person has to mark are left out of practice until marking exists.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from quizzes.attempts.scoring import (
    MULTIPLE_RESPONSE,
    SCORED_TYPES,
    KeyedItem,
    Verdict,
    item_score,
    verdict_of,
)

PRACTISED_TYPES = SCORED_TYPES
FEWEST_KEYS = 2
"""A multiple response of the exam has two to four right options, so one alone is never all."""

_POINTS_HALF = {MULTIPLE_RESPONSE: 4}
_USUAL_HALF = 2


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer with what it earned."""

    verdict: Verdict
    score_half: int


def points_half(item_type: str) -> int:
    """Full marks of a question of this type, in half-points."""
    return _POINTS_HALF.get(item_type, _USUAL_HALF)


def judge(item_type: str, key: Collection[str], chosen: Collection[str]) -> Judged:
    """How the answer counts; nothing chosen is blank."""
    item = KeyedItem(
        number=1,
        section=0,
        type=item_type,
        points_half=points_half(item_type),
        key=frozenset(key),
    )
    return Judged(verdict=verdict_of(item, chosen), score_half=item_score(item, chosen))


def is_answerable(item_type: str, options: Collection[str], chosen: Sequence[str]) -> bool:
    """Whether a form could have sent this: known options, and one alone where one is right."""
    if len(set(chosen)) != len(chosen) or not set(chosen) <= set(options):
        return False
    return item_type == MULTIPLE_RESPONSE or len(chosen) <= 1


def chose_too_few(item_type: str, chosen: Collection[str]) -> bool:
    """Whether a word of warning is due: one option of a multiple response."""
    return item_type == MULTIPLE_RESPONSE and 0 < len(chosen) < FEWEST_KEYS


def value_of(chosen: Collection[str]) -> str:
    """Chosen option ids as one text; the order of choosing is not kept."""
    return ",".join(sorted(chosen))


def chosen_of(value: str) -> tuple[str, ...]:
    """The option ids of a stored answer."""
    return tuple(filter(None, value.split(",")))
