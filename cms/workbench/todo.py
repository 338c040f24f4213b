"""What waits for one person, counted from the facts: nothing is stored as a task."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from wagtail.models import TaskState

from cms.accounts.models import LinkRequest
from cms.accounts.roles import AUTHORS, LINKERS, OFFICERS, Role
from cms.notices.models import InboxMessage
from cohorts.attendance.models import ClassSession
from cohorts.certificates.models import Certificate
from cohorts.enrolment.gates import RUNNERS, TEACHERS
from cohorts.enrolment.models import Cohort
from cohorts.subsidies.models import Claim, PayoutBatch
from cohorts.subsidies.services.desk import waiting_for
from courses.pages.second_reading import may_read


@dataclass(frozen=True)
class Waiting:
    """A pile of records of one kind that this person can move on."""

    label: Any
    note: Any
    count: int
    url: str


def certificates_to_check(user: Any) -> int:
    open_ones = Certificate.objects.visible_to(user, *OFFICERS)
    return open_ones.waiting().count()


def claims_to_decide(user: Any) -> int:
    """Claims in a state that one of this person's roles moves on."""
    return waiting_for(user).count()


def batches_to_decide(user: Any) -> int:
    if not user.has_role(Role.FINANCE_OFFICER, Role.CITY_OFFICER):
        return 0
    moving = ["draft", "locked", "approved", "exported"]
    return PayoutBatch.objects.visible_to(user).filter(state__in=moving).count()


def claims_to_pay(user: Any) -> int:
    """Confirmed claims that no batch has collected yet."""
    if not user.has_role(Role.FINANCE_OFFICER):
        return 0
    return Claim.objects.visible_to(user, Role.FINANCE_OFFICER).filter(state="confirmed").count()


def links_to_settle(user: Any) -> int:
    return LinkRequest.objects.visible_to(user, *LINKERS).waiting().count()


def applications_to_answer(user: Any) -> int:
    """Applications, and who waits for a seat while one is free."""
    classes = Cohort.objects.visible_to(user, *RUNNERS).with_counts()
    return sum(classes.values_list("to_answer", flat=True)) if user.has_role(*RUNNERS) else 0


def sessions_soon(user: Any, now: datetime) -> int:
    """Sessions of today and tomorrow."""
    today = timezone.localdate(now)
    rows = ClassSession.objects.visible_to(user, *TEACHERS)
    return rows.filter(starts_at__date__range=(today, today + timedelta(days=1))).count()


def lessons_to_read(user: Any) -> int:
    """Lessons that wait for a second reader, which may not be their writer."""
    waiting_ones = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS)
    pages = [state.revision.as_object() for state in waiting_ones.select_related("revision")]
    return sum(may_read(page, user) for page in pages)


def unread_messages(user: Any) -> int:
    return InboxMessage.objects.of(user.pk).unread().count()


@dataclass(frozen=True)
class Duty:
    """A kind of pile: whose duty it is, what it is called, how it is counted, where it lies."""

    roles: frozenset[Role]
    label: Any
    note: Any
    count: Callable[[Any], int]
    url_name: str
    rows: str = ""  # what narrows the page to the rows that were counted


DUTIES = (
    Duty(
        RUNNERS,
        gettext_lazy("Applications to a class"),
        gettext_lazy("to approve or refuse"),
        applications_to_answer,
        "enrolment:list",
        "?applications=1",
    ),
    Duty(
        AUTHORS,
        gettext_lazy("Lessons for a second reader"),
        gettext_lazy("written by somebody else, not yet published"),
        lessons_to_read,
        "wagtailadmin_home",
    ),
    Duty(
        OFFICERS,
        gettext_lazy("Certificates to record or check"),
        gettext_lazy("expected from complete passes, or recorded and not yet checked"),
        certificates_to_check,
        "certificates:list",
        "?state=open",
    ),
    Duty(
        OFFICERS,
        gettext_lazy("Claims waiting for you"),
        gettext_lazy("to submit, review, approve or put on public notice"),
        claims_to_decide,
        "subsidies:claims",
        "?mine=1",
    ),
    Duty(
        frozenset({Role.FINANCE_OFFICER}),
        gettext_lazy("Confirmed claims to be paid"),
        gettext_lazy("to be collected in a payout batch"),
        claims_to_pay,
        "subsidies:batches",
    ),
    Duty(
        frozenset({Role.FINANCE_OFFICER, Role.CITY_OFFICER}),
        gettext_lazy("Payout batches under way"),
        gettext_lazy("to lock, approve, export or settle"),
        batches_to_decide,
        "subsidies:batches",
    ),
    Duty(
        LINKERS,
        gettext_lazy("Accounts to be linked"),
        gettext_lazy("the identity number could not be matched, or a phone is lost"),
        links_to_settle,
        "accounts:links",
    ),
)


def waiting(user: Any, now: datetime) -> list[Waiting]:
    """The piles of this person, largest first, empty ones too; none for who has no such duty."""
    piles = [
        Waiting(duty.label, duty.note, duty.count(user), reverse(duty.url_name) + duty.rows)
        for duty in DUTIES
        if user.has_role(*duty.roles)
    ]
    if user.has_role(*TEACHERS):
        piles.append(_sessions(user, now))
    return sorted(piles, key=lambda pile: -pile.count)


def _sessions(user: Any, now: datetime) -> Waiting:
    return Waiting(
        gettext_lazy("Sessions today and tomorrow"),
        gettext_lazy("check-in opens half an hour before"),
        sessions_soon(user, now),
        reverse("attendance:list"),
    )
