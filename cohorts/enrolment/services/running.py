"""Classes: opened, changed, published, closed; who runs them, their plan, their notices."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.accounts.models import RoleGrant, User
from cms.accounts.roles import Role
from cms.accounts.services import audit
from cms.core.errors import Refused
from cms.core.wording import Message
from cms.notices.services import deliver
from cohorts.enrolment.models import (
    CLASS_ROLES,
    ClassNotice,
    Cohort,
    CohortPlan,
    CohortStaff,
    Enrolment,
)
from cohorts.enrolment.overview import letters_of
from cohorts.enrolment.services.moving import class_page, lock, move, seats_left, send
from cohorts.enrolment.states import COHORT_MOVES, CohortState, State


@transaction.atomic
def open_class(cohort: Cohort, courses: Iterable[Any], *, actor: User, now: datetime) -> Cohort:
    """A new class, as a draft; an organiser who opens one is among its staff."""
    cohort.created_by, cohort.created_at, cohort.state = actor, now, CohortState.DRAFT
    cohort.save()
    cohort.courses.set(courses)
    if actor.has_role(Role.ORGANISER):
        CohortStaff.objects.create(cohort=cohort, user=actor, role=Role.ORGANISER)
    _audit(cohort, "open_class", actor=actor, now=now)
    return cohort


@transaction.atomic
def change_class(cohort: Cohort, courses: Iterable[Any], *, actor: User, now: datetime) -> Cohort:
    """Write the changed fields; what people enrolled for stays as it was."""
    before = lock(cohort.pk)
    enrolled = Enrolment.objects.across_regions().filter(cohort=before).exists()
    fixed = (before.level_id, before.exam_year_id) == (cohort.level_id, cohort.exam_year_id)
    if enrolled and not fixed:
        raise Refused(
            "people_enrolled",
            Message("People have enrolled for this level and exam year; open another class."),
        )
    if seats_left(before) < before.capacity - cohort.capacity:
        raise Refused("seats_taken", Message("More seats than that are already taken."))
    cohort.save(update_fields=[*CHANGEABLE])
    cohort.courses.set(courses)
    _audit(cohort, "change_class", actor=actor, now=now)
    return cohort


CHANGEABLE = (
    *("code", "title", "level", "exam_year", "region", "organiser", "description", "venue"),
    *("online", "capacity", "admission", "opens_at", "closes_at", "starts_on", "ends_on"),
)


@transaction.atomic
def move_class(cohort: Cohort, to: CohortState, *, actor: User, now: datetime) -> Cohort:
    """Publish or close; whoever is in a class when it closes has completed it."""
    held = lock(cohort.pk)
    if to not in COHORT_MOVES[CohortState(held.state)]:
        raise Refused("wrong_state", Message("The class has moved on in the meantime."))
    held.state = to
    held.save(update_fields=["state"])
    if to == CohortState.CLOSED:
        _complete(held, actor=actor, now=now)
    _audit(held, f"class_{to.value}", actor=actor, now=now)
    return held


def _complete(cohort: Cohort, *, actor: User, now: datetime) -> None:
    rows = Enrolment.objects.across_regions().filter(cohort=cohort, state=State.ENROLLED)
    for enrolment in rows:
        move(enrolment, State.COMPLETED, by=actor, now=now)


# --- staff ----------------------------------------------------------------------------------------
def class_staff_candidates(now: datetime) -> list[RoleGrant]:
    """Who holds a role of a class today."""
    grants = RoleGrant.objects.current(timezone.localdate(now)).filter(role__in=CLASS_ROLES)
    return list(grants.select_related("user").order_by("role", "user__first_name"))


@transaction.atomic
def add_staff(cohort: Cohort, user: User, role: str, *, actor: User, now: datetime) -> None:
    if not any((g.user_id, g.role) == (user.pk, role) for g in class_staff_candidates(now)):
        raise Refused("no_such_role", Message("This account does not hold that role today."))
    CohortStaff.objects.get_or_create(cohort=cohort, user=user, role=role)
    _audit(cohort, "add_class_staff", actor=actor, now=now)


@transaction.atomic
def drop_staff(cohort: Cohort, pk: int, *, actor: User, now: datetime) -> None:
    """Nobody shuts the own door behind the last organiser: the class would be nobody's."""
    row = CohortStaff.objects.filter(cohort=cohort, pk=pk).first()
    if row is None:
        return
    organisers = CohortStaff.objects.filter(cohort=cohort, role=Role.ORGANISER)
    if row.role == Role.ORGANISER and organisers.count() == 1:
        raise Refused("last_organiser", Message("A class keeps one organiser at least."))
    row.delete()
    _audit(cohort, "drop_class_staff", actor=actor, now=now)


# --- plan -----------------------------------------------------------------------------------------
def put_plan_line(line: CohortPlan) -> CohortPlan:
    """A new or changed line of the plan."""
    line.save()
    return line


def drop_plan_line(cohort: Cohort, pk: int) -> None:
    CohortPlan.objects.filter(cohort=cohort, pk=pk).delete()


# --- notices --------------------------------------------------------------------------------------
@transaction.atomic
def post_notice(
    cohort: Cohort, *, subject: str, body: str, actor: User, now: datetime
) -> ClassNotice:
    """A notice to everybody in the class; the class is held, so that no late joiner slips between
    the list of inboxes and the notice.
    """
    held = lock(cohort.pk)
    notice = ClassNotice.objects.create(cohort=held, subject=subject, body=body, by=actor, at=now)
    members = Enrolment.objects.across_regions().filter(cohort=held).in_class()
    users = members.filter(person__user__isnull=False).values_list("person__user", flat=True)
    send(notice, users, now=now)
    _audit(held, "post_class_notice", actor=actor, now=now)
    return notice


@transaction.atomic
def write_to(enrolment: Enrolment, *, subject: str, body: str, actor: User, now: datetime) -> None:
    """A message of the staff to one trainee, signed with the writer's name.

    The record says that somebody wrote to whom; the text stays between the two.
    """
    user, cohort = enrolment.person.user_id, enrolment.cohort
    if user is None:
        raise Refused(
            "no_account",
            Message("No account is linked to this person, so nobody would read it."),
        )
    entry = audit(
        actor=actor,
        action="write_to_trainee",
        target=f"person {enrolment.person.uuid}",
        region=cohort.region_id,
        now=now,
        detail={"class": cohort.code},
    )
    deliver(
        [user],
        subject=subject,
        body=f"{body}\n\n{actor.display_name} · {cohort.title}",
        source=f"{letters_of(enrolment)}{entry.pk}",
        link=class_page(cohort) if enrolment.is_in_class else "",
        now=now,
    )


def _audit(cohort: Cohort, action: str, *, actor: User, now: datetime) -> None:
    audit(
        actor=actor, action=action, target=f"class {cohort.code}", region=cohort.region_id, now=now
    )
