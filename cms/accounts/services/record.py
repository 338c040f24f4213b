"""The record of who did what: the audit chain, and looks at sealed values."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from cms.accounts.models import AuditEntry, Reveal, User
from cms.core.errors import Refused
from cms.core.wording import Message

FIRST_HASH = "0" * 64
AUDIT_LOCK = 6405
REASON_LENGTH = 300
VERIFIED_AT_ONCE = 5000


def stated(reason: str, ask: Message) -> str:
    """The reason without padding; `ask` is what is said to somebody who gave none."""
    said = reason.strip()[:REASON_LENGTH]
    if not said:
        raise Refused("reason_needed", ask, status=400)
    return said


@transaction.atomic
def audit(
    *,
    actor: User | None,
    action: str,
    target: str,
    now: datetime,
    region: str | None = None,
    detail: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Append one entry to the chain. Never pass a number, phone or account in `detail`."""
    _hold_chain()
    entries = AuditEntry.objects.across_regions().order_by("-pk")
    previous = entries.values_list("entry_hash", flat=True).first() or FIRST_HASH
    entry = AuditEntry(
        actor=actor,
        role=" ".join(sorted(actor.scope.roles)) if actor else "",
        action=action,
        target=target,
        region_id=region,
        reason=reason,
        detail=detail or {},
        at=now,
        previous_hash=previous,
    )
    entry.entry_hash = entry_hash(entry)
    entry.save()
    return entry


def _hold_chain() -> None:
    """One writer at a time; on SQLite the IMMEDIATE transaction already sees to it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [AUDIT_LOCK])


def entry_hash(entry: AuditEntry) -> str:
    content = [
        entry.previous_hash,
        entry.actor_id,
        entry.role,
        entry.action,
        entry.target,
        entry.region_id,
        entry.reason,
        entry.detail,
        entry.at.astimezone(timezone.get_default_timezone()).isoformat(),
    ]
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def verify_audit() -> list[int]:
    """Ids of entries that were changed, or whose predecessor is missing; empty when all is well."""
    entries = AuditEntry.objects.across_regions().order_by("pk")
    return _broken(entries.iterator(), FIRST_HASH)


@dataclass(frozen=True)
class Verified:
    """What a look at a stretch of the chain found."""

    checked: int
    broken: int
    first_at: datetime
    last_at: datetime


def verify_stretch(first: int, last: int) -> Verified | None:
    """The chain between two entries, at most VERIFIED_AT_ONCE of them, counted from the newest.

    Entries of other regions between them are links of the same chain and are computed too; what
    stands in them is not shown. None where there is no entry.
    """
    chain = AuditEntry.objects.across_regions()
    stretch = chain.filter(pk__gte=first, pk__lte=last).order_by("-pk")[:VERIFIED_AT_ONCE]
    entries = list(stretch)[::-1]
    if not entries:
        return None
    before = chain.filter(pk__lt=entries[0].pk).order_by("-pk")
    expected = before.values_list("entry_hash", flat=True).first() or FIRST_HASH
    broken = _broken(entries, expected)
    return Verified(len(entries), len(broken), entries[0].at, entries[-1].at)


def _broken(entries: Iterable[AuditEntry], expected: str) -> list[int]:
    broken: list[int] = []
    for entry in entries:
        if entry.previous_hash != expected or entry.entry_hash != entry_hash(entry):
            broken.append(entry.pk)
        expected = entry.entry_hash
    return broken


@transaction.atomic
def note_look(
    *,
    person_id: int,
    field: str,
    reason: str,
    actor: User,
    now: datetime,
    region: str | None = None,
) -> None:
    """Write down a look at one sealed or full value, before it is given.

    Raises Refused without a reason, and after the number of looks that a day allows.
    """
    said = stated(reason, Message("Say why this has to be seen."))
    today = Reveal.objects.filter(by=actor, at__date=timezone.localdate(now)).count()
    if today >= settings.REVEALS_A_DAY:
        raise Refused("too_many_reveals", Message("You have looked at enough numbers for today."))
    Reveal.objects.create(by=actor, person_id=person_id, field=field, reason=said, at=now)
    audit(
        actor=actor,
        action=f"reveal_{field}",
        target=f"person {person_id}",
        region=region,
        now=now,
        reason=said,
    )
