"""Refusals that several services give, each worded once."""

from typing import Any

from cms.core.errors import Refused
from cms.core.wording import Message
from quizzes.attempts.models import Attempt


def lease_lost(attempt: Attempt, **detail: Any) -> Refused:
    """Another device has taken over."""
    return Refused(
        "lease_lost",
        Message("This attempt is open on another device."),
        {"attempt": str(attempt.uuid), "epoch": attempt.epoch, **detail},
    )


def closed(**detail: Any) -> Refused:
    """Nothing can be changed any more."""
    return Refused(
        "closed", Message("This attempt is closed. Nothing in it can be changed."), detail
    )


def token_dead() -> Refused:
    """The token is unknown, too old, or its account was disabled."""
    return Refused(
        "token_dead",
        Message("Please sign in again. Your answers are kept on this device."),
        status=401,
    )


def invalid(reason: str) -> Refused:
    """The request does not follow the format; `reason` names the place, for developers."""
    return Refused(
        "invalid",
        Message("The server cannot read what this device sent."),
        {"reason": reason},
        status=400,
    )


def not_found() -> Refused:
    """There is no such paper or attempt, or it is not this person's."""
    return Refused("not_found", Message("This is not here, or not yours to see."), status=404)
