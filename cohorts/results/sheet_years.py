"""Which exam year a results workbook says it is of, held against the one that was chosen."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from cms.core.plans import Caution
from cms.core.sheet_headers import find_header
from cms.core.sheets import Workbook
from cms.core.wording import Message
from cohorts.results.sheet import FIELDS, REQUIRED, ResultRow

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


def other_years(workbook: Workbook, rows: Sequence[ResultRow], *, year: int) -> list[Caution]:
    """What speaks against `year`, on the first row; nothing where the workbook is silent.

    A title may hold the day it was filled in besides, so any mention of `year` contents it.
    """
    if not rows:
        return []
    reasons = []
    titled = list(_titled_years(workbook))
    if titled and year not in titled:
        reasons.append(
            Message(
                "The title says %(seen)s, the chosen year is %(year)s", seen=titled[0], year=year
            )
        )
    approved = Counter(row.approved_on.year for row in rows if row.approved_on)
    if approved and year not in approved:
        seen = approved.most_common(1)[0][0]
        reasons.append(
            Message(
                "The approval dates lie in %(seen)s, the chosen year is %(year)s",
                seen=seen,
                year=year,
            )
        )
    return [Caution(rows[0].line, reason) for reason in reasons]


def _titled_years(workbook: Workbook) -> Iterator[int]:
    """Years in the rows above each header, then in the names of the sheets."""
    headed = [(sheet, find_header(sheet, FIELDS, REQUIRED)) for sheet in workbook.sheets]
    for sheet, header in headed:
        for row in sheet.rows:
            if header is None or row.line >= header.line:
                break
            for _column, cell in row.filled():
                yield from map(int, _YEAR.findall(str(cell)))
    for sheet, header in headed:
        if header is not None:
            yield from map(int, _YEAR.findall(sheet.name))
