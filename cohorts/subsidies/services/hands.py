"""Who acts on the command line: the officer named, or in the demo one whose hands are free."""

from collections.abc import Collection
from datetime import date

from django.conf import settings

from cms.accounts.models import RoleGrant, User
from cms.core.errors import Refused
from cms.core.wording import Message


def acting_officer(
    username: str | None,
    *,
    roles: Collection[str],
    region: str,
    today: date,
    without: Collection[int | None] = (),
) -> User:
    """The named account. Without a name, only where people are made up, the first officer of the
    area who holds one of the roles and is not among `without`: four eyes stay four.
    """
    if username:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise Refused("unknown_user", Message("There is no account %(name)s.", name=username))
        return user
    if not settings.ALLOW_FICTIONAL_PEOPLE:
        raise Refused("actor_needed", Message("Name the officer who acts, with --as."))
    grants = RoleGrant.objects.current(today).filter(role__in=roles).select_related("user")
    free = [
        grant.user
        for grant in grants.order_by("pk")
        if grant.area and region.startswith(grant.area) and grant.user_id not in without
    ]
    if not free:
        raise Refused(
            "nobody_free",
            Message("No officer of this area is left who may take this step: name one with --as."),
        )
    return free[0]
