"""Cells that hold options: all in one cell, or each with its letter before it."""

import json
import re
from collections.abc import Sequence
from string import ascii_uppercase

_MARK = r"[(（]?{letter}[)）]?\s*[.、．:：]\s*"
_MARKED = re.compile(r"(?:^|[\s;；|])[(（]?([A-Z])[)）]?\s*[.、．:：]\s*")
_SEPARATORS = ("\n", "$$", "|", "；", ";")


def split_options(cell: str) -> list[str]:
    """Return the options of one cell: a JSON list, marks A. B. C., lines, or ``|``."""
    if not cell:
        return []
    if cell.startswith("["):
        return _json_list(cell)
    marks = list(_MARKED.finditer(cell))
    if [mark.group(1) for mark in marks] == list(ascii_uppercase[: len(marks)]) and marks:
        ends = [mark.start() for mark in marks[1:]] + [len(cell)]
        return [cell[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)]
    for separator in _SEPARATORS:
        if separator in cell:
            return [piece.strip() for piece in cell.split(separator) if piece.strip()]
    return [cell]


def without_letters(options: Sequence[str]) -> list[str]:
    """Strip ``A.`` ``B、`` … when every option carries its own letter, else strip nothing."""
    marks = [
        re.match(_MARK.format(letter=letter), option)
        for letter, option in zip(ascii_uppercase, options, strict=False)
    ]
    if not options or not all(marks):
        return list(options)
    return [
        option[mark.end() :].strip() for option, mark in zip(options, marks, strict=True) if mark
    ]


def _json_list(cell: str) -> list[str]:
    try:
        listed = json.loads(cell)
    except json.JSONDecodeError:
        return [cell]
    return [str(option).strip() for option in listed]
