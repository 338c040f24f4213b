"""Workbooks as people really send them: .xlsx, .xls and .csv bytes → rows with line numbers.

``read_workbook`` gives the visible sheets; ``cms.core.sheet_headers.table_of`` finds the header
and the records in them; ``cms.core.sheet_cells`` turns single cells into names, dates and numbers.
"""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cms.core import sheet_parser
from cms.core.plans import FileRefused
from cms.core.sheet_limits import (
    CELL_CHARACTERS,
    WEB,
    Limits,
    refuse_large_file,
    refuse_unsafe_archive,
)
from cms.core.wording import Message

Cell = str | int | float | bool | date | datetime | None
Span = tuple[tuple[int, int], tuple[int, int]]  # (first row, first column), (last row, last column)

ZIP_START = b"PK\x03\x04"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CSV_ENCODINGS = ("utf-8-sig", "utf-8", "gb18030")
UTF16_STARTS = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = (",", ";", "\t")
# Older systems write text, or a web page, and call it .xls.
TEXT_SUFFIXES = {".csv", ".txt", ".tsv", ".xls"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``line`` is the number the spreadsheet shows, counted from 1."""

    line: int
    cells: tuple[Cell, ...]

    def cell(self, column: int) -> Cell:
        """Return the cell, or None beyond the last one."""
        return self.cells[column] if column < len(self.cells) else None

    def filled(self) -> list[tuple[int, Cell]]:
        """Return the cells that hold something, with their columns."""
        return [(n, cell) for n, cell in enumerate(self.cells) if not is_blank(cell)]


@dataclass(frozen=True)
class Sheet:
    """A visible sheet. ``merged`` spans count rows and columns from 0, as the file does."""

    name: str
    rows: Sequence[Row]
    merged: tuple[Span, ...] = ()

    @classmethod
    def of(cls, cells: Iterable[Iterable[Cell]], name: str = "") -> "Sheet":
        """Return a sheet of plain cell rows, counted from line 1."""
        rows = (Row(line, tuple(row)) for line, row in enumerate(cells, start=1))
        return cls(name=name, rows=tuple(rows))


@dataclass(frozen=True)
class Workbook:
    """The visible sheets in order; hidden ones are named, never read."""

    kind: str
    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...] = ()


def is_blank(cell: Cell) -> bool:
    """Return whether the cell holds nothing that a person would see."""
    return cell is None or (
        isinstance(cell, str) and not cell.strip(" \t\r\n\u3000\xa0\u200b\ufeff")
    )


def read_workbook(content: bytes, filename: str, limits: Limits = WEB) -> Workbook:
    """Return the workbook, or raise FileRefused. The content decides the kind, not the name."""
    refuse_large_file(content, limits)
    if content.startswith(ZIP_START):
        refuse_unsafe_archive(content)
        return _read_apart(content, "xlsx", limits)
    if content.startswith(OLE_START):
        return _read_apart(content, "xls", limits)
    if Path(filename).suffix.casefold() in TEXT_SUFFIXES:
        return _read_csv(content, filename, limits)
    raise FileRefused(Message("This is not a workbook: send .xlsx, .xls or .csv"))


def _read_apart(content: bytes, kind: str, limits: Limits) -> Workbook:
    numbers = (limits.rows, limits.columns, limits.memory_bytes, limits.cpu_seconds)
    command = [sys.executable, "-I", sheet_parser.__file__, *map(str, numbers)]
    try:
        child = subprocess.run(  # noqa: S603 -- our own file, and numbers
            command, input=content, capture_output=True, timeout=2 * limits.cpu_seconds, check=False
        )
    except subprocess.TimeoutExpired as fault:
        raise FileRefused(Message("The workbook takes too long to read")) from fault
    if child.returncode != 0:
        raise FileRefused(_why_it_stopped(child.returncode, limits))
    return _workbook(child.stdout.splitlines(), kind)


def _why_it_stopped(code: int, limits: Limits) -> Message:
    if code == sheet_parser.PASSWORD:
        return Message("The workbook is protected by a password")
    if code == sheet_parser.DAMAGED:
        return Message("The workbook is damaged and cannot be opened")
    # Anything else is a limit of the child: too many rows, or memory or time used up.
    return Message(
        "The workbook is too large: at most %(rows)s rows and %(columns)s columns",
        rows=limits.rows,
        columns=limits.columns,
    )


def _workbook(lines: Sequence[bytes], kind: str) -> Workbook:
    listing = json.loads(lines[0])
    sheets: list[Sheet] = []
    for line in lines[1:]:
        found = json.loads(line)
        if isinstance(found, dict):
            merged = tuple((tuple(first), tuple(last)) for first, last in found["merged"])
            rows: list[Row] = []
            sheets.append(Sheet(listing[found["sheet"]][0], rows, merged))
        else:
            rows.append(Row(len(rows) + 1, tuple(_cell(cell) for cell in found)))
    whole = tuple(replace(sheet, rows=_spread(sheet)) for sheet in sheets)
    return Workbook(kind, whole, tuple(name for name, seen in listing if not seen))


def _cell(cell: Any) -> Cell:
    if isinstance(cell, dict):
        if "t" in cell:
            return str(cell["t"])
        moment = datetime.fromisoformat(cell["d"])
        return moment.date() if len(cell["d"]) == len("2023-06-10") else moment
    return cell[:CELL_CHARACTERS] if isinstance(cell, str) else cell


def _spread(sheet: Sheet) -> tuple[Row, ...]:
    """Repeat a cell that is merged over several rows in each of them: it is said of them all.

    Cells merged sideways stay as they are: those are titles and unit rows.
    """
    cells = {row.line: list(row.cells) for row in sheet.rows}
    for (top, left), (bottom, _right) in sheet.merged:
        upper = cells.get(top + 1, [])
        if left >= len(upper):
            continue
        for line in range(top + 2, bottom + 2):
            lower = cells.get(line)
            if lower is not None:
                lower.extend([""] * (left + 1 - len(lower)))
                lower[left] = upper[left]
    return tuple(Row(row.line, tuple(cells[row.line])) for row in sheet.rows)


def _read_csv(content: bytes, filename: str, limits: Limits) -> Workbook:
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    rows: list[Row] = []
    try:
        line = 1
        for cells in reader:
            rows.append(Row(len(rows) + 1, tuple(cells)))
            line = reader.line_num + 1
            _refuse_long(len(rows), len(cells), limits)
    except csv.Error as fault:
        raise FileRefused(Message("Line %(line)s of the file cannot be read", line=line)) from fault
    return Workbook("csv", (Sheet(Path(filename).stem, tuple(rows)),))


def _refuse_long(rows: int, columns: int, limits: Limits) -> None:
    if rows > limits.rows or columns > limits.columns:
        raise FileRefused(_why_it_stopped(sheet_parser.TOO_LARGE, limits))


def _decoded(content: bytes) -> str:
    """Return the text: GB18030 from Excel on Chinese Windows, else UTF-8, or "Unicode text"."""
    encodings = ("utf-16",) if content.startswith(UTF16_STARTS) else CSV_ENCODINGS
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return _refuse_web_page(text)
    raise FileRefused(Message("The text of the file is neither UTF-8 nor GB18030"))


def _refuse_web_page(text: str) -> str:
    if text.lstrip().startswith("<"):
        raise FileRefused(
            Message("This is a web page with the name of a workbook: save it as .xlsx first")
        )
    return text


def _delimiter(text: str) -> str:
    """Return the separator that the first lines use most."""
    head = "\n".join(text.splitlines()[:20])
    return max(DELIMITERS, key=head.count)
