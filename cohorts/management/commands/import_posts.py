"""`import_posts FILE [--region R] [--plan] [--json]`: appointments, appraisals, insurance."""

from typing import ClassVar

from django.core.management.base import CommandParser

from cms.importing.command import ImportCommand
from cohorts.posts import services


class Command(ImportCommand):
    help = "Read posts, yearly appraisals and months of social insurance."

    plan = staticmethod(services.plan_import)
    apply = staticmethod(services.apply_import)
    option_names: ClassVar[tuple[str, ...]] = ("region",)

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--region", help="division code for rows that name no area")
