"""Sessions and who was there; the only writer of both."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from cms.accounts.models import User
from cms.accounts.services import audit
from cms.core.errors import Refused
from cms.core.wording import Message
from cohorts.attendance.models import CheckIn, ClassSession
from cohorts.attendance.overview import Door, door
from cohorts.enrolment.models import Enrolment


@transaction.atomic
def put_session(session: ClassSession, *, actor: User, now: datetime) -> ClassSession:
    """A new or changed session."""
    session.save()
    _audit(session, "put_session", actor=actor, now=now)
    return session


@transaction.atomic
def drop_session(session: ClassSession, *, actor: User, now: datetime) -> None:
    """Take back a session that never was; one with check-ins is a fact and stays."""
    held = ClassSession.objects.across_regions().select_for_update().get(pk=session.pk)
    if CheckIn.objects.across_regions().filter(session=held).exists():
        raise Refused(
            "session_has_check_ins",
            Message("Somebody has checked in already; this session stays on record."),
        )
    _audit(held, "drop_session", actor=actor, now=now)
    held.delete()


def _audit(session: ClassSession, action: str, *, actor: User, now: datetime) -> None:
    audit(
        actor=actor,
        action=action,
        target=f"class {session.cohort.code}",
        region=session.cohort.region_id,
        now=now,
    )


@transaction.atomic
def check_in(uuid: Any, code: str, *, user: User, now: datetime) -> Door | None:
    """Write down that this account is in the room; a second tap writes nothing.

    Raises Refused when not enrolled, too early, too late, or with an old code.
    """
    found = door(uuid, code, user=user, now=now)
    if found is None or (found.mark and found.mark.kind == CheckIn.Kind.PRESENT):
        return found
    if found.refusal is not None:
        raise Refused("check_in_refused", found.refusal)
    assert found.enrolment is not None  # noqa: S101 - without one there is a refusal
    # The unique constraint holds against two taps at once: the second finds the first's row.
    CheckIn.objects.across_regions().get_or_create(
        session=found.session,
        enrolment=found.enrolment,
        means=CheckIn.Means.CODE,
        defaults={"kind": CheckIn.Kind.PRESENT, "by": user, "at": now},
    )
    return door(uuid, code, user=user, now=now)


@transaction.atomic
def mark_by_hand(
    session: ClassSession, kinds: Mapping[UUID, str], *, actor: User, now: datetime
) -> int:
    """Enter present, leave or absent by enrolment; returns how many rows that took.

    Only what differs from the last row is written: a correction is a later row. The session's row
    is held, so that two people with the same list do not both correct.
    """
    held = ClassSession.objects.across_regions().select_for_update().get(pk=session.pk)
    members = Enrolment.objects.across_regions().filter(cohort=held.cohort_id).in_class()
    known = dict(members.filter(uuid__in=kinds).values_list("uuid", "pk"))
    rows = CheckIn.objects.across_regions().filter(session=held).order_by("pk")
    last = dict(rows.values_list("enrolment_id", "kind"))
    changed = [
        CheckIn(
            session=held,
            enrolment_id=pk,
            kind=kinds[uuid],
            means=CheckIn.Means.STAFF,
            by=actor,
            at=now,
        )
        for uuid, pk in known.items()
        if kinds[uuid] in CheckIn.Kind.values and last.get(pk) != kinds[uuid]
    ]
    CheckIn.objects.bulk_create(changed, batch_size=500)
    return len(changed)
