"""Which questions a run takes, and in which order. Chance is an argument."""

import random
from collections.abc import Mapping, Sequence
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
