"""The part of a file that a player asks for: phones play a video only from a server that answers.

RFC 9110, section 14: one range is served; several, or words we do not read, get the whole file.
"""

import re

_ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class OutOfRange(ValueError):
    """The part begins behind the end of the file (416)."""


def part_of(header: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte asked for, both included; None for the whole file."""
    match = _ONE_RANGE.fullmatch(header.replace(" ", ""))
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        return max(size - int(last), 0), size - 1
    if int(first) >= size:
        raise OutOfRange
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last), size - 1) if last else size - 1
