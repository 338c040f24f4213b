"""Enrolment codes: given out once, kept as a keyed hash, tried a few times a minute."""

import hmac
from collections.abc import Callable
from datetime import datetime

from django.core.cache import cache
from django.db import transaction

from cms.accounts.models import User
from cms.accounts.services import audit
from cms.core.errors import Refused
from cms.core.vault import blind_index
from cms.core.wording import Message
from cohorts.enrolment.codes import draw_code, normalised
from cohorts.enrolment.models import Cohort

# OWASP ASVS 5.0, 6.3.1 (limits against guessing): with 50 bits and five tries a minute, an account
# that never stops guesses right once in four hundred million years.
TRIES, WINDOW_S = 5, 60


@transaction.atomic
def new_code(
    cohort: Cohort,
    *,
    below: Callable[[int], int],
    valid_until: datetime,
    actor: User,
    now: datetime,
) -> str:
    """The new code in plain, this once; the one before it is no longer valid."""
    if valid_until <= now:
        raise Refused("code_in_past", Message("The code has to be valid for some time."))
    code = draw_code(below)
    cohort.code_hash, cohort.code_expires_at = code_index(cohort, code), valid_until
    cohort.save(update_fields=["code_hash", "code_expires_at"])
    _audit(cohort, "new_class_code", actor=actor, now=now)
    return code


@transaction.atomic
def drop_code(cohort: Cohort, *, actor: User, now: datetime) -> None:
    """From now on the class asks for no code."""
    cohort.code_hash, cohort.code_expires_at = "", None
    cohort.save(update_fields=["code_hash", "code_expires_at"])
    _audit(cohort, "drop_class_code", actor=actor, now=now)


def _audit(cohort: Cohort, action: str, *, actor: User, now: datetime) -> None:
    audit(
        actor=actor, action=action, target=f"class {cohort.code}", region=cohort.region_id, now=now
    )


def code_index(cohort: Cohort, code: str) -> str:
    """Bound to the class, so that a hash copied to another class opens nothing there."""
    return blind_index("cohorts_cohort.code", f"{cohort.uuid}|{code}")


def require_code(cohort: Cohort, typed: str, *, user: User, now: datetime) -> None:
    """Raise Refused unless the code is right and not expired: one reply for both.

    Runs outside the transaction of the enrolment: a try that fails counts all the same.
    """
    if not cohort.code_hash:
        return
    _count_try(user)
    right = hmac.compare_digest(code_index(cohort, normalised(typed)), cohort.code_hash)
    expired = cohort.code_expires_at is not None and cohort.code_expires_at <= now
    if not right or expired:
        raise Refused(
            "code_not_valid",
            Message(
                "This code is not valid for this class. Ask the organiser for the current one."
            ),
        )


def _count_try(user: User) -> None:
    key = f"class-code-tries:{user.pk}"
    cache.add(key, 0, timeout=WINDOW_S)
    try:
        tries = cache.incr(key)
    except ValueError:  # the window closed between the two calls: this is its first try
        cache.set(key, 1, timeout=WINDOW_S)
        tries = 1
    if tries > TRIES:
        raise Refused(
            "too_many_tries",
            Message("Too many tries. Wait a minute, then enter the code again."),
            status=429,
        )
