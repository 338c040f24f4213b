import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cms.core.errors import Refused, say
from cms.importing.command import FOUND_WRONG, REFUSED_WHOLE
from cohorts.subsidies import services
from cohorts.subsidies.examples import run_examples, uncovered
from cohorts.subsidies.rulebook import PolicyRefused, read_rulebook
from cohorts.subsidies.services.hands import acting_officer
from cohorts.subsidies.transitions import CHECKERS


class Command(BaseCommand):
    help = "Load a version of a subsidy policy from JSON (docs/policy.schema.json)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="read and run the examples only")
        parser.add_argument("--publish", action="store_true", help="put it in force as well")
        parser.add_argument("--as", dest="author", help="account of the officer who loads it")
        parser.add_argument("--publisher", help="account of the officer who publishes it")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            document = json.loads(options["file"].read_text(encoding="utf-8"))
            report = self.examine(document) if options["check"] else self.load(document, options)
        except (OSError, json.JSONDecodeError) as fault:
            raise CommandError(str(fault), returncode=REFUSED_WHOLE) from fault
        except PolicyRefused as refused:
            reasons = "\n".join(say(problem) for problem in refused.problems)
            raise CommandError(reasons, returncode=REFUSED_WHOLE) from refused
        except Refused as refused:
            raise CommandError(say(refused.message), returncode=REFUSED_WHOLE) from refused
        self.print_report(report, as_json=options["json"])
        if report["problems"]:
            raise CommandError(f"{len(report['problems'])} problems", returncode=FOUND_WRONG)

    def examine(self, document: dict[str, Any]) -> dict[str, Any]:
        rulebook = read_rulebook(document)
        trials = run_examples(rulebook, document["examples"])
        problems = [problem for trial in trials for problem in trial.problems]
        return {
            "policy": rulebook.label,
            "sha256": rulebook.sha256,
            "examples": len(trials),
            "passed": sum(trial.passed for trial in trials),
            "problems": [say(found) for found in (*problems, *uncovered(rulebook, trials))],
        }

    def load(self, document: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
        now = timezone.now()
        report = self.examine(document)
        today, region = timezone.localdate(now), document["region"]
        author = acting_officer(options["author"], roles=CHECKERS, region=region, today=today)
        version, created = services.load_policy(document, actor=author, now=now)
        if options["publish"] and version.state == "checked":
            publisher = acting_officer(
                options["publisher"],
                roles=CHECKERS,
                region=region,
                today=today,
                without={version.author_id},
            )
            services.publish(version, actor=publisher, now=now)
        return report | {"state": version.state, "created": created}

    def print_report(self, report: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        self.stdout.write(f"{report['policy']}: {report['passed']} / {report['examples']}")
        for problem in report["problems"]:
            self.stdout.write(f"  {problem}")
