"""`export_questions --format F [--subject S] [--chapter N] [--type T] [--status S] OUT`."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from cms.core.errors import say
from quizzes.bank.content import QuestionType, State
from quizzes.exchange.services import EXPORT_FORMATS, export


class Command(BaseCommand):
    help = "Export questions of the bank as a workbook."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", type=Path)
        parser.add_argument("--format", choices=EXPORT_FORMATS, default=EXPORT_FORMATS[0])
        parser.add_argument("--subject")
        parser.add_argument("--chapter", help="number of the chapter")
        parser.add_argument("--type", choices=list(QuestionType))
        parser.add_argument("--status", choices=list(State), default=State.PUBLISHED)
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *_args: Any, **options: Any) -> None:
        content, count, lossy = export(
            subject=options["subject"],
            chapter=options["chapter"],
            type_=options["type"],
            state=options["status"],
        )
        if not count:
            # An empty workbook over a good one would be a loss that nobody notices.
            raise CommandError(_("No question fits; nothing was written."), returncode=2)
        if not options["out"].parent.is_dir():
            raise CommandError(_("There is no such folder."), returncode=2)
        options["out"].write_bytes(content)
        report = {
            "format": options["format"],
            "questions": count,
            "lossy": [say(note) for note in lossy],
        }
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        self.stdout.write(f"{options['out']}: {count}")
        for note in report["lossy"]:
            self.stdout.write(f"  {note}")
