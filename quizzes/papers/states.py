"""The life of a paper, and which moves are allowed in it."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """A released paper can be sat; a withdrawn one only keeps its attempts."""

    DRAFT = "draft"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


MOVES: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.RELEASED, State.WITHDRAWN}),
    State.RELEASED: frozenset({State.WITHDRAWN}),
    State.WITHDRAWN: frozenset({State.RELEASED}),
}
