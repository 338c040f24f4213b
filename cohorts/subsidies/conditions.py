"""Conditions of a policy: a tree of all, any and not over the leaves of a closed vocabulary.

Three values after Kleene: a condition is met, not met, or unknown because a fact is missing. A
known failure decides an `all` whatever is missing beside it; that is why a missing fact is never
turned into a no, nor into a yes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from cohorts.subsidies.facts import Document, Facts, Json

Truth: TypeAlias = bool | None


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


OPPOSITE: Mapping[Verdict, Verdict] = {
    Verdict.MET: Verdict.NOT_MET,
    Verdict.NOT_MET: Verdict.MET,
    Verdict.UNKNOWN: Verdict.UNKNOWN,
}


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Kleene's conjunction; of nothing, met."""
    seen = set(verdicts)
    for verdict in (Verdict.NOT_MET, Verdict.UNKNOWN):
        if verdict in seen:
            return verdict
    return Verdict.MET


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Kleene's disjunction; of nothing, not met."""
    seen = set(verdicts)
    for verdict in (Verdict.MET, Verdict.UNKNOWN):
        if verdict in seen:
            return verdict
    return Verdict.NOT_MET


def verdict_of(value: Truth) -> Verdict:
    if value is None:
        return Verdict.UNKNOWN
    return Verdict.MET if value else Verdict.NOT_MET


@dataclass(frozen=True)
class Sight:
    """What a leaf saw: its verdict, the value it looked at and the fact that value is."""

    verdict: Verdict
    seen: Json
    fact: str


@dataclass(frozen=True)
class Finding:
    """One leaf weighed against the facts, with everything needed to explain it later."""

    id: str
    type: str
    verdict: Verdict
    seen: Json
    fact: str
    source: str
    article: str
    text: str

    def as_json(self) -> dict[str, Json]:
        return {
            "id": self.id,
            "type": self.type,
            "verdict": self.verdict.value,
            "seen": self.seen,
            "fact": self.fact,
            "source": self.source,
            "article": self.article,
            "text": self.text,
        }


@dataclass(frozen=True)
class Leaf:
    """One condition in the policy's own words. `negated`: it must not be so."""

    id: str
    type: str
    text: str
    article: str = ""
    fix: str = ""
    assumption: str = ""
    negated: bool = False
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """`all` or `any` of its children; reading has pushed every `not` down to the leaves."""

    op: str
    children: tuple["Condition", ...]


Condition: TypeAlias = Leaf | Group

LEAF_WORDS = ("id", "type", "text", "article", "fix", "assumption")
FLIPPED = {"all": "any", "any": "all"}


def read_condition(document: Document, *, negated: bool = False) -> Condition:
    """The tree of a policy document. De Morgan moves each `not` down to the leaves, so that a
    finding's verdict is always the requirement's own: met is good news.
    """
    if "not" in document:
        return read_condition(document["not"], negated=not negated)
    for op in ("all", "any"):
        if op in document:
            children = tuple(read_condition(child, negated=negated) for child in document[op])
            return Group(FLIPPED[op] if negated else op, children)
    words = {word: document[word] for word in LEAF_WORDS if word in document}
    params = {name: value for name, value in document.items() if name not in LEAF_WORDS}
    return Leaf(**words, negated=negated, params=params)


def leaves_of(condition: Condition) -> Iterator[Leaf]:
    if isinstance(condition, Leaf):
        yield condition
    else:
        for child in condition.children:
            yield from leaves_of(child)


def finding_of(leaf: Leaf, sight: Sight, facts: Facts) -> Finding:
    return Finding(
        id=leaf.id,
        type=leaf.type,
        verdict=OPPOSITE[sight.verdict] if leaf.negated else sight.verdict,
        seen=sight.seen,
        fact=sight.fact,
        source=facts.source_of(sight.fact),
        article=leaf.article,
        text=leaf.text,
    )


def fold(condition: Condition, verdicts: Mapping[str, Verdict]) -> Verdict:
    """The verdict of a tree from the verdicts of its leaves by id."""
    if isinstance(condition, Leaf):
        return verdicts[condition.id]
    children = [fold(child, verdicts) for child in condition.children]
    return all_of(children) if condition.op == "all" else any_of(children)


def reasons(condition: Condition, verdicts: Mapping[str, Verdict]) -> tuple[str, ...]:
    """The ids of the leaves that keep the tree from being met: those not met when it is not met,
    those unknown when it is unknown; none when it is met.
    """
    verdict = fold(condition, verdicts)
    if verdict is Verdict.MET:
        return ()
    return tuple(_blamed(condition, verdict, verdicts))


def _blamed(
    condition: Condition, verdict: Verdict, verdicts: Mapping[str, Verdict]
) -> Iterator[str]:
    if isinstance(condition, Leaf):
        yield condition.id
        return
    for child in condition.children:
        if fold(child, verdicts) is verdict:
            yield from _blamed(child, verdict, verdicts)
