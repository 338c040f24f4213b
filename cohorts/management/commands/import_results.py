"""`import_results FILE --year Y [--region R] [--plan] [--json]`."""

from typing import ClassVar

from django.core.management.base import CommandParser

from cms.importing.command import ImportCommand
from cohorts.results import services


class Command(ImportCommand):
    help = "Read a results workbook: who sat what in one exam year, with which score."

    plan = staticmethod(services.plan_import)
    apply = staticmethod(services.apply_import)
    option_names: ClassVar[tuple[str, ...]] = ("year", "region")

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--year", type=int, required=True, help="exam year of the results")
        parser.add_argument("--region", help="division code for rows that name no area")
