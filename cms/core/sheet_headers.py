"""Find the header of a sheet and the records under it, as people really lay sheets out.

A merged title above, the unit's name in a row of its own, headers of one or two rows, brackets and
spaces in the names; below, totals and the rows for stamp and signature.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from cms.core.plans import FileRefused
from cms.core.sheets import Cell, Row, Sheet, Workbook, is_blank
from cms.core.wording import Message

Fields = Mapping[str, tuple[str, ...]]  # field name → the header texts it goes by

HEADER_WITHIN = 15  # rows that have anything in them
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】|\(.*$")
_ORNAMENT = re.compile(r"[\s*※★:、。\u200b\ufeff]+")
_FOOT = re.compile(
    r"(合计|总计|小计|共计|累计|本页小计|填报单位|填表单位|制表单位|单位负责人|填报人|填表人|制表人?"
    r"|审核人?|审批人|复核人?|负责人|经办人|联系人|联系电话|填报日期|填报时间|填表日期|制表日期"
    r"|报送日期|日期|备注|注|说明|盖章|签字|单位)(\(|:|$|\d|\s|共)"
)


@dataclass(frozen=True)
class Header:
    """Where each field stands. ``titles`` keeps the header texts as written."""

    line: int
    columns: Mapping[str, int]
    titles: Mapping[str, str]


@dataclass(frozen=True)
class Record:
    """One row of a table by field name."""

    line: int
    cells: Mapping[str, Cell]
    sheet: str = ""

    def get(self, name: str) -> Cell:
        """Return the cell of that field, None where the sheet has no such column."""
        return self.cells.get(name)


@dataclass(frozen=True)
class Skipped:
    """A row that is not a record: a total, a signature, the name of a unit."""

    line: int
    text: str


@dataclass(frozen=True)
class Table:
    """The records of all visible sheets that have the header."""

    records: tuple[Record, ...]
    titles: Mapping[str, str]  # of the first such sheet
    skipped: tuple[Skipped, ...] = ()
    hidden_sheets: tuple[str, ...] = ()
    ignored_sheets: tuple[str, ...] = ()
    kind: str = ""


def table_of(workbook: Workbook, *, fields: Fields, required: Collection[str]) -> Table:
    """Return the records of every visible sheet with a header; other sheets are only named."""
    headers = [(sheet, find_header(sheet, fields, required)) for sheet in workbook.sheets]
    found = [(sheet, header) for sheet, header in headers if header]
    if not found:
        raise FileRefused(_missing_header(workbook, fields, required))
    rows = [row for sheet, header in found for row in _rows_below(sheet, header, required=required)]
    return Table(
        records=tuple(row for row in rows if isinstance(row, Record)),
        titles=found[0][1].titles,
        skipped=tuple(row for row in rows if isinstance(row, Skipped)),
        hidden_sheets=workbook.hidden,
        ignored_sheets=tuple(
            sheet.name
            for sheet, header in headers
            if not header and any(row.filled() for row in sheet.rows)
        ),
        kind=workbook.kind,
    )


def find_header(sheet: Sheet, fields: Fields, required: Collection[str]) -> Header | None:
    """Return the row (or pair of rows) that names most fields and all the required ones."""
    best: Header | None = None
    for header in _candidates(sheet, fields):
        complete = all(name in header.columns for name in required)
        if complete and (best is None or len(header.columns) > len(best.columns)):
            best = header
    return best


@lru_cache(maxsize=4096)  # the same few names are compared in every candidate row
def squeezed(title: str) -> str:
    """Return a header text for comparison: half-width, lower case, no spaces or ornaments."""
    return _ORNAMENT.sub("", unicodedata.normalize("NFKC", title)).casefold()


def bare(title: str) -> str:
    """Return the squeezed text without its bracketed notes: ``题干（必填）`` → ``题干``."""
    text = squeezed(title)
    return _BRACKETS.sub("", text) or text


def _candidates(sheet: Sheet, fields: Fields) -> Iterator[Header]:
    """Yield each row near the top alone, then each pair of rows, read as a header."""
    top = [row for row in sheet.rows if row.filled()][:HEADER_WITHIN]
    for row in top:
        titles = {column: [str(cell)] for column, cell in row.filled()}
        yield _header(row.line, titles, fields)
    for upper, lower in pairwise(top):
        if lower.line == upper.line + 1:
            yield _header(lower.line, _joined(upper, lower), fields)


def _joined(upper: Row, lower: Row) -> dict[int, list[str]]:
    """Return the names each column can go by when its header takes two rows.

    The upper text stands over several columns, so it carries on to the right while it is blank.
    """
    names: dict[int, list[str]] = {}
    above = ""
    for column in range(max(len(upper.cells), len(lower.cells))):
        over, under = upper.cell(column), lower.cell(column)
        above = above if is_blank(over) else str(over)
        if not is_blank(under):
            names[column] = [str(under), f"{above}{under}"]
        elif not is_blank(over):
            names[column] = [str(over)]
    return names


def _header(line: int, names: Mapping[int, list[str]], fields: Fields) -> Header:
    """Match names as written first and without their notes second, so that 综合能力（初级） and
    综合能力（中级） can be two fields, and 题干（必填） needs no alias of its own.
    """
    columns: dict[str, int] = {}
    for comparable in (squeezed, bare):
        said = {column: {comparable(name) for name in each} for column, each in names.items()}
        for field in (name for name in fields if name not in columns):
            wanted = {squeezed(alias) for alias in fields[field]}
            hits = (c for c in sorted(said) if wanted & said[c] and c not in columns.values())
            column = next(hits, None)
            if column is not None:
                columns[field] = column
    return Header(line, columns, {field: names[column][-1] for field, column in columns.items()})


def _rows_below(
    sheet: Sheet, header: Header, *, required: Collection[str]
) -> Iterator[Record | Skipped]:
    for row in sheet.rows:
        if row.line <= header.line or not row.filled():
            continue
        if _is_record(row, sheet, header, required):
            cells = {name: row.cell(column) for name, column in header.columns.items()}
            yield Record(row.line, cells, sheet.name)
        else:
            yield Skipped(row.line, " ".join(str(cell) for _column, cell in row.filled())[:80])


def _is_record(row: Row, sheet: Sheet, header: Header, required: Collection[str]) -> bool:
    filled = row.filled()
    named = {name for name, c in header.columns.items() if not is_blank(row.cell(c))}
    labels = [_is_foot_label(cell) for _column, cell in filled]
    is_foot = all(labels) or (labels[0] and not named.issuperset(required))
    is_banner = len(filled) == 1 and _is_wide(sheet, row.line, filled[0][0])
    return bool(named) and not is_foot and not is_banner and not _repeats(row, header)


def _is_foot_label(cell: Cell) -> bool:
    written = unicodedata.normalize("NFKC", str(cell)).strip()
    return bool(_FOOT.match(written) or _FOOT.match(re.sub(r"\s", "", written)))


def _is_wide(sheet: Sheet, line: int, column: int) -> bool:
    return any(first == (line - 1, column) and last[1] > column for first, last in sheet.merged)


def _repeats(row: Row, header: Header) -> bool:
    """Return whether the row is the header once more, as at the top of each printed page."""
    return all(
        bare(str(row.cell(column) or "")) == bare(header.titles[name])
        for name, column in header.columns.items()
    )


def _missing_header(workbook: Workbook, fields: Fields, required: Collection[str]) -> Message:
    """Name the columns that the best row still lacks, by the name most sheets use."""
    headers = [h for sheet in workbook.sheets for h in _candidates(sheet, fields)]
    if not headers:
        return Message("The file has no rows")
    best = max(headers, key=lambda header: len(header.columns))
    missing = [fields[name][0] for name in fields if name in required and name not in best.columns]
    return Message("No header row has the columns %(missing)s", missing="、".join(missing))
