import json
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.core import bare_text, catalogue, foreign_words

CHINESE = "zh_Hans/LC_MESSAGES"
ISLAND_WORDS = Path("frontend/src/messages")


class Command(BaseCommand):
    help = "Check, update or compile the message catalogues (no GNU gettext needed)."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail on an untranslated message")
        parser.add_argument("--update", action="store_true", help="take in what the sources say")
        parser.add_argument("--with", dest="said", type=Path, help="JSON of new translations")

    def handle(self, *_args: Any, **options: Any) -> None:
        own, foreign = (Path(folder) / CHINESE for folder in settings.LOCALE_PATHS)
        path, others = own / "django.po", (foreign / "django.po", foreign / "djangojs.po")
        roots = [settings.BASE_DIR / name for name in ("cms", "courses", "quizzes", "cohorts")]
        if options["update"]:
            self.update(path, roots, options["said"])
        if options["check"]:
            self.check_complete(path, roots)
            self.check_foreign(*others)
            self.check_islands(settings.BASE_DIR / ISLAND_WORDS)
            self.check_nothing_is_bare(roots, settings.BASE_DIR / "frontend" / "src")
        if not options["check"]:
            for source in (path, *others):
                catalogue.compile_to(source)

    def update(self, path: Path, roots: list[Path], said: Path | None) -> None:
        known = catalogue.read(path) if path.exists() else Catalog(locale="zh_Hans")
        new = json.loads(said.read_text()) if said else {}
        catalogue.write(catalogue.merge(known, catalogue.found_in(roots), new), path)

    def check_complete(self, path: Path, roots: list[Path]) -> None:
        found = catalogue.found_in(roots)
        missing = catalogue.gaps(catalogue.read(path), found)
        for gap in missing:
            self.stderr.write(f"{found.get(gap.msgid, path)}: {gap.reason}: {gap.msgid!r}")
        if missing:
            raise CommandError(f"{len(missing)} of {len(found)} messages are not complete.")
        self.stdout.write(f"{len(found)} messages, all said in Chinese")

    def check_foreign(self, pages: Path, scripts: Path) -> None:
        words = catalogue.read(pages), catalogue.read(scripts)
        stale = foreign_words.stale(*words)
        for msgid in stale:
            self.stderr.write(f"{pages.parent}: no installed package says {msgid!r}")
        if stale:
            raise CommandError(f"{len(stale)} foreign messages are said by nobody any more.")
        self.stdout.write(f"{sum(map(len, words))} foreign messages, all still said")

    def check_islands(self, folder: Path) -> None:
        said = {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}
        missing = bare_text.unsaid(said)
        for key, language in missing:
            self.stderr.write(f"{folder}: not said in {language}: {key!r}")
        if missing:
            raise CommandError(f"{len(missing)} messages of the islands are not complete.")
        self.stdout.write(f"{len(said)} languages of the islands, the same messages in each")

    def check_nothing_is_bare(self, roots: list[Path], frontend: Path) -> None:
        found = list(bare_text.in_files(roots, frontend))
        for path, bare in found:
            self.stderr.write(f"{path}:{bare.line}: no catalogue knows {bare.text!r}")
        if found:
            raise CommandError(f"{len(found)} texts stand outside the catalogues.")
        self.stdout.write("No text stands outside the catalogues")
