"""Rows of a sheet that belong together: a case (材料) and its questions (子题)."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Grouped:
    """Rows that stand alone, rows by the row of their case, rows whose case is missing."""

    alone: list[int] = field(default_factory=list)
    groups: dict[int, list[int]] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)


def group_parts(rows: Sequence[tuple[str, str]]) -> Grouped:
    """Group rows of (own id, id of the case) by their places; no case id: the row is its own."""
    place_of = {own: place for place, (own, parent) in enumerate(rows) if own and not parent}
    wanted = {parent for _own, parent in rows if parent}
    grouped = Grouped()
    for place, (own, parent) in enumerate(rows):
        if parent and parent in place_of:
            grouped.groups.setdefault(place_of[parent], []).append(place)
        elif parent:
            grouped.lost.append(place)
        elif own not in wanted:
            grouped.alone.append(place)
    return grouped
