"""The register of certificate holders: workbook → rows to match, with reasons for the others."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cms.core.sheet_cells import CellRefused, identity_text, level_of, text
from cms.core.sheets import Cell, Workbook
from cms.core.wording import Message
from cohorts.certificates.number import cleaned, doubts
from cohorts.results.areas import Areas
from cohorts.results.people_rows import (
    PERSON_FIELDS,
    UNIT_NAMES,
    Reading,
    RowReader,
    lines_of,
    read_person,
    read_rows,
    tables_of,
    two_names,
    warn_of_fictional,
)

FIRST_EXAM = 2008  # the first exam of this profession was held in June 2008

FIELDS: dict[str, tuple[str, ...]] = {
    **PERSON_FIELDS,
    "level": ("级别", "证书级别", "持证级别", "证书等级", "等级", "资格级别", "资格等级"),
    "number": (
        "证书管理号", "管理号", "证书编号", "证书号", "证书号码", "职业资格证书管理号",
        "职业水平证书管理号", "资格证书管理号",
    ),
    "approved": (
        "批准日期", "批准时间", "取得时间", "取得日期", "发证日期", "获证时间", "证书批准日期",
    ),
    "exam_year": ("考试年度", "考试年份", "取得年度", "考试时间", "年度", "通过年度", "取证年份"),
    "wording": ("证书名称", "证书类型", "资格名称"),
    "area": (
        "报考地区", "报考地", "报考县区", "报名地", "考区", "县区", "区县", "县(区)", "所在县区",
        "所在区县", "所属县区", "地区",
    ),
    "unit": UNIT_NAMES,
    "registration": (
        "登记情况", "登记状态", "登记", "是否登记", "登记日期", "首次登记日期", "登记时间",
    ),
}  # fmt: skip
REQUIRED = ("name", "identity", "level", "number")
WORDINGS = (("qualification", "资格"), ("proficiency", "水平"))


@dataclass(frozen=True)
class RegisterRow:
    """One certificate. `area` is a division code or ""; `exam_year` is None where not given."""

    line: int
    sheet: str
    name: str
    id_number: str
    fictional: bool
    level: str
    number: str
    approved_on: date | None
    exam_year: int | None
    area: str
    unit: str
    wording: str


@dataclass(frozen=True)
class RegisterRules:
    """The divisions that are set up, what day it is, and whether made-up people may be entered."""

    areas: Areas
    today: date
    allow_fictional: bool = False


def read_register(workbook: Workbook, rules: RegisterRules) -> Reading[RegisterRow]:
    """Every row of the register, taken or refused. Raises FileRefused."""
    tables, unread = tables_of(workbook, fields=FIELDS, required=REQUIRED)
    reading: Reading[RegisterRow] = Reading(lossy=unread, many_sheets=len(tables) > 1)
    for table in tables:
        if "registration" in table.titles:
            title = table.titles["registration"]
            reading.lossy.append(Message("Column “%(column)s” is not taken over", column=title))
    read_rows(tables, reading, lambda reader: _read_row(reader, rules))
    for check in (two_names, _one_number_two_people, _one_level_two_numbers):
        reading.withdraw(check(reading.rows))
    _warn_of_repeats(reading)
    warn_of_fictional(reading, lambda row: row.fictional)
    return reading


def _read_row(reader: RowReader, rules: RegisterRules) -> RegisterRow | None:
    name, identity = read_person(reader, allow_fictional=rules.allow_fictional)
    number = cleaned(reader.need("number", identity_text) or "")
    approved_on = reader.day("approved")
    if approved_on and approved_on > rules.today:
        reader.problems.append(Message("The approval date lies in the future"))
    if number:
        reader.doubts += doubts(number, year=approved_on.year if approved_on else None)
    level = reader.need("level", level_of) or ""
    row = RegisterRow(
        line=reader.line,
        sheet=reader.sheet,
        name=name,
        id_number=identity.number if identity else "",
        fictional=bool(identity and identity.fictional),
        level=level,
        number=number,
        approved_on=approved_on,
        exam_year=reader.take("exam_year", lambda cell: _exam_year(cell, rules.today)),
        area=reader.take("area", lambda cell: rules.areas.code_of(text(cell)) or "") or "",
        unit=reader.unit(),
        wording=_wording(reader.said("wording")),
    )
    return None if reader.problems else row


def _exam_year(cell: Cell, today: date) -> int:
    match = re.match(r"(\d{4})(?!\d)", text(cell).replace(" ", ""))
    if not match or not FIRST_EXAM <= int(match[1]) <= today.year:
        raise CellRefused(Message("“%(seen)s” is not a year of this exam", seen=text(cell)))
    return int(match[1])


def _wording(said: str) -> str:
    return next((code for code, word in WORDINGS if word in said), "")


def _one_number_two_people(rows: Iterable[RegisterRow]) -> dict[int, Message]:
    holders: dict[str, list[RegisterRow]] = defaultdict(list)
    for row in rows:
        holders[row.number].append(row)
    reasons: dict[int, Message] = {}
    for own in holders.values():
        if len({(row.id_number, row.name, row.level) for row in own}) > 1:
            reason = Message(
                "Lines %(lines)s give one certificate number to different holders or levels",
                lines=lines_of(own),
            )
            reasons |= {id(row): reason for row in own}
    return reasons


def _by_holder(rows: Iterable[RegisterRow]) -> list[list[RegisterRow]]:
    found: dict[tuple[str, str], list[RegisterRow]] = defaultdict(list)
    for row in rows:
        found[row.id_number or f"line {row.line} of {row.sheet}", row.level].append(row)
    return [own for own in found.values() if len(own) > 1]


def _one_level_two_numbers(rows: Iterable[RegisterRow]) -> dict[int, Message]:
    reasons: dict[int, Message] = {}
    for own in _by_holder(rows):
        if len({(row.number, row.approved_on) for row in own}) > 1:
            reason = Message(
                "Lines %(lines)s give one person different certificates of one level",
                lines=lines_of(own),
            )
            reasons |= {id(row): reason for row in own}
    return reasons


def _warn_of_repeats(reading: Reading[RegisterRow]) -> None:
    for own in _by_holder(reading.rows):
        for row in own[1:]:
            reading.warn(row, Message("The same as line %(line)s", line=own[0].line))
