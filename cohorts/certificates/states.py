"""The life of a certificate: expected from a pass, recorded from paper or screen, checked, revoked.

Only a checked certificate earns money. Nothing leaves `revoked`: a mistaken one is recorded anew.
"""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    EXPECTED = "expected"
    RECORDED = "recorded"
    CHECKED = "checked"
    REVOKED = "revoked"


MOVES: Mapping[State, frozenset[State]] = {
    State.EXPECTED: frozenset({State.RECORDED, State.REVOKED}),
    State.RECORDED: frozenset({State.RECORDED, State.CHECKED, State.REVOKED}),
    State.CHECKED: frozenset({State.REVOKED}),
    State.REVOKED: frozenset(),
}


def may_move(state: str, to: State) -> bool:
    return to in MOVES[State(state)]
