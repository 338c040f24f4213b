"""Base of the import commands: plan or apply a file, one JSON object on standard output."""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from cms.core.errors import Refused, say
from cms.core.plans import FileRefused, ImportPlan

REFUSED_WHOLE = 2
FOUND_WRONG = 3


class ImportCommand(BaseCommand):
    """`FILE [--plan] [--json]`; subclasses set `plan` and `apply` and add their options.

    Exit 0 = done, even with refused rows; 2 = the file is refused whole.
    """

    requires_system_checks = ()
    plan: ClassVar[Callable[..., ImportPlan]]
    apply: ClassVar[Callable[..., ImportPlan]]
    option_names: ClassVar[tuple[str, ...]] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--plan", action="store_true", help="read and report, write nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"No such file: {path}", returncode=REFUSED_WHOLE)
        verb = type(self).plan if options["plan"] else type(self).apply
        try:
            outcome = self.run(verb, path, options, timezone.now())
        except (FileRefused, Refused) as refused:
            if options["json"]:
                whole = {"code": "file_refused", "message": say(refused.message), "detail": {}}
                self.stdout.write(json.dumps(whole, ensure_ascii=False))
            raise CommandError(say(refused.message), returncode=REFUSED_WHOLE) from refused
        self.print_report(outcome, as_json=options["json"])

    def run(
        self, verb: Callable[..., ImportPlan], path: Path, options: dict[str, Any], now: datetime
    ) -> ImportPlan:
        chosen = {name: options[name] for name in self.option_names}
        quiet = not sys.stderr.isatty()
        with tqdm(total=1, desc=path.name, file=sys.stderr, disable=quiet, unit="file") as bar:
            outcome = verb(path.read_bytes(), path.name, options=chosen, actor=None, now=now)
            bar.update()
        return outcome

    def print_report(self, outcome: ImportPlan, *, as_json: bool) -> None:
        report = outcome.report(say)
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        self.stdout.write(f"{report['format']}: {outcome.accepted} / {outcome.found}")
        self.stdout.write(f"  unchanged: {outcome.unchanged}")
        for kind in ("refused", "warnings"):
            for row in report[kind]:
                self.stdout.write(f"  {kind} {row['line']}: {row['reason']}")
