"""Who may act where: a role acts only in the areas that it was granted for."""

from collections.abc import Collection

from cms.accounts.models import User
from cms.core.errors import Refused
from cms.core.wording import Message


def require_authority(actor: User, region: str, roles: Collection[str]) -> None:
    """Raise Refused unless one of `roles` was granted for this area or one above it.

    What another role lets somebody read counts for nothing here: an auditor of the city who is
    also an officer of one county decides in that county alone.
    """
    if not actor.scope.roles.intersection(roles):
        raise Refused("wrong_role", Message("Your role does not do this step."), status=403)
    if not reaches(actor, region, roles):
        raise Refused(
            "not_issuer", Message("This is decided by the area that issued the policy."), status=403
        )


def reaches(actor: User, region: str, roles: Collection[str]) -> bool:
    return any(region.startswith(area) for area in actor.scope.areas(*roles))


def roles_over(actor: User, region: str) -> frozenset[str]:
    """The roles with which somebody acts in an area: what its pages offer buttons for."""
    return frozenset(role for role, area in actor.scope.grants if area and region.startswith(area))
