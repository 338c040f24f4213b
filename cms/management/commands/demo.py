import json
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from cms.core import catalogue, triggers
from cms.demo.accounts import PASSWORD, SIGN_IN
from cms.demo.story import Stage, load

CATALOGUES = Path(settings.LOCALE_PATHS[0])


class Command(BaseCommand):
    help = "Set the database up and load the founding story; a second run loads nothing twice."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="only say who can sign in")
        parser.add_argument("--json", action="store_true", help="as one JSON object on stdout")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not options["accounts"]:
            self.prepare()
            load(timezone.now(), shown)
        if options["json"]:
            self.stdout.write(json.dumps(accounts_json(), ensure_ascii=False))
        else:
            self.print_accounts()

    def prepare(self) -> None:
        """Catalogues first, so that everything after them speaks the language of the site."""
        compile_stale_catalogues()
        if pending_migrations():
            self.stderr.write(_("Setting up the database"))
            call_command("migrate", verbosity=0, interactive=False)
        if triggers.missing(connection):
            call_command("ensure_triggers", stdout=self.stderr)

    def print_accounts(self) -> None:
        rows = [(a.username, a.phone, _(a.role_words), a.first_page) for a in SIGN_IN]
        head = (_("user name"), _("phone"), _("role"), _("look here first"))
        for line in columns([head, *rows]):
            self.stdout.write(line)
        self.stdout.write("")
        self.stdout.write(_("Password of all: %(password)s") % {"password": PASSWORD})
        self.stdout.write(_("Address: %(address)s") % {"address": settings.WAGTAILADMIN_BASE_URL})


def accounts_json() -> dict[str, Any]:
    """Who can sign in, for programs."""
    return {
        "password": PASSWORD,
        "accounts": [
            {
                "username": account.username,
                "role": account.role.value,
                "region": account.region,
                "first_page": account.first_page,
            }
            for account in SIGN_IN
        ],
    }


def pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def compile_stale_catalogues() -> None:
    """The `.mo` files are not kept in the repository; a fresh checkout has none."""
    for source in CATALOGUES.glob("*/LC_MESSAGES/django.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            catalogue.compile_to(source)


def shown(stages: Sequence[Stage]) -> Iterator[Stage]:
    """The stages one by one, with a bar on stderr that says what is being done."""
    layout = "{l_bar}{bar:24}| {n_fmt}/{total_fmt}"
    with tqdm(stages, file=sys.stderr, bar_format=layout) as bar:
        for stage in bar:
            bar.set_description(_(stage.words))
            yield stage


def columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows in columns; a Chinese character takes two places on a terminal."""
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell + " " * (w - width(cell)) for cell, w in zip(row, widths, strict=True))
        yield "  " + "   ".join(cells).rstrip()


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
