"""Whose account is this? By identity number, name and a code to the phone on record; or by an
officer, where any of them does not fit.

Nothing that the applicant sees depends on whether the number is on record: a request that waits
for an officer goes through the same steps as one that waits for its code, down to a code that
nobody is sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.crypto import constant_time_compare

from cms.accounts.codes import CodeNotSent, send_code
from cms.accounts.matching import Doubt, OnRecord, doubt_about
from cms.accounts.models import LinkRequest, Person, Region, User
from cms.accounts.roles import LINKERS
from cms.accounts.services.accounts import link_account, replace_phone
from cms.accounts.services.consent import SENSITIVE, text_to_agree
from cms.accounts.services.persons import find_person
from cms.accounts.services.record import audit, note_look, stated
from cms.accounts.tokens import code_hash
from cms.core.errors import Refused
from cms.core.wording import Message

CODE_VALID = timedelta(minutes=10)
CODE_TRIES = 5
A_DAY = timedelta(days=1)
ASKED_A_DAY = 3  # by one account
CODES_A_DAY = 3  # to one person, whichever accounts ask
WHY = Message("Say what you compared, and what speaks for it or against it.")

State, Cause = LinkRequest.State, LinkRequest.Cause


@dataclass(frozen=True)
class Entered:
    """What an applicant says about who this is; the number is checked and normalised."""

    name: str
    id_number: str
    region: Region


# --- the applicant --------------------------------------------------------------------------------
@transaction.atomic
def ask_for_link(user: User, entered: Entered, *, now: datetime) -> LinkRequest:
    """A request that waits for a code or for an officer; the reply must not show which."""
    _refuse_too_many(user, now)
    if text_to_agree(user, SENSITIVE, now) is not None:
        raise Refused(
            "consent_needed",
            Message("For this your identity number is needed: please agree to its use first."),
        )
    if Person.objects.across_regions().filter(user=user).exists():
        raise Refused("linked_already", Message("This account is linked to a person already."))
    person = find_person(entered.id_number)
    doubt = _doubt(entered.name, person, now)
    return _open(
        LinkRequest(
            user=user,
            name=entered.name,
            id_number=entered.id_number,
            id_tail=entered.id_number[-4:],
            region=entered.region,
            person=person,
            state=State.WAITING if doubt else State.CODE_SENT,
            cause=doubt,
            created_at=now,
        )
    )


@transaction.atomic
def ask_for_phone(
    user: User, *, phone: str, statement: str, region: Region, now: datetime
) -> LinkRequest:
    """Somebody who is linked has another phone now: an officer decides, with evidence."""
    _refuse_too_many(user, now)
    person = Person.objects.across_regions().filter(user=user, id_number__isnull=False).first()
    if person is None:
        raise Refused("not_linked", Message("This account is not linked to a person yet."))
    number = person.id_number.open()
    return _open(
        LinkRequest(
            user=user,
            name=person.name,
            id_number=number,
            id_tail=number[-4:],
            phone=phone,
            region=region,
            person=person,
            state=State.WAITING,
            cause=Cause.NEW_PHONE,
            statement=statement,
            created_at=now,
        )
    )


def _refuse_too_many(user: User, now: datetime) -> None:
    recent = LinkRequest.objects.across_regions().filter(user=user, created_at__gt=now - A_DAY)
    if recent.count() >= ASKED_A_DAY:
        raise Refused(
            "asked_too_often", Message("You have asked three times today. Try again tomorrow.")
        )


def _doubt(name: str, person: Person | None, now: datetime) -> Doubt:
    doubt = doubt_about(name, _on_record(person) if person else None)
    # Asked for everybody, so that the reply takes as long for a number that is not on record.
    recent = LinkRequest.objects.across_regions().filter(person=person, created_at__gt=now - A_DAY)
    too_many = recent.count() >= CODES_A_DAY
    return doubt or ("no_code" if too_many else "")


def _on_record(person: Person) -> OnRecord:
    return OnRecord(
        name=person.name,
        has_phone=person.phone is not None,
        is_linked=person.user_id is not None,
    )


def _open(request: LinkRequest) -> LinkRequest:
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError:
        raise Refused(
            "asked_already", Message("Your last question is still open; take it back first.")
        ) from None
    return request


def send_link_code(pk: int, *, code: str, now: datetime) -> None:
    """Give every open request a code; it is sent where the state says so, else nobody gets it.

    The code is kept before it is sent, and sent outside the transaction: a slow provider must not
    hold the database.
    """
    request = LinkRequest.objects.across_regions().select_related("person").get(pk=pk)
    LinkRequest.objects.across_regions().open().filter(pk=pk).update(
        code_hash=code_hash(code, bound_to=str(request.uuid)),
        code_expires_at=now + CODE_VALID,
        code_tries=0,
    )
    if request.state != State.CODE_SENT or request.person is None or not request.person.phone:
        return
    try:
        send_code(request.person.phone.open(), code)
    except CodeNotSent:
        _to_the_queue(request, Cause.NO_CODE)


@transaction.atomic
def confirm_code(user: User, code: str, *, now: datetime) -> bool:
    """Link by the right code in time; every other try counts and looks the same from outside."""
    request = _open_request(user)
    fits = constant_time_compare(
        request.code_hash, code_hash(code.strip(), bound_to=str(request.uuid))
    )
    in_time = request.code_expires_at is not None and now < request.code_expires_at
    tries = LinkRequest.objects.across_regions().filter(pk=request.pk, code_tries__lt=CODE_TRIES)
    # The try is counted before it is weighed: many tries at once get no more than five.
    counted = tries.update(code_tries=F("code_tries") + 1)
    if request.state != State.CODE_SENT:
        return False
    if counted and fits and in_time:
        return _link_by_code(request, now)
    if not counted or not in_time or request.code_tries + 1 >= CODE_TRIES:
        _to_the_queue(request, Cause.NO_CODE)
    return False


def _link_by_code(request: LinkRequest, now: datetime) -> bool:
    assert request.person is not None  # noqa: S101 - a code is sent for a person on record
    region = str(request.region_id)
    try:
        link_account(
            person=request.person, user=request.user, actor=request.user, now=now, region=region
        )
    except Refused:
        _to_the_queue(request, Cause.TAKEN)
        return False
    _settle(request, State.LINKED, now=now)
    return True


@transaction.atomic
def give_up_phone(user: User, *, phone: str, statement: str) -> None:
    """The phone on record is lost: an officer looks at it, and at the new number."""
    request = _open_request(user)
    if request.state == State.CODE_SENT:
        request.state, request.cause = State.WAITING, Cause.PHONE_LOST
    request.phone, request.statement = phone, statement
    request.save(update_fields=["state", "cause", "phone", "statement"])


@transaction.atomic
def take_back_request(user: User, *, now: datetime) -> None:
    _settle(_open_request(user), State.WITHDRAWN, now=now)


def _open_request(user: User) -> LinkRequest:
    mine = LinkRequest.objects.across_regions().open().filter(user=user)
    request = mine.select_for_update().first()
    if request is None:
        raise Refused("nothing_open", Message("Nothing is open any more; look at the page again."))
    return request


def queue_unanswered_codes(*, now: datetime) -> int:
    """Requests whose code ran out go to the officers. Returns how many."""
    waiting = LinkRequest.objects.across_regions().filter(state=State.CODE_SENT)
    ran_out = Q(code_expires_at__lte=now) | Q(
        code_expires_at=None, created_at__lte=now - CODE_VALID
    )
    return waiting.filter(ran_out).update(state=State.WAITING, cause=Cause.NO_CODE)


def _to_the_queue(request: LinkRequest, cause: LinkRequest.Cause) -> None:
    sent = LinkRequest.objects.across_regions().filter(pk=request.pk, state=State.CODE_SENT)
    sent.update(state=State.WAITING, cause=cause)


# --- the officer ----------------------------------------------------------------------------------
@transaction.atomic
def decide_link(request: LinkRequest, *, reason: str, actor: User, now: datetime) -> None:
    """Link by the word of an officer who may read about the person on record."""
    said = stated(reason, WHY)
    person = reachable_person(request, actor)
    _settle(request, State.LINKED, now=now, actor=actor, reason=said)
    region = str(request.region_id)
    if request.cause != Cause.NEW_PHONE:
        link_account(
            person=person, user=request.user, actor=actor, now=now, region=region, reason=said
        )
    if request.phone:
        phone = request.phone.open()
        replace_phone(person=person, phone=phone, actor=actor, now=now, region=region, reason=said)


@transaction.atomic
def refuse_link(request: LinkRequest, *, reason: str, actor: User, now: datetime) -> None:
    """The applicant reads the reason on the own page."""
    said = stated(reason, WHY)
    _settle(request, State.REFUSED, now=now, actor=actor, reason=said)
    audit(
        actor=actor,
        action="refuse_link",
        target=f"link {request.uuid}",
        region=str(request.region_id),
        reason=said,
        now=now,
    )


def reveal_identity(request: LinkRequest, *, reason: str, actor: User, now: datetime) -> str:
    """The whole number, to compare it with the card; the look is written down before."""
    person = reachable_person(request, actor)
    note_look(
        person_id=person.pk,
        field="id_number",
        reason=reason,
        actor=actor,
        now=now,
        region=str(request.region_id),
    )
    return request.id_number.open()


def reachable_person(request: LinkRequest, actor: User) -> Person:
    """The person on record under the number, looked up anew: the register may have grown."""
    person = find_person(request.id_number.open())
    if person is None:
        raise Refused(
            "nobody_on_record",
            Message("Nobody is on record with this number. Import the list that names the person."),
        )
    if not Person.objects.visible_to(actor, *LINKERS).filter(pk=person.pk).exists():
        raise Refused(
            "out_of_reach",
            Message("The person is on record in another area; the office above both decides."),
        )
    return person


def _settle(
    request: LinkRequest,
    to: LinkRequest.State,
    *,
    now: datetime,
    actor: User | None = None,
    reason: str = "",
) -> None:
    """Guarded: a request is settled once, by one hand, and never by the applicant's own office."""
    if actor is not None and actor.pk == request.user_id:
        raise Refused("own_request", Message("Your own request is decided by somebody else."))
    still = LinkRequest.objects.across_regions().filter(pk=request.pk)
    still = still.waiting() if actor is not None else still.open()
    if not still.update(state=to, decided_at=now, decided_by=actor, reason=reason, code_hash=""):
        raise Refused("settled_already", Message("This request is settled already."))
    request.state = to
