"""`import_questions FILE [--format F] [--subject S] [--year Y] [--state S] [--plan] [--json]`."""

from typing import ClassVar

from django.core.management.base import CommandParser

from cms.importing.command import ImportCommand
from quizzes.bank.content import State
from quizzes.exchange.services import IMPORT_FORMATS, apply_import, plan_import


class Command(ImportCommand):
    help = "Import questions from a workbook; the same file again adds nothing."
    plan = plan_import
    apply = apply_import
    option_names: ClassVar[tuple[str, ...]] = ("format", "subject", "exam_year", "state")

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--format", choices=IMPORT_FORMATS, default="auto")
        parser.add_argument("--subject", help="code of the subject, such as junior-general")
        parser.add_argument(
            "--year", dest="exam_year", type=int, help="exam year whose law the questions follow"
        )
        parser.add_argument(
            "--state", choices=[State.PUBLISHED, State.DRAFT], default=State.PUBLISHED
        )
