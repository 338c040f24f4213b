"""Who may write to an attempt: one device at a time, changed by taking over.

The leases of an attempt are a list: the first belongs to the device that started it, each
take-over appends one. The epoch is the position in the list, from 1. Once given, a lease stays in
the list, so that what an earlier device still holds can be received and put in its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

Leases = Sequence[Mapping[str, str]]
"""`[{"device": uuid, "key": idempotency key}, …]` as the attempt stores them."""

TOKEN_LIFE_AFTER_CLOSE = timedelta(days=1)
"""A phone that was offline over night may still deliver its journal as evidence."""


@dataclass(frozen=True, slots=True)
class Lease:
    """What a token says: this device held this epoch of this attempt."""

    attempt: UUID
    device: UUID
    epoch: int
    expires_at: datetime

    def is_live(self, now: datetime) -> bool:
        """Whether the token may still be used at all."""
        return now <= self.expires_at

    def claims(self) -> list[Any]:
        """Short form for signing."""
        return [
            self.attempt.hex,
            self.device.hex,
            self.epoch,
            int(self.expires_at.timestamp()),
        ]


def token_expiry(deadline_at: datetime, grace_s: int) -> datetime:
    """When a token for an attempt dies of age, in whole seconds."""
    return deadline_at + timedelta(seconds=grace_s) + TOKEN_LIFE_AFTER_CLOSE


def epoch_held(leases: Leases, *, device: UUID, epoch: int) -> bool:
    """Whether that device was the holder in that epoch."""
    return 1 <= epoch <= len(leases) and leases[epoch - 1]["device"] == str(device)


def device_number(leases: Leases, device: UUID) -> int | None:
    """The device's number in order of first appearance, from 1: what each event stores."""
    seen = list(dict.fromkeys(lease["device"] for lease in leases))
    return seen.index(str(device)) + 1 if str(device) in seen else None


def epoch_of_key(leases: Leases, key: UUID) -> int | None:
    """The epoch that a take-over with this idempotency key began."""
    keys = [lease["key"] for lease in leases]
    return keys.index(str(key)) + 1 if str(key) in keys else None


def with_lease(leases: Leases, *, device: UUID, key: UUID) -> list[dict[str, str]]:
    """The leases after a start or a take-over."""
    return [*map(dict, leases), {"device": str(device), "key": str(key)}]
