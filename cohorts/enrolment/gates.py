"""Who does what with a class: readers see it, teachers work in it, runners decide about it."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from cms.accounts.roles import STAFF, Role
from cohorts.enrolment.models import CLASS_ROLES, Cohort, CohortStaff, Enrolment

READERS = STAFF
# Organisers decide in the classes they are staff of, officers in those of their area.
RUNNERS = frozenset({Role.ORGANISER, Role.COUNTY_OFFICER, Role.CITY_OFFICER})
TEACHERS = RUNNERS | {Role.INSTRUCTOR}


@dataclass(frozen=True)
class Powers:
    run: bool
    teach: bool


def class_for(user: Any, uuid: Any, roles: frozenset[Role] = READERS) -> Cohort:
    """The class, where these roles reach it; else 404. The own place as a trainee opens nothing.

    A page that all staff may read and some may write asks again here: a wrong role is 403.
    """
    if not user.has_role(*roles):
        raise PermissionDenied
    rows = Cohort.objects.visible_to(user, *roles).filter(uuid=uuid)
    cohort: Cohort | None = rows.select_related("level", "exam_year", "region", "organiser").first()
    if cohort is None:
        raise Http404
    return cohort


def enrolment_for(user: Any, cohort: Cohort, uuid: Any) -> Enrolment:
    rows = Enrolment.objects.visible_to(user, *READERS).filter(cohort=cohort, uuid=uuid)
    enrolment: Enrolment | None = rows.select_related(
        "person__user", "organisation__region", "cohort"
    ).first()
    if enrolment is None:
        raise Http404
    return enrolment


def powers(user: Any, cohort: Cohort) -> Powers:
    """What this visitor may do in this class: what its pages offer buttons for."""
    scope = user.scope
    places = CohortStaff.objects.filter(
        cohort=cohort, user=user, role__in=scope.roles & CLASS_ROLES
    )
    held = set(places.values_list("role", flat=True))
    areas = scope.areas(*(RUNNERS - CLASS_ROLES))
    official = any(cohort.region_id.startswith(area) for area in areas)
    return Powers(run=official or Role.ORGANISER in held, teach=official or bool(held))
