"""System checks of the database rules in docs/decisions/0003 and 0011."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from cms.core import triggers
from cms.settings.sqlite import wal_is_safe


@register(Tags.database)
def facts_are_final(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Every append-only table carries its triggers (only after the first migrate)."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if "accounts_auditentry" not in connection.introspection.table_names():
            continue
        if absent := triggers.missing(connection):
            hint = f"Run manage.py ensure_triggers. Missing: {', '.join(absent[:5])}"
            found.append(Error("Facts can be changed in the database.", hint=hint, id="core.E001"))
    return found


@register(Tags.database)
def sqlite_keeps_what_it_acknowledged(
    *, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """SQLite runs with synchronous=FULL, IMMEDIATE transactions, and WAL only where it is safe."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor != "sqlite":
            continue
        options = connection.settings_dict["OPTIONS"]
        command = options.get("init_command", "")
        if "synchronous=FULL" not in command or options.get("transaction_mode") != "IMMEDIATE":
            found.append(Error("SQLite may lose acknowledged rows.", id="core.E002"))
        if not wal_is_safe(sqlite3.sqlite_version_info):
            hint = "Install pysqlite3; until then journal_mode=TRUNCATE is used."
            found.append(
                Warning("This SQLite has the write-ahead log race.", hint=hint, id="core.W001")
            )
    return found
