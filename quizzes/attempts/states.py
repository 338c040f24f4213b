"""The life of an attempt."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where an attempt stands.

    `submitted` was handed in by the trainee, `expired` was closed by the server when its time was
    over; a paper of choice items is scored in that same moment. `marked` is for papers on which
    persons mark constructed responses. `void` counts nowhere.
    """

    OPEN = "open"
    SUBMITTED = "submitted"
    MARKED = "marked"
    EXPIRED = "expired"
    VOID = "void"


MOVES: Mapping[State, frozenset[State]] = {
    State.OPEN: frozenset({State.SUBMITTED, State.EXPIRED, State.VOID}),
    State.SUBMITTED: frozenset({State.MARKED, State.VOID}),
    State.EXPIRED: frozenset({State.MARKED, State.VOID}),
    State.MARKED: frozenset({State.VOID}),
    State.VOID: frozenset(),
}

HANDED_IN = frozenset({State.SUBMITTED, State.MARKED, State.EXPIRED})
"""States in which an attempt has a submission and a report."""


def may_move(here: State, there: State) -> bool:
    """Whether the lifecycle knows this step."""
    return there in MOVES[here]


def before(there: State) -> frozenset[State]:
    """The states from which this one can be reached in one step."""
    return frozenset(here for here in State if may_move(here, there))
