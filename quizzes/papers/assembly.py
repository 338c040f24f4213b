"""Choosing the questions of a paper: sections of the scheme, spread over the chapters.

Pure: the pool and the chance are arguments; the same pool and the same ``rng`` give the same paper.
"""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """A question that may be chosen; ``chapter`` is None where the bank does not know it."""

    id: int
    type: str
    chapter: int | None = None


@dataclass(frozen=True)
class SectionPlan:
    """A section to fill with questions of one type, spread over the chapters."""

    name: str
    type: str
    count: int


@dataclass(frozen=True)
class ShortCell:
    """A section for which the pool holds too few questions."""

    section: str
    type: str
    need: int
    have: int


@dataclass(frozen=True)
class Shortfall:
    """No paper can be made; every short cell is named, so that authors know what to write."""

    cells: tuple[ShortCell, ...]


@dataclass(frozen=True)
class Selection:
    """Question ids by section, in the order of the paper."""

    sections: tuple[tuple[int, ...], ...]


def assemble(
    plans: Sequence[SectionPlan], pool: Iterable[Candidate], rng: random.Random
) -> Selection | Shortfall:
    """Fill every section, or say exactly what is missing. No question is used twice."""
    by_id = {candidate.id: candidate for candidate in pool}
    free = [by_id[id_] for id_ in sorted(by_id)]
    short = _short_cells(plans, Counter(candidate.type for candidate in free))
    if short:
        return Shortfall(tuple(short))
    rng.shuffle(free)
    used: Counter[int | None] = Counter()
    return Selection(tuple(_fill(plan, free, used, rng) for plan in plans))


def _short_cells(plans: Sequence[SectionPlan], have: Counter[str]) -> list[ShortCell]:
    """Sections of one type draw from one pool: each takes its share before the next is weighed."""
    short = []
    left = Counter(have)
    for plan in plans:
        if left[plan.type] < plan.count:
            short.append(ShortCell(plan.name, plan.type, plan.count, left[plan.type]))
        left[plan.type] -= min(plan.count, left[plan.type])
    return short


def _fill(
    plan: SectionPlan, free: list[Candidate], used: Counter[int | None], rng: random.Random
) -> tuple[int, ...]:
    chosen: list[int] = []
    for _ in range(plan.count):
        fitting = [candidate for candidate in free if candidate.type == plan.type]
        # The chapter used least so far comes next: that is what spreads a paper evenly.
        pick = min(fitting, key=lambda candidate: used[candidate.chapter])
        free.remove(pick)
        chosen.append(pick.id)
        used[pick.chapter] += 1
    rng.shuffle(chosen)
    return tuple(chosen)
