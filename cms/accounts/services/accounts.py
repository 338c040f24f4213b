"""Accounts, their sessions, and the person an account belongs to."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from cms.accounts.models import Person, RoleGrant, User
from cms.accounts.services.grants import may_change
from cms.accounts.services.record import audit, stated
from cms.core.errors import Refused
from cms.core.wording import Message

WHY = Message("Say why the account is closed or opened.")


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
    """A grant by the hand of the system: set-up and imports. People grant by `add_grant`."""
    return RoleGrant.objects.get_or_create(
        user=user, role=role, region_id=region, defaults={"valid_from": valid_from}
    )


def disable_account(user: User, *, reason: str, actor: User, now: datetime) -> None:
    """Nobody signs in with it any more, and whoever is signed in with it is out at once."""
    _set_active(user, to=False, action="disable_account", reason=reason, actor=actor, now=now)


def enable_account(user: User, *, reason: str, actor: User, now: datetime) -> None:
    _set_active(user, to=True, action="enable_account", reason=reason, actor=actor, now=now)


@transaction.atomic
def _set_active(
    user: User, *, to: bool, action: str, reason: str, actor: User, now: datetime
) -> None:
    said = stated(reason, WHY)
    if not may_change(actor, user, now=now):
        raise Refused(
            "not_yours_to_change",
            Message("You may close only accounts whose every role you could grant; not your own."),
            status=403,
        )
    if User.objects.filter(pk=user.pk, is_active=not to).update(is_active=to):
        user.is_active = to
        audit(actor=actor, action=action, target=f"account {user.uuid}", now=now, reason=said)


@transaction.atomic
def end_sessions(user: User, *, actor: User, now: datetime) -> None:
    """Sign the account out on every device, the one that asks included."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    audit(actor=actor, action="end_sessions", target=f"account {user.uuid}", now=now)


@transaction.atomic
def link_account(
    *,
    person: Person,
    user: User,
    actor: User,
    now: datetime,
    region: str | None = None,
    reason: str = "",
) -> None:
    """Tie an account to a person; money depends on it.

    The update is guarded by "still belongs to nobody": of two accounts that are tied to one person
    at the same moment, one gets it. That an account belongs to one person is a unique column.
    """
    people = Person.objects.across_regions()
    if people.filter(pk=person.pk, user=user).exists():
        return
    try:
        with transaction.atomic():
            tied = people.filter(pk=person.pk, user=None).update(user=user)
    except IntegrityError:
        tied = 0
    if not tied:
        raise Refused(
            "already_linked", Message("This account or this person is already linked to another.")
        )
    person.user = user
    target = f"person {person.uuid}"
    audit(actor=actor, action="link_account", target=target, region=region, now=now, reason=reason)


@transaction.atomic
def replace_phone(
    *,
    person: Person,
    phone: str,
    actor: User,
    now: datetime,
    region: str | None = None,
    reason: str = "",
) -> None:
    """Put a new phone on record for a person, and on the linked account where it is free."""
    person.phone = phone
    person.save(update_fields=["phone", "phone_index"])
    if person.user is not None and not _phone_is_taken(person.user, phone):
        person.user.phone = phone
        person.user.save(update_fields=["phone", "phone_index"])
    target = f"person {person.uuid}"
    audit(actor=actor, action="replace_phone", target=target, region=region, now=now, reason=reason)


def _phone_is_taken(user: User, phone: str) -> bool:
    return User.with_phone(phone).exclude(pk=user.pk).exists()
