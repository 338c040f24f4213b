"""What all sheets about people share: whom a row is about, group rows, refusals with reasons."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from typing import Generic, Protocol, TypeVar

from cms.core.identity import Identity, IdentityRefused, read_identity
from cms.core.plans import Caution, Refusal
from cms.core.sheet_cells import CellRefused, date_of, identity_text, name_text, text
from cms.core.sheet_headers import Fields, Record, Skipped, Table, table_of
from cms.core.sheets import Cell, Workbook, is_blank
from cms.core.wording import Message
from cohorts.results.matching import name_key

T = TypeVar("T")
NAME_LENGTH, UNIT_LENGTH = 60, 120
LINES_NAMED = 5

PERSON_FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "考生姓名", "学员姓名", "人员姓名", "持证人姓名", "持证人"),
    "identity": (
        "身份证号", "身份证号码", "身份证", "公民身份号码", "身份证件号码", "证件号码", "证件号",
        "有效证件号码", "居民身份证号码",
    ),
}  # fmt: skip
UNIT_NAMES = ("工作单位", "现工作单位", "所在单位", "单位名称", "单位", "工作单位名称")

_UNIT_END = re.compile(
    r"(局|委|部|处|站|所|院|校|园|馆|厅|办|会|社|室|中心|公司|集团|社区|街道|镇|乡|村|县|区|市|机构|组织)$"
)
_GROUP_MARK = re.compile(r"^([一二三四五六七八九十]+[、.]|(工作)?单位:|县区:|\(?\d+[)、.])\s*")
_PERSON_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}|.*·.*|[A-Za-z .'-]{3,}")


class Placed(Protocol):
    """Anything read from a row: it knows its line and its sheet."""

    @property
    def line(self) -> int:
        """Return the row the spreadsheet shows."""

    @property
    def sheet(self) -> str:
        """Return the name of the sheet."""


class Named(Placed, Protocol):
    """A row about a person."""

    @property
    def name(self) -> str:
        """Return the name as read."""

    @property
    def id_number(self) -> str:
        """Return the checked identity number, "" where there is none."""


Row = TypeVar("Row", bound=Placed)


@dataclass
class Reading(Generic[Row]):
    """What a file holds: rows to take, rows refused with a reason, rows to look at.

    `many_sheets` makes every reason name its sheet, because line 7 is then not one place.
    """

    rows: list[Row] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    warnings: list[Caution] = field(default_factory=list)
    lossy: list[Message] = field(default_factory=list)
    many_sheets: bool = False

    @property
    def found(self) -> int:
        """Rows of people, taken or not."""
        return len(self.rows) + len(self.refused)

    def refuse(self, place: Placed, reason: Message) -> None:
        """Count the row as found and say why it is not taken."""
        name = getattr(place, "name", "")
        self.refused.append(Refusal(place.line, self._placed(place, reason), name))

    def warn(self, place: Placed, reason: Message) -> None:
        """Take the row, but have a person look at it."""
        self.warnings.append(Caution(place.line, self._placed(place, reason)))

    def withdraw(self, reasons: Mapping[int, Message]) -> None:
        """Refuse rows that were taken so far; `reasons` go by `id(row)`, as lines may repeat."""
        for row in self.rows:
            if id(row) in reasons:
                self.refuse(row, reasons[id(row)])
        self.rows = [row for row in self.rows if id(row) not in reasons]

    def _placed(self, place: Placed, reason: Message) -> Message:
        if not self.many_sheets:
            return reason
        return Message("Sheet “%(sheet)s”: %(reason)s", sheet=place.sheet, reason=reason)


@dataclass
class RowReader:
    """Reads one record cell by cell and keeps every problem, so that one look mends a row."""

    record: Record
    titles: Mapping[str, str]
    group: str = ""
    problems: list[Message] = field(default_factory=list)
    doubts: list[Message] = field(default_factory=list)

    @property
    def line(self) -> int:
        """Return the row the spreadsheet shows."""
        return self.record.line

    @property
    def sheet(self) -> str:
        """Return the name of the sheet."""
        return self.record.sheet

    @property
    def name(self) -> str:
        """Return what stands in the name column."""
        return self.said("name")[:NAME_LENGTH]

    def take(self, name: str, convert: Callable[[Cell], T]) -> T | None:
        """The converted cell, or None where it is blank or was refused."""
        cell = self.record.get(name)
        if is_blank(cell):
            return None
        try:
            return convert(cell)
        except (CellRefused, IdentityRefused) as refused:
            self.problems.append(
                Message("%(column)s: %(reason)s", column=self.title(name), reason=refused.message)
            )
        return None

    def need(self, name: str, convert: Callable[[Cell], T]) -> T | None:
        """Like `take`, but a blank cell is a problem too."""
        if is_blank(self.record.get(name)):
            self.problems.append(Message("%(column)s is missing", column=self.title(name)))
        return self.take(name, convert)

    def said(self, name: str) -> str:
        """The cell as text, "" where there is none."""
        return text(self.record.get(name))

    def title(self, name: str) -> str:
        """The header as the sheet writes it."""
        return self.titles.get(name, name).strip()

    def unit(self) -> str:
        """The employer: of the row itself, or of the group row above it."""
        return (self.said("unit") or self.group)[:UNIT_LENGTH]

    def day(self, name: str, *, needed: bool = False) -> date | None:
        """A date; where only the month is written its first day is taken, with a doubt."""
        found = self.need(name, date_of) if needed else self.take(name, date_of)
        if found is None:
            return None
        if found.precision == "month":
            self.doubts.append(
                Message("%(column)s gives a month without a day", column=self.title(name))
            )
        return found.on


def read_person(reader: RowReader, *, allow_fictional: bool) -> tuple[str, Identity | None]:
    """Name and identity of a row; the identity is None where the sheet gives none."""
    name = reader.need("name", name_text) or ""
    if len(name) > NAME_LENGTH:
        reader.problems.append(
            Message("The name is longer than %(limit)s signs", limit=NAME_LENGTH)
        )
    identity = reader.take("identity", lambda cell: read_identity(identity_text(cell)))
    if identity is None:
        return name, None
    if identity.warning:
        reader.doubts.append(identity.warning)
    if identity.fictional and not allow_fictional:
        reader.problems.append(Message("Identity numbers of province 66 belong to made-up people"))
    return name, identity


def read_rows(
    tables: Sequence[Table], reading: Reading[Row], read_one: Callable[[RowReader], Row | None]
) -> None:
    """Read every record of the tables; a row with any problem is refused with all of them.

    `read_one` returns None for what is no row at all (a heading among the records).
    """
    for table in tables:
        for record, group in grouped(table):
            reader = RowReader(record, table.titles, group)
            row = read_one(reader)
            if reader.problems:
                reading.refuse(reader, joined(reader.problems))
            elif row is not None:
                reading.rows.append(row)
                for doubt in reader.doubts:
                    reading.warn(reader, doubt)


def warn_of_fictional(reading: Reading[Row], made_up: Callable[[Row], bool]) -> None:
    """One caution for the file, not one for each row: a demo file is made up throughout."""
    lines = [row for row in reading.rows if made_up(row)]
    if lines:
        reason = Message("%(count)s rows are about made-up people (province 66)", count=len(lines))
        reading.warnings.append(Caution(lines[0].line, reason))


def two_names(rows: Iterable[Named]) -> dict[int, Message]:
    """Rows that give one identity number to two names: one of them is somebody else's number."""
    holders: dict[str, list[Named]] = defaultdict(list)
    for row in rows:
        holders[row.id_number].append(row)
    reasons: dict[int, Message] = {}
    for number, own in holders.items():
        if number and len({name_key(row.name) for row in own}) > 1:
            reason = Message(
                "Lines %(lines)s give one identity number to two names", lines=lines_of(own)
            )
            reasons |= {id(row): reason for row in own}
    return reasons


def lines_of(rows: Sequence[Placed]) -> Message | str:
    """The lines of rows that clash. Every one of them repeats this text, so it names only a few:
    a file with one number in all its rows would else have a report of the square of its length.
    """
    named = "、".join(str(row.line) for row in rows[:LINES_NAMED])
    if len(rows) <= LINES_NAMED:
        return named
    return Message("%(lines)s and %(more)s more", lines=named, more=len(rows) - LINES_NAMED)


def joined(problems: Sequence[Message]) -> Message:
    """Several reasons as one."""
    return reduce(
        lambda left, right: Message("%(left)s; %(right)s", left=left, right=right), problems
    )


def tables_of(
    workbook: Workbook, *, fields: Fields, required: Collection[str]
) -> tuple[list[Table], list[Message]]:
    """One table for each sheet that has the header, and what was left unread.

    Raises FileRefused where no sheet has it.
    """
    whole = table_of(workbook, fields=fields, required=required)
    sheets = [s for s in workbook.sheets if s.name not in whole.ignored_sheets]
    readable = [sheet for sheet in sheets if any(row.filled() for row in sheet.rows)]
    tables = [
        table_of(Workbook(workbook.kind, (sheet,)), fields=fields, required=required)
        for sheet in readable
    ]
    return tables, unread(whole.hidden_sheets, whole.ignored_sheets)


def unread(hidden: Sequence[str], ignored: Sequence[str]) -> list[Message]:
    """Sheets that were not read, by name."""
    return [
        *(Message("Hidden sheet “%(sheet)s” was not read", sheet=name) for name in hidden),
        *(Message("Sheet “%(sheet)s” has no such table", sheet=name) for name in ignored),
    ]


def grouped(table: Table) -> Iterator[tuple[Record, str]]:
    """Records in order, each with the unit that a row of its own names above it."""
    group = ""
    rows: list[Record | Skipped] = [*table.records, *table.skipped]
    for row in sorted(rows, key=lambda row: row.line):
        if isinstance(row, Skipped):
            group = _group_name(row.text) or group
        elif _is_group_row(row):
            group = _group_name(text(row.get("name"))) or group
        else:
            yield row, group


def _is_group_row(record: Record) -> bool:
    """A lone text in the name column that cannot be a person's name: a unit or a heading."""
    filled = [name for name, cell in record.cells.items() if not is_blank(cell)]
    return filled == ["name"] and not _PERSON_NAME.fullmatch(name_text(record.get("name")))


def _group_name(written: str) -> str:
    said = text(written)
    if "填报" in said or "制表" in said:
        return ""
    name = _GROUP_MARK.sub("", said)
    return name if _UNIT_END.search(name) else ""
