"""The code on the classroom's screen: an HMAC of the session's secret and the minute.

A photograph sent to somebody at home is worthless after two minutes: the code of the minute and
the one before it are accepted, so that nobody is turned away who scanned just before the change.
Truncated to 40 bits: a guess must hit within two minutes, and each guess is a signed-in request.
"""

import hashlib
import hmac
from datetime import datetime

STEP_S = 60
LENGTH = 10


def code_at(secret: str, at: datetime) -> str:
    return _code(secret, _step(at))


def is_fresh(secret: str, code: str, at: datetime) -> bool:
    """Return whether this is the code of the running step or of the one before it."""
    step = _step(at)
    return any(hmac.compare_digest(_code(secret, s), code.lower()) for s in (step, step - 1))


def seconds_left(at: datetime) -> int:
    """Seconds until the code changes, at least one."""
    return STEP_S - int(at.timestamp()) % STEP_S


def _step(at: datetime) -> int:
    return int(at.timestamp()) // STEP_S


def _code(secret: str, step: int) -> str:
    digest = hmac.new(secret.encode(), str(step).encode(), hashlib.sha256)
    return digest.hexdigest()[:LENGTH]
