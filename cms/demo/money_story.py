"""The money half of the story, from the results of 2023 to the 19 payments, on the days it took.

Every stage is one call of a public service or importer, by the person whose duty it is. Reviewer,
approver and payer of a claim are three people; so are those who open, lock and approve a batch.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from cms.accounts.models import AuditEntry, Person, User
from cms.accounts.services import link_account
from cms.core.plans import ImportPlan
from cms.demo.make_files import FILES
from cms.demo.people import TRAINEE_NAME
from cohorts.certificates import services as certificates
from cohorts.certificates.models import Certificate
from cohorts.posts import services as posts
from cohorts.results import services as results
from cohorts.results.models import ResultImport
from cohorts.subsidies import services as subsidies
from cohorts.subsidies.models import Claim, PayoutBatch, PolicyVersion
from cohorts.subsidies.transitions import ClaimState

CITY, YEAR = "6405", 2023
LATE_YEAR = 2024  # results partly reported, certificates partly checked
POLICY = "zhongwei-2023"
POLICY_FILE = Path(subsidies.__file__).parent.parent / "policies" / f"{POLICY}.json"
LATER_POLICY = "zhongwei-2025"
LATER_POLICY_FILE = Path(__file__).parent / "files" / f"policy-{LATER_POLICY}.json"
BUDGET_FEN = 6_000_000
ANY_STATE = tuple(ClaimState)
# Who files and who reviews the claims of a county.
FILERS = {"640502": "shapotou", "640521": "county", "640522": "haiyuan"}
REVIEWERS = {"640502": "shapotou-2", "640521": "zhongning-2", "640522": "haiyuan-2"}


def on(day: str, hour: int = 10) -> datetime:
    """A working hour of a day of the story, at home."""
    return timezone.make_aware(datetime.fromisoformat(f"{day}T{hour:02d}:00"))


def officer(username: str) -> User:
    """The account, loaded anew so that it has the roles of now."""
    return User.objects.get(username=username)


# --- registers and results ------------------------------------------------------------------------
def was_imported(filename: str) -> bool:
    """Return whether somebody has written this file."""
    if ResultImport.objects.across_regions().filter(filename=filename).exists():
        return True
    return AuditEntry.objects.across_regions().filter(target=filename).exists()


def import_results(filename: str, *, year: int, by: str, day: str) -> ImportPlan:
    """A results workbook, as somebody uploads it."""
    return results.apply_import(
        (FILES / filename).read_bytes(),
        filename,
        options={"year": year, "region": None},
        actor=officer(by),
        now=on(day),
    )


def import_register(filename: str, *, by: str, day: str) -> ImportPlan:
    """The register of earlier holders."""
    content = (FILES / filename).read_bytes()
    return certificates.apply_register(
        content, filename, options={"region": None}, actor=officer(by), now=on(day)
    )


def import_posts(filename: str, *, by: str, day: str) -> ImportPlan:
    """Appointments, appraisals, insurance months."""
    content = (FILES / filename).read_bytes()
    return posts.apply_import(
        content, filename, options={"region": None}, actor=officer(by), now=on(day)
    )


def import_payees(filename: str, *, by: str, day: str) -> ImportPlan:
    """The accounts that the money goes to."""
    content = (FILES / filename).read_bytes()
    return subsidies.apply_payees(content, filename, options={}, actor=officer(by), now=on(day))


# --- certificates ---------------------------------------------------------------------------------
def certificates_of(year: int, *states: str) -> list[Certificate]:
    """Certificates of an exam year in these states."""
    rows = Certificate.objects.across_regions().filter(exam_year=year, state__in=states)
    return list(rows.order_by("region_id", "pk"))


def expect_certificates(*, by: str, day: str) -> None:
    """Complete passes without a certificate: certificates are expected."""
    actor = officer(by)
    certificates.expect_due(now=on(day), actor=actor, region=actor.scope.regions[0])


def are_expected(year: int) -> bool:
    """Return whether the passes of the year have been turned into certificates."""
    return bool(certificates_of(year, "expected", "recorded", "checked"))


def record_certificates() -> None:
    """Each county enters what its results sheet says of number and date."""
    for region, rows in _by_county(certificates_of(YEAR, "expected")).items():
        certificates.record_numbers(rows, actor=officer(FILERS[region]), now=on("2023-10-17"))


def check_certificates() -> None:
    """A second officer of the county compares number and date with the certificate."""
    for region, rows in _by_county(certificates_of(YEAR, "recorded")).items():
        certificates.confirm_many(rows, actor=officer(REVIEWERS[region]), now=on("2023-10-24"))


def record_certificates_of_2024() -> None:
    """What the sheet names is entered; 海原县 has nobody free to compare it, 沙坡头区 half so."""
    for region, rows in _by_county(certificates_of(LATE_YEAR, "expected")).items():
        certificates.record_numbers(rows, actor=officer(FILERS[region]), now=on("2024-10-21"))
    recorded = _by_county(certificates_of(LATE_YEAR, "recorded"))
    half = len(recorded["640502"]) // 2
    for region, rows in (
        ("640502", recorded["640502"][:half]),
        ("640521", recorded["640521"]),
    ):
        certificates.confirm_many(rows, actor=officer(REVIEWERS[region]), now=on("2024-11-04"))


def _by_county(rows: list[Certificate]) -> Mapping[str, list[Certificate]]:
    return {code: [row for row in rows if row.region_id == code] for code in FILERS}


# --- policy and claims ----------------------------------------------------------------------------
def policy_version() -> PolicyVersion | None:
    """The published version of the policy of the story."""
    return PolicyVersion.objects.filter(policy__code=POLICY, state="published").first()


def policy_was_published() -> bool:
    """Return whether it has ever been in force."""
    versions = PolicyVersion.objects.filter(policy__code=POLICY)
    return versions.filter(state__in=["published", "retired"]).exists()


def publish_policy() -> None:
    """One officer of the city loads the policy, another publishes it."""
    document = json.loads(POLICY_FILE.read_text(encoding="utf-8"))
    version, _ = subsidies.load_policy(document, actor=officer("city-2"), now=on("2023-10-26"))
    subsidies.publish(version, actor=officer("city-3"), now=on("2023-10-27"))


def later_policy_was_published() -> bool:
    return PolicyVersion.objects.filter(policy__code=LATER_POLICY, state="published").exists()


def publish_later_policy() -> None:
    """The rules for 2025, so that the certificates still open lead somewhere."""
    document = json.loads(LATER_POLICY_FILE.read_text(encoding="utf-8"))
    version, _ = subsidies.load_policy(document, actor=officer("city-2"), now=on("2025-08-07"))
    subsidies.publish(version, actor=officer("city-3"), now=on("2025-08-08"))


def propose_claims() -> None:
    """A draft claim, with every finding, for each checked certificate of the year."""
    version = policy_version()
    if version is not None:
        subsidies.propose_due(version, now=on("2023-11-01"), actor=officer("city-2"))


def claims(*states: str) -> list[Claim]:
    """Claims of the year in these states."""
    rows = Claim.objects.across_regions().filter(exam_year=YEAR, state__in=states)
    return list(rows.order_by("region_id", "pk"))


def submit_claims() -> None:
    """Each county files the claims of its people."""
    for region, username in FILERS.items():
        own = [claim for claim in claims("draft") if claim.region_id == region]
        subsidies.submit_many(own, actor=officer(username), now=on("2023-11-02"))


def review_claims() -> None:
    """Another officer of the county reviews them."""
    for region, username in REVIEWERS.items():
        own = [claim for claim in claims("submitted") if claim.region_id == region]
        subsidies.review_many(own, actor=officer(username), now=on("2023-11-06"))


def approve_claims() -> None:
    """The city approves."""
    subsidies.approve_many(claims("reviewed"), actor=officer("city"), now=on("2023-11-08"))


def open_notice() -> None:
    """Five working days before the public."""
    subsidies.open_notice(claims("approved"), actor=officer("city"), now=on("2023-11-09"))


def confirm_claims() -> None:
    """The day after the notice has ended."""
    subsidies.confirm_due(now=on("2023-11-17"), actor=officer("city"))


# --- payment --------------------------------------------------------------------------------------
def batch() -> PayoutBatch | None:
    """The batch of the year."""
    return PayoutBatch.objects.across_regions().filter(region=CITY, year=YEAR).first()


def is_past(*states: str) -> bool:
    """Return whether the batch exists and stands in none of these states."""
    found = batch()
    return found is not None and found.state not in states


def open_batch() -> None:
    """Finance records the budget and collects what is due."""
    actor = officer("finance")
    subsidies.allot_budget(
        region=CITY,
        year=YEAR,
        amount_fen=BUDGET_FEN,
        reference="2023年社会工作专业人才奖补资金（示例）",
        actor=actor,
        now=on("2023-11-20"),
    )
    subsidies.open_batch(region=CITY, year=YEAR, actor=actor, now=on("2023-11-20", 14))


def pay_batch() -> None:
    """Locked, approved, exported and settled by different hands, on different days."""
    steps = (
        ("draft", subsidies.lock_batch, "finance-2", "2023-11-21"),
        ("locked", subsidies.approve_batch, "city-3", "2023-11-23"),
        ("approved", subsidies.export_batch, "finance", "2023-11-24"),
        ("exported", subsidies.settle_batch, "finance", "2023-12-05"),
    )
    for state, step, username, day in steps:
        found = batch()
        if found is not None and found.state == state:
            step(found, actor=officer(username), now=on(day))


# --- the demo trainee -----------------------------------------------------------------------------
def trainee() -> Person | None:
    """The person behind the demo trainee: one of the 19, in 沙坡头区."""
    return Person.objects.across_regions().filter(name=TRAINEE_NAME).first()


def trainee_is_linked() -> bool:
    """Return whether the demo trainee's account belongs to that person."""
    person = trainee()
    return person is not None and person.user_id is not None


def link_trainee(now: datetime) -> None:
    """By the word of an officer of the county."""
    person = trainee()
    if person is not None:
        user = officer("trainee")
        linked_at = now - timedelta(days=30)
        link_account(person=person, user=user, actor=officer("shapotou"), now=linked_at)
