"""Persons, the units they work in and the regions that know them; written from registers."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, transaction

from cms.accounts.models import Organisation, Person, PersonRegion, Region, User
from cms.core.errors import Refused
from cms.core.fields import BlindIndexField
from cms.core.identity import normalise as normalise_identity
from cms.core.wording import Message

REFERENCE = Path(__file__).parent.parent / "reference"
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
