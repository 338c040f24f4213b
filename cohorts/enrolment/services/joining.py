"""A trainee asks for a seat, and leaves again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cms.accounts.models import ConsentText, Organisation, Person, User
from cms.accounts.services import (
    PersonRow,
    add_missing_phone,
    consent_text,
    ensure_organisations,
    give_consent,
    open_own_person,
    tie_persons_to_regions,
)
from cms.core.errors import Refused
from cms.core.wording import Message
from cohorts.enrolment.admission import first_state, other_level
from cohorts.enrolment.models import Cohort, Enrolment, EnrolmentStep
from cohorts.enrolment.services.code_check import require_code
from cohorts.enrolment.services.moving import (
    catch_up_on_notices,
    lock,
    move,
    note_step,
    seats_left,
)
from cohorts.enrolment.states import IN_CLASS, TURNED_DOWN, UNDECIDED, State

SOURCE = "enrolment"
CONSENT_PURPOSE = "enrolment"
HOLDS_A_PLACE = IN_CLASS | UNDECIDED


@dataclass(frozen=True)
class Application:
    """What the form asked for; empty where the account's person already has it.

    `county` is the division code of the work unit; `consent` the version of the text that was
    shown and ticked.
    """

    code: str = ""
    name: str = ""
    id_number: str = ""
    phone: str = ""
    unit: str = ""
    county: str = ""
    consent: int | None = None


def required_consent(now: datetime) -> ConsentText | None:
    return consent_text(CONSENT_PURPOSE, timezone.localdate(now))


def apply(cohort: Cohort, application: Application, *, user: User, now: datetime) -> Enrolment:
    """Ask for a seat. Raises Refused with the reason; the last seat is given exactly once."""
    require_code(cohort, application.code, user=user, now=now)
    with transaction.atomic():
        held = lock(cohort.pk)
        _require_open(held, now)
        _take_consent(application, user=user, now=now)
        person = _own_person(application, user=user, now=now)
        _require_one_level(held, person)
        enrolment = _enter(held, person, _unit(application), user=user, now=now)
        tie_persons_to_regions([(person, held.region_id)], source=SOURCE)
    return enrolment


def _require_open(cohort: Cohort, now: datetime) -> None:
    if not cohort.takes_enrolments(now):
        raise Refused("not_open", Message("This class takes no enrolments at the moment."))


def _take_consent(application: Application, *, user: User, now: datetime) -> None:
    text = required_consent(now)
    if text is None:
        return
    if application.consent != text.version:
        raise Refused(
            "consent_needed",
            Message("Read how your personal information is used and tick that you agree."),
        )
    give_consent(user, text, now)


def _own_person(application: Application, *, user: User, now: datetime) -> Person:
    """The account's person, held: two classes at once must not give two levels.

    Where there is none yet, the unique identity number lets one of two callers make it.
    """
    people = Person.objects.across_regions().select_for_update()
    person: Person | None = people.filter(user=user).first()
    if person is not None:
        add_missing_phone(person, application.phone)
        return person
    row = PersonRow(
        id_number=application.id_number,
        name=application.name,
        region=application.county,
        phone=application.phone,
    )
    return open_own_person(row, user=user, source=SOURCE, now=now)


def _unit(application: Application) -> Organisation | None:
    key = (application.county, application.unit)
    if not all(key):
        return None
    return ensure_organisations([(*key, Organisation.Kind.OTHER)])[key]


def _require_one_level(cohort: Cohort, person: Person) -> None:
    others = Enrolment.objects.across_regions().filter(
        person=person, cohort__exam_year=cohort.exam_year_id, state__in=HOLDS_A_PLACE
    )
    levels = dict(others.values_list("cohort__level_id", "cohort__level__name"))
    other = other_level(cohort.level_id, levels)
    if other is not None:
        raise Refused(
            "other_level",
            Message(
                "You are already in a class for %(level)s in this exam year. Nobody can sit two "
                "levels in one year: their papers are held at the same time. Leave that class "
                "first if you want to change.",
                level=levels[other],
            ),
        )


@transaction.atomic
def add_members(
    cohort: Cohort,
    members: Iterable[tuple[Person, Organisation | None]],
    *,
    actor: User,
    now: datetime,
) -> list[Enrolment]:
    """Give seats to people whom an office names, with their units; nobody is asked.

    Raises Refused where the seats do not suffice, or somebody is in a class of another level.
    """
    held, named = lock(cohort.pk), list(members)
    if seats_left(held) < len(named):
        raise Refused("no_seats", Message("There are not enough seats for all of them."))
    for person, _ in named:
        _require_one_level(held, person)
    entered = Enrolment.objects.bulk_create(
        [
            Enrolment(
                cohort=held,
                person=person,
                organisation=unit,
                state=State.ENROLLED,
                source=Enrolment.Source.STAFF,
                applied_at=now,
                moved_at=now,
            )
            for person, unit in named
        ]
    )
    for enrolment in entered:
        note_step(enrolment, by=actor, now=now)
    tie_persons_to_regions([(person, held.region_id) for person, _ in named], source=SOURCE)
    catch_up_on_notices(held, entered, now=now)
    return entered


def _enter(
    cohort: Cohort, person: Person, unit: Organisation | None, *, user: User, now: datetime
) -> Enrolment:
    rows = Enrolment.objects.across_regions().select_related("person", "cohort")
    enrolment = rows.filter(cohort=cohort, person=person).first()
    removed = enrolment is not None and enrolment.state in TURNED_DOWN
    if enrolment is None:
        enrolment = Enrolment.objects.create(
            cohort=cohort, person=person, organisation=unit, applied_at=now, moved_at=now
        )
        note_step(enrolment, by=user, now=now)
    elif enrolment.state in HOLDS_A_PLACE:
        raise Refused("already_applied", Message("You have already enrolled in this class."))
    else:
        _apply_again(enrolment, unit, user=user, now=now)
    to = first_state(
        by_approval=cohort.admission == Cohort.Admission.APPROVAL,
        seats_left=seats_left(cohort),
        others_wait=_somebody_waits(cohort),
        removed_before=removed or _was_removed(enrolment),
    )
    if to != State.APPLIED:
        move(enrolment, to, by=None, now=now)
    if to == State.ENROLLED:
        catch_up_on_notices(cohort, [enrolment], now=now)
    return enrolment


def _somebody_waits(cohort: Cohort) -> bool:
    rows = Enrolment.objects.across_regions().filter(cohort=cohort, state=State.WAITING)
    return rows.exists()


def _apply_again(
    enrolment: Enrolment, unit: Organisation | None, *, user: User, now: datetime
) -> None:
    enrolment.applied_at = now
    enrolment.organisation = unit or enrolment.organisation
    enrolment.save(update_fields=["applied_at", "organisation"])
    move(enrolment, State.APPLIED, by=user, now=now)


def _was_removed(enrolment: Enrolment) -> bool:
    """Whether the staff's last word was no: leaving and asking again does not get around it."""
    words = EnrolmentStep.objects.filter(
        enrolment=enrolment, to_state__in=[*TURNED_DOWN, State.ENROLLED]
    )
    return words.order_by("-pk").values_list("to_state", flat=True).first() in TURNED_DOWN


@transaction.atomic
def withdraw(enrolment: Enrolment, *, reason: str, actor: User, now: datetime) -> Enrolment:
    """Leave a class, with a reason; the frozen list keeps its row."""
    said = reason.strip()[:200]
    if not said:
        raise Refused("reason_needed", Message("Say why."), status=400)
    lock(enrolment.cohort_id)
    held = Enrolment.objects.across_regions().select_related("person", "cohort")
    return move(held.get(pk=enrolment.pk), State.WITHDRAWN, by=actor, now=now, reason=said)
