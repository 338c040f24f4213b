"""What waits for one person, counted from the facts: nothing is stored as a task."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cms.accounts.models import LinkRequest
from cms.accounts.roles import LINKERS, OFFICERS, REGIONAL, Role
from cohorts.certificates.models import Certificate
from cohorts.subsidies.models import Claim, PayoutBatch


@dataclass(frozen=True)
class Waiting:
    """A pile of records of one kind that this person can move on."""

    label: str
    note: str
    count: int
    url: str
    due: str = ""
    tone: str = ""


def certificates_to_check(user: Any) -> int:
    open_ones = Certificate.objects.visible_to(user, *OFFICERS)
    return open_ones.filter(state__in=["expected", "recorded"]).count()


def claims_to_decide(user: Any) -> int:
    """Claims in a state that one of this person's roles moves on."""
    states = []
    if user.has_role(Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER):
        states += ["draft", "submitted"]
    if user.has_role(Role.CITY_OFFICER):
        states += ["reviewed", "approved"]
    return Claim.objects.visible_to(user).filter(state__in=states).count() if states else 0


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


def waiting(user: Any) -> list[Waiting]:
    """The piles of this person, largest first, empty ones too; none for who has no such duty."""
    if not user.has_role(*REGIONAL):
        return []
    piles = [
        Waiting(
            _("Certificates to record or check"),
            _("expected from complete passes, or recorded and not yet checked"),
            certificates_to_check(user),
            reverse("certificates:list"),
        ),
        Waiting(
            _("Claims waiting for you"),
            _("to submit, review, approve or put on public notice"),
            claims_to_decide(user),
            reverse("subsidies:claims"),
        ),
        Waiting(
            _("Confirmed claims to be paid"),
            _("to be collected in a payout batch"),
            claims_to_pay(user),
            reverse("subsidies:batches"),
        ),
        Waiting(
            _("Payout batches under way"),
            _("to lock, approve, export or settle"),
            batches_to_decide(user),
            reverse("subsidies:batches"),
        ),
    ]
    if user.has_role(*LINKERS):
        piles.append(
            Waiting(
                _("Accounts to be linked"),
                _("identity number, name or phone does not fit what is on record"),
                links_to_settle(user),
                reverse("accounts:links"),
            )
        )
    return sorted(piles, key=lambda pile: -pile.count)
