"""Settings fail loudly, and the database rules are checked, not hoped for."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

from cms.core import triggers
from cms.core.checks import facts_are_final, sqlite_keeps_what_it_acknowledged
from cms.core.keyring import make_key_file, read_keyring
from cms.settings import environment as env
from cms.settings.sqlite import wal_is_safe


@pytest.mark.parametrize("value", ["yes", "true", "", "2"])
def test_a_switch_takes_nothing_but_0_and_1(monkeypatch: Any, value: str) -> None:
    monkeypatch.setenv("SOME_SWITCH", value)
    with pytest.raises(ImproperlyConfigured, match="SOME_SWITCH"):
        env.switch("SOME_SWITCH", default=True)


def test_a_missing_text_names_the_variable(monkeypatch: Any) -> None:
    monkeypatch.delenv("SOME_TEXT", raising=False)
    with pytest.raises(ImproperlyConfigured, match="SOME_TEXT"):
        env.text("SOME_TEXT")


def test_a_number_that_is_none_is_refused(monkeypatch: Any) -> None:
    monkeypatch.setenv("SOME_NUMBER", "many")
    with pytest.raises(ImproperlyConfigured, match="SOME_NUMBER"):
        env.number("SOME_NUMBER", 1)


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_write_ahead_log_is_used_only_where_its_race_is_mended(
    version: tuple[int, ...], safe: bool
) -> None:
    assert wal_is_safe(version) is safe


def test_keys_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    path = make_key_file(tmp_path / "keys.json")
    before = path.read_text()
    assert make_key_file(path).read_text() == before
    assert path.stat().st_mode & 0o077 == 0
    assert len(read_keyring(path).index_key) == 32


@pytest.mark.django_db
def test_a_database_without_its_triggers_does_not_pass_the_check() -> None:
    assert facts_are_final(databases=["default"]) == []
    on = "" if connection.vendor == "sqlite" else " ON accounts_auditentry"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER final_update_accounts_auditentry{on}")
    assert [fault.id for fault in facts_are_final(databases=["default"])] == ["core.E001"]
    call_command("ensure_triggers", verbosity=0)
    assert facts_are_final(databases=["default"]) == []
    assert triggers.missing(connection) == []


@pytest.mark.django_db
def test_sqlite_is_opened_so_that_it_keeps_what_it_acknowledged(monkeypatch: Any) -> None:
    if connection.vendor != "sqlite":
        assert sqlite_keeps_what_it_acknowledged(databases=["default"]) == []
        return
    assert sqlite_keeps_what_it_acknowledged(databases=["default"]) == []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (2,)
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "init_command", "")
    faults = sqlite_keeps_what_it_acknowledged(databases=["default"])
    assert [fault.id for fault in faults] == ["core.E002"]
