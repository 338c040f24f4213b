"""Two claims of 2025, left at the desks of the city and of finance, so that both have work."""

from datetime import date

from django.db import transaction

from cms.demo.money_story import LATER_POLICY, certificates_of, officer, on
from cohorts.certificates import services as certificates
from cohorts.certificates.models import Certificate
from cohorts.subsidies import services as subsidies
from cohorts.subsidies.models import Claim, PolicyVersion

YEAR = 2025
APPROVED_ON = date(2025, 6, 15)
NUMBERS = ("20250606626405210060101", "20250606626405210060102")


def claims_are_in_hand() -> bool:
    """Return whether claims of the year exist, wherever visitors have led them since."""
    return bool(_claims())


@transaction.atomic
def take_in_hand() -> None:
    """The first two 中级 certificates of 中宁县 go ahead; the others wait for the county."""
    certificates.record_many(
        [(row, number, APPROVED_ON) for row, number in zip(_first_two(), NUMBERS, strict=True)],
        actor=officer("zhongning-2"),
        now=on("2025-11-03"),
    )
    certificates.confirm_many(_first_two(), actor=officer("county"), now=on("2025-11-04"))
    version = PolicyVersion.objects.get(policy__code=LATER_POLICY, state="published")
    subsidies.propose_due(version, now=on("2025-11-06"), actor=officer("city-2"))
    subsidies.submit_many(_claims(), actor=officer("county"), now=on("2025-11-07"))
    subsidies.review_many(_claims(), actor=officer("zhongning-2"), now=on("2025-11-10"))
    subsidies.approve_many(_claims()[:1], actor=officer("city-3"), now=on("2025-11-12"))
    subsidies.open_notice(_claims()[:1], actor=officer("city-3"), now=on("2025-11-13"))
    subsidies.confirm_due(now=on("2025-11-24"), actor=officer("city-3"))


def _first_two() -> list[Certificate]:
    rows = certificates_of(YEAR, "expected", "recorded", "checked")
    return [row for row in rows if row.level_id == "intermediate"][:2]


def _claims() -> list[Claim]:
    return list(Claim.objects.across_regions().filter(exam_year=YEAR).order_by("pk"))
