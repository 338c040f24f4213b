"""What a certificate would bring today, by every policy that governs it. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from cohorts.certificates.models import Certificate
from cohorts.subsidies.benefits import ONE_OFF
from cohorts.subsidies.conditions import Verdict
from cohorts.subsidies.entitlement import Outcome, Weighed, decide
from cohorts.subsidies.models import Claim, Policy, PolicyVersion
from cohorts.subsidies.services.facts import collect_facts
from cohorts.subsidies.services.policies import governing_facts
from cohorts.subsidies.transitions import GIVEN_UP
from cohorts.subsidies.window import Window, claim_window


@dataclass(frozen=True)
class Outlook:
    """One benefit as it stands for one certificate, and the claim to it if there is one."""

    certificate: Certificate
    version: PolicyVersion
    weighed: Weighed
    claim: Claim | None

    @property
    def by_person(self) -> bool:
        """Whether the person claims it; what is paid by the month is drawn up by the office."""
        benefits = {row.id: row for row in self.version.rulebook.benefits}
        return benefits[self.weighed.benefit].shape == ONE_OFF

    @property
    def window(self) -> Window | None:
        """Until when it can be claimed; None where its policy sets no window."""
        rulebook = self.version.rulebook
        own = next(row for row in rulebook.benefits if row.id == self.weighed.benefit)
        return claim_window((rulebook.common, own.conditions), self.certificate.approved_on)

    @property
    def claimable(self) -> bool:
        return self.claim is None and self.by_person and bool(self.weighed.lines)


def outlooks(certificates: Sequence[Certificate], *, now: datetime) -> list[Outlook]:
    """The benefits that a certificate of this level can bring, best first.

    Two policies may promise one award, of which only one can ever be paid: the one that brings it
    nearest is shown, the newer one where they are equal.
    """
    today = timezone.localdate(now)
    facts = collect_facts(certificates, as_of=today, applied_on=today)
    claims = _claims(certificates)
    found: list[Outlook] = []
    for certificate in certificates:
        document = facts[certificate.pk]
        for version in _governing(certificate, document):
            for weighed in decide(version.rulebook, document).benefits:
                if weighed.award is not None:
                    claim = claims.get((certificate.person_id, weighed.award))
                    found.append(Outlook(certificate, version, weighed, claim))
    best: dict[tuple[int, str | None], Outlook] = {}
    for outlook in sorted(found, key=_order):
        best.setdefault((outlook.certificate.pk, outlook.weighed.award), outlook)
    return list(best.values())


NEAREST = {Outcome.ELIGIBLE: 0, Outcome.NEEDS_INFO: 1, Outcome.NOT_ELIGIBLE: 2}


def _order(outlook: Outlook) -> tuple[bool, int, int, int, int]:
    weighed, rulebook = outlook.weighed, outlook.version.rulebook
    open_findings = sum(found.verdict != Verdict.MET for found in weighed.findings)
    return (
        outlook.claim is None or outlook.claim.version_id != outlook.version.pk,
        NEAREST[weighed.outcome],
        open_findings,
        -rulebook.effective_from.toordinal(),
        -rulebook.benefits[0].amounts_fen.get(outlook.certificate.level_id, 0),
    )


def _governing(certificate: Certificate, facts: dict[str, object]) -> list[PolicyVersion]:
    region = str(certificate.region_id)
    codes = [region[:length] for length in range(2, len(region) + 1)]
    policies = Policy.objects.filter(region__in=codes).order_by("pk")
    versions = (governing_facts(policy.code, facts) for policy in policies)
    return [version for version in versions if version is not None]


def _claims(certificates: Sequence[Certificate]) -> dict[tuple[int, str], Claim]:
    persons = {row.person_id for row in certificates}
    rows = Claim.objects.across_regions().filter(person__in=persons, period="once")
    standing = rows.exclude(state__in=GIVEN_UP)
    latest_last = standing.select_related("decision").order_by("pk")
    return {(row.person_id, row.award_key): row for row in latest_last}
