"""The one way an enrolment moves, and what follows from a seat; callers hold the class's row."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from cms.accounts.models import User
from cms.core.errors import Refused, say
from cms.core.wording import Message
from cms.notices.services import deliver
from cohorts.enrolment.models import ClassNotice, Cohort, Enrolment, EnrolmentStep
from cohorts.enrolment.states import MOVES, State


def lock(cohort_id: int) -> Cohort:
    """The class, held until the transaction ends: whoever counts seats waits here.

    On SQLite the IMMEDIATE transaction has taken the write lock already.
    """
    rows = Cohort.objects.across_regions().select_for_update()
    held: Cohort = rows.get(pk=cohort_id)
    return held


def seats_left(cohort: Cohort) -> int:
    taken = Enrolment.objects.across_regions().filter(cohort=cohort).seated().count()
    return cohort.capacity - taken


def move(
    enrolment: Enrolment, to: State, *, by: User | None, now: datetime, reason: str = ""
) -> Enrolment:
    """Move by the table of states and write down who, when and why."""
    if to not in MOVES[State(enrolment.state)]:
        raise Refused("wrong_state", Message("This enrolment has moved on in the meantime."))
    enrolment.state, enrolment.moved_at = to, now
    enrolment.save(update_fields=["state", "moved_at"])
    note_step(enrolment, by=by, now=now, reason=reason)
    return enrolment


def note_step(enrolment: Enrolment, *, by: User | None, now: datetime, reason: str = "") -> None:
    EnrolmentStep.objects.create(
        enrolment=enrolment, to_state=enrolment.state, reason=reason, by=by, at=now
    )


def class_page(cohort: Cohort) -> str:
    return reverse("my_class:page", args=[cohort.code])


def catch_up_on_notices(cohort: Cohort, joined: Sequence[Enrolment], *, now: datetime) -> None:
    """Who joins late finds in the inbox what the others were told; nobody is told twice."""
    users = [e.person.user_id for e in joined if e.person.user_id]
    if not users:
        return
    for notice in ClassNotice.objects.filter(cohort=cohort).order_by("at"):
        send(notice, users, now=now)


def send(notice: ClassNotice, user_ids: Iterable[int], *, now: datetime) -> None:
    deliver(
        user_ids,
        subject=notice.subject,
        body=notice.body,
        source=f"class:{notice.uuid}",
        link=class_page(notice.cohort),
        now=now,
    )


def tell(enrolment: Enrolment, subject: Message, body: Message, *, now: datetime) -> None:
    """Say to one trainee what became of the application, in the language of the site."""
    if enrolment.person.user_id is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        deliver(
            [enrolment.person.user_id],
            subject=say(subject)[:80],
            body=say(body)[:2000],
            source=f"enrolment:{enrolment.steps.order_by('-pk').values_list('pk', flat=True)[0]}",
            link=reverse("classes:detail", args=[enrolment.cohort.code]),
            now=now,
        )
