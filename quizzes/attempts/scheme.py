"""What a paper is worth: the marks, pass mark and minutes that were frozen into it.

The numbers are data of the exam year (初级 of 2026: 60 single choice of 1 point, 20 multiple
response of 2 points, 120 minutes, 60 of 100 to pass). Points are integer half-points throughout.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PARTIAL_HALF = 1
"""Half-points for each right option of an incomplete multiple response (0.5 points)."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part (大题) of a paper; every item in it is worth `points_half`."""

    name: str
    type: str
    count: int
    points_half: int

    @property
    def max_half(self) -> int:
        """Full marks of the section."""
        return self.count * self.points_half


@dataclass(frozen=True, slots=True)
class Scheme:
    """The frozen rules of one paper."""

    sections: tuple[Section, ...]
    duration_min: int
    pass_half: int
    total_half: int
    partial_half: int = PARTIAL_HALF

    def passes(self, total_half: int) -> bool:
        """Whether a total reaches the pass mark; the mark itself passes."""
        return total_half >= self.pass_half


def scheme_of(frozen: Mapping[str, Any]) -> Scheme:
    """Read the scheme of a paper: `{sections: […], duration_min, pass_half, total_half}`."""
    return Scheme(
        sections=tuple(_section(section) for section in frozen["sections"]),
        duration_min=int(frozen["duration_min"]),
        pass_half=int(frozen["pass_half"]),
        total_half=int(frozen["total_half"]),
        partial_half=int(frozen.get("partial_half", PARTIAL_HALF)),
    )


def scheme_sha256(frozen: Mapping[str, Any]) -> str:
    """Hash of the scheme a score was given under, so that a later reader can prove which."""
    canonical = json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _section(section: Mapping[str, Any]) -> Section:
    return Section(
        name=str(section["name"]),
        type=str(section["type"]),
        count=int(section["count"]),
        points_half=int(section["points_half"]),
    )
