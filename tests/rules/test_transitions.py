"""The state tables are whole: every state is reachable, every target is a state."""

from collections.abc import Mapping
from typing import Any

import pytest

from cms.accounts.roles import Role
from cohorts.subsidies.transitions import (
    BATCH_MOVES,
    BATCH_STEPS,
    CHECKERS,
    CLAIM_MOVES,
    CLAIM_STEPS,
    ENDED,
    LIVE,
    PAYERS,
    VERSION_STEPS,
    BatchState,
    ClaimAction,
    ClaimState,
    VersionState,
    batch_actions,
    claim_actions,
)

LIVES = [
    (CLAIM_STEPS, ClaimState, "draft"),
    (BATCH_STEPS, BatchState, "draft"),
    (VERSION_STEPS, VersionState, "draft"),
]


@pytest.mark.parametrize(("steps", "states", "start"), LIVES)
def test_every_source_and_target_is_a_state(
    steps: Mapping[Any, Any], states: Any, start: str
) -> None:
    named = {state for step in steps.values() for state in (*step.sources, step.target)}
    assert named <= {state.value for state in states}


@pytest.mark.parametrize(("steps", "states", "start"), LIVES)
def test_every_state_is_reachable_from_the_first(
    steps: Mapping[Any, Any], states: Any, start: str
) -> None:
    reached, fresh = {start}, {start}
    while fresh:
        fresh = {s.target for s in steps.values() if s.sources & fresh} - reached
        reached |= fresh
    assert reached == {state.value for state in states}


def test_the_moves_cover_every_state_and_are_typed_sets() -> None:
    assert set(CLAIM_MOVES) == set(ClaimState)
    assert set(BATCH_MOVES) == set(BatchState)
    assert all(isinstance(targets, frozenset) for targets in CLAIM_MOVES.values())
    assert CLAIM_MOVES[ClaimState.APPROVED] == {ClaimState.ON_NOTICE, ClaimState.REFUSED}
    assert all(not CLAIM_MOVES[state] for state in ENDED | {ClaimState.CLOSED})


def test_the_states_are_those_of_the_shared_interface() -> None:
    claims = (
        "draft submitted returned reviewed approved on_notice objected confirmed in_batch paid "
        "payment_returned refused withdrawn lapsed closed"
    )
    assert [state.value for state in ClaimState] == claims.split()
    assert [s.value for s in BatchState] == [
        "draft",
        "locked",
        "approved",
        "exported",
        "settled",
        "closed",
    ]


def test_no_claim_reaches_a_batch_without_review_approval_and_notice() -> None:
    for removed in ("reviewed", "approved", "on_notice", "confirmed"):
        reached, fresh = {"draft"}, {"draft"}
        while fresh:
            targets = {s.target for s in CLAIM_STEPS.values() if s.sources & fresh}
            fresh = targets - reached - {removed}
            reached |= fresh
        assert "in_batch" not in reached, removed


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.ORGANISER, Role.AUDITOR, Role.SITE_ADMIN])
def test_roles_that_only_look_move_nothing(role: Role) -> None:
    assert all(not claim_actions(state, frozenset({role})) for state in ClaimState)
    assert all(not batch_actions(state, frozenset({role})) for state in BatchState)


def test_on_the_own_claim_an_officer_may_do_no_more_than_anybody() -> None:
    roles = frozenset(CHECKERS | PAYERS)
    seen = {action for state in ClaimState for action in claim_actions(state, roles, own=True)}
    assert seen == {ClaimAction.SUBMIT, ClaimAction.WITHDRAW}


def test_live_and_ended_states_part_the_whole() -> None:
    assert set(ClaimState) == LIVE | ENDED
    assert not LIVE & ENDED
