"""`report annual --region R --year Y [--json]`: the figures of one area and exam year."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.accounts.models import Region
from cms.core.money import yuan_text
from cohorts.outcomes.services import annual_report

UNKNOWN = 2


class Command(BaseCommand):
    help = "Print a report; each report is a subcommand."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        reports = parser.add_subparsers(dest="report", required=True)
        annual = reports.add_parser("annual", help="passes, holders, rates and awards of a year")
        annual.add_argument("--region", required=True, help="division code, such as 6405")
        annual.add_argument("--year", required=True, type=int, help="exam year")
        annual.add_argument("--json", action="store_true", help="one JSON object on stdout")
        annual.set_defaults(run=self.annual)

    def handle(self, *_args: Any, **options: Any) -> None:
        options["run"](options)

    def annual(self, options: dict[str, Any]) -> None:
        region = Region.objects.filter(code=options["region"]).first()
        if region is None:
            raise CommandError(f"No such region: {options['region']}", returncode=UNKNOWN)
        found = annual_report(region.code, options["year"])
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        self.stdout.write(f"{region.name} {found['year']}")
        for name in ("passes", "holders"):
            figures = ", ".join(f"{level} {n}" for level, n in found[name].items())
            self.stdout.write(f"  {name}: {figures}")
        for row in found["rates"]:
            self.stdout.write(f"  {row['level']}: {row['passed']} of {row['n']} who sat")
        for name in ("one_off", "monthly"):
            paid = found[name]
            self.stdout.write(f"  {name}: {paid['lines']} lines, {yuan_text(paid['total_fen'])}")
