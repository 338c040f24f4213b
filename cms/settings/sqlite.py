"""Which SQLite is used, and how it is opened.

Write-ahead logging can corrupt a database in SQLite 3.7.0–3.51.2 (a race between a checkpoint and
a commit; mended in 3.51.3, 3.50.7 and 3.44.6). `pysqlite3` carries a mended library as a wheel and
stands in for the standard module before Django loads its back end.
"""

import sys
from typing import Any

BUSY_TIMEOUT_S = 20


def stand_in() -> None:
    """Put pysqlite3 in place of sqlite3 where it is installed and newer than a mended version."""
    try:
        import pysqlite3
    except ImportError:
        return
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """True where the library of this version carries the mend of the WAL race."""
    if version[:2] == (3, 44):
        return version >= (3, 44, 6)
    if version[:2] == (3, 50):
        return version >= (3, 50, 7)
    return version >= (3, 51, 3)


def options() -> dict[str, Any]:
    """Options of Django's SQLite back end.

    `synchronous=FULL`: with NORMAL, acknowledged rows are lost in a power cut. IMMEDIATE
    transactions: `select_for_update` does nothing on SQLite, so the write lock is taken at BEGIN.
    """
    import sqlite3

    journal = "WAL" if wal_is_safe(sqlite3.sqlite_version_info) else "TRUNCATE"
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": BUSY_TIMEOUT_S,
        "init_command": f"PRAGMA journal_mode={journal}; PRAGMA synchronous=FULL;"
        " PRAGMA foreign_keys=ON;",
    }
