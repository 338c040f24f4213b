"""Read a policy version and the facts put to it; refuse what they cannot mean.

Both are JSON and have a schema under schemas/, of which docs/ holds a copy. The schema says what
may be written; the checks here say what may be meant (names used once, dates in order, references
that lead somewhere).
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from cms.core.wording import Message
from cohorts.subsidies.benefits import MONTHLY, Benefit, MonthRule, UpgradeRule
from cohorts.subsidies.conditions import Condition, Group, Leaf, leaves_of, read_condition
from cohorts.subsidies.facts import Document, fingerprint
from cohorts.subsidies.vocabulary import VOCABULARY

SCHEMAS = Path(__file__).resolve().parent / "schemas"
MOST_PROBLEMS = 20
NOTHING = Group("all", ())
FULL = UpgradeRule("full", "")


class UnreadableError(ValueError):
    """A document that breaks its schema or contradicts itself; carries every problem found."""

    def __init__(self, problems: list[Message]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


class PolicyRefused(UnreadableError):
    """A policy document that must not be loaded."""


class FactsRefused(UnreadableError):
    """A facts document that must not be decided on."""


@dataclass(frozen=True)
class Assumption:
    """Something the text of the policy leaves open, and what was taken until somebody decides."""

    id: str
    about: str
    text: str


@dataclass(frozen=True)
class Rulebook:
    """A policy version, ready to decide with."""

    code: str
    version: int
    title: str
    region: str
    effective_from: date
    effective_to: date | None
    governed_by: str
    exam_years: tuple[int, ...]
    notice_working_days: int
    notice_telephone: str
    common: Condition
    benefits: tuple[Benefit, ...]
    assumptions: tuple[Assumption, ...]
    sha256: str

    @property
    def label(self) -> str:
        return f"{self.code}/{self.version}"

    def leaves(self) -> Iterator[Leaf]:
        yield from leaves_of(self.common)
        for benefit in self.benefits:
            yield from leaves_of(benefit.conditions)
            if benefit.holding is not None:
                yield from leaves_of(benefit.holding)

    def benefit_of(self, award: str) -> Benefit | None:
        family = award.rpartition("/")[0]
        return next((row for row in self.benefits if row.family == family), None)


def rules_of(document: Document) -> dict[str, Any]:
    """The document without its examples, which test the rules and are no part of them."""
    return {name: value for name, value in document.items() if name != "examples"}


def read_rulebook(document: Document) -> Rulebook:
    """Return the rules of a policy document, or raise PolicyRefused with every problem."""
    problems = schema_problems(document, "policy.schema.json")
    if problems:
        raise PolicyRefused(problems)
    rulebook = _rulebook(document)
    contradictions = list(_contradictions(rulebook, document))
    if contradictions:
        raise PolicyRefused(contradictions)
    return rulebook


def check_facts(document: Document, rulebook: Rulebook) -> None:
    """Raise FactsRefused unless the facts can be put to this policy."""
    problems = schema_problems(document, "facts.schema.json")
    if not problems:
        problems = list(_facts_contradictions(document, rulebook))
    if problems:
        raise FactsRefused(problems)


def schema_problems(document: object, schema: str) -> list[Message]:
    errors = sorted(_validator(schema).iter_errors(document), key=lambda error: list(error.path))
    return [
        Message("%(where)s: %(problem)s", where=error.json_path, problem=error.message)
        for error in errors[:MOST_PROBLEMS]
    ]


@cache
def _validator(schema: str) -> Draft202012Validator:
    document = json.loads((SCHEMAS / schema).read_text(encoding="utf-8"))
    return Draft202012Validator(document, format_checker=FormatChecker(["date"]))


def _rulebook(document: Document) -> Rulebook:
    effective_to = document["effective_to"]
    return Rulebook(
        code=document["code"],
        version=document["version"],
        title=document["title"],
        region=document["region"],
        effective_from=date.fromisoformat(document["effective_from"]),
        effective_to=effective_to and date.fromisoformat(effective_to),
        governed_by=document["governed_by"],
        exam_years=tuple(document["exam_years"]),
        notice_working_days=document["notice"]["working_days"],
        notice_telephone=document["notice"].get("telephone", ""),
        common=read_condition(document["conditions"]) if "conditions" in document else NOTHING,
        benefits=tuple(_benefit(row) for row in document["benefits"]),
        assumptions=tuple(
            Assumption(row["id"], row["about"], row["text"]) for row in document["assumptions"]
        ),
        sha256=fingerprint(rules_of(document)),
    )


def _benefit(row: Document) -> Benefit:
    monthly = row["shape"] == MONTHLY
    return Benefit(
        id=row["id"],
        family=row["family"],
        title=row["title"],
        shape=row["shape"],
        amounts_fen=row["amounts_fen"],
        conditions=read_condition(row["conditions"]),
        upgrade=UpgradeRule(**_plain(row["upgrade"])) if "upgrade" in row else FULL,
        holding=read_condition(row["while"]) if monthly else None,
        months=MonthRule(**_plain(row["months"])) if monthly else None,
        assumptions=tuple(row.get("assumptions", ())),
    )


def _plain(row: Document) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "assumption"}


def _contradictions(rulebook: Rulebook, document: Document) -> Iterator[Message]:
    yield from _repeated((leaf.id for leaf in rulebook.leaves()), "condition")
    yield from _repeated((row.id for row in rulebook.benefits), "benefit")
    yield from _repeated((row.family for row in rulebook.benefits), "family")
    yield from _repeated((row.id for row in rulebook.assumptions), "assumption")
    for benefit in rulebook.benefits:
        yield from _level_contradictions(benefit)
    for leaf in rulebook.leaves():
        yield from _leaf_contradictions(leaf)
    yield from _misplaced(rulebook)
    yield from _unknown_assumptions(rulebook, document)
    if rulebook.effective_to is not None and rulebook.effective_to <= rulebook.effective_from:
        yield Message("effective_to must come after effective_from")


def _repeated(names: Iterator[str], kind: str) -> Iterator[Message]:
    for name, count in Counter(names).items():
        if count > 1:
            yield Message(
                "%(kind)s %(name)s is named %(count)s times", kind=kind, name=name, count=count
            )


def _level_contradictions(benefit: Benefit) -> Iterator[Message]:
    """Amounts and level condition must speak of the same levels, and the condition must bind."""
    top = benefit.conditions.children if isinstance(benefit.conditions, Group) else ()
    levels = [leaf for leaf in top if isinstance(leaf, Leaf) and leaf.type == "level"]
    bound = isinstance(benefit.conditions, Group) and benefit.conditions.op == "all"
    if not bound or len(levels) != 1 or levels[0].negated:
        yield Message(
            "benefit %(benefit)s needs exactly one level condition in its outer “all”",
            benefit=benefit.id,
        )
    elif set(levels[0].params["in"]) != set(benefit.amounts_fen):
        yield Message(
            "benefit %(benefit)s has amounts for other levels than its level condition",
            benefit=benefit.id,
        )


def _leaf_contradictions(leaf: Leaf) -> Iterator[Message]:
    if leaf.type not in VOCABULARY:
        yield Message("condition %(id)s: unknown type %(type)s", id=leaf.id, type=leaf.type)
    for span in (leaf.params, leaf.params.get("during", {})):
        first, last = span.get("from"), span.get("through")
        if first is not None and last is not None and last < first:
            yield Message("condition %(id)s: “through” comes before “from”", id=leaf.id)


def _misplaced(rulebook: Rulebook) -> Iterator[Message]:
    """What was awarded before can only be asked for one award, so not for all benefits at once;
    monthly awards are told apart by their months.
    """
    shared = [*leaves_of(rulebook.common)]
    for benefit in rulebook.benefits:
        if benefit.holding is not None:
            shared += [*leaves_of(benefit.holding), *leaves_of(benefit.conditions)]
    for leaf in shared:
        if leaf.type == "not_already_awarded":
            yield Message(
                "condition %(id)s: not_already_awarded belongs to a one-off benefit", id=leaf.id
            )


def _unknown_assumptions(rulebook: Rulebook, document: Document) -> Iterator[Message]:
    known = {row.id for row in rulebook.assumptions}
    named = {leaf.assumption for leaf in rulebook.leaves() if leaf.assumption}
    named |= {name for row in rulebook.benefits for name in row.assumptions}
    places = [document["notice"], *(row.get("months", {}) for row in document["benefits"])]
    places += [row.get("upgrade", {}) for row in document["benefits"]]
    named |= {place["assumption"] for place in places if "assumption" in place}
    for name in sorted(named - known):
        yield Message("assumption %(name)s is not declared", name=name)


def _facts_contradictions(document: Document, rulebook: Rulebook) -> Iterator[Message]:
    award = document.get("award")
    if award is None:
        return
    if rulebook.benefit_of(award) is None:
        yield Message("award %(award)s is not one of this policy", award=award)
    level = (document.get("certificate") or {}).get("level")
    if level is not None and award.rpartition("/")[2] != level:
        yield Message(
            "award %(award)s is not for a certificate of level %(level)s", award=award, level=level
        )
