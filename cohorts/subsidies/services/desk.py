"""What waits on the desk of one officer, and why nothing can be proposed. Reads only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Case, IntegerField, Q, Value, When

from cms.accounts.models import User
from cms.accounts.roles import Role
from cms.core.scoping import region_q
from cohorts.certificates.models import Certificate
from cohorts.subsidies.benefits import ONE_OFF
from cohorts.subsidies.models import Claim, Policy, PolicyVersion
from cohorts.subsidies.models.claim import ClaimQuerySet
from cohorts.subsidies.services.review import within_reach
from cohorts.subsidies.transitions import CLAIM_STEPS, ClaimAction, ClaimState

# The steps of each role on the ordinary road. A city officer may take the county's steps too, and
# then approves nothing of it, so those do not wait for the city.
DUTIES: Final[Mapping[str, tuple[ClaimAction, ...]]] = {
    Role.TOWNSHIP_OFFICER: (ClaimAction.SUBMIT,),
    Role.COUNTY_OFFICER: (ClaimAction.SUBMIT, ClaimAction.REVIEW),
    Role.CITY_OFFICER: (
        ClaimAction.APPROVE,
        ClaimAction.PUT_ON_NOTICE,
        ClaimAction.DISMISS_OBJECTION,
    ),
}
# After what waits: what is on its way by its place on the road, then what is settled.
LAST: Final = (
    ClaimState.PAID,
    ClaimState.CLOSED,
    ClaimState.REFUSED,
    ClaimState.WITHDRAWN,
    ClaimState.LAPSED,
)
ORDER: Final = (*(state for state in ClaimState if state not in LAST), *LAST)


def waiting_for(user: User) -> ClaimQuerySet:
    """Claims that one of this officer's own steps moves on."""
    return Claim.objects.visible_to(user).filter(_waits(user))


def _waits(user: User) -> Q:
    acts = {act for role in user.scope.roles for act in DUTIES.get(role, ())}
    every = Claim.objects.across_regions()
    piles = [
        within_reach(every.filter(state__in=CLAIM_STEPS[act].sources), act, user) for act in acts
    ]
    return reduce(or_, (Q(pk__in=pile.values("pk")) for pile in piles), Q(pk__in=[]))


def in_order(claims: ClaimQuerySet, user: User) -> ClaimQuerySet:
    """What waits for this officer first, what is settled last."""
    whens = [When(state=state, then=Value(place)) for place, state in enumerate(ORDER, start=1)]
    place = Case(
        When(_waits(user), then=Value(0)),
        *whens,
        default=Value(len(ORDER) + 1),
        output_field=IntegerField(),
    )
    ranked: Any = claims.annotate(place=place).order_by("place", "region", "pk")
    found: ClaimQuerySet = ranked
    return found


def is_issuer(user: User) -> bool:
    """Whether a policy was issued in the areas of this user: whose policies they are also puts
    claims on notice and pays them.
    """
    return Policy.objects.filter(region_q("region", user.scope.regions)).exists()


@dataclass(frozen=True)
class Basis:
    """Certificates that a policy could pay in some areas: checked ones, and those still open."""

    checked: int
    waiting: int


def basis_of(version: PolicyVersion, areas: Iterable[str]) -> Basis:
    levels = {
        level
        for benefit in version.rulebook.benefits
        if benefit.shape == ONE_OFF
        for level in benefit.amounts_fen
    }
    rows = Certificate.objects.across_regions().filter(
        region_q("region", list(areas)),
        exam_year__in=version.rulebook.exam_years,
        level__in=levels,
    )
    return Basis(rows.filter(state="checked").count(), rows.waiting().count())
