"""A child process that turns workbook bytes (stdin) into JSON lines (stdout).

A sheet of two cells, A1 and XFD1048576, makes the parser ask for 500 GB and abort the whole
process. So it runs apart, with limits on memory and time that it sets for itself: a hostile file
ends the child, never the web server. Started by file path, it imports nothing of the project.

First line: ``[["name", visible, height, width], …]``, then for each visible sheet in that order
``{"sheet": index, "merged": [...]}`` and one JSON list per row. Dates travel as
``{"d": iso}``, times as ``{"t": iso}``.
"""

import datetime
import io
import json
import sys
from collections.abc import Iterator
from typing import Any

import python_calamine

PASSWORD, DAMAGED, TOO_LARGE = 3, 4, 5


def lines(content: bytes, max_rows: int, max_columns: int) -> Iterator[Any]:
    """Yield what the reader needs of each visible sheet."""
    with python_calamine.load_workbook(io.BytesIO(content)) as workbook:
        shown = [_is_shown(meta) for meta in workbook.sheets_metadata]
        yield [
            [meta.name, seen] for meta, seen in zip(workbook.sheets_metadata, shown, strict=True)
        ]
        for index, seen in enumerate(shown):
            if seen:
                yield from _sheet(workbook.get_sheet_by_index(index), index, max_rows, max_columns)


def _is_shown(meta: python_calamine.SheetMetadata) -> bool:
    worksheet = meta.typ == python_calamine.SheetTypeEnum.WorkSheet
    return worksheet and meta.visible == python_calamine.SheetVisibleEnum.Visible


def _sheet(
    sheet: python_calamine.CalamineSheet, index: int, max_rows: int, max_columns: int
) -> Iterator[Any]:
    merged = [[list(first), list(last)] for first, last in sheet.merged_cell_ranges or ()]
    yield {"sheet": index, "merged": merged}
    left = sheet.start[1] if sheet.start else 0
    filled = 0
    for cells in sheet.iter_rows():
        row = [""] * left + [_plain(cell) for cell in cells]
        while row and row[-1] == "":
            row.pop()
        filled += bool(row)
        if filled > max_rows or len(row) > max_columns:
            sys.exit(TOO_LARGE)
        yield row


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime.datetime | datetime.date):
        return {"d": cell.isoformat()}
    if isinstance(cell, datetime.time | datetime.timedelta):
        return {"t": str(cell)}
    return cell


def _limit_itself(memory_bytes: int, cpu_seconds: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows; the size checks before this still hold there
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))


def main() -> int:
    """Read one workbook; the exit code says why when it cannot be read."""
    max_rows, max_columns, memory_bytes, cpu_seconds = (int(word) for word in sys.argv[1:5])
    _limit_itself(memory_bytes, cpu_seconds)
    try:
        for line in lines(sys.stdin.buffer.read(), max_rows, max_columns):
            sys.stdout.write(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n")
    except python_calamine.PasswordError:
        return PASSWORD
    except python_calamine.CalamineError:
        return DAMAGED
    return 0


if __name__ == "__main__":
    sys.exit(main())
