"""The results workbook (成绩统计表): bytes → rows to match, with a reason for every refused row."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cms.core.plans import FileRefused
from cms.core.sheet_cells import CellRefused, identity_text, level_of, long_text, text
from cms.core.sheets import Cell, Workbook
from cms.core.wording import Message
from cohorts.results.areas import Areas
from cohorts.results.matching import name_key
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
from cohorts.results.scores import Score, says_unreported, score_of

# Column → subject, by level. 综合能力 and 实务 exist at more than one level.
SUBJECTS: Mapping[str, Mapping[str, str]] = {
    "junior": {"general": "junior-general", "practice": "junior-practice"},
    "intermediate": {
        "law": "intermediate-law",
        "general": "intermediate-general",
        "practice": "intermediate-practice",
    },
    "senior": {"practice": "senior-practice"},
}
# 初级 and 高级 sit all their subjects in one year; 中级 may spread them over two.
WHOLE_IN_ONE_YEAR = frozenset({"junior", "senior"})
PAPERS = ("general", "practice", "law")

FIELDS: dict[str, tuple[str, ...]] = {
    **PERSON_FIELDS,
    "admission": ("准考证号", "准考证号码", "准考证"),
    "level": (
        "报考级别", "级别", "考试级别", "报考类别", "报考等级", "等级",
    ),
    "general_junior": ("综合能力(初级)", "社会工作综合能力(初级)", "初级综合能力", "初级综合"),
    "practice_junior": ("实务(初级)", "社会工作实务(初级)", "初级实务"),
    "general_intermediate": (
        "综合能力(中级)", "社会工作综合能力(中级)", "中级综合能力", "中级综合",
    ),
    "practice_intermediate": ("实务(中级)", "社会工作实务(中级)", "中级实务"),
    "practice_senior": ("实务(高级)", "社会工作实务(高级)", "高级实务"),
    "general": ("综合能力", "社会工作综合能力", "综合", "综合能力成绩", "综合能力分数", "综合成绩"),
    "practice": ("实务", "社会工作实务", "实务成绩", "实务分数", "工作实务"),
    "law": (
        "法规与政策", "社会工作法规与政策", "法规", "法规政策", "政策法规", "法规与政策成绩",
        "法规与政策(中级)", "社会工作法规与政策(中级)",
    ),
    "passed": ("是否合格", "合格", "是否通过", "合格情况", "是否全科合格"),
    "certificate": (
        "证书管理号", "管理号", "证书编号", "证书号", "证书号码", "职业资格证书管理号",
        "职业水平证书管理号", "资格证书管理号",
    ),
    "approved": ("批准日期", "批准时间", "取得时间", "取得日期", "发证日期", "证书批准日期"),
    "unit": UNIT_NAMES,
    "area": (
        "报考地区", "报考地", "报考县区", "报考区县", "报名地", "报名地区", "考区", "县区", "区县",
        "所在县区", "所在区县", "县(区)", "所属县区", "地区",
    ),
    "source": ("成绩来源", "成绩依据"),
    "note": ("备注",),
}  # fmt: skip
REQUIRED = ("name", "level")

_YES = frozenset({"合格", "是", "√", "✓", "通过", "已通过", "y", "yes", "1", "true", "全科合格"})
_NO = frozenset(
    {"不合格", "否", "×", "✗", "x", "未通过", "n", "no", "0", "false", "未合格", "未考齐"}
)
# What a result stands on; a sheet that says nothing of it stands on the office's own papers.
_OWN_WORD = frozenset({"自报", "本人自报", "学员自报", "个人自报"})
_EVIDENCE = frozenset({"有凭证", "成绩单", "成绩截图", "截图", "查分截图", "证书", "官方名单"})


@dataclass(frozen=True)
class ResultRow:
    """One row that can be taken, if its person is found.

    `area` is a division code or "", `id_number` is "" where the sheet gives none. The
    certificate number and date are what the sheet says, not something anybody has checked.
    Without scores the row is a sign-up whose result is not known (未报). `self_reported`: the
    scores are the person's own word and count for nothing until evidence comes.
    """

    line: int
    sheet: str
    name: str
    id_number: str
    fictional: bool
    admission_no: str
    level: str
    scores: tuple[tuple[str, Score], ...]
    unit: str = ""
    area: str = ""
    says_passed: bool | None = None
    certificate_no: str = ""
    approved_on: date | None = None
    self_reported: bool = False
    note: str = ""

    @property
    def person_key(self) -> tuple[str, str]:
        """What tells the people of one file apart."""
        if self.id_number:
            return ("", self.id_number)
        return (name_key(self.name), self.admission_no or f"line {self.line} of {self.sheet}")


@dataclass(frozen=True)
class SheetRules:
    """The divisions that are set up, and whether made-up people may be entered."""

    areas: Areas
    allow_fictional: bool = False


def read_results(workbook: Workbook, rules: SheetRules) -> Reading[ResultRow]:
    """Every row of people in the workbook, taken or refused. Raises FileRefused."""
    tables, unread = tables_of(workbook, fields=FIELDS, required=REQUIRED)
    columns = {name for table in tables for name in table.titles}
    if not columns & {"identity", "admission"}:
        raise FileRefused(Message("The sheet has neither identity nor admission numbers"))
    if not any(name.split("_")[0] in PAPERS for name in columns):
        raise FileRefused(Message("The sheet has no column with scores"))
    reading: Reading[ResultRow] = Reading(lossy=unread, many_sheets=len(tables) > 1)
    read_rows(tables, reading, lambda reader: _read_row(reader, rules))
    # In this order: contradictions are only asked of what is one person at one level.
    reading.withdraw(two_names(reading.rows))
    reading.withdraw(_one_ticket_two_people(reading.rows))
    for check in (two_levels, contradictions, _missing_subjects):
        reading.withdraw(check(_by_person(reading.rows)))
    _warn_of_repeats(reading)
    warn_of_fictional(reading, lambda row: row.fictional)
    return reading


def _read_row(reader: RowReader, rules: SheetRules) -> ResultRow | None:
    name, identity = read_person(reader, allow_fictional=rules.allow_fictional)
    level = reader.need("level", level_of)
    scores = _read_scores(reader, level) if level else ()
    row = ResultRow(
        line=reader.line,
        sheet=reader.sheet,
        name=name,
        id_number=identity.number if identity else "",
        fictional=bool(identity and identity.fictional),
        admission_no=reader.take("admission", identity_text) or "",
        level=level or "",
        scores=scores,
        unit=reader.unit(),
        area=reader.take("area", lambda cell: rules.areas.code_of(text(cell)) or "") or "",
        says_passed=reader.take("passed", _yes_or_no),
        certificate_no=reader.take("certificate", identity_text) or "",
        approved_on=reader.day("approved"),
        self_reported=reader.take("source", _is_own_word) or False,
        note=long_text(reader.record.get("note"))[:200],
    )
    return row if not reader.problems else None


def _read_scores(reader: RowReader, level: str) -> tuple[tuple[str, Score], ...]:
    """Scores by subject; none where the sheet says 未报. A score in a paper that the level does
    not sit is a problem.
    """
    found: list[tuple[str, Score]] = []
    unreported = False
    for paper in PAPERS:
        for column in (paper, *(f"{paper}_{other}" for other in SUBJECTS)):
            own = SUBJECTS[level].get(paper) if column in (paper, f"{paper}_{level}") else None
            score = reader.take(column, score_of)
            if score is None:
                unreported |= own is not None and says_unreported(reader.record.get(column))
                continue
            if own is None and score.half is not None:
                reader.problems.append(
                    Message(
                        "%(column)s: this level does not sit this paper",
                        column=reader.title(column),
                    )
                )
            elif own is not None:
                found.append((own, score))
    if not found and not unreported and not reader.problems:
        reader.problems.append(
            Message("The row has no score (write 未报 where the result is not known yet)")
        )
    return tuple(found)


def _yes_or_no(cell: Cell) -> bool | None:
    said = text(cell).casefold().replace(" ", "")
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise CellRefused(Message("“%(seen)s” says neither passed nor failed", seen=said))


def _is_own_word(cell: Cell) -> bool:
    said = re.sub(r"\s", "", text(cell))
    if said in _OWN_WORD:
        return True
    if said in _EVIDENCE:
        return False
    raise CellRefused(
        Message("“%(seen)s” is no source of a result: write 自报 or 有凭证", seen=said)
    )


def _by_person(rows: Iterable[ResultRow]) -> list[list[ResultRow]]:
    people: dict[tuple[str, str], list[ResultRow]] = defaultdict(list)
    for row in rows:
        people[row.person_key].append(row)
    return list(people.values())


def _one_ticket_two_people(rows: Iterable[ResultRow]) -> dict[int, Message]:
    holders: dict[str, list[ResultRow]] = defaultdict(list)
    for row in rows:
        holders[row.admission_no].append(row)
    reasons: dict[int, Message] = {}
    for ticket, own in holders.items():
        if ticket and len({(row.id_number, name_key(row.name)) for row in own}) > 1:
            reason = Message(
                "Lines %(lines)s give one admission number to two people", lines=lines_of(own)
            )
            reasons |= {id(row): reason for row in own}
    return reasons


def two_levels(people: Iterable[Sequence[ResultRow]]) -> dict[int, Message]:
    """Rows, by `id(row)`, of people who stand in the file for more than one level."""
    reason = Message(
        "The same person stands here for two levels; nobody can sit both in one year"
        " (general knowledge is on Sunday at 9:00 for both)"
    )
    twice = (own for own in people if len({row.level for row in own}) > 1)
    return {id(row): reason for own in twice for row in own}


def contradictions(people: Iterable[Sequence[ResultRow]]) -> dict[int, Message]:
    """Rows that give one person two different scores in one subject: none of them is taken."""
    reasons: dict[int, Message] = {}
    for own in people:
        given: dict[str, ResultRow] = {}
        for row in own:
            for subject, score in row.scores:
                first = given.setdefault(subject, row)
                if dict(first.scores)[subject] != score:
                    reasons[id(row)] = _differs_from(first)
                    reasons.setdefault(id(first), _differs_from(row))
    return reasons


def _differs_from(row: ResultRow) -> Message:
    return Message(
        "Line %(line)s gives the same person another score in the same subject", line=row.line
    )


def _missing_subjects(people: Iterable[Sequence[ResultRow]]) -> dict[int, Message]:
    reasons: dict[int, Message] = {}
    for own in people:
        level = own[0].level
        given = {subject for row in own for subject, _score in row.scores}
        if given and level in WHOLE_IN_ONE_YEAR and given != set(SUBJECTS[level].values()):
            reason = Message(
                "A subject is missing: this level sits all its subjects in one year"
                " (write −1 for absent)"
            )
            reasons |= {id(row): reason for row in own}
    return reasons


def _warn_of_repeats(reading: Reading[ResultRow]) -> None:
    for own in _by_person(reading.rows):
        seen: dict[frozenset[tuple[str, Score]], ResultRow] = {}
        for row in own:
            first = seen.setdefault(frozenset(row.scores), row)
            if first is not row:
                reading.warn(row, Message("The same as line %(line)s", line=first.line))
