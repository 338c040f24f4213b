"""Writes to accounts, persons, grants and the audit chain."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cms.accounts.models import (
    AuditEntry,
    Consent,
    ConsentText,
    Organisation,
    Person,
    PersonRegion,
    Region,
    Reveal,
    RoleGrant,
    User,
)
from cms.core.errors import Refused
from cms.core.fields import BlindIndexField
from cms.core.identity import normalise as normalise_identity
from cms.core.wording import Message

REFERENCE = Path(__file__).parent / "reference"
FIRST_HASH = "0" * 64
AUDIT_LOCK = 6405
REASON_LENGTH = 300
LINK_PAGE = "/me/link/"


@dataclass(frozen=True)
class PersonRow:
    """A person as a workbook names one; `id_number` is already checked and normalised."""

    id_number: str
    name: str
    region: str
    phone: str = ""


def load_regions() -> int:
    """Division codes of the founding city; safe to run again. Returns how many there are."""
    rows = json.loads((REFERENCE / "regions.json").read_text())
    for row in rows:
        Region.objects.update_or_create(code=row["code"], defaults={"name": row["name"]})
    return len(rows)


# --- persons --------------------------------------------------------------------------------------
def identity_index(id_number: str) -> str:
    field = Person._meta.get_field("id_index")
    assert isinstance(field, BlindIndexField)  # noqa: S101 - narrows the type
    return field.index_of(id_number)


def find_person(id_number: str) -> Person | None:
    return Person.objects.across_regions().with_identity(id_number).first()


def find_persons(id_numbers: Iterable[str]) -> dict[str, Person]:
    """Known persons by identity number, in one query a thousand numbers."""
    numbers = {identity_index(number): number for number in id_numbers}
    found: dict[str, Person] = {}
    indexes = list(numbers)
    for start in range(0, len(indexes), 1000):
        batch = indexes[start : start + 1000]
        people = Person.objects.across_regions().filter(id_index__in=batch)
        found |= {numbers[p.id_index]: p for p in people if p.id_index}
    return found


@transaction.atomic
def ensure_persons(rows: Sequence[PersonRow], *, source: str, now: datetime) -> dict[str, Person]:
    """Persons by identity number, made where unknown, tied to their regions by `source`.

    A bounded number of statements. Names are not compared here: an importer refuses a row whose
    name contradicts the person it found.
    """
    found = find_persons(row.id_number for row in rows)
    fresh = {row.id_number: row for row in rows if row.id_number not in found}
    Person.objects.bulk_create([_new_person(row, now) for row in fresh.values()], batch_size=500)
    found |= find_persons(fresh)
    tie_persons_to_regions([(found[row.id_number], row.region) for row in rows], source=source)
    return found


def _new_person(row: PersonRow, now: datetime) -> Person:
    return Person(
        name=row.name,
        id_number=normalise_identity(row.id_number),
        id_tail=normalise_identity(row.id_number)[-4:],
        phone=row.phone or None,
        created_at=now,
    )


def find_or_create_person(
    *, id_number: str, name: str, region: str, now: datetime, phone: str = "", source: str = "staff"
) -> tuple[Person, bool]:
    known = find_person(id_number)
    row = PersonRow(id_number=id_number, name=name, region=region, phone=phone)
    person = ensure_persons([row], source=source, now=now)[id_number]
    return person, known is None


def tie_persons_to_regions(ties: Iterable[tuple[Person, str]], *, source: str) -> None:
    rows = {(person.pk, region) for person, region in ties if region}
    PersonRegion.objects.bulk_create(
        [PersonRegion(person_id=p, region_id=r, source=source) for p, r in sorted(rows)],
        ignore_conflicts=True,
        batch_size=500,
    )


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
    said = reason.strip()[:REASON_LENGTH]
    if not said:
        raise Refused("reason_needed", Message("Say why this has to be seen."), status=400)
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


# --- organisations --------------------------------------------------------------------------------
@transaction.atomic
def ensure_organisations(
    rows: Iterable[tuple[str, str, str]],
) -> dict[tuple[str, str], Organisation]:
    """Organisations by (region code, name) for rows of (region code, name, kind); bounded."""
    wanted = {(region, name): kind for region, name, kind in rows if name}
    Organisation.objects.bulk_create(
        [Organisation(region_id=r, name=n, kind=k) for (r, n), k in sorted(wanted.items())],
        ignore_conflicts=True,
        batch_size=500,
    )
    known = Organisation.objects.filter(region_id__in={region for region, _ in wanted})
    return {(str(o.region_id), o.name): o for o in known}


# --- accounts -------------------------------------------------------------------------------------
@transaction.atomic
def open_account(
    *, username: str, name: str, password: str | None = None, phone: str | None = None
) -> tuple[User, bool]:
    """The account of that name, made where there is none; without a password nobody signs in."""
    user = User.objects.filter(username=username).first()
    if user is not None:
        return user, False
    user = User(username=username, first_name=name, phone=phone)
    user.set_password(password)
    user.save()
    return user, True


def grant_role(
    *, user: User, role: str, valid_from: date, region: str | None = None
) -> tuple[RoleGrant, bool]:
    return RoleGrant.objects.get_or_create(
        user=user, role=role, region_id=region, defaults={"valid_from": valid_from}
    )


@transaction.atomic
def link_account(*, person: Person, user: User, actor: User, now: datetime) -> None:
    """Tie an account to a person by an officer's word; money depends on it."""
    if person.user_id == user.pk:
        return
    if person.user_id is not None or Person.objects.across_regions().filter(user=user).exists():
        raise Refused(
            "already_linked", Message("This account or this person is already linked to another.")
        )
    person.user = user
    person.save(update_fields=["user"])
    audit(actor=actor, action="link_account", target=f"person {person.uuid}", now=now)


@transaction.atomic
def open_own_person(row: PersonRow, *, user: User, source: str, now: datetime) -> Person:
    """The person behind an account that nobody knew before, tied to it from the start.

    A person who is known already is never tied here: money hangs on that tie, and whoever has seen
    a number could name it. That road is the linking of account and person.
    """
    if find_person(row.id_number) is not None:
        raise _person_known()
    person = _new_person(row, now)
    person.user = user
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:  # made by somebody else between the look and the write
        raise _person_known() from None
    tie_persons_to_regions([(person, row.region)], source=source)
    return person


def _person_known() -> Refused:
    reason = Message(
        "Somebody with this identity number is already on record. Link your account to that "
        "record first; then come back here."
    )
    return Refused("person_known", reason, {"link": LINK_PAGE})


def add_missing_phone(person: Person, phone: str) -> None:
    """A phone where none was on record; one that is there is changed elsewhere, with a code."""
    if phone and person.phone is None:
        person.phone = phone
        person.save(update_fields=["phone", "phone_index"])


# --- consent --------------------------------------------------------------------------------------
def consent_text(purpose: str, today: date) -> ConsentText | None:
    """The text of this purpose that is in force."""
    texts = ConsentText.objects.filter(purpose=purpose, in_force_from__lte=today)
    return texts.order_by("-version").first()


def give_consent(user: User, text: ConsentText, now: datetime) -> Consent:
    return Consent.objects.create(user=user, text=text, given=True, at=now)


# --- audit ----------------------------------------------------------------------------------------
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
    broken: list[int] = []
    expected = FIRST_HASH
    for entry in AuditEntry.objects.across_regions().order_by("pk").iterator():
        if entry.previous_hash != expected or entry.entry_hash != entry_hash(entry):
            broken.append(entry.pk)
        expected = entry.entry_hash
    return broken
