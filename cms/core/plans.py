"""What an import would do, before it does it: the shape every importer returns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cms.core.wording import Message


class FileRefused(Exception):
    """The whole file is refused: nothing of it can be read. Commands exit with 2."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        """Return the reason in English."""
        return str(self.message)


@dataclass(frozen=True)
class Refusal:
    """A row that will not be written, and why. ``line`` is the row the spreadsheet shows."""

    line: int
    reason: Message
    name: str = ""  # whose row it is, where the reader got that far


@dataclass(frozen=True)
class Caution:
    """A row that will be written, with something a person should look at."""

    line: int
    reason: Message


@dataclass(frozen=True)
class Unmatched:
    """A row whose person is not known, or is one of several. Candidates are masked texts."""

    line: int
    name: str
    candidates: tuple[str, ...]
    reason: Message


@dataclass(frozen=True)
class ImportPlan:
    """Every row found is either in ``rows`` (each with its own ``.line``) or in ``refused``.

    ``unchanged`` rows are accepted and say what is on record already: nothing is written for them.
    ``changed`` and ``unmatched`` are None for imports that know neither (question banks).
    """

    format: str
    found: int
    rows: tuple[Any, ...]
    refused: tuple[Refusal, ...]
    warnings: tuple[Caution, ...]
    lossy: tuple[Message, ...] = ()
    changed: int | None = None
    unmatched: tuple[Unmatched, ...] | None = None
    unchanged: int = 0

    def __post_init__(self) -> None:
        """Refuse a file without rows, and to exist when a row has been lost on the way here."""
        if not self.found:
            raise FileRefused(Message("There are no rows under the header"))
        if self.found != self.accepted + len(self.refused):
            raise ValueError(
                f"{self.found} rows found, {self.accepted} accepted, {len(self.refused)} refused"
            )

    @property
    def accepted(self) -> int:
        """Return how many rows an apply would take."""
        return len(self.rows)

    @property
    def to_write(self) -> int:
        """Return how many rows an apply would change anything for."""
        return self.accepted - self.unchanged

    def report(self, say: Callable[[Message], str]) -> dict[str, Any]:
        """Return the JSON object that every import command prints with ``--json``."""
        report: dict[str, Any] = {
            "format": self.format,
            "found": self.found,
            "accepted": self.accepted,
            "unchanged": self.unchanged,
            "refused": [{"line": r.line, "reason": say(r.reason)} for r in self.refused],
            "warnings": [{"line": w.line, "reason": say(w.reason)} for w in self.warnings],
            "lossy": [say(message) for message in self.lossy],
        }
        if self.changed is not None:
            report["changed"] = self.changed
        if self.unmatched is not None:
            report["unmatched"] = [
                {"line": u.line, "candidates": list(u.candidates)} for u in self.unmatched
            ]
        return report
