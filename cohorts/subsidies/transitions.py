"""The lives of a policy version, a claim and a batch: who may move which from where to where.

One table an action drives both the buttons on the pages and what the server accepts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from cms.accounts.roles import Role


class ClaimState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    ON_NOTICE = "on_notice"
    OBJECTED = "objected"
    CONFIRMED = "confirmed"
    IN_BATCH = "in_batch"
    PAID = "paid"
    PAYMENT_RETURNED = "payment_returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    CLOSED = "closed"


class BatchState(StrEnum):
    DRAFT = "draft"
    LOCKED = "locked"
    APPROVED = "approved"
    EXPORTED = "exported"
    SETTLED = "settled"
    CLOSED = "closed"


class VersionState(StrEnum):
    DRAFT = "draft"
    CHECKED = "checked"
    PUBLISHED = "published"
    RETIRED = "retired"


class ClaimAction(StrEnum):
    SUBMIT = "submit"
    REVIEW = "review"
    RETURN = "return"
    REFUSE = "refuse"
    APPROVE = "approve"
    WITHDRAW = "withdraw"
    REVOKE = "revoke"
    PUT_ON_NOTICE = "put_on_notice"
    OBJECT = "object"
    DISMISS_OBJECTION = "dismiss_objection"
    UPHOLD_OBJECTION = "uphold_objection"
    CONFIRM = "confirm"
    PUT_IN_BATCH = "put_in_batch"
    TAKE_FROM_BATCH = "take_from_batch"
    PAY = "pay"
    BOUNCE = "bounce"
    LAPSE = "lapse"
    CLOSE = "close"


class BatchAction(StrEnum):
    LOCK = "lock"
    UNLOCK = "unlock"
    APPROVE = "approve"
    EXPORT = "export"
    SETTLE = "settle"
    CLOSE = "close"


class VersionAction(StrEnum):
    CHECK = "check"
    PUBLISH = "publish"
    RETIRE = "retire"


State = TypeVar("State", ClaimState, BatchState, VersionState)


@dataclass(frozen=True)
class Step:
    """What an action does: from which states, to which, by which roles.

    `own`: the person whom the record is about may do it too, and is the only act open to them.
    `asks_reason`: the person is told why, so there must be a why.
    """

    sources: frozenset[str]
    target: str
    roles: frozenset[Role]
    own: bool = False
    asks_reason: bool = False


def _step(
    sources: str, target: str, roles: frozenset[Role], *, own: bool = False, reason: bool = False
) -> Step:
    return Step(frozenset(sources.split()), target, roles, own, reason)


# Checking is the officers' work, paying is the city's and finance's. A city officer may do either,
# but nobody does both for one claim: services and constraints see to that.
CHECKERS: Final = frozenset({Role.COUNTY_OFFICER, Role.CITY_OFFICER})
FILERS: Final = CHECKERS | {Role.TOWNSHIP_OFFICER}
PAYERS: Final = frozenset({Role.CITY_OFFICER, Role.FINANCE_OFFICER})

CLAIM_STEPS: Final[Mapping[ClaimAction, Step]] = {
    ClaimAction.SUBMIT: _step("draft returned", "submitted", FILERS, own=True),
    ClaimAction.REVIEW: _step("submitted", "reviewed", CHECKERS),
    ClaimAction.RETURN: _step("submitted reviewed", "returned", CHECKERS, reason=True),
    ClaimAction.REFUSE: _step("draft submitted reviewed", "refused", CHECKERS, reason=True),
    ClaimAction.APPROVE: _step("reviewed", "approved", CHECKERS),
    ClaimAction.WITHDRAW: _step(
        "draft submitted returned reviewed", "withdrawn", CHECKERS, own=True, reason=True
    ),
    # Only where the certificate behind it has been revoked.
    ClaimAction.REVOKE: _step("approved on_notice confirmed", "refused", CHECKERS, reason=True),
    ClaimAction.PUT_ON_NOTICE: _step("approved", "on_notice", CHECKERS),
    ClaimAction.OBJECT: _step("on_notice", "objected", FILERS, reason=True),
    ClaimAction.DISMISS_OBJECTION: _step("objected", "on_notice", CHECKERS, reason=True),
    ClaimAction.UPHOLD_OBJECTION: _step("objected", "refused", CHECKERS, reason=True),
    ClaimAction.CONFIRM: _step("on_notice", "confirmed", CHECKERS),
    ClaimAction.PUT_IN_BATCH: _step("confirmed payment_returned", "in_batch", PAYERS),
    ClaimAction.TAKE_FROM_BATCH: _step("in_batch", "confirmed", PAYERS),
    ClaimAction.PAY: _step("in_batch", "paid", PAYERS),
    ClaimAction.BOUNCE: _step("in_batch", "payment_returned", PAYERS),
    ClaimAction.LAPSE: _step("draft returned", "lapsed", CHECKERS, reason=True),
    ClaimAction.CLOSE: _step("paid payment_returned", "closed", PAYERS),
}

BATCH_STEPS: Final[Mapping[BatchAction, Step]] = {
    BatchAction.LOCK: _step("draft", "locked", PAYERS),
    BatchAction.UNLOCK: _step("locked", "draft", PAYERS, reason=True),
    BatchAction.APPROVE: _step("locked", "approved", PAYERS),
    BatchAction.EXPORT: _step("approved", "exported", PAYERS),
    BatchAction.SETTLE: _step("exported", "settled", PAYERS),
    BatchAction.CLOSE: _step("settled", "closed", PAYERS),
}

VERSION_STEPS: Final[Mapping[VersionAction, Step]] = {
    VersionAction.CHECK: _step("draft", "checked", CHECKERS),
    VersionAction.PUBLISH: _step("checked", "published", CHECKERS),
    VersionAction.RETIRE: _step("published", "retired", CHECKERS, reason=True),
}

CLAIM_MOVES: Final[Mapping[ClaimState, frozenset[ClaimState]]] = {
    source: frozenset(
        ClaimState(step.target) for step in CLAIM_STEPS.values() if source in step.sources
    )
    for source in ClaimState
}
BATCH_MOVES: Final[Mapping[BatchState, frozenset[BatchState]]] = {
    source: frozenset(
        BatchState(step.target) for step in BATCH_STEPS.values() if source in step.sources
    )
    for source in BatchState
}

# A claim in one of these states still stands, so there is at most one for an award and period.
ENDED: Final = frozenset({ClaimState.REFUSED, ClaimState.WITHDRAWN, ClaimState.LAPSED})
LIVE: Final = frozenset(ClaimState) - ENDED
# Given up by the person or by time, not refused: the award can be claimed again.
GIVEN_UP: Final = frozenset({ClaimState.WITHDRAWN, ClaimState.LAPSED})
# The public has read the amount, or will be paid it: the decision behind it is not replaced.
FINAL: Final = frozenset(
    {
        ClaimState.ON_NOTICE,
        ClaimState.OBJECTED,
        ClaimState.CONFIRMED,
        ClaimState.IN_BATCH,
        ClaimState.PAID,
        ClaimState.PAYMENT_RETURNED,
        ClaimState.CLOSED,
    }
)
# The claim's road as pages show it; side exits are said in words.
ROAD: Final = (
    ClaimState.SUBMITTED,
    ClaimState.REVIEWED,
    ClaimState.APPROVED,
    ClaimState.ON_NOTICE,
    ClaimState.CONFIRMED,
    ClaimState.IN_BATCH,
    ClaimState.PAID,
)


def claim_actions(
    state: str, roles: frozenset[str], *, own: bool = False
) -> tuple[ClaimAction, ...]:
    """The actions open to somebody with these roles; on the own claim, only the owner's."""
    return tuple(
        action
        for action, step in CLAIM_STEPS.items()
        if state in step.sources and (step.own if own else bool(step.roles & roles))
    )


def batch_actions(state: str, roles: frozenset[str]) -> tuple[BatchAction, ...]:
    return tuple(
        action
        for action, step in BATCH_STEPS.items()
        if state in step.sources and step.roles & roles
    )


def version_actions(state: str, roles: frozenset[str]) -> tuple[VersionAction, ...]:
    return tuple(
        action
        for action, step in VERSION_STEPS.items()
        if state in step.sources and step.roles & roles
    )
