"""Triggers that keep facts final in the database itself, on SQLite and PostgreSQL.

They are no migration: remaking a table on SQLite (any AlterField) drops its triggers in silence,
and a trigger on DELETE breaks the test runner's flush. So `ensure_triggers` installs them after
every migrate, a system check verifies them, and only the flush of a test lifts them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

PREFIX = "final_"


@dataclass(frozen=True)
class InsertGuard:
    """A rule on new rows of a model, which lists its rules as class attribute `insert_guards`.

    A row for which `when_sql` holds is refused. The condition names the row NEW, may ask other
    tables, and is read by SQLite and PostgreSQL alike.
    """

    name: str
    when_sql: str


@dataclass(frozen=True)
class Guard:
    """One trigger: refuses `operation` on `table`.

    With `columns` it refuses only what changes them, with `rule` only the rows the rule names.
    """

    table: str
    operation: str
    columns: tuple[str, ...] = ()
    rule: InsertGuard | None = None

    @property
    def name(self) -> str:
        end = f"_{self.rule.name}" if self.rule else ""
        return f"{PREFIX}{self.operation.lower()}_{self.table}{end}"


def guards() -> list[Guard]:
    found: list[Guard] = []
    for model in apps.get_models():
        table = model._meta.db_table
        rules: tuple[InsertGuard, ...] = getattr(model, "insert_guards", ())
        found += [Guard(table, "INSERT", rule=rule) for rule in rules]
        if getattr(model, "append_only", False):
            found += [Guard(table, "UPDATE"), Guard(table, "DELETE")]
        elif frozen := getattr(model, "frozen_fields", ()):
            found += [Guard(table, "UPDATE", _columns(model, frozen)), Guard(table, "DELETE")]
    return found


def _columns(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, ...]:
    columns = {field.name: field.column for field in model._meta.concrete_fields}
    return tuple(str(columns[name]) for name in names)


def install(connection: BaseDatabaseWrapper) -> int:
    """Install what is missing and replace what is there; returns the number of triggers."""
    found = guards()
    with connection.cursor() as cursor:
        for guard in found:
            for statement in _statements(connection.vendor, guard):
                cursor.execute(statement)
    return len(found)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that ought to stand in the database and do not."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return [guard.name for guard in guards() if guard.name[:63] not in present]


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """For the flush of a transactional test only."""
    with connection.cursor() as cursor:
        for guard in guards():
            on = "" if connection.vendor == "sqlite" else f' ON "{guard.table}"'
            cursor.execute(f'DROP TRIGGER IF EXISTS "{guard.name}"{on}')
    try:
        yield
    finally:
        install(connection)


def _statements(vendor: str, guard: Guard) -> list[str]:
    return _sqlite(guard) if vendor == "sqlite" else _postgresql(guard)


def _sqlite(guard: Guard) -> list[str]:
    changed = " OR ".join(f'OLD."{c}" IS NOT NEW."{c}"' for c in guard.columns)
    condition = guard.rule.when_sql if guard.rule else changed
    when = f"WHEN {condition} " if condition else ""
    return [
        f'DROP TRIGGER IF EXISTS "{guard.name}"',
        f'CREATE TRIGGER "{guard.name}" BEFORE {guard.operation} ON "{guard.table}" '
        f"{when}BEGIN SELECT RAISE(ABORT, '{guard.table} is final'); END",
    ]


def _postgresql(guard: Guard) -> list[str]:
    changed = " OR ".join(f'OLD."{c}" IS DISTINCT FROM NEW."{c}"' for c in guard.columns)
    when = f"WHEN ({changed}) " if changed else ""
    function = guard.name if guard.rule else "refuse_change"
    return [
        _postgresql_function(function, guard.rule),
        f'DROP TRIGGER IF EXISTS "{guard.name}" ON "{guard.table}"',
        f'CREATE TRIGGER "{guard.name}" BEFORE {guard.operation} ON "{guard.table}" '
        f'FOR EACH ROW {when}EXECUTE FUNCTION "{function}"()',
    ]


def _postgresql_function(name: str, rule: InsertGuard | None) -> str:
    """A rule goes into the body, because WHEN of PostgreSQL may not ask other tables."""
    refusal = (
        "RAISE EXCEPTION '% is final', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation';"
    )
    body = f"IF {rule.when_sql} THEN {refusal} END IF; RETURN NEW;" if rule else refusal
    return (
        f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql '
        f"AS $$ BEGIN {body} END $$"
    )
