"""Load, check, publish and retire versions of a policy."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from cms.accounts.models import Region, User
from cms.accounts.services import audit
from cms.core.errors import Refused
from cms.core.wording import Message
from cohorts.subsidies.examples import Trial, run_examples, uncovered
from cohorts.subsidies.facts import Document
from cohorts.subsidies.models import Policy, PolicyExample, PolicyVersion
from cohorts.subsidies.models.policy import IN_FORCE
from cohorts.subsidies.rulebook import Rulebook, read_rulebook, rules_of
from cohorts.subsidies.services.authority import require_authority
from cohorts.subsidies.transitions import CHECKERS, VERSION_STEPS, VersionAction


@transaction.atomic
def load_policy(document: Document, *, actor: User, now: datetime) -> tuple[PolicyVersion, bool]:
    """Store a policy document as a version; the same document again changes nothing.

    Raises PolicyRefused where it cannot be read, Refused where this version number is taken by
    other rules. A version whose examples all pass is `checked`, any other stays `draft`.
    """
    rulebook = read_rulebook(document)
    known = _known(rulebook)
    if known is not None:
        return known, False
    require_authority(actor, rulebook.region, CHECKERS)
    policy, _ = Policy.objects.get_or_create(
        code=rulebook.code,
        defaults={"title": rulebook.title, "region": Region.objects.get(code=rulebook.region)},
    )
    version = PolicyVersion.objects.create(
        policy=policy,
        number=rulebook.version,
        effective_from=rulebook.effective_from,
        effective_to=rulebook.effective_to,
        rules=rules_of(document),
        sha256=rulebook.sha256,
        author=actor,
        loaded_at=now,
    )
    _add_examples(version, document)
    _note(version, "load_policy", actor=actor, now=now)
    if not problems_of(version):
        _move(version, VersionAction.CHECK)
    return version, True


def _known(rulebook: Rulebook) -> PolicyVersion | None:
    known = PolicyVersion.objects.filter(
        policy__code=rulebook.code, number=rulebook.version
    ).first()
    if known is not None and known.sha256 != rulebook.sha256:
        raise Refused(
            "version_taken",
            Message(
                "Version %(number)s of this policy is stored with other rules: raise the number.",
                number=rulebook.version,
            ),
        )
    return known


def _add_examples(version: PolicyVersion, document: Document) -> None:
    PolicyExample.objects.bulk_create(
        PolicyExample(
            version=version,
            number=number,
            title=row["title"],
            article=row.get("article", ""),
            facts=row["facts"],
            expected=row["expected"],
        )
        for number, row in enumerate(document["examples"], start=1)
    )


def trials_of(version: PolicyVersion) -> tuple[Trial, ...]:
    """The examples of a version, run now."""
    rows = version.examples.values("title", "facts", "expected")
    return run_examples(version.rulebook, list(rows))


def problems_of(version: PolicyVersion) -> tuple[Message, ...]:
    """What keeps a version from being published: failing examples, verdicts never seen."""
    trials = trials_of(version)
    failed = [problem for trial in trials for problem in trial.problems]
    return (*failed, *uncovered(version.rulebook, trials))


@transaction.atomic
def check_version(version: PolicyVersion, *, actor: User, now: datetime) -> None:
    """Raises Refused with every example that does not pass."""
    _require(version, VersionAction.CHECK, actor)
    _refuse_with_problems(version)
    _move(version, VersionAction.CHECK)
    _note(version, "check_policy", actor=actor, now=now)


@transaction.atomic
def publish(version: PolicyVersion, *, actor: User, now: datetime) -> None:
    """Put a checked version in force. Its author cannot; its days must be free."""
    PolicyVersion.objects.select_for_update().get(pk=version.pk)
    _require(version, VersionAction.PUBLISH, actor)
    if version.author_id == actor.pk:
        raise Refused(
            "own_version", Message("You loaded this version; somebody else has to publish it.")
        )
    _refuse_with_problems(version)
    _refuse_overlap(version)
    _move(version, VersionAction.PUBLISH, published_by=actor, published_at=now)
    _note(version, "publish_policy", actor=actor, now=now)


@transaction.atomic
def retire(version: PolicyVersion, *, on: date, reason: str, actor: User, now: datetime) -> None:
    """End a version: `on` is the first day it no longer governs. Its claims keep it.

    Retiring only shortens: a version that ends already has given the days after to its successor.
    """
    _require(version, VersionAction.RETIRE, actor)
    if not reason.strip():
        raise Refused("reason_needed", Message("Say why."), status=400)
    if on <= version.effective_from:
        raise Refused("ends_too_early", Message("The version must end after it began."))
    ends = version.effective_to
    if ends is not None and on > ends:
        raise Refused(
            "ends_too_late", Message("The version ends on %(day)s already.", day=ends.isoformat())
        )
    _move(version, VersionAction.RETIRE, effective_to=on)
    _note(version, "retire_policy", actor=actor, now=now, reason=reason)


def governing(code: str, day: date) -> PolicyVersion | None:
    """The version of a policy that governs a day; none where there is none or more than one."""
    found = PolicyVersion.objects.in_force(day).filter(policy__code=code)[:2]
    return found[0] if len(found) == 1 else None


def governing_facts(code: str, facts: Document) -> PolicyVersion | None:
    """The version that governs a case, by the date that its own rule names: the exam year, the
    approval date or the day of application; where that is not known, the day looked at.
    """
    versions = PolicyVersion.objects.filter(policy__code=code, state__in=IN_FORCE)
    named = [row for row in versions.order_by("-number") if _names(row, facts)]
    if named:
        return named[0]
    day = facts.get("as_of")
    return governing(code, date.fromisoformat(day)) if day else None


def _names(version: PolicyVersion, facts: Document) -> bool:
    rulebook = version.rulebook
    certificate = facts.get("certificate") or {}
    if rulebook.governed_by == "exam_year":
        return certificate.get("exam_year") in rulebook.exam_years
    asked = {"certificate_date": certificate.get("approved_on")}
    day = asked.get(rulebook.governed_by, facts.get("applied_on"))
    if day is None:
        return False
    ends = version.effective_to
    return version.effective_from <= date.fromisoformat(day) and (
        ends is None or date.fromisoformat(day) < ends
    )


def _require(version: PolicyVersion, action: VersionAction, actor: User) -> None:
    """Only officers of the issuing area (or one above it) speak for its policies."""
    require_authority(actor, version.policy.region_id, VERSION_STEPS[action].roles)


def _refuse_with_problems(version: PolicyVersion) -> None:
    problems = problems_of(version)
    if problems:
        raise Refused(
            "examples_fail",
            Message("%(count)s examples do not pass yet.", count=len(problems)),
            {"problems": [str(problem) for problem in problems]},
        )


def _refuse_overlap(version: PolicyVersion) -> None:
    """On PostgreSQL an exclusion constraint says the same; on SQLite the transaction is alone."""
    others = PolicyVersion.objects.filter(policy=version.policy_id, state__in=IN_FORCE)
    if version.effective_to is not None:
        others = others.filter(effective_from__lt=version.effective_to)
    open_ended = Q(effective_to__isnull=True) | Q(effective_to__gt=version.effective_from)
    if others.filter(open_ended).exclude(pk=version.pk).exists():
        raise Refused(
            "versions_overlap", Message("Another version is in force on some of these days.")
        )


def _move(version: PolicyVersion, action: VersionAction, **changes: object) -> None:
    step = VERSION_STEPS[action]
    moved = PolicyVersion.objects.filter(pk=version.pk, state__in=step.sources).update(
        state=step.target, **changes
    )
    if not moved:
        raise Refused("wrong_state", Message("This version has moved on in the meantime."))
    version.refresh_from_db()


def _note(
    version: PolicyVersion, action: str, *, actor: User, now: datetime, reason: str = ""
) -> None:
    audit(
        actor=actor,
        action=action,
        target=f"policy {version.policy.code}/{version.number}",
        region=version.policy.region_id,
        now=now,
        reason=reason,
    )
