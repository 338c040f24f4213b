"""Typed readers of environment variables that fail loudly.

A switch set to `yes` or a path that does not exist stops the start with the name of the variable
and what it may hold; nothing falls back in silence.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None or value == "":
        raise ImproperlyConfigured(f"{name} is not set and has no default.")
    return value


def optional_text(name: str) -> str:
    """For what a site may do without; a system check says what it then lacks."""
    return os.environ.get(name, "")


def switch(name: str, *, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value not in {"0", "1"}:
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value == "1"


def number(name: str, default: int) -> int:
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def words(name: str, default: str) -> list[str]:
    """A comma-separated list without empty members."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def existing_file(name: str, default: Path | None = None) -> Path:
    path = Path(text(name, str(default) if default else None))
    if not path.is_file():
        raise ImproperlyConfigured(f"{name} names a file that is not there: {path}")
    return path
