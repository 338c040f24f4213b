"""Bodies of the journal and the submission as they come over the wire, read strictly.

Without a framework: this is the hot path, a class of trainees sends one every few seconds.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from quizzes.attempts.journal import Kind
from quizzes.attempts.scoring import MULTIPLE_RESPONSE

BODY_BYTES = 8 * 1024
MAX_EVENTS = 50
MAX_SEQ = 1_000_000
# Devices count their events from 1, so the number is the count. A tap every two seconds through
# the longest paper stays below; a device that goes on writing fills no table.
EVENTS_A_DEVICE = 5_000
MAX_MS = 2**31 - 1
_SHA256 = re.compile(r"[0-9a-f]{64}")

Shape = Mapping[int, tuple[str, Collection[str]]]
"""Item number → (type, option ids) of a paper."""


class Malformed(ValueError):
    """A body that does not follow the format; the text names the place, for developers."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a body, normalised; `client_ms` is the device's clock since 1970."""

    seq: int
    item: int
    kind: Kind
    value: str
    mono_ms: int
    client_ms: int


@dataclass(frozen=True, slots=True)
class Batch:
    """A journal body; an empty one is a heartbeat."""

    device: UUID
    epoch: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A submission body: what the device has sent, and the digest of the answers it shows."""

    device: UUID
    epoch: int
    through: Mapping[UUID, int]
    answers_sha256: str


def parse(body: bytes) -> object:
    """Parse JSON of bounded size.

    Raises:
        Malformed: too long, or not JSON at all.
    """
    if len(body) > BODY_BYTES:
        raise Malformed("body")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("body") from None


def read_batch(body: object) -> Batch:
    """Read a parsed JSON body.

    Raises:
        Malformed: anything is missing, of the wrong type or out of its range.
    """
    fields = _object(body, "body")
    events = fields.get("events")
    if not isinstance(events, list) or len(events) > MAX_EVENTS:
        raise Malformed("events")
    return Batch(
        device=read_uuid(fields.get("device"), "device"),
        epoch=_integer(fields.get("epoch"), "epoch", low=1, high=MAX_SEQ),
        entries=tuple(_entry(event, f"events[{at}]") for at, event in enumerate(events)),
    )


def read_claim(body: object) -> Claim:
    """Read a parsed JSON body.

    Raises:
        Malformed: anything is missing, of the wrong type or out of its range.
    """
    fields = _object(body, "body")
    digest = fields.get("answers_sha256")
    if not isinstance(digest, str) or not _SHA256.fullmatch(digest):
        raise Malformed("answers_sha256")
    return Claim(
        device=read_uuid(fields.get("device"), "device"),
        epoch=_integer(fields.get("epoch"), "epoch", low=1, high=MAX_SEQ),
        through={
            read_uuid(device, "through"): _integer(seq, "through", low=0, high=MAX_SEQ)
            for device, seq in _object(fields.get("through"), "through").items()
        },
        answers_sha256=digest,
    )


def check_against(batch: Batch, shape: Shape) -> None:
    """Refuse items that the paper has not, and options that the item has not.

    Raises:
        Malformed: naming the first such event.
    """
    for at, entry in enumerate(batch.entries):
        if entry.item not in shape:
            raise Malformed(f"events[{at}].item")
        if entry.kind is Kind.OPTIONS and not _fits(entry.value, *shape[entry.item]):
            raise Malformed(f"events[{at}].value.options")


def read_uuid(value: object, where: str) -> UUID:
    """A UUID in its canonical text form."""
    if not isinstance(value, str):
        raise Malformed(where)
    try:
        return UUID(value)
    except ValueError:
        raise Malformed(where) from None


def _fits(value: str, item_type: str, option_ids: Collection[str]) -> bool:
    chosen = value.split(",") if value else []
    if len(chosen) > 1 and item_type != MULTIPLE_RESPONSE:
        return False
    return all(option in option_ids for option in chosen)


def _entry(event: object, where: str) -> Entry:
    fields = _object(event, where)
    kind, value = _value(fields.get("value"), f"{where}.value")
    return Entry(
        seq=_seq(fields.get("seq"), f"{where}.seq"),
        item=_integer(fields.get("item"), f"{where}.item", low=1, high=10_000),
        kind=kind,
        value=value,
        mono_ms=_integer(fields.get("mono_ms"), f"{where}.mono_ms", low=0, high=MAX_MS),
        client_ms=_moment(fields.get("client_at"), f"{where}.client_at"),
    )


def _seq(value: object, where: str) -> int:
    seq = _integer(value, where, low=1, high=MAX_SEQ)
    if seq > EVENTS_A_DEVICE:
        raise Malformed("too_many_events")
    return seq


def _value(value: object, where: str) -> tuple[Kind, str]:
    fields = _object(value, where)
    if fields.keys() == {"options"}:
        return Kind.OPTIONS, _options(fields["options"], where)
    if fields.keys() == {"flag"} and isinstance(fields["flag"], bool):
        return Kind.FLAG, "1" if fields["flag"] else ""
    raise Malformed(where)


def _options(options: object, where: str) -> str:
    if not isinstance(options, list) or not all(isinstance(option, str) for option in options):
        raise Malformed(where)
    if any(not option or "," in option for option in options):
        raise Malformed(where)
    return ",".join(sorted(set(options)))


def _moment(value: object, where: str) -> int:
    if not isinstance(value, str):
        raise Malformed(where)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise Malformed(where) from None
    if moment.tzinfo is None:
        raise Malformed(where)
    return int(moment.timestamp() * 1000)


def _integer(value: object, where: str, *, low: int, high: int) -> int:
    # bool is an int in Python; `true` is not a number on the wire.
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise Malformed(where)
    return value


def _object(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Malformed(where)
    return value
