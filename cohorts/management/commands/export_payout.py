import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cms.accounts.models import User
from cms.core.errors import Refused, say
from cms.importing.command import REFUSED_WHOLE
from cohorts.subsidies import services
from cohorts.subsidies.models import PayoutBatch
from cohorts.subsidies.services.hands import acting_officer
from cohorts.subsidies.transitions import PAYERS


class Command(BaseCommand):
    help = "Write the payout list of an approved batch; the same batch gives the same bytes."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", required=True, help="code (6405-2023-01) or uuid")
        parser.add_argument("--as", dest="actor", help="account of the officer who takes it")
        parser.add_argument("out", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        batch = self.find(options["batch"])
        try:
            actor = self.officer(options["actor"], batch)
            content = services.export_payout(batch, actor=actor, now=timezone.now())
        except Refused as refused:
            raise CommandError(say(refused.message), returncode=REFUSED_WHOLE) from refused
        options["out"].write_bytes(content)
        self.stdout.write(f"{options['out']}: {len(content)} bytes")

    def officer(self, name: str | None, batch: PayoutBatch) -> User | None:
        if not name:
            return None
        region, today = str(batch.region_id), timezone.localdate()
        return acting_officer(name, roles=PAYERS, region=region, today=today)

    def find(self, name: str) -> PayoutBatch:
        batches = PayoutBatch.objects.across_regions()
        try:
            found = batches.filter(uuid=uuid.UUID(name)).first()
        except ValueError:
            parts = name.split("-")
            whole = len(parts) == 3 and all(part.isdigit() for part in parts)
            region, year, number = parts if whole else ("", "0", "0")
            found = batches.filter(region=region, year=int(year), number=int(number)).first()
        if found is None:
            raise CommandError(f"There is no batch {name}.", returncode=REFUSED_WHOLE)
        return found
