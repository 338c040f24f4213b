"""Writes of certificates: expected from passes, recorded, checked, revoked; and the register."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cms.accounts.models import User
from cms.accounts.services import audit, note_look
from cms.core.errors import Refused
from cms.core.plans import ImportPlan
from cms.core.sheet_limits import limits_for
from cms.core.sheets import read_workbook
from cms.core.wording import Message
from cohorts.certificates.models import Certificate
from cohorts.certificates.number import LONGEST, cleaned
from cohorts.certificates.planning import PlannedCertificate, cautions, on_record, plan_rows
from cohorts.certificates.sheet import RegisterRules, read_register
from cohorts.certificates.states import State, may_move
from cohorts.results.effects import CHANGED, NEW, SAME
from cohorts.results.models import ExamSignUp
from cohorts.results.passes import passes_by_person
from cohorts.results.passing import CERTIFICATE, CompletePass
from cohorts.results.people import assign, ensure_people, home_area, known_areas, match

BATCH = 500
REASON_LENGTH = 300
Entry = tuple[Certificate, str, date | None]  # a certificate, its number, its approval date


# --- the register of earlier holders --------------------------------------------------------------
def plan_register(
    content: bytes, filename: str, *, options: dict[str, Any], actor: User | None, now: datetime
) -> ImportPlan:
    """What the register would change. Option: `region` for rows that name no area.

    Raises FileRefused.
    """
    home = home_area(actor, chosen=options.get("region"), now=now)
    workbook = read_workbook(content, filename, limits_for(actor))
    rules = RegisterRules(
        areas=known_areas(),
        today=timezone.localdate(now),
        allow_fictional=settings.ALLOW_FICTIONAL_PEOPLE,
    )
    reading = read_register(workbook, rules)
    matches = match(reading.rows, actor=actor)
    record = on_record(matches, reading.rows)
    found = assign(reading, matches, actor=actor, home=home, is_elsewhere=record.is_elsewhere)
    planned, refused = plan_rows(found.rows, record)
    warnings = cautions(planned)
    return found.plan(reading, planned, kind=workbook.kind, refused=refused, warnings=warnings)


@transaction.atomic
def apply_register(
    content: bytes, filename: str, *, options: dict[str, Any], actor: User | None, now: datetime
) -> ImportPlan:
    """Write what `plan_register` says. Whoever writes a register attests what stands in it, so
    complete rows count as checked.
    """
    plan = plan_register(content, filename, options=options, actor=actor, now=now)
    planned: list[PlannedCertificate] = [row for row in plan.rows if row.effect != SAME]
    if not planned:
        return plan
    people = ensure_people([row.assigned for row in planned], source="certificate", now=now)
    stamp = Stamp(actor, now, hashlib.sha256(content).hexdigest())
    rows = [_entered(row, people[id(row.assigned)], stamp) for row in planned]
    Certificate.objects.bulk_create([row for row in rows if row.pk is None], batch_size=BATCH)
    known = [row for row in rows if row.pk is not None]
    if known:
        Certificate.objects.across_regions().bulk_update(known, ENTERED, batch_size=BATCH)
    counts = {effect: sum(row.effect == effect for row in plan.rows) for effect in (NEW, CHANGED)}
    audit(
        actor=actor,
        action="import_certificates",
        target=filename[:120],
        region=home_area(actor, chosen=options.get("region"), now=now) or None,
        now=now,
        detail=counts | {"refused": len(plan.refused), "sha256": stamp.sha256},
    )
    return plan


@dataclass(frozen=True)
class Stamp:
    """Who wrote a file, when, and which."""

    actor: User | None
    now: datetime
    sha256: str


ENTERED = [
    "number", "approved_on", "exam_year", "wording", "organisation", "state", "recorded_by",
    "recorded_at", "checked_by", "checked_at", "imported_sha256", "imported_line",
]  # fmt: skip


def _entered(planned: PlannedCertificate, person: int, stamp: Stamp) -> Certificate:
    """The certificate as the row gives it; a blank cell leaves what was known."""
    row = planned.row
    found = planned.known or Certificate(
        person_id=person, level_id=row.level, region_id=planned.assigned.region
    )
    found.number = row.number
    found.approved_on = row.approved_on or found.approved_on
    found.exam_year = row.exam_year or found.exam_year
    found.wording = row.wording or found.wording
    found.organisation = row.unit or found.organisation
    found.state = planned.state
    found.recorded_by, found.recorded_at = stamp.actor, stamp.now
    if planned.state == State.CHECKED:
        found.checked_by, found.checked_at = stamp.actor, stamp.now
    found.imported_sha256, found.imported_line = stamp.sha256, row.line
    return found


# --- from passes to certificates ------------------------------------------------------------------
@transaction.atomic
def expect_due(*, now: datetime, actor: User | None = None, region: str | None = None) -> int:
    """Complete passes that have no certificate yet become expected ones; returns how many.

    A second run finds nothing to do. A certificate that was revoked is not expected again from
    the same pass.
    """
    certificates = Certificate.objects.across_regions()
    settled = set(certificates.live().values_list("person", "level"))
    revoked = set(
        certificates.filter(state=State.REVOKED).values_list("person", "level", "exam_year")
    )
    due: dict[tuple[int, str], Certificate] = {}
    for person, passes in sorted(passes_by_person(region=region).items()):
        for found in passes:
            key = (person, found.level)
            is_known = key in settled or key in due or (*key, found.exam_year) in revoked
            if found.document == CERTIFICATE and not is_known:
                due[key] = _expected(person, found)
    Certificate.objects.bulk_create(due.values(), ignore_conflicts=True, batch_size=BATCH)
    if due:
        audit(
            actor=actor,
            action="expect_certificates",
            target="certificates",
            region=region,
            now=now,
            detail={"count": len(due)},
        )
    return len(due)


def _expected(person: int, found: CompletePass) -> Certificate:
    return Certificate(
        person_id=person,
        level_id=found.level,
        exam_year=found.exam_year,
        region_id=found.sign_up_area,
        state=State.EXPECTED,
        valid_areas=[found.area] if found.area else None,
    )


# --- recording and checking -----------------------------------------------------------------------
@dataclass(frozen=True)
class Outcome:
    """What became of a selection: how many were done, and why the others were left."""

    done: int
    left: tuple[tuple[Certificate, Message], ...] = ()


def record(
    certificate: Certificate, number: str, approved_on: date, *, actor: User, now: datetime
) -> None:
    """Enter number and approval date as they stand on the certificate. Raises Refused."""
    outcome = record_many([(certificate, number, approved_on)], actor=actor, now=now)
    for _, reason in outcome.left:
        raise Refused("not_recorded", reason)


@transaction.atomic
def record_many(entries: Sequence[Entry], *, actor: User, now: datetime) -> Outcome:
    """Enter many at once; what cannot be entered is left as it is, with the reason."""
    fresh = _locked([certificate for certificate, _, _ in entries])
    numbers = [cleaned(number) for _, number, _ in entries]
    taken = _holders(numbers)
    done: list[Certificate] = []
    left: list[tuple[Certificate, Message]] = []
    for (given, _, approved_on), number in zip(entries, numbers, strict=True):
        certificate = fresh[given.pk]
        reason = _why_not_recorded(certificate, number, approved_on, actor=actor, now=now)
        if reason is None and taken.setdefault(number, certificate.pk) != certificate.pk:
            reason = Message("This certificate number belongs to another certificate")
        if reason:
            left.append((certificate, reason))
        else:
            _enter(certificate, number, approved_on, actor=actor, now=now)
            done.append(certificate)
    _save(done, ["number", "approved_on", "state", "recorded_by", "recorded_at"])
    _audit_many("record_certificate", done, actor=actor, now=now)
    return Outcome(len(done), tuple(left))


def record_numbers(certificates: Iterable[Certificate], *, actor: User, now: datetime) -> Outcome:
    """Enter what the results workbook said of number and date. Nobody has compared it with the
    certificate yet: that is what `confirm` is for. What somebody has recorded already stays.
    """
    given = list(certificates)
    wanted = [certificate for certificate in given if certificate.state == State.EXPECTED]
    known = Message("Somebody has recorded this certificate already")
    settled = [(found, known) for found in given if found.state != State.EXPECTED]
    said: dict[tuple[int, str, int | None], tuple[str, date | None]] = {
        (person, level, year): (number, approved_on)
        for person, level, year, number, approved_on in ExamSignUp.objects.across_regions()
        .filter(person__in={certificate.person_id for certificate in wanted})
        .exclude(said_number="")
        .values_list("person", "level", "exam_year", "said_number", "said_approved_on")
    }
    keys = {found.pk: (found.person_id, str(found.level_id), found.exam_year) for found in wanted}
    entries = [(found, *said[keys[found.pk]]) for found in wanted if keys[found.pk] in said]
    silent = Message(
        "The results workbook gave no number. Import one that has the number and the approval "
        "date, or open the certificate and copy both from the paper"
    )
    unsaid = [(found, silent) for found in wanted if keys[found.pk] not in said]
    outcome = record_many(entries, actor=actor, now=now)
    return Outcome(outcome.done, (*outcome.left, *unsaid, *settled))


def confirm(certificate: Certificate, *, actor: User, now: datetime) -> None:
    """A second person has compared number and date with the certificate. Raises Refused."""
    outcome = confirm_many([certificate], actor=actor, now=now)
    for _, reason in outcome.left:
        raise Refused("not_confirmed", reason)


@transaction.atomic
def confirm_many(certificates: Iterable[Certificate], *, actor: User, now: datetime) -> Outcome:
    """Check many at once; what cannot be checked is left as it is, with the reason."""
    done: list[Certificate] = []
    left: list[tuple[Certificate, Message]] = []
    for certificate in _locked(list(certificates)).values():
        reason = _why_not_confirmed(certificate, actor)
        if reason:
            left.append((certificate, reason))
        else:
            certificate.state = State.CHECKED
            certificate.checked_by, certificate.checked_at = actor, now
            done.append(certificate)
    _save(done, ["state", "checked_by", "checked_at"])
    _audit_many("check_certificate", done, actor=actor, now=now)
    return Outcome(len(done), tuple(left))


@transaction.atomic
def revoke(certificate: Certificate, *, reason: str, actor: User, now: datetime) -> None:
    """Take a certificate out of force for a stated reason; nothing else is changed here. A claim
    asks for the state of its certificate before each step towards money. Raises Refused.
    """
    [found] = _locked([certificate]).values()
    if not reason.strip():
        raise Refused("reason_needed", Message("Say why the certificate is revoked."), status=400)
    problem = _why_not(found, State.REVOKED, actor)
    if problem:
        raise Refused("not_revoked", problem)
    found.state, found.revoked_reason = State.REVOKED, reason.strip()[:300]
    _save([found], ["state", "revoked_reason"])
    _audit_many("revoke_certificate", [found], actor=actor, now=now, reason=found.revoked_reason)


@transaction.atomic
def reveal_number(certificate: Certificate, *, reason: str, actor: User, now: datetime) -> str:
    """The whole number, for the eye of one officer; the look is written down first.

    It counts among the looks of the day. Raises Refused without a reason or beyond that number.
    """
    note_look(
        person_id=certificate.person_id,
        field="certificate_number",
        reason=reason,
        actor=actor,
        now=now,
        region=certificate.region_id,
    )
    return certificate.number


def _locked(certificates: Sequence[Certificate]) -> dict[int, Certificate]:
    """The rows as they are now; nobody else moves them before this transaction ends."""
    rows = Certificate.objects.across_regions().select_for_update()
    return rows.in_bulk([certificate.pk for certificate in certificates])


def _holders(numbers: Iterable[str]) -> dict[str, int]:
    wanted = {number for number in numbers if number}
    live = Certificate.objects.across_regions().live().filter(number__in=wanted)
    return dict(live.values_list("number", "pk"))


def _why_not(certificate: Certificate, to: State, actor: User) -> Message | None:
    if not may_move(certificate.state, to):
        return Message("The certificate is in a state that does not allow this")
    if actor.scope.person_id == certificate.person_id:
        return Message("Nobody decides about their own certificate")
    return None


def _why_not_recorded(
    certificate: Certificate, number: str, approved_on: date | None, *, actor: User, now: datetime
) -> Message | None:
    problem = _why_not(certificate, State.RECORDED, actor)
    if problem:
        return problem
    if not number or approved_on is None:
        return Message("Number or approval date is missing")
    if len(number) > LONGEST:
        return Message("The certificate number is longer than %(limit)s signs", limit=LONGEST)
    if approved_on > timezone.localdate(now):
        return Message("The approval date lies in the future")
    if certificate.exam_year and approved_on.year < certificate.exam_year:
        return Message("The approval date is before the exam year")
    return None


def _why_not_confirmed(certificate: Certificate, actor: User) -> Message | None:
    problem = _why_not(certificate, State.CHECKED, actor)
    if problem is not None:
        return problem
    if not certificate.number or certificate.approved_on is None:
        return Message("Number or approval date is missing")
    if actor.pk == certificate.recorded_by_id:
        return Message("You recorded this certificate; another officer checks it")
    return None


def _enter(
    certificate: Certificate, number: str, approved_on: date | None, *, actor: User, now: datetime
) -> None:
    certificate.number, certificate.approved_on = number, approved_on
    certificate.state = State.RECORDED
    certificate.recorded_by, certificate.recorded_at = actor, now


def _save(certificates: Sequence[Certificate], fields: list[str]) -> None:
    if certificates:
        Certificate.objects.across_regions().bulk_update(certificates, fields, batch_size=BATCH)


def _audit_many(
    action: str,
    certificates: Sequence[Certificate],
    *,
    actor: User,
    now: datetime,
    reason: str = "",
) -> None:
    """One entry for each county, naming the certificates by their public ids."""
    by_region: dict[str, list[str]] = {}
    for certificate in certificates:
        by_region.setdefault(str(certificate.region_id), []).append(str(certificate.uuid))
    for region, uuids in by_region.items():
        target = f"certificate {uuids[0]}" if len(uuids) == 1 else f"{len(uuids)} certificates"
        audit(
            actor=actor,
            action=action,
            target=target,
            region=region,
            now=now,
            detail={"certificates": uuids},
            reason=reason[:REASON_LENGTH],
        )
