"""From events to answers: a maximum, so neither order of arrival nor repetition matters.

Each device numbers its events 1, 2, 3 … (`seq`); each take-over begins a new `epoch`. For every
item and kind of event the one with the greatest (epoch, seq) stands.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

Gap = tuple[int, int]
"""First and last missing seq, both included."""


class Kind(IntEnum):
    """What an event says about its item; small numbers because every event stores one."""

    OPTIONS = 1
    FLAG = 2


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it is stored.

    `value` is compact text: sorted option ids joined by commas (empty = cleared), or "1" / ""
    for a flag set or lifted. `late` means that it arrived after its time.
    """

    epoch: int
    seq: int
    item: int
    kind: Kind
    value: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Projection:
    """What the events come to: answers by item (blank ones left out) and flagged items."""

    answers: Mapping[int, tuple[str, ...]]
    flags: tuple[int, ...]


def fold(events: Iterable[Event], *, late_counts: bool = False) -> Projection:
    """Fold events into answers; late ones count only where somebody decided so."""
    latest: dict[tuple[int, Kind], Event] = {}
    for event in events:
        if event.late and not late_counts:
            continue
        place = (event.item, event.kind)
        if place not in latest or _rank(latest[place]) < _rank(event):
            latest[place] = event
    return Projection(answers=_answers(latest.values()), flags=_flags(latest.values()))


def gaps(seqs: Iterable[int], through: int) -> list[Gap]:
    """The runs of numbers missing from 1 … `through`."""
    found: list[Gap] = []
    expected = 1
    for seq in sorted({seq for seq in seqs if seq <= through}):
        if seq > expected:
            found.append((expected, seq - 1))
        expected = seq + 1
    if expected <= through:
        found.append((expected, through))
    return found


def acked_through(seqs: Iterable[int]) -> int:
    """The last number up to which nothing is missing."""
    known = set(seqs)
    through = 0
    while through + 1 in known:
        through += 1
    return through


def answers_sha256(answers: Mapping[int, Sequence[str]]) -> str:
    """Digest both sides compute: lines "item:opt,opt", items and options ascending, blanks out."""
    lines = "".join(
        f"{item}:{','.join(sorted(options))}\n"
        for item, options in sorted(answers.items())
        if options
    )
    return hashlib.sha256(lines.encode()).hexdigest()


def content_hash(*, item: int, kind: Kind, value: str) -> int:
    """Hash by which a repeated seq is told from a second event that took its number.

    Signed 64 bits, so that the row stays lean: this finds a fault in a client, not a forger, who
    could only harm the own attempt. Times and the epoch are left out: an event that is sent again
    after a take-over is still the same event.
    """
    digest = hashlib.blake2b(f"{item}:{kind:d}:{value}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def _rank(event: Event) -> tuple[int, int, str]:
    # The value settles the tie that a correct client never makes.
    return event.epoch, event.seq, event.value


def _answers(events: Iterable[Event]) -> dict[int, tuple[str, ...]]:
    chosen = (event for event in events if event.kind is Kind.OPTIONS and event.value)
    return {
        event.item: tuple(event.value.split(","))
        for event in sorted(chosen, key=lambda event: event.item)
    }


def _flags(events: Iterable[Event]) -> tuple[int, ...]:
    return tuple(sorted(event.item for event in events if event.kind is Kind.FLAG and event.value))
