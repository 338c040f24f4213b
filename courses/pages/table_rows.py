"""The rows of a table as an author types or pastes them: a line a row, cells apart by | or tab."""

from collections.abc import Sequence

from cms.core.wording import Message

MOST_COLUMNS = 4  # a phone of 320 px shows no more without sideways scrolling


class BadRows(ValueError):
    """Rows that make no table; `message` says which line and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def rows_of(text: str) -> list[list[str]]:
    """Read what was typed; a table pasted from a spreadsheet has tabs between its cells."""
    lines = [line for line in text.splitlines() if line.strip()]
    if any("\t" in line for line in lines):
        lines = ["|" + line.replace("|", "｜").replace("\t", "|") + "|" for line in lines]
    return [[cell.strip() for cell in _inner(line).split("|")] for line in lines]


def text_of(rows: Sequence[Sequence[str]]) -> str:
    """Write rows as `rows_of` reads them, so that an editor sees what was typed."""
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def check_rows(rows: Sequence[Sequence[str]]) -> None:
    """Raise BadRows unless there are a head and a row, all as wide, and not too wide."""
    if len(rows) < 2:
        raise BadRows(Message("A table has a head and at least one row."))
    width = len(rows[0])
    if width > MOST_COLUMNS:
        raise BadRows(
            Message(
                "The table has %(width)s columns; a phone shows %(most)s at most.",
                width=width,
                most=MOST_COLUMNS,
            )
        )
    for number, row in enumerate(rows, start=1):
        if len(row) != width:
            raise BadRows(
                Message(
                    "Row %(number)s has %(found)s cells, the head has %(width)s.",
                    number=number,
                    found=len(row),
                    width=width,
                )
            )


def _inner(line: str) -> str:
    """Without the bars at both ends; one bar alone is the edge of an empty cell."""
    line = line.strip()
    framed = len(line) > 1 and line.startswith("|") and line.endswith("|")
    return line[1:-1] if framed else line
