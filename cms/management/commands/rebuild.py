import json
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from courses.study.services import rebuild as rebuild_progress
from quizzes.practice.services import rebuild as rebuild_practice

# Name → what makes the derived rows from the facts again; with `check` it only compares.
REBUILDS: dict[str, Callable[..., Any]] = {
    "practice": rebuild_practice,
    "progress": rebuild_progress,
}
CONTRADICTION = 3


class Command(BaseCommand):
    help = "Make derived rows from their facts again, or with --check say how many differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=sorted(REBUILDS))
        parser.add_argument("--check", action="store_true", help="compare and write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exit with 3 where a check finds rows that differ."""
        done = REBUILDS[options["what"]](check=options["check"])
        self.stdout.write(json.dumps({"rows": done.rows, "different": done.different}))
        if options["check"] and done.different:
            raise SystemExit(CONTRADICTION)
