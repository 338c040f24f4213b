"""Decide what a person is entitled to: the policy's rules and the facts in, reasons out.

No clock, no database, no chance: the day looked at is a fact (`as_of`). The same rules and the
same facts give the same entitlement, byte for byte, so that a decision can be replayed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from cohorts.subsidies.benefits import (
    MONTHLY,
    ONCE,
    Benefit,
    Line,
    upgrade_sight,
    weigh_months,
)
from cohorts.subsidies.conditions import (
    Condition,
    Finding,
    Group,
    Leaf,
    Verdict,
    finding_of,
    fold,
    leaves_of,
    reasons,
)
from cohorts.subsidies.facts import Document, Facts, Json, fingerprint, read_facts
from cohorts.subsidies.vocabulary import judge

if TYPE_CHECKING:
    from cohorts.subsidies.rulebook import Rulebook

# Raised when the same rules and facts would give another answer than before.
ENGINE = "1"


class Outcome(StrEnum):
    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    NEEDS_INFO = "needs_info"


OUTCOMES: Mapping[Verdict, Outcome] = {
    Verdict.MET: Outcome.ELIGIBLE,
    Verdict.NOT_MET: Outcome.NOT_ELIGIBLE,
    Verdict.UNKNOWN: Outcome.NEEDS_INFO,
}


@dataclass(frozen=True)
class Fix:
    """The one finding that stands in the way, and what the outcome would be without it."""

    finding: str
    text: str
    then: Outcome

    def as_json(self) -> dict[str, Json]:
        return {"finding": self.finding, "text": self.text, "then": self.then.value}


@dataclass(frozen=True)
class Weighed:
    """One benefit of the policy, weighed."""

    benefit: str
    title: str
    award: str | None
    outcome: Outcome
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]
    why_not: tuple[str, ...]
    missing: tuple[str, ...]
    nearest_fix: Fix | None

    @property
    def amount_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)

    def as_json(self) -> dict[str, Json]:
        return {
            "benefit": self.benefit,
            "award": self.award,
            "outcome": self.outcome.value,
            "amount_fen": self.amount_fen,
            "findings": [finding.id for finding in self.findings],
            "why_not": list(self.why_not),
            "missing": list(self.missing),
            "nearest_fix": self.nearest_fix.as_json() if self.nearest_fix else None,
        }


@dataclass(frozen=True)
class Entitlement:
    """The whole answer. Eligible when any benefit is; otherwise needs_info when any could be."""

    outcome: Outcome
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]
    why_not: tuple[str, ...]
    missing: tuple[str, ...]
    nearest_fix: Fix | None
    benefits: tuple[Weighed, ...]
    policy_version: str
    policy_sha256: str
    facts_sha256: str

    @property
    def amount_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)

    def as_json(self) -> dict[str, Json]:
        return {
            "engine": ENGINE,
            "outcome": self.outcome.value,
            "amount_fen": self.amount_fen,
            "lines": [line.as_json() for line in self.lines],
            "findings": [finding.as_json() for finding in self.findings],
            "why_not": list(self.why_not),
            "missing": list(self.missing),
            "nearest_fix": self.nearest_fix.as_json() if self.nearest_fix else None,
            "benefits": [benefit.as_json() for benefit in self.benefits],
            "policy_version": self.policy_version,
            "policy_sha256": self.policy_sha256,
            "facts_sha256": self.facts_sha256,
        }


def decide(rulebook: "Rulebook", document: Document) -> Entitlement:
    """The entitlement of a facts document (schemas/facts.schema.json) under a policy version.

    A fact `award` narrows the decision to the benefit that grants it.
    """
    facts = read_facts(document)
    common = tuple(judge(leaf, facts) for leaf in leaves_of(rulebook.common))
    benefits = tuple(
        _weigh(benefit, rulebook.common, common, facts)
        for benefit in rulebook.benefits
        if facts.award is None or facts.award.rpartition("/")[0] == benefit.family
    )
    outcome = _overall(benefit.outcome for benefit in benefits)
    deciding = [benefit for benefit in benefits if benefit.outcome is outcome]
    return Entitlement(
        outcome=outcome,
        lines=tuple(line for benefit in deciding for line in benefit.lines),
        findings=_once(finding for benefit in benefits for finding in benefit.findings),
        why_not=tuple(dict.fromkeys(name for benefit in deciding for name in benefit.why_not)),
        missing=tuple(dict.fromkeys(name for benefit in deciding for name in benefit.missing)),
        nearest_fix=_best(benefit.nearest_fix for benefit in benefits)
        if outcome is not Outcome.ELIGIBLE
        else None,
        benefits=benefits,
        policy_version=rulebook.label,
        policy_sha256=rulebook.sha256,
        facts_sha256=fingerprint(document),
    )


def _overall(outcomes: Iterable[Outcome]) -> Outcome:
    seen = set(outcomes)
    for outcome in (Outcome.ELIGIBLE, Outcome.NEEDS_INFO):
        if outcome in seen:
            return outcome
    return Outcome.NOT_ELIGIBLE


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple({finding.id: finding for finding in findings}.values())


def _weigh(
    benefit: Benefit, common: Condition, common_findings: tuple[Finding, ...], facts: Facts
) -> Weighed:
    level = facts.certificate.level
    payable = level if level in benefit.amounts_fen else None
    facts = replace(facts, award=benefit.award(payable) if payable else None)
    own = tuple(judge(leaf, facts) for leaf in leaves_of(benefit.conditions))
    extra = _weigh_amount(benefit, payable, facts)
    findings = (*common_findings, *own, *extra.findings)
    tree = Group("all", (common, benefit.conditions, *extra.conditions))
    verdicts = {finding.id: finding.verdict for finding in findings}
    outcome = OUTCOMES[fold(tree, verdicts)]
    blamed = reasons(tree, verdicts)
    return Weighed(
        benefit=benefit.id,
        title=benefit.title,
        award=facts.award,
        outcome=outcome,
        lines=extra.lines if outcome is Outcome.ELIGIBLE else (),
        findings=findings,
        why_not=blamed if outcome is Outcome.NOT_ELIGIBLE else (),
        missing=_missing(findings, blamed) if outcome is Outcome.NEEDS_INFO else (),
        nearest_fix=_nearest_fix(tree, verdicts, blamed),
    )


def _missing(findings: tuple[Finding, ...], blamed: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found.fact for found in findings if found.id in blamed))


@dataclass(frozen=True)
class _Amount:
    """What the amount adds to a benefit: its lines, and conditions of its own."""

    lines: tuple[Line, ...] = ()
    conditions: tuple[Condition, ...] = ()
    findings: tuple[Finding, ...] = ()


def _weigh_amount(benefit: Benefit, level: str | None, facts: Facts) -> _Amount:
    if benefit.shape == MONTHLY:
        return _weigh_monthly(benefit, level, facts)
    if level is None:
        return _Amount()
    line = Line(benefit.award(level), level, ONCE, benefit.amounts_fen[level])
    if benefit.upgrade.rule == "full":
        return _Amount(lines=(line,))
    sight, amount_fen = upgrade_sight(benefit, level, facts)
    rule = benefit.upgrade
    leaf = Leaf(f"{benefit.id}.upgrade", "upgrade", rule.text, rule.article)
    lines = (replace(line, amount_fen=amount_fen),)
    return _Amount(lines, (leaf,), (finding_of(leaf, sight, facts),))


def _weigh_monthly(benefit: Benefit, level: str | None, facts: Facts) -> _Amount:
    rule, holding = benefit.months, benefit.holding
    if rule is None or holding is None:
        raise ValueError(f"monthly benefit {benefit.id} has no months")

    def look(day: Facts) -> tuple[Verdict, tuple[Finding, ...]]:
        found = tuple(judge(leaf, day) for leaf in leaves_of(holding))
        return fold(holding, {finding.id: finding.verdict for finding in found}), found

    months = weigh_months(rule, facts.award or "", facts, look)
    leaf = Leaf(f"{benefit.id}.months", "months", rule.text, rule.article)
    lines = [
        Line(benefit.award(level), level, month, benefit.amounts_fen[level])
        for month in months.counted
        if level
    ]
    findings = (*months.findings, finding_of(leaf, months.sight, facts))
    return _Amount(tuple(lines), (holding, leaf), findings)


def _nearest_fix(
    tree: Group, verdicts: Mapping[str, Verdict], blamed: tuple[str, ...]
) -> Fix | None:
    """Turn each blamed leaf alone to met, and keep the turn that brings the claim furthest."""
    texts = {leaf.id: leaf.fix for leaf in leaves_of(tree)}
    before = fold(tree, verdicts)
    fixes: list[Fix | None] = []
    for name in blamed:
        after = fold(tree, {**verdicts, name: Verdict.MET})
        if after is not before:
            fixes.append(Fix(name, texts[name], OUTCOMES[after]))
    return _best(fixes)


def _best(fixes: Iterable[Fix | None]) -> Fix | None:
    """The first fix that leads to money; among equals, one that the policy says how to do."""
    found = [fix for fix in fixes if fix is not None]
    found.sort(key=lambda fix: (fix.then is not Outcome.ELIGIBLE, not fix.text))
    return found[0] if found else None
