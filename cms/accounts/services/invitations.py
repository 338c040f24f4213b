"""Staff are invited: a link that opens one account with one role, once, within seven days."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from cms.accounts.models import Invitation, RoleGrant, User
from cms.accounts.services.grants import Office, refuse_unless_may_grant
from cms.accounts.services.record import audit
from cms.accounts.tokens import token_hash
from cms.core.errors import Refused
from cms.core.wording import Message

LINK_VALID = timedelta(days=7)


@transaction.atomic
def invite(name: str, office: Office, *, token: str, actor: User, now: datetime) -> Invitation:
    """Only the hash of `token` is kept: who reads the database cannot follow the link."""
    refuse_unless_may_grant(actor, office.role, office.area)
    invitation = Invitation.objects.create(
        name=name,
        role=office.role,
        region=office.region,
        organisation=office.organisation,
        valid_from=office.valid_from,
        valid_to=office.valid_to,
        token_hash=token_hash(token),
        expires_at=now + LINK_VALID,
        by=actor,
        at=now,
    )
    _write_down("invite", invitation, actor=actor, now=now)
    return invitation


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, actor: User, now: datetime) -> None:
    refuse_unless_may_grant(actor, invitation.role, invitation.area)
    unused = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if not unused.update(revoked_at=now):
        raise Refused("settled_already", Message("This invitation is used or revoked already."))
    _write_down("revoke_invitation", invitation, actor=actor, now=now)


@transaction.atomic
def accept_invitation(
    token: str, *, username: str, password: str, now: datetime, phone: str = ""
) -> User:
    """Account, grant and the end of the link in one transaction.

    The link is used up by a guarded update: of two that accept at once, one gets the account.
    """
    invitation = Invitation.objects.usable(now).filter(token_hash=token_hash(token)).first()
    if invitation is None:
        raise link_dead()
    user = _new_account(invitation, username=username, password=password, phone=phone)
    used = Invitation.objects.usable(now).filter(pk=invitation.pk)
    if not used.update(accepted_at=now, accepted_by=user):
        raise link_dead()
    RoleGrant.objects.create(
        user=user,
        role=invitation.role,
        region=invitation.region,
        organisation=invitation.organisation,
        valid_from=invitation.valid_from,
        valid_to=invitation.valid_to,
    )
    _write_down("accept_invitation", invitation, actor=user, now=now, account=user)
    return user


def link_dead() -> Refused:
    return Refused("link_dead", Message("This link opens nothing (any more)."), status=404)


def _new_account(invitation: Invitation, *, username: str, password: str, phone: str) -> User:
    user = User(username=username, first_name=invitation.name, phone=phone or None)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise Refused(
            "name_taken", Message("This user name or phone belongs to another account.")
        ) from None
    return user


def _write_down(
    action: str, invitation: Invitation, *, actor: User, now: datetime, account: User | None = None
) -> None:
    audit(
        actor=actor,
        action=action,
        target=f"account {account.uuid}" if account else f"invitation {invitation.uuid}",
        region=invitation.area or None,
        detail={"role": invitation.role, "invitation": str(invitation.uuid)},
        now=now,
    )
