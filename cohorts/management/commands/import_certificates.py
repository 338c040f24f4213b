"""`import_certificates FILE [--region R] [--plan] [--json]`: the register of earlier holders."""

from typing import ClassVar

from django.core.management.base import CommandParser

from cms.importing.command import ImportCommand
from cohorts.certificates import services


class Command(ImportCommand):
    help = "Read a register of certificate holders; complete rows count as checked."

    plan = staticmethod(services.plan_register)
    apply = staticmethod(services.apply_register)
    option_names: ClassVar[tuple[str, ...]] = ("region",)

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--region", help="division code for rows that name no area")
