"""The life of an enrolment and of a class, as tables; no storage here."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where somebody stands in a class."""

    APPLIED = "applied"
    WAITING = "waiting"
    OFFERED = "offered"
    ENROLLED = "enrolled"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"
    REMOVED = "removed"
    REFUSED = "refused"


MOVES: Mapping[State, frozenset[State]] = {
    State.APPLIED: frozenset({State.ENROLLED, State.WAITING, State.WITHDRAWN, State.REFUSED}),
    State.WAITING: frozenset({State.OFFERED, State.ENROLLED, State.WITHDRAWN, State.REFUSED}),
    State.OFFERED: frozenset({State.ENROLLED, State.WAITING, State.WITHDRAWN, State.REFUSED}),
    State.ENROLLED: frozenset({State.COMPLETED, State.WITHDRAWN, State.REMOVED}),
    # Who left, was removed or was refused may apply again while the window is open.
    State.WITHDRAWN: frozenset({State.APPLIED}),
    State.REMOVED: frozenset({State.APPLIED}),
    State.REFUSED: frozenset({State.APPLIED}),
    State.COMPLETED: frozenset(),
}
# Those who take a seat, and those whom the class's pages count as its people.
SEATED = frozenset({State.OFFERED, State.ENROLLED, State.COMPLETED})
IN_CLASS = frozenset({State.ENROLLED, State.COMPLETED})
# Those who have asked for a seat and whom the staff has still to answer.
UNDECIDED = frozenset({State.APPLIED, State.WAITING, State.OFFERED})
# The staff said no: to an application, or to somebody who had a seat.
TURNED_DOWN = frozenset({State.REFUSED, State.REMOVED})
TONES: Mapping[State, str] = {
    State.APPLIED: "wait",
    State.WAITING: "info",
    State.OFFERED: "wait",
    State.ENROLLED: "ok",
    State.WITHDRAWN: "mute",
    State.COMPLETED: "ok",
    State.REMOVED: "bad",
    State.REFUSED: "bad",
}


class CohortState(StrEnum):
    """A class before, while and after it can be seen by the public."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"


COHORT_MOVES: Mapping[CohortState, frozenset[CohortState]] = {
    CohortState.DRAFT: frozenset({CohortState.PUBLISHED}),
    CohortState.PUBLISHED: frozenset({CohortState.CLOSED}),
    CohortState.CLOSED: frozenset(),
}
COHORT_TONES: Mapping[CohortState, str] = {
    CohortState.DRAFT: "mute",
    CohortState.PUBLISHED: "ok",
    CohortState.CLOSED: "info",
}
