"""The token of a lease: signed, so that the journal path needs neither session nor user row."""

from datetime import UTC, datetime
from uuid import UUID

from django.core import signing

from quizzes.attempts.lease import Lease

SALT = "quizzes.attempts.lease"


def issue(lease: Lease) -> str:
    """The text that goes into the header X-Attempt-Token."""
    return signing.dumps(lease.claims(), salt=SALT)


def read(token: str) -> Lease | None:
    """The lease of a token, or None where the signature is not ours. Age is the caller's to ask."""
    try:
        attempt, device, epoch, expires = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return Lease(
        attempt=UUID(attempt),
        device=UUID(device),
        epoch=epoch,
        expires_at=datetime.fromtimestamp(expires, tz=UTC),
    )
