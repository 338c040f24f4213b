"""The exam's own scoring rule, in integer half-points.

Single choice and true/false: the key or nothing. Multiple response (考试大纲 and the instructions
on the paper: 错选，本题不得分；少选，所选的每个选项得 0.5 分): the whole key earns full marks, a
part of the key earns 0.5 for each option chosen, any wrong option earns nothing, and so does a
blank. The whole key of two options earns 2.0, not 0.5 × 2.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quizzes.attempts.scheme import PARTIAL_HALF, Scheme

MULTIPLE_RESPONSE = "multiple_response"
SCORED_TYPES = frozenset({"single_choice", "true_false", MULTIPLE_RESPONSE})

Answers = Mapping[int, Collection[str]]
"""Item number → chosen option ids; a missing item and an empty choice are both blank."""


class UnscoredType(ValueError):
    """An item whose type needs a person to mark it."""


class Verdict(StrEnum):
    """How one item was answered; partial (△ 少选) stands apart from wrong (✕)."""

    RIGHT = "right"
    PARTIAL = "partial"
    WRONG = "wrong"
    BLANK = "blank"


@dataclass(frozen=True, slots=True, order=True)
class Chapter:
    """A chapter of the syllabus, in its order; `number` is what the syllabus calls it by, `id`
    whatever the caller wants back.
    """

    order: int
    title: str
    number: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class KeyedItem:
    """What scoring needs to know of one item; `section` indexes the scheme's sections."""

    number: int
    section: int
    type: str
    points_half: int
    key: frozenset[str]
    chapter: Chapter | None = None


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One item with what it earned."""

    number: int
    section: int
    points_half: int
    score_half: int
    verdict: Verdict
    chapter: Chapter | None

    @property
    def lost_half(self) -> int:
        """Marks the item could still have earned."""
        return self.points_half - self.score_half


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts and sums of some items: a section, a chapter or the whole paper."""

    right: int = 0
    partial: int = 0
    wrong: int = 0
    blank: int = 0
    score_half: int = 0
    max_half: int = 0
    partial_lost_half: int = 0

    @property
    def items(self) -> int:
        """Number of items counted."""
        return self.right + self.partial + self.wrong + self.blank

    @property
    def answered(self) -> int:
        """Number of items with an answer."""
        return self.items - self.blank


@dataclass(frozen=True, slots=True)
class AttemptScore:
    """The score of one attempt with everything its report shows."""

    items: tuple[ItemScore, ...]
    whole: Tally
    sections: tuple[Tally, ...]
    chapters: tuple[tuple[Chapter, Tally], ...]
    passed: bool

    @property
    def total_half(self) -> int:
        """Marks earned."""
        return self.whole.score_half

    @property
    def packed(self) -> list[int]:
        """Item scores in paper order: what one scoring row stores."""
        return [item.score_half for item in self.items]


def item_score(item: KeyedItem, chosen: Collection[str], partial_half: int = PARTIAL_HALF) -> int:
    """Half-points earned by choosing `chosen`; the order of choosing does not matter."""
    if item.type not in SCORED_TYPES:
        raise UnscoredType(f"Item {item.number} of type {item.type} is not scored by rule.")
    options = frozenset(chosen)
    if not options or not options <= item.key:
        return 0
    if options == item.key:
        return item.points_half
    if item.type != MULTIPLE_RESPONSE:
        return 0
    return min(partial_half * len(options), item.points_half)


def verdict_of(item: KeyedItem, chosen: Collection[str]) -> Verdict:
    """How the item was answered, apart from what it is worth."""
    options = frozenset(chosen)
    if not options:
        return Verdict.BLANK
    if options == item.key:
        return Verdict.RIGHT
    if item.type == MULTIPLE_RESPONSE and options < item.key:
        return Verdict.PARTIAL
    return Verdict.WRONG


def score_attempt(items: Sequence[KeyedItem], answers: Answers, scheme: Scheme) -> AttemptScore:
    """Score a whole paper."""
    earned = [item_score(item, answers.get(item.number, ()), scheme.partial_half) for item in items]
    return summarise(items, answers, scores=earned, scheme=scheme)


def summarise(
    items: Sequence[KeyedItem], answers: Answers, *, scores: Sequence[int], scheme: Scheme
) -> AttemptScore:
    """Lay out given item scores (in paper order) as sums; nothing is scored again here."""
    scored = tuple(
        ItemScore(
            number=item.number,
            section=item.section,
            points_half=item.points_half,
            score_half=score,
            verdict=verdict_of(item, answers.get(item.number, ())),
            chapter=item.chapter,
        )
        for item, score in zip(items, scores, strict=True)
    )
    whole = tally(scored)
    return AttemptScore(
        items=scored,
        whole=whole,
        sections=_by_section(scored, len(scheme.sections)),
        chapters=_by_chapter(scored),
        passed=scheme.passes(whole.score_half),
    )


def tally(items: Iterable[ItemScore]) -> Tally:
    """Count and add up some items."""
    counts = dict.fromkeys(Verdict, 0)
    score_half = max_half = partial_lost_half = 0
    for item in items:
        counts[item.verdict] += 1
        score_half += item.score_half
        max_half += item.points_half
        if item.verdict is Verdict.PARTIAL:
            partial_lost_half += item.lost_half
    return Tally(
        right=counts[Verdict.RIGHT],
        partial=counts[Verdict.PARTIAL],
        wrong=counts[Verdict.WRONG],
        blank=counts[Verdict.BLANK],
        score_half=score_half,
        max_half=max_half,
        partial_lost_half=partial_lost_half,
    )


def _by_section(items: Iterable[ItemScore], count: int) -> tuple[Tally, ...]:
    found: list[list[ItemScore]] = [[] for _ in range(count)]
    for item in items:
        found[item.section].append(item)
    return tuple(tally(part) for part in found)


def _by_chapter(items: Iterable[ItemScore]) -> tuple[tuple[Chapter, Tally], ...]:
    found: dict[Chapter, list[ItemScore]] = {}
    for item in items:
        if item.chapter is not None:
            found.setdefault(item.chapter, []).append(item)
    return tuple((chapter, tally(found[chapter])) for chapter in sorted(found))
