"""Worked examples of a policy: facts and the answer an officer expects. They gate publishing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cms.core.wording import Message
from cohorts.subsidies.conditions import Verdict
from cohorts.subsidies.entitlement import Entitlement, decide
from cohorts.subsidies.facts import Document
from cohorts.subsidies.rulebook import FactsRefused, Rulebook, check_facts


@dataclass(frozen=True)
class Trial:
    """An example after it was run. It passes when it has no problems."""

    title: str
    entitlement: Entitlement | None
    problems: tuple[Message, ...]

    @property
    def passed(self) -> bool:
        return not self.problems


def run_example(rulebook: Rulebook, example: Document) -> Trial:
    """Decide on the example's facts and compare every answer that it expects."""
    try:
        check_facts(example["facts"], rulebook)
    except FactsRefused as error:
        return Trial(example["title"], None, tuple(error.problems))
    entitlement = decide(rulebook, example["facts"])
    problems = tuple(_differences(entitlement.as_json(), example["expected"]))
    return Trial(example["title"], entitlement, problems)


def run_examples(rulebook: Rulebook, examples: list[Document]) -> tuple[Trial, ...]:
    return tuple(run_example(rulebook, example) for example in examples)


def uncovered(rulebook: Rulebook, trials: tuple[Trial, ...]) -> tuple[Message, ...]:
    """Verdicts that no example has seen: each condition must be met, not met and unknown once."""
    seen = {
        (finding.id, finding.verdict)
        for trial in trials
        if trial.entitlement
        for finding in trial.entitlement.findings
    }
    return tuple(
        Message("No example has %(condition)s as %(verdict)s", condition=leaf.id, verdict=verdict)
        for leaf in rulebook.leaves()
        for verdict in Verdict
        if (leaf.id, verdict) not in seen
    )


def _differences(answer: dict[str, Any], expected: Document) -> Iterator[Message]:
    for name, wanted in expected.items():
        if answer[name] != wanted:
            yield Message(
                "%(name)s: expected %(expected)s, got %(got)s",
                name=name,
                expected=wanted,
                got=answer[name],
            )
