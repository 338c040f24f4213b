"""The mistakes notebook as a fold over answers: what entered it, and what has left it since.

An answer that was wrong, partial or blank puts its question in, and so does one that was right by
a guess. N sure right answers in a row take it out again; the next wrong one puts it back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from quizzes.attempts.scoring import Verdict

MOST_IN_A_ROW = 4
USUAL_IN_A_ROW = 2
NEVER = 0
"""As `clear_after`: a mistake stays in the notebook for good."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer to one question, in practice or as an item of a mock exam that was handed in.

    `tie` orders answers of one moment: the items of a paper bear the moment it was handed in.
    """

    question: int
    version: int
    verdict: Verdict
    value: str
    guessed: bool
    source: str
    at: datetime
    tie: tuple[int, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether it earned full marks, knowing or guessing."""
        return self.verdict is Verdict.RIGHT

    @property
    def is_sure(self) -> bool:
        """Whether it counts toward the streak: right, and not by a guess."""
        return self.is_right and not self.guessed


@dataclass(frozen=True, slots=True)
class Standing:
    """One question in the notebook. Version, verdict, value and source are of the answer that put
    it there last, so that the page shows what went wrong; right means a lucky guess.
    """

    version: int
    verdict: Verdict
    value: str
    source: str
    wrong_count: int
    streak: int
    wrong_at: datetime
    last_at: datetime
    cleared_at: datetime | None


def fold(answers: Iterable[Answered], clear_after: int) -> dict[int, Standing]:
    """The notebook by question; the order in which answers are handed over does not matter."""
    found: dict[int, Standing] = {}
    for answered in sorted(answers, key=lambda answered: (answered.at, answered.tie)):
        standing = _next(found.get(answered.question), answered, clear_after)
        if standing is not None:
            found[answered.question] = standing
    return found


def _next(before: Standing | None, answered: Answered, clear_after: int) -> Standing | None:
    if not answered.is_right:
        return _put_in(answered, wrong_count=_wrongs(before) + 1)
    if answered.is_sure:
        return _one_more(before, answered, clear_after) if before else None
    if before is None or before.cleared_at is not None:
        return _put_in(answered, wrong_count=_wrongs(before))
    # A guess among open mistakes neither helps nor harms.
    return replace(before, last_at=answered.at)


def _wrongs(before: Standing | None) -> int:
    return before.wrong_count if before else 0


def _put_in(answered: Answered, *, wrong_count: int) -> Standing:
    return Standing(
        version=answered.version,
        verdict=answered.verdict,
        value=answered.value,
        source=answered.source,
        wrong_count=wrong_count,
        streak=0,
        wrong_at=answered.at,
        last_at=answered.at,
        cleared_at=None,
    )


def _one_more(before: Standing, answered: Answered, clear_after: int) -> Standing:
    streak = before.streak + 1
    enough = clear_after != NEVER and streak >= clear_after
    cleared_at = before.cleared_at or (answered.at if enough else None)
    return replace(before, streak=streak, last_at=answered.at, cleared_at=cleared_at)
