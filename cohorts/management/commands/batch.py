import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cms.accounts.models import User
from cms.core.errors import Refused, say
from cms.core.money import AmountRefused, parse_yuan, yuan_text
from cms.importing.command import REFUSED_WHOLE
from cohorts.subsidies import services
from cohorts.subsidies.models import PayoutBatch
from cohorts.subsidies.services.hands import acting_officer
from cohorts.subsidies.services.payout import hands_of
from cohorts.subsidies.transitions import BATCH_STEPS, PAYERS, BatchAction

ACTS = {
    BatchAction.LOCK: services.lock_batch,
    BatchAction.APPROVE: services.approve_batch,
    BatchAction.EXPORT: services.export_batch,
    BatchAction.SETTLE: services.settle_batch,
    BatchAction.CLOSE: services.close_batch,
}


class Command(BaseCommand):
    help = "Take one step of the payout batch of an area and year; allot records a budget."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("step", choices=["allot", "open", *ACTS])
        parser.add_argument("--region", required=True, help="division code")
        parser.add_argument("--year", type=int, required=True, help="exam year and fund year")
        parser.add_argument("--as", dest="actor", help="account of the officer who acts")
        parser.add_argument("--amount", help="allot: yuan, e.g. 180000.00")
        parser.add_argument("--reference", help="allot: the document that grants the money")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            report = self.act(options)
        except (Refused, AmountRefused) as refused:
            raise CommandError(say(refused.message), returncode=REFUSED_WHOLE) from refused
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        self.stdout.write("  ".join(f"{name} {value}" for name, value in report.items()))

    def act(self, options: dict[str, Any]) -> dict[str, Any]:
        now, step = timezone.now(), options["step"]
        if step == "allot":
            return self.allot(options)
        if step == "open":
            batch = services.open_batch(
                region=options["region"], year=options["year"], actor=self.actor(options), now=now
            )
            return self.report(batch)
        batch = self.find(options)
        actor = self.actor(options, without=hands_of(batch, step))
        return self.report(ACTS[BatchAction(step)](batch, actor=actor, now=now))

    def allot(self, options: dict[str, Any]) -> dict[str, Any]:
        amount_fen = parse_yuan(options["amount"] or "0")
        written = services.allot_budget(
            region=options["region"],
            year=options["year"],
            amount_fen=amount_fen,
            reference=options["reference"] or "",
            actor=self.actor(options),
            now=timezone.now(),
        )
        return {"allotted": yuan_text(amount_fen), "written": written}

    def actor(self, options: dict[str, Any], without: frozenset[int] = frozenset()) -> User:
        return acting_officer(
            options["actor"],
            roles=PAYERS,
            region=options["region"],
            today=timezone.localdate(),
            without=without,
        )

    def find(self, options: dict[str, Any]) -> PayoutBatch:
        """The batch of the area and year that this step can move."""
        sources = BATCH_STEPS[BatchAction(options["step"])].sources
        batches = PayoutBatch.objects.across_regions().filter(
            region=options["region"], year=options["year"], state__in=sources
        )
        batch = batches.order_by("pk").first()
        if batch is None:
            raise CommandError(
                f"No batch of {options['region']} and {options['year']} is {' or '.join(sources)}.",
                returncode=REFUSED_WHOLE,
            )
        return batch

    def report(self, batch: PayoutBatch) -> dict[str, Any]:
        lines = services.batch_totals(batch)
        return {
            "batch": str(batch.uuid),
            "code": batch.code,
            "state": batch.state,
            "lines": lines.count,
            "total_fen": lines.total_fen,
            "checksum": batch.checksum,
        }
