"""Who holds which role where and until when; every change says why and by whom."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from cms.accounts.models import Organisation, Region, RoleGrant, User
from cms.accounts.roles import EVERYWHERE, Role, may_grant
from cms.accounts.services.record import audit, stated
from cms.core.errors import Refused
from cms.core.wording import Message

WHY = Message("Say why the role is granted or ended.")


@dataclass(frozen=True)
class Office:
    """A role over a region or in one organisation, from a day until before another."""

    role: Role
    valid_from: date
    valid_to: date | None = None
    region: Region | None = None
    organisation: Organisation | None = None

    @property
    def area(self) -> str:
        if self.organisation is not None:
            return str(self.organisation.region_id)
        return self.region.code if self.region else ""


def may_change(actor: User, user: User, *, now: datetime) -> bool:
    """Whether `actor` may close or open an account: not the own one, and none that holds more."""
    if actor.pk == user.pk:
        return False
    if user.is_superuser and not actor.has_role(*EVERYWHERE):
        return False
    held = user.grants.unended(timezone.localdate(now)).select_related("organisation")
    ever = user.grants.within(actor.scope)
    return (actor.has_role(*EVERYWHERE) or ever.exists()) and all(
        may_grant(actor.scope.grants, grant.role, grant.area) for grant in held
    )


def refuse_unless_may_grant(actor: User, role: str, area: str) -> None:
    if not may_grant(actor.scope.grants, role, area):
        raise Refused(
            "not_yours_to_grant",
            Message("This role in this area is not yours to grant; ask the site administrator."),
            status=403,
        )


@transaction.atomic
def add_grant(user: User, office: Office, *, reason: str, actor: User, now: datetime) -> RoleGrant:
    said = stated(reason, WHY)
    _refuse_own(actor, user)
    refuse_unless_may_grant(actor, office.role, office.area)
    _refuse_twice(user, office)
    grant = RoleGrant.objects.create(
        user=user,
        role=office.role,
        region=office.region,
        organisation=office.organisation,
        valid_from=office.valid_from,
        valid_to=office.valid_to,
    )
    _write_down("grant_role", grant, reason=said, actor=actor, now=now)
    return grant


@transaction.atomic
def end_grant(grant: RoleGrant, *, reason: str, actor: User, now: datetime) -> None:
    """End it today; one that has not begun ends on its first day and never opens anything."""
    said = stated(reason, WHY)
    _refuse_own(actor, grant.user)
    refuse_unless_may_grant(actor, grant.role, grant.area)
    ends_on = max(timezone.localdate(now), grant.valid_from)
    unended = RoleGrant.objects.filter(pk=grant.pk).unended(ends_on)
    if not unended.update(valid_to=ends_on):
        raise Refused("ended_already", Message("This role has ended already."))
    grant.valid_to = ends_on
    _write_down("end_grant", grant, reason=said, actor=actor, now=now)


def _refuse_own(actor: User, user: User) -> None:
    if actor.pk == user.pk:
        raise Refused(
            "own_roles", Message("Your own roles are changed by somebody else."), status=403
        )


def _refuse_twice(user: User, office: Office) -> None:
    same = user.grants.filter(
        role=office.role, region=office.region, organisation=office.organisation
    ).unended(office.valid_from)
    if office.valid_to is not None:
        same = same.filter(valid_from__lt=office.valid_to)
    if same.exists():
        raise Refused(
            "granted_already",
            Message("This account holds that role there at that time already."),
        )


def _write_down(action: str, grant: RoleGrant, *, reason: str, actor: User, now: datetime) -> None:
    ends_on = grant.valid_to.isoformat() if grant.valid_to else ""
    audit(
        actor=actor,
        action=action,
        target=f"account {grant.user.uuid}",
        region=grant.area or None,
        detail={"role": grant.role, "from": grant.valid_from.isoformat(), "to": ends_on},
        reason=reason,
        now=now,
    )
