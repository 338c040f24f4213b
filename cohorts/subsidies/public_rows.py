"""What the public may read of a claim: number, name, unit, level, amount. Nothing else gets in."""

from collections.abc import Iterable
from dataclasses import dataclass

from cohorts.subsidies.facts import Json


@dataclass(frozen=True)
class PublicRow:
    number: int
    name: str
    unit: str
    level: str
    amount_fen: int

    def as_json(self) -> dict[str, Json]:
        return {
            "number": self.number,
            "name": self.name,
            "unit": self.unit,
            "level": self.level,
            "amount_fen": self.amount_fen,
        }


def public_rows(claims: Iterable[tuple[str, str, str, int]]) -> list[PublicRow]:
    """Rows of (name, unit, level, fen), numbered: people of one name are told apart by both."""
    return [PublicRow(number, *row) for number, row in enumerate(claims, start=1)]
