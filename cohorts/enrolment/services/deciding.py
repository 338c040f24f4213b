"""The staff answers applications, removes somebody, and freezes the register."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cms.accounts.models import User
from cms.accounts.services import audit
from cms.core.errors import Refused
from cms.core.wording import Message
from cohorts.enrolment.admission import approved_state
from cohorts.enrolment.models import Cohort, Enrolment
from cohorts.enrolment.services.moving import (
    catch_up_on_notices,
    lock,
    move,
    seats_left,
    tell,
)
from cohorts.enrolment.states import CohortState, State


@dataclass
class Answered:
    """What became of the chosen applications; `stayed` have to wait on, because no seat is free."""

    enrolled: list[Enrolment] = field(default_factory=list)
    waiting: list[Enrolment] = field(default_factory=list)
    stayed: list[Enrolment] = field(default_factory=list)


@transaction.atomic
def approve(cohort: Cohort, chosen: Iterable[UUID], *, actor: User, now: datetime) -> Answered:
    """Give seats in the order in which people asked; the rest go on the waiting list."""
    held = lock(cohort.pk)
    answered, left = Answered(), seats_left(held)
    for enrolment in _undecided(held, chosen):
        to = approved_state(State(enrolment.state), seats_left=left)
        if to is None:
            answered.stayed.append(enrolment)
            continue
        move(enrolment, to, by=actor, now=now)
        seated = to == State.ENROLLED
        (answered.enrolled if seated else answered.waiting).append(enrolment)
        left -= seated
        _tell_of(enrolment, seated=seated, now=now)
    catch_up_on_notices(held, answered.enrolled, now=now)
    _audit(held, "approve_enrolments", actor=actor, now=now)
    return answered


def _undecided(cohort: Cohort, chosen: Iterable[UUID]) -> list[Enrolment]:
    rows = Enrolment.objects.across_regions().undecided().filter(cohort=cohort)
    return list(
        rows.filter(uuid__in=list(chosen))
        .select_related("person", "cohort")
        .order_by("applied_at", "pk")
    )


def _tell_of(enrolment: Enrolment, *, seated: bool, now: datetime) -> None:
    title = enrolment.cohort.title
    if seated:
        subject = Message("You have a seat in %(title)s", title=title)
        body = Message("Your class page shows the plan, the sessions and the notices.")
    else:
        subject = Message("You are on the waiting list of %(title)s", title=title)
        body = Message("All seats are taken. You are told as soon as one is free for you.")
    tell(enrolment, subject, body, now=now)


@transaction.atomic
def refuse(
    cohort: Cohort, chosen: Iterable[UUID], *, reason: str, actor: User, now: datetime
) -> list[Enrolment]:
    """Turn applications down, each with the reason that its applicant reads."""
    said = _reason(reason)
    held = lock(cohort.pk)
    refused = _undecided(held, chosen)
    for enrolment in refused:
        move(enrolment, State.REFUSED, by=actor, now=now, reason=said)
        _tell_no(enrolment, said, now=now)
    _audit(held, "refuse_enrolments", actor=actor, now=now, reason=said)
    return refused


@transaction.atomic
def remove(enrolment: Enrolment, *, reason: str, actor: User, now: datetime) -> Enrolment:
    """Take somebody out of the class; the frozen list keeps the row."""
    said = _reason(reason)
    held = lock(enrolment.cohort_id)
    rows = Enrolment.objects.across_regions().select_related("person", "cohort")
    moved = move(rows.get(pk=enrolment.pk), State.REMOVED, by=actor, now=now, reason=said)
    _tell_no(moved, said, now=now)
    _audit(held, "remove_from_class", actor=actor, now=now, reason=said)
    return moved


def _reason(reason: str) -> str:
    said = reason.strip()[:200]
    if not said:
        raise Refused("reason_needed", Message("Say why."), status=400)
    return said


def _tell_no(enrolment: Enrolment, reason: str, *, now: datetime) -> None:
    subject = Message("No seat for you in %(title)s", title=enrolment.cohort.title)
    tell(enrolment, subject, Message("The reason given: %(reason)s", reason=reason), now=now)


def _audit(
    cohort: Cohort, action: str, *, actor: User | None, now: datetime, reason: str = ""
) -> None:
    audit(
        actor=actor,
        action=action,
        target=f"class {cohort.code}",
        region=cohort.region_id,
        now=now,
        reason=reason,
    )


@transaction.atomic
def freeze_register(cohort: Cohort, *, actor: User | None, now: datetime) -> int:
    """Freeze the list of the class, once: everybody in it today, whoever leaves later.

    This is the denominator of the class's rates. Returns how many are on it.
    """
    held = lock(cohort.pk)
    if held.frozen_at is not None:
        raise Refused("already_frozen", Message("The list of this class is already frozen."))
    if held.state == CohortState.DRAFT:
        raise Refused("not_published", Message("Publish the class before its list is frozen."))
    members = Enrolment.objects.across_regions().filter(cohort=held).in_class()
    count: int = members.update(on_register=True)
    held.frozen_at = now
    held.save(update_fields=["frozen_at"])
    _audit(held, "freeze_register", actor=actor, now=now)
    return count


def freeze_due(*, now: datetime) -> int:
    """Freeze the lists of classes whose first day has come; a second run freezes nothing."""
    rows = Cohort.objects.across_regions().exclude(state=CohortState.DRAFT)
    rows = rows.filter(frozen_at__isnull=True)
    due = rows.filter(starts_on__lte=timezone.localdate(now))
    for cohort in due:
        freeze_register(cohort, actor=None, now=now)
    return len(due)
