import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.core.errors import say
from cms.core.money import yuan_text
from cms.core.wording import Message
from cms.importing.command import REFUSED_WHOLE
from cohorts.subsidies import entitlement
from cohorts.subsidies.reading import sentence
from cohorts.subsidies.rulebook import (
    FactsRefused,
    Rulebook,
    UnreadableError,
    check_facts,
    read_rulebook,
    schema_problems,
)
from cohorts.subsidies.services.policies import governing_facts


def read_json(path: Path) -> Any:
    """The document in a file. Raises UnreadableError, in words, where there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        reason = Message("%(name)s cannot be opened.", name=path.name)
        raise UnreadableError([reason]) from fault
    except UnicodeDecodeError as fault:
        reason = Message("%(name)s is not a text file in UTF-8.", name=path.name)
        raise UnreadableError([reason]) from fault
    except json.JSONDecodeError as fault:
        reason = Message(
            "%(name)s is not JSON: see line %(line)s.", name=path.name, line=fault.lineno
        )
        raise UnreadableError([reason]) from fault


class Command(BaseCommand):
    help = "Decide on facts (docs/facts.schema.json) under a policy, and say why. Writes nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        policy = parser.add_mutually_exclusive_group(required=True)
        policy.add_argument("--policy", help="code of a published policy")
        policy.add_argument("--policy-file", type=Path, help="a policy document instead")
        parser.add_argument("--as-of", help="the day looked at, YYYY-MM-DD; else that of the facts")
        parser.add_argument("--facts", type=Path, required=True, help="a JSON file")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            facts = self.read_facts(options)
            rulebook = self.find_policy(options, facts)
            check_facts(facts, rulebook)
        except UnreadableError as refused:
            reasons = "\n".join(say(problem) for problem in refused.problems)
            raise CommandError(reasons, returncode=REFUSED_WHOLE) from refused
        self.print_answer(entitlement.decide(rulebook, facts), as_json=options["json"])

    def read_facts(self, options: dict[str, Any]) -> Any:
        facts = read_json(options["facts"])
        if options["as_of"] and isinstance(facts, dict):
            facts["as_of"] = options["as_of"]
        if problems := schema_problems(facts, "facts.schema.json"):
            raise FactsRefused(problems)
        return facts

    def find_policy(self, options: dict[str, Any], facts: Any) -> Rulebook:
        if options["policy_file"]:
            return read_rulebook(read_json(options["policy_file"]))
        version = governing_facts(options["policy"], facts)
        if version is None:
            raise CommandError(
                f"No version of {options['policy']} governs these facts.", returncode=REFUSED_WHOLE
            )
        return version.rulebook

    def print_answer(self, answer: entitlement.Entitlement, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(answer.as_json(), ensure_ascii=False))
            return
        amount = say(Message("%(amount)s yuan", amount=yuan_text(answer.amount_fen)))
        self.stdout.write(f"{answer.policy_version}: {answer.outcome.value} {amount}")
        for finding in answer.findings:
            said = say(sentence(finding.as_json(), {}))
            self.stdout.write(f"  {finding.verdict.value:8} {finding.text}: {said}")
