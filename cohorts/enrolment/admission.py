"""Who gets a seat at once, who waits, and what stands in the way; no storage here."""

from collections.abc import Iterable

from cms.core.wording import Message
from cohorts.enrolment.states import State

FEW_SEATS = 10


def first_state(
    *, by_approval: bool, seats_left: int, others_wait: bool, removed_before: bool
) -> State:
    """Where an application stands once it is in.

    Whom the staff removed does not come back through the open door: they decide again. A seat that
    became free belongs to who waits already, not to who happens to come by.
    """
    if by_approval or removed_before:
        return State.APPLIED
    return State.ENROLLED if seats_left > 0 and not others_wait else State.WAITING


def approved_state(state: State, *, seats_left: int) -> State | None:
    """Where an approval leads; None where the person stays, because no seat is free."""
    if seats_left > 0:
        return State.ENROLLED
    return State.WAITING if state == State.APPLIED else None


def other_level(level: str, others: Iterable[str]) -> str | None:
    """The level somebody is already preparing for in the same exam year, if it is another one.

    All levels sit their 综合能力 papers in the same session, so nobody can sit two levels a year.
    """
    return next((other for other in others if other != level), None)


def seats_in_words(*, capacity: int, taken: int) -> Message:
    left = capacity - taken
    if left <= 0:
        return Message(
            "All %(capacity)s seats are taken; there is a waiting list", capacity=capacity
        )
    if left <= FEW_SEATS:
        return Message("Only %(left)s of %(capacity)s seats left", left=left, capacity=capacity)
    return Message("%(left)s of %(capacity)s seats left", left=left, capacity=capacity)
