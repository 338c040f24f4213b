"""Tables → .xlsx bytes: the same tables give the same bytes, and no cell is ever a formula.

A text that begins with = + - or @ stays a text: openpyxl would make a live formula of it, and a
name in a list could then run on the officer's computer (OWASP ASVS 1.2.10).
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import openpyxl
from openpyxl.cell.cell import Cell as OutputCell
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OutputValue = str | int | float | Decimal | date | datetime | None

WRITTEN_AT = datetime(2000, 1, 1)  # noqa: DTZ001 -- a fixed stamp, so that bytes repeat
ZIP_STAMP = (2000, 1, 1, 0, 0, 0)
HEADER_FILL = PatternFill("solid", fgColor="E8EEF4")
TEXT_FORMAT, DATE_FORMAT = "@", "yyyy-mm-dd"
CORE_PROPERTIES = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
MIN_WIDTH, MAX_WIDTH = 8, 60


@dataclass(frozen=True)
class SheetOut:
    """A sheet to write. ``titles`` are full-width rows above the header, ``foot`` rows below.

    ``widths`` and ``formats`` go by header text; a column without a format keeps the plain one.
    ``to_print``: A4 across, as wide as the paper, the header on every page.
    """

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[OutputValue]]
    titles: Sequence[str] = ()
    foot: Sequence[Sequence[OutputValue]] = ()
    widths: Mapping[str, int] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)  # e.g. {"金额（元）": "#,##0.00"}
    to_print: bool = False


def write_workbook(sheets: Sequence[SheetOut]) -> bytes:
    """Return the bytes of a workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = ""
    book.properties.created = WRITTEN_AT
    for sheet in sheets:
        _fill(book.create_sheet(sheet.name[:31]), sheet)
    raw = io.BytesIO()
    book.save(raw)
    return _repeatable(raw.getvalue())


def _fill(target: Worksheet, sheet: SheetOut) -> None:
    width = max(len(sheet.header), 1)
    for line, title in enumerate(sheet.titles, start=1):
        _put(target.cell(line, 1), title)
        target.cell(line, 1).font = Font(bold=True, size=14 if line == 1 else 11)
        target.merge_cells(start_row=line, end_row=line, start_column=1, end_column=width)
    top = len(sheet.titles) + 1
    _write_header(target, sheet, top)
    for line, row in enumerate([*sheet.rows, *sheet.foot], start=top + 1):
        for column, value in enumerate(row, start=1):
            _put(target.cell(line, column), value, _format(sheet, column))
    _set_widths(target, sheet)
    target.freeze_panes = f"A{top + 1}"
    if sheet.to_print:
        _set_page(target, header=top)


def _set_page(target: Worksheet, *, header: int) -> None:
    target.page_setup.orientation = "landscape"
    target.page_setup.paperSize = int(target.PAPERSIZE_A4)
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0  # any number of pages long
    target.print_title_rows = f"{header}:{header}"


def _write_header(target: Worksheet, sheet: SheetOut, line: int) -> None:
    for column, title in enumerate(sheet.header, start=1):
        cell = target.cell(line, column)
        _put(cell, title)
        cell.font, cell.fill = Font(bold=True), HEADER_FILL
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _format(sheet: SheetOut, column: int) -> str:
    return sheet.formats.get(sheet.header[column - 1], "") if column <= len(sheet.header) else ""


def _put(cell: OutputCell | MergedCell, value: OutputValue, number_format: str = "") -> None:
    if value is None or isinstance(cell, MergedCell):
        return
    if isinstance(value, str):
        cell.value = _printable(value)
        cell.data_type = "s"  # whatever it begins with
        cell.number_format = TEXT_FORMAT
        cell.alignment = Alignment(vertical="top", wrap_text="\n" in value)
        return
    cell.value = value
    cell.alignment = Alignment(horizontal="right", vertical="top")
    cell.number_format = number_format or (DATE_FORMAT if isinstance(value, date) else "General")


def _printable(value: str) -> str:
    return "".join(sign for sign in value if sign in "\n\t" or sign >= " ")


def _set_widths(target: Worksheet, sheet: SheetOut) -> None:
    for column, title in enumerate(sheet.header, start=1):
        seen = [title, *(str(row[column - 1]) for row in sheet.rows[:200] if column <= len(row))]
        widest = max(sum(2 if sign > "\xff" else 1 for sign in text) for text in seen)
        width = sheet.widths.get(title, min(max(widest + 2, MIN_WIDTH), MAX_WIDTH))
        target.column_dimensions[get_column_letter(column)].width = width


def _repeatable(raw: bytes) -> bytes:
    """Write the archive again with one fixed time, members in order of name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            member = zipfile.ZipInfo(name, ZIP_STAMP)
            member.compress_type = zipfile.ZIP_DEFLATED
            content = old.read(name)
            if name == CORE_PROPERTIES:
                content = _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", content)
            new.writestr(member, content)
    return out.getvalue()
