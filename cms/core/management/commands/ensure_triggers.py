from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from cms.core import triggers


class Command(BaseCommand):
    help = "Install the triggers that keep facts final; run after every migrate."

    def handle(self, *_args: Any, **_options: Any) -> None:
        with transaction.atomic():
            count = triggers.install(connection)
        self.stdout.write(f"{count} triggers in place")
