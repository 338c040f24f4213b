"""Fixtures of every Django lane: facts stay final, and nothing leaves the machine."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management.commands.flush import Command as Flush
from django.db import connection, connections

from cms.core import triggers


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """After migrate, as everywhere: install the triggers."""
    with django_db_blocker.unblock():
        triggers.install(connection)


@pytest.fixture(autouse=True, scope="session")
def _flush_lifts_triggers() -> Iterator[None]:
    """A transactional test ends with a flush, which deletes facts: only there are they lifted."""
    original = Flush.handle

    def flush(self: Flush, **options: Any) -> None:
        with triggers.lifted(connections[options["database"]]):
            original(self, **options)

    Flush.handle = flush  # type: ignore[method-assign]
    yield
    Flush.handle = original  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What one test left in the cache changes no count of statements in the next."""
    cache.clear()


@pytest.fixture(autouse=True, scope="session")
def _no_outside_calls() -> Iterator[None]:
    """The platform fetches nothing from elsewhere (ASVS 1.3.6)."""
    original = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"A test tried to reach {address[0]}.")
        original(self, address)

    socket.socket.connect = connect  # type: ignore[method-assign]
    yield
    socket.socket.connect = original  # type: ignore[method-assign]
