"""From what a sheet calls a place (中宁县, 宁夏中卫市中宁县, 640521) to its division code."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cms.core.sheet_cells import CellRefused
from cms.core.wording import Message

_SUFFIX = re.compile(
    r"(?<=..)((壮族|回族|维吾尔)?自治区|自治州|自治县|地区|省|市|县|区|镇|乡|街道)$"
)


@dataclass(frozen=True)
class Areas:
    """The divisions that are known, by code."""

    names: Mapping[str, str]
    _words: tuple[tuple[str, str], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep each code with the word that gives it away, 中宁 for 中宁县."""
        words = ((code, _SUFFIX.sub("", name)) for code, name in self.names.items())
        object.__setattr__(self, "_words", tuple(words))

    def code_of(self, written: str) -> str | None:
        """The deepest division that is named; None for a blank. Raises CellRefused."""
        said = re.sub(r"\s", "", unicodedata.normalize("NFKC", written))
        if not said:
            return None
        found = self._by_number(said) if said.isdigit() else self._by_name(said)
        if found is None:
            raise CellRefused(Message("“%(seen)s” is not an area that is set up here", seen=said))
        return found

    def _by_number(self, said: str) -> str | None:
        """A longer code stands for the deepest known division it lies in."""
        return _deepest(code for code in self.names if said.startswith(code))

    def _by_name(self, said: str) -> str | None:
        exact = [code for code, name in self.names.items() if name == said]
        if len(exact) == 1:
            return exact[0]
        named = [code for code, word in self._words if word in said]
        deepest = _deepest(named)
        # 中宁县和海原县 names two places on one level, which is no place.
        is_one_place = all(deepest and deepest.startswith(code) for code in named)
        return deepest if is_one_place else None


def _deepest(codes: Iterable[str]) -> str | None:
    return max(codes, key=len, default=None)
