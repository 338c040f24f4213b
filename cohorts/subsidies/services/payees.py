"""Accounts of payees from a workbook: plan what would change, then write it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from cms.accounts.models import Person, PersonRegion, User
from cms.accounts.services import audit, find_persons
from cms.core.plans import ImportPlan, Refusal, Unmatched
from cms.core.sheet_limits import COMMAND, WEB
from cms.core.sheets import read_workbook
from cms.core.wording import Message
from cohorts.results.matching import name_key
from cohorts.results.people_rows import Reading
from cohorts.subsidies.models import PayeeAccount
from cohorts.subsidies.payee_sheet import PayeeRow, read_payees
from cohorts.subsidies.transitions import CHECKERS, PAYERS

FORMAT = "payees"
# Who may say where money goes, and for whom: people of the areas of these roles.
RECORDERS = CHECKERS | PAYERS


def plan_payees(
    content: bytes, filename: str, *, options: dict[str, Any], actor: User | None, now: datetime
) -> ImportPlan:
    """What the workbook would write; reads only. `changed` counts accounts that replace others."""
    del options, now
    return _plan(_read(content, filename, actor), actor)[0]


@transaction.atomic
def apply_payees(
    content: bytes, filename: str, *, options: dict[str, Any], actor: User | None, now: datetime
) -> ImportPlan:
    """Record the accounts; a row equal to what is on record writes nothing."""
    del options
    plan, persons = _plan(_read(content, filename, actor), actor)
    known = _valid_accounts(persons.values())
    fresh = _first_each(
        [row for row in plan.rows if not _same(row, known.get(persons[row.id_number].pk))]
    )
    owners = [persons[row.id_number] for row in fresh]
    old = PayeeAccount.objects.across_regions().valid().filter(person__in=owners)
    old.update(valid=False)
    PayeeAccount.objects.bulk_create(
        _account(row, owner, actor, now) for row, owner in zip(fresh, owners, strict=True)
    )
    if owners:
        _note(owners, filename, actor=actor, now=now)
    return plan


def _note(owners: list[Person], filename: str, *, actor: User | None, now: datetime) -> None:
    """One entry for each area that pays one of them: its auditors see who set the accounts."""
    ties = PersonRegion.objects.filter(person__in=owners).values_list("person", "region")
    counts: Counter[str | None] = Counter(region for _person, region in set(ties))
    tied = {person for person, _region in ties}
    if loose := sum(owner.pk not in tied for owner in owners):
        counts[None] = loose
    for region, count in sorted(counts.items(), key=lambda pair: pair[0] or ""):
        audit(
            actor=actor,
            action="import_payees",
            target=filename[:100],
            region=region,
            now=now,
            detail={"written": count},
        )


def _read(content: bytes, filename: str, actor: User | None) -> Reading[PayeeRow]:
    workbook = read_workbook(content, filename, COMMAND if actor is None else WEB)
    return read_payees(workbook, allow_fictional=settings.ALLOW_FICTIONAL_PEOPLE)


def _plan(reading: Reading[PayeeRow], actor: User | None) -> tuple[ImportPlan, dict[str, Person]]:
    persons = _reachable(reading.rows, actor)
    found = _accepted(reading, persons)
    known = _valid_accounts(persons.values())
    changed = [
        row
        for row in found.rows
        if (held := known.get(persons[row.id_number].pk)) and not _same(row, held)
    ]
    news = [row for row in found.rows if not _same(row, known.get(persons[row.id_number].pk))]
    unchanged = found.accepted - len(_first_each(news))
    return replace(found, changed=len(changed), unchanged=unchanged), persons


def _reachable(rows: Iterable[PayeeRow], actor: User | None) -> dict[str, Person]:
    """The persons of the rows in whose areas the importer may record accounts."""
    found = find_persons(row.id_number for row in rows)
    if actor is None:
        return found
    pks = [person.pk for person in found.values()]
    visible = set(
        Person.objects.visible_to(actor, *RECORDERS).filter(pk__in=pks).values_list("pk", flat=True)
    )
    return {number: person for number, person in found.items() if person.pk in visible}


def _accepted(reading: Reading[PayeeRow], persons: dict[str, Person]) -> ImportPlan:
    rows: list[PayeeRow] = []
    refused, unmatched = list(reading.refused), []
    for row in reading.rows:
        reason = _mismatch(row, persons.get(row.id_number))
        if reason is None:
            rows.append(row)
            continue
        refused.append(Refusal(row.line, reason))
        unmatched.append(Unmatched(row.line, row.name, (), reason))
    return ImportPlan(
        format=FORMAT,
        found=reading.found,
        rows=tuple(rows),
        refused=tuple(sorted(refused, key=lambda refusal: refusal.line)),
        warnings=tuple(reading.warnings),
        lossy=tuple(reading.lossy),
        changed=0,
        unmatched=tuple(unmatched),
    )


def _mismatch(row: PayeeRow, person: Person | None) -> Message | None:
    if person is None:
        return Message("Nobody with this identity number is known here")
    if name_key(person.name) != name_key(row.name):
        return Message("This identity number belongs to somebody of another name")
    return None


def _valid_accounts(persons: Iterable[Person]) -> dict[int, PayeeAccount]:
    pks = {person.pk for person in persons}
    rows = PayeeAccount.objects.across_regions().valid().filter(person__in=pks)
    return {row.person_id: row for row in rows}


def _same(row: PayeeRow, held: PayeeAccount | None) -> bool:
    if held is None:
        return False
    on_record = (held.bank, held.holder, held.open_account())
    return on_record == (row.bank, row.holder, row.account)


def _first_each(rows: list[PayeeRow]) -> list[PayeeRow]:
    return list({row.id_number: row for row in reversed(rows)}.values())


def _account(row: PayeeRow, person: Person, actor: User | None, now: datetime) -> PayeeAccount:
    return PayeeAccount(
        person=person,
        bank=row.bank[:120],
        account=row.account,
        account_tail=row.account[-4:],
        holder=row.holder[:60],
        recorded_by=actor,
        recorded_at=now,
    )
