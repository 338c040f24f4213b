"""Whose row is this? Exact or not at all.

An identity number settles it; so does an admission number together with the name. Everything
else is a list of people it might be, for a person to choose from: when names repeat, taking the
first hit gives one trainee another one's result.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from cms.core.wording import Message

_IGNORED = re.compile(r"[\s\u200b-\u200f\ufeff·•‧・∙⋅.]+")


def name_key(name: str) -> str:
    """The name without padding and middle dots: 张　三 = 张三, 买买提·艾力 = 买买提艾力."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", name)).casefold()


@dataclass(frozen=True)
class Wanted:
    """A row of a sheet. `index` is the blind index of its identity number, if it has one."""

    name: str
    index: str | None = None
    admission_no: str = ""


@dataclass(frozen=True)
class Known:
    """A person on record. `label` is what an importer may read of them; never a full number."""

    person: int
    name: str
    index: str | None = None
    label: str = ""
    admissions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Match:
    """Exactly one of three: `person` is on record; the row `is_new`; or neither, for a `reason`."""

    person: int | None = None
    is_new: bool = False
    reason: Message | None = None
    candidates: tuple[str, ...] = ()


@dataclass
class Register:
    """The people on record, ready to be asked for many rows."""

    people: Iterable[Known]
    _by_index: dict[str, Known] = field(init=False, default_factory=dict)
    _by_name: dict[str, list[Known]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Index the people once: a file has hundreds of rows."""
        for known in self.people:
            if known.index:
                self._by_index[known.index] = known
            self._by_name.setdefault(name_key(known.name), []).append(known)

    def find(self, wanted: Wanted) -> Match:
        """The person of a row, or why it is nobody certain."""
        if wanted.index:
            return self._by_identity(wanted, wanted.index)
        namesakes = self._by_name.get(name_key(wanted.name), [])
        holders = [k for k in namesakes if wanted.admission_no in k.admissions - {""}]
        if len(holders) == 1:
            return Match(person=holders[0].person)
        return _uncertain(holders or namesakes)

    def _by_identity(self, wanted: Wanted, index: str) -> Match:
        known = self._by_index.get(index)
        if known is None:
            return Match(is_new=True)
        if name_key(known.name) == name_key(wanted.name):
            return Match(person=known.person)
        reason = Message("This identity number is on record with another name")
        return Match(reason=reason, candidates=_labels([known]))


def _uncertain(people: list[Known]) -> Match:
    if not people:
        return Match(reason=Message("No identity number, and nobody of this name is on record"))
    reason = Message(
        "No identity number; people of this name on record: %(count)s", count=len(people)
    )
    return Match(reason=reason, candidates=_labels(people))


def _labels(people: list[Known]) -> tuple[str, ...]:
    return tuple(sorted(known.label for known in people if known.label))
