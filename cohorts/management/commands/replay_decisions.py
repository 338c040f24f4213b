import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.importing.command import FOUND_WRONG
from cohorts.subsidies import services


class Command(BaseCommand):
    help = "Decide every stored snapshot again under its stored version; all must be the same."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *_args: Any, **options: Any) -> None:
        replayed = services.replay_decisions()
        different = len(replayed.different)
        report = {
            "checked": replayed.checked,
            "different": different,
            "decisions": list(replayed.different),
        }
        if options["json"]:
            self.stdout.write(json.dumps(report))
        else:
            self.stdout.write(f"{replayed.checked} checked, {different} different")
        if different:
            raise CommandError(f"{different} decisions differ", returncode=FOUND_WRONG)
