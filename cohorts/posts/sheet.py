"""The posts workbook: appointments, and, on further sheets or below, appraisals and insurance.

Three tables share one file. Each stands on a sheet of its own or under its own header row on a
sheet with the others; what tells them apart are their columns.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cms.core.plans import FileRefused
from cms.core.sheet_cells import CellRefused, date_of, text
from cms.core.sheet_headers import bare, find_header, squeezed
from cms.core.sheets import Cell, Row, Sheet, Workbook
from cms.core.wording import Message
from cohorts.posts.words import GRADES, KINDS, NO, OPEN_ENDED, POST_FIELDS, TABLES, YES, first_word
from cohorts.results.areas import Areas
from cohorts.results.people_rows import (
    PERSON_FIELDS,
    Reading,
    RowReader,
    read_person,
    read_rows,
    tables_of,
    two_names,
    unread,
    warn_of_fictional,
)

MOST_MONTHS = 600


@dataclass(frozen=True)
class PostRow:
    """One appointment. `to_on` is the last day, None while it goes on; `area` a code or "".

    `appointed` is None where the sheet does not say.
    """

    line: int
    sheet: str
    name: str
    id_number: str
    fictional: bool
    unit: str
    kind: str
    area: str
    title: str
    appointed: bool | None
    from_on: date
    to_on: date | None


@dataclass(frozen=True)
class AppraisalRow:
    """The grade of one year."""

    line: int
    sheet: str
    name: str
    id_number: str
    fictional: bool
    year: int
    grade: str


@dataclass(frozen=True)
class InsuranceRow:
    """A run of months in which contributions were paid, both ends included, as YYYY-MM."""

    line: int
    sheet: str
    name: str
    id_number: str
    fictional: bool
    months: tuple[str, ...]
    area: str


PostsRow = PostRow | AppraisalRow | InsuranceRow


@dataclass(frozen=True)
class PostRules:
    """The divisions that are set up, and whether made-up people may be entered."""

    areas: Areas
    allow_fictional: bool = False


def read_posts(workbook: Workbook, rules: PostRules) -> Reading[PostsRow]:
    """Every row of the three tables, taken or refused. Raises FileRefused where none is there."""
    parts = Workbook(workbook.kind, tuple(_sections(workbook)), workbook.hidden)
    readers = {"posts": _read_post, "appraisals": _read_appraisal, "insurance": _read_insurance}
    used: set[str] = set()
    reading: Reading[PostsRow] = Reading(many_sheets=len(workbook.sheets) > 1)
    for table, fields, required in TABLES:
        own = tuple(s for s in parts.sheets if _kind_of(s) == table)
        if own:
            tables, _ = tables_of(Workbook(workbook.kind, own), fields=fields, required=required)
            read_rows(tables, reading, lambda reader, read=readers[table]: read(reader, rules))  # type: ignore[misc]
            used |= {sheet.name for sheet in own}
    if not used:
        _refuse_file(parts)
    ignored = [s.name for s in workbook.sheets if s.name not in used and _is_filled(s)]
    reading.lossy = unread(workbook.hidden, ignored)
    reading.withdraw(two_names(reading.rows))
    reading.withdraw(_contradictions(reading.rows))
    warn_of_fictional(reading, lambda row: row.fictional)
    return reading


def _refuse_file(workbook: Workbook) -> None:
    if not any(_is_filled(sheet) for sheet in workbook.sheets):
        raise FileRefused(Message("The file has no rows"))
    tables_of(workbook, fields=POST_FIELDS, required=TABLES[0][2])


def _is_filled(sheet: Sheet) -> bool:
    return any(row.filled() for row in sheet.rows)


def _kind_of(sheet: Sheet) -> str | None:
    """The table whose required columns the sheet has; the fullest match where two fit."""
    found = [
        (len(header.columns), table)
        for table, fields, required in TABLES
        if (header := find_header(sheet, fields, required))
    ]
    return max(found)[1] if found else None


def _sections(workbook: Workbook) -> Iterator[Sheet]:
    """Cut each sheet before every further header row; lines keep their numbers."""
    for sheet in workbook.sheets:
        starts = [n for n, row in enumerate(sheet.rows) if _is_header(row)]
        # The two rows of one header both hold 姓名 when it is merged over them.
        cuts = [n for n in starts if n - 1 not in starts] or [0]
        for first, last in zip([0, *cuts[1:]], [*cuts[1:], len(sheet.rows)], strict=True):
            yield replace(sheet, rows=sheet.rows[first:last])


def _is_header(row: Row) -> bool:
    names = {squeezed(alias) for alias in PERSON_FIELDS["name"]}
    return any(isinstance(cell, str) and bare(cell) in names for _column, cell in row.filled())


def _read_post(reader: RowReader, rules: PostRules) -> PostRow | None:
    name, number, fictional = _person(reader, rules)
    unit = reader.unit()
    if not unit:
        reader.problems.append(Message("%(column)s is missing", column=reader.title("unit")))
    from_on = reader.day("from", needed=True)
    to_on = reader.take("to", _last_day)
    if from_on and to_on and to_on < from_on:
        reader.problems.append(Message("The appointment ends before it begins"))
    row = PostRow(
        line=reader.line,
        sheet=reader.sheet,
        name=name,
        id_number=number,
        fictional=fictional,
        unit=unit,
        kind=_kind(reader, unit),
        area=_area(reader, rules),
        title=reader.said("title"),
        appointed=reader.take("appointed", _appointed),
        from_on=from_on or date.min,
        to_on=to_on,
    )
    return None if reader.problems else row


def _read_appraisal(reader: RowReader, rules: PostRules) -> AppraisalRow | None:
    name, number, fictional = _person(reader, rules)
    year = reader.need("year", _year)
    grade = reader.need("grade", _grade)
    if reader.problems or year is None or grade is None:
        return None
    return AppraisalRow(reader.line, reader.sheet, name, number, fictional, year, grade)


def _read_insurance(reader: RowReader, rules: PostRules) -> InsuranceRow | None:
    name, number, fictional = _person(reader, rules)
    first, last = reader.need("first", _month), reader.take("last", _month)
    area = _area(reader, rules)
    if reader.problems or first is None:
        return None
    months = months_between(first, last or first)
    if not 0 < len(months) <= MOST_MONTHS:
        reader.problems.append(Message("The months end before they begin, or span too long"))
    return InsuranceRow(reader.line, reader.sheet, name, number, fictional, months, area)


def _person(reader: RowReader, rules: PostRules) -> tuple[str, str, bool]:
    name, identity = read_person(reader, allow_fictional=rules.allow_fictional)
    return name, identity.number if identity else "", bool(identity and identity.fictional)


def _area(reader: RowReader, rules: PostRules) -> str:
    return reader.take("area", lambda cell: rules.areas.code_of(text(cell)) or "") or ""


def _kind(reader: RowReader, unit: str) -> str:
    """The kind the sheet names; where it names none, what the name of the unit gives away."""
    written = reader.said("kind")
    found = first_word(written, KINDS) if written else first_word(unit, KINDS)
    if written and found is None:
        reader.doubts.append(Message("“%(seen)s” is no known kind of employer", seen=written))
    return found or "other"


def _grade(cell: Cell) -> str:
    said = text(cell)
    grade = first_word(said, GRADES)
    if grade is None:
        raise CellRefused(Message("“%(seen)s” is not a grade of an appraisal", seen=said))
    return grade


def _appointed(cell: Cell) -> bool:
    said = text(cell).casefold()
    if said not in YES | NO:
        raise CellRefused(Message("“%(seen)s” says neither yes nor no", seen=said))
    return said in YES


def _year(cell: Cell) -> int:
    match = re.fullmatch(r"(20\d\d|19\d\d)(年度?)?", text(cell).replace(" ", ""))
    if not match:
        raise CellRefused(Message("“%(seen)s” is not a year", seen=text(cell)))
    return int(match[1])


def _last_day(cell: Cell) -> date | None:
    """The last day in post; a month without a day lasts to its end; 至今 is None."""
    if text(cell) in OPEN_ENDED:
        return None
    found = date_of(cell)
    if found is None or found.precision == "day":
        return found.on if found else None
    return _first_of_next(found.on) - timedelta(days=1)


def _month(cell: Cell) -> date:
    found = date_of(cell)
    if found is None:
        raise CellRefused(Message("“%(seen)s” is not a month: write 2023-06", seen=text(cell)))
    return found.on.replace(day=1)


def _first_of_next(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def months_between(first: date, last: date) -> tuple[str, ...]:
    """YYYY-MM of every month from first to last, both included; () where they are reversed."""
    span = (last.year - first.year) * 12 + last.month - first.month + 1
    start = first.year * 12 + first.month - 1
    return tuple(f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(start, start + max(span, 0)))


def _contradictions(rows: list[PostsRow]) -> dict[int, Message]:
    """Two rows that say different things of one appointment or one appraisal: neither is taken."""
    reasons: dict[int, Message] = {}
    seen: dict[tuple[object, ...], PostsRow] = {}
    for row in rows:
        key = _key(row)
        if key is None:
            continue
        first = seen.setdefault(key, row)
        if replace(first, line=0, sheet="") != replace(row, line=0, sheet=""):
            reasons[id(row)] = _differs_from(first)
            reasons.setdefault(id(first), _differs_from(row))
    return reasons


def _key(row: PostsRow) -> tuple[object, ...] | None:
    if isinstance(row, PostRow):
        return ("post", row.id_number or row.line, row.unit, row.from_on)
    if isinstance(row, AppraisalRow):
        return ("appraisal", row.id_number or row.line, row.year)
    return None


def _differs_from(row: PostsRow) -> Message:
    return Message("Line %(line)s says something else of the same person", line=row.line)
