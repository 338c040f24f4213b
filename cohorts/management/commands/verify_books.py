import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.core.errors import say
from cms.importing.command import FOUND_WRONG
from cohorts.subsidies import services


class Command(BaseCommand):
    help = "Check payments, ledger, decisions and rules against what must always hold."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *_args: Any, **options: Any) -> None:
        verified = services.verify_books()
        rows = [
            {"invariant": row.invariant, "subject": row.subject, "message": say(row.message)}
            for row in verified.faults
        ]
        report = {"checked": verified.checked, "different": len(rows), "faults": rows}
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self.stdout.write(f"{verified.checked} checked, {len(rows)} faults")
            for row in rows:
                self.stdout.write(f"  {row['invariant']} {row['subject']}: {row['message']}")
        if rows:
            raise CommandError(f"{len(rows)} faults in the books", returncode=FOUND_WRONG)
