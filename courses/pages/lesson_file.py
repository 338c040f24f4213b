"""A lesson written as a TOML file, turned into the values of `LessonPage` and its blocks.

Two values cannot be had without a database and are left to whoever loads the file: the question
of a `self_check` (named by the beginning of its stem) and the picture of a `figure` (named by
its file).
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from courses.pages.table_rows import BadRows, check_rows

BODY_TAGS = frozenset({"h2", "h3", "p", "ul", "ol", "li", "strong"})
POINT_TAGS = frozenset({"strong"})
STEM_LENGTH = 12
Table = Mapping[str, Any]


class BadLessonFile(ValueError):
    """A file that is no lesson: says in which file, at which field, and what is wrong."""

    def __init__(self, file: str, field: str, fault: str) -> None:
        super().__init__(f"{file}: {field}: {fault}")
        self.file, self.field, self.fault = file, field, fault


class Fault(ValueError):
    """What is wrong at a field, before the file is known."""

    def __init__(self, field: str, fault: str) -> None:
        super().__init__(field, fault)
        self.field, self.fault = field, fault


@dataclass(frozen=True)
class Block:
    """One block; `value` is as a StreamField stores it."""

    type: str
    value: Any


@dataclass(frozen=True)
class LessonFile:
    slug: str
    title: str
    chapter: str
    minutes: int
    optional: bool
    law_as_of: date | None
    summary: str
    body: tuple[Block, ...]


def read_lesson(content: str, *, file: str) -> LessonFile:
    """Read one file. Raises BadLessonFile, which names the file and the field."""
    try:
        return _lesson(tomllib.loads(content))
    except tomllib.TOMLDecodeError as fault:
        raise BadLessonFile(file, "TOML", str(fault)) from fault
    except Fault as fault:
        raise BadLessonFile(file, fault.field, fault.fault) from fault


def _lesson(told: Table) -> LessonFile:
    listed = told.get("body", [])
    if not isinstance(listed, list) or not listed:
        raise Fault("body", "a lesson has blocks")
    body = tuple(_block(number, block) for number, block in enumerate(listed, start=1))
    if [block.type for block in body].count("key_points") != 1 or body[0].type != "key_points":
        raise Fault("body", "key_points stands exactly once, and first")
    return LessonFile(
        slug=_text(told, "slug"),
        title=_text(told, "title"),
        chapter=_text(told, "chapter"),
        minutes=_whole(told, "minutes", 1, 120),
        optional=_of(told, "optional", bool, False),
        law_as_of=_of(told, "law_as_of", date, None),
        summary=_text(told, "summary"),
        body=body,
    )


def _block(number: int, told: Table) -> Block:
    kind = told.get("type")
    read = READERS.get(str(kind))
    if read is None:
        raise Fault(f"body[{number}].type", f"{kind!r} is no kind of block")
    try:
        return Block(str(kind), read(told))
    except Fault as fault:
        raise Fault(f"body[{number}] ({kind}).{fault.field}", fault.fault) from fault


# --- the kinds of blocks --------------------------------------------------------------------------
def _key_points(told: Table) -> dict[str, Any]:
    points = _texts(told, "points")
    return {
        "stars": str(_whole(told, "stars", 1, 3)),
        "points": [f"<p>{safe_html(point, 'points', POINT_TAGS)}</p>" for point in points],
    }


def _flow(told: Table) -> dict[str, Any]:
    steps = _texts(told, "steps")
    current = _whole(told, "current", 0, len(steps))
    return {"label": _text(told, "label"), "steps": steps, "current": current}


def _html(told: Table) -> str:
    return safe_html(_text(told, "html"), "html", BODY_TAGS)


def _figure(told: Table) -> dict[str, Any]:
    caption = _of(told, "caption", str, "")
    return {"file": _text(told, "file"), "alt": _text(told, "alt"), "caption": caption}


def _table(told: Table) -> dict[str, Any]:
    rows = told.get("rows")
    if not isinstance(rows, list) or not all(_are_texts(row) for row in rows):
        raise Fault("rows", "rows of texts are expected")
    try:
        check_rows(rows)
    except BadRows as fault:
        raise Fault("rows", str(fault)) from fault
    header_column = _of(told, "header_column", bool, True)
    return {"caption": _text(told, "caption"), "header_column": header_column, "rows": rows}


def _law(told: Table) -> dict[str, Any]:
    text, marks = _text(told, "text"), _texts(told, "marks", least=0)
    for mark in marks:
        if mark not in text:
            raise Fault("marks", f"{mark!r} does not stand in the text")
    return {
        "law": _text(told, "law"),
        "article": _text(told, "article"),
        "text": text.strip(),
        "marks": marks,
        "in_force_from": _day(told, "in_force_from"),
        "checked_on": _day(told, "checked_on"),
    }


def _case(told: Table) -> dict[str, Any]:
    return {
        "material": _text(told, "material"),
        "analysis": _text(told, "analysis"),
        "points": _texts(told, "points"),
    }


def _mnemonic(told: Table) -> dict[str, Any]:
    return {"text": _text(told, "text"), "meaning": _text(told, "meaning")}


def _callout(told: Table) -> dict[str, Any]:
    tone = told.get("tone", "info")
    if tone not in {"info", "wait"}:
        raise Fault("tone", f"{tone!r} is neither info nor wait")
    return {"tone": tone, "title": _text(told, "title"), "text": _text(told, "text")}


def _self_check(told: Table) -> dict[str, Any]:
    begins = _text(told, "stem_starts")
    if len(begins) < STEM_LENGTH:
        raise Fault("stem_starts", f"at least {STEM_LENGTH} signs, or two questions may begin so")
    return {"stem_starts": begins}


READERS: Mapping[str, Callable[[Table], Any]] = {
    "key_points": _key_points,
    "flow": _flow,
    "text": _html,
    "figure": _figure,
    "table": _table,
    "law": _law,
    "case": _case,
    "mnemonic": _mnemonic,
    "callout": _callout,
    "self_check": _self_check,
}


# --- fields ---------------------------------------------------------------------------------------
def _of(told: Table, field: str, kind: type, default: Any) -> Any:
    value = told.get(field, default)
    if value is not default and not isinstance(value, kind):
        raise Fault(field, f"{value!r} is no {kind.__name__}")
    return value


def _text(told: Table, field: str) -> str:
    value = _of(told, field, str, None)
    if value is None or not value.strip():
        raise Fault(field, "is missing")
    return str(value).strip()


def _texts(told: Table, field: str, *, least: int = 1) -> list[str]:
    value = told.get(field, [])
    if not _are_texts(value) or len(value) < least:
        raise Fault(field, f"a list of at least {least} texts is expected")
    return list(value)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _whole(told: Table, field: str, least: int, most: int) -> int:
    value = told.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Fault(field, f"a number from {least} to {most} is expected, not {value!r}")
    return value


def _day(told: Table, field: str) -> str:
    value = _of(told, field, date, None)
    if value is None:
        raise Fault(field, "is missing")
    return str(value.isoformat())


# --- running text -------------------------------------------------------------------------------
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^<>]*)>")


def safe_html(html: str, field: str, allowed: frozenset[str]) -> str:
    """Return the text as Wagtail stores it (`b` for strong).

    Raises Fault for anything but plain text in allowed, closed tags without attributes.
    """
    if "<" in _TAG.sub("", html):
        raise Fault(field, "a < that opens no tag is written &lt;")
    still_open: list[str] = []
    for slash, tag, rest in _TAG.findall(html):
        _check_tag(slash, tag, rest, field, allowed)
        if not slash:
            still_open.append(tag)
        elif not still_open or still_open.pop() != tag:
            raise Fault(field, f"</{tag}> closes nothing")
    if still_open:
        raise Fault(field, f"<{still_open[-1]}> is not closed")
    return html.replace("<strong>", "<b>").replace("</strong>", "</b>").strip()


def _check_tag(slash: str, tag: str, rest: str, field: str, allowed: frozenset[str]) -> None:
    if tag not in allowed:
        raise Fault(field, f"<{slash}{tag}> is not allowed")
    if rest.strip():
        raise Fault(field, f"<{slash}{tag}> has attributes")
