"""How long claims of an area have taken, for those who wait. Reads only."""

from django.utils import timezone

from cms.core.scoping import region_q
from cms.core.workdays import load_calendar
from cohorts.subsidies.models import PolicyVersion, ReviewStep
from cohorts.subsidies.pace import Pace, Reached, pace

MOST_STEPS = 2000  # of the newest: how it went years ago is no promise


def pace_of(version: PolicyVersion) -> dict[str, Pace]:
    """The pace of claims in the area of a policy, by stage of the road."""
    area = region_q("claim__region", [str(version.policy.region_id)])
    steps = ReviewStep.objects.across_regions().filter(area).order_by("-pk")
    rows = steps.values_list("claim", "to_state", "at")[:MOST_STEPS]
    reached = (Reached(claim, state, timezone.localdate(at)) for claim, state, at in rows)
    return pace(reached, load_calendar())
