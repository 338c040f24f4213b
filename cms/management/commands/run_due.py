import logging
import time
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from cms.accounts.services import queue_unanswered_codes
from cms.core.errors import Refused
from cms.importing.services import drop_forgotten
from cohorts.enrolment.services import freeze_due
from cohorts.subsidies.services import confirm_due
from quizzes.attempts.services import expire_due
from quizzes.practice.services import take_in_due

log = logging.getLogger(__name__)


DUTIES = (
    expire_due,
    take_in_due,
    confirm_due,
    freeze_due,
    drop_forgotten,
    queue_unanswered_codes,
)


class Command(BaseCommand):
    help = "Do everything that has fallen due; safe to run at any time and side by side."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", type=float, metavar="SECONDS", help="go on until stopped")

    def handle(self, *_args: Any, **options: Any) -> None:
        while True:
            self.run_once(timezone.now())
            if options["loop"] is None:
                return
            close_old_connections()
            time.sleep(options["loop"])

    def run_once(self, now: datetime) -> None:
        """One duty that fails (a busy database, a bad row) must not keep the others waiting."""
        for duty in DUTIES:
            try:
                done = duty(now=now)
            except (DatabaseError, Refused):
                log.exception("%s failed and is tried again", duty.__name__)
                continue
            if done:
                self.stdout.write(f"{duty.__name__}: {done}")
