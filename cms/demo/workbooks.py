"""The workbooks of the founding story, laid out as the offices lay them out."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from cms.core.identity import CHECK_CHARACTERS, FICTIONAL_PROVINCE
from cms.core.sheet_writer import OutputValue, SheetOut, write_workbook
from cms.demo.cast import Cast, Member
from cms.demo.mess import Scribe
from cms.demo.people import Person, Population
from cms.demo.places import COUNTY_NAMES, SHAPOTOU, ZHONGNING
from cms.demo.sittings import Sitting
from cms.demo.turnout import Candidate, Fate

Cells = list[OutputValue]
LEVEL_NAMES = {"junior": "初级", "intermediate": "中级"}
WORDING = "社会工作者职业水平证书"
RESULT_HEADER = (
    "序号", "姓名", "性别", "身份证号", "准考证号", "报考级别", "县区", "工作单位",
    "综合能力", "实务", "法规与政策", "是否合格", "证书管理号", "批准日期", "备注",
)  # fmt: skip
PAPER_COLUMNS = slice(8, 11)
ROW_PAPERS, PASSED_COLUMN = slice(7, 10), 10  # in a row, before it is numbered
SIGN_OFF: Cells = ["填报单位（盖章）：", "", "", "审核人：", "", "填表人：", "", "填报日期："]


@dataclass
class Clerk:
    """Writes the workbooks; one source of chance for all disorder."""

    rng: random.Random

    def __post_init__(self) -> None:
        """The scribe's disorder draws from the same chance."""
        self.scribe = Scribe(self.rng)

    # --- results ----------------------------------------------------------------------------------
    def results(self, cast: Cast, year: int) -> bytes:
        """A plain sheet of one year: title row, one header row."""
        rows = [self._result_row(m, s) for m in cast.sat_in(year) if (s := m.sitting(year))]
        sheet = SheetOut(
            name="成绩",
            titles=(f"中卫市{year}年度社会工作者职业水平考试成绩统计表",),
            header=RESULT_HEADER,
            rows=_numbered(rows),
            foot=[["合计", f"{len(rows)}人"], [], SIGN_OFF],
        )
        return write_workbook([sheet])

    @staticmethod
    def blank_results() -> bytes:
        """The form that units fill in: the header alone."""
        return write_workbook([SheetOut(name="成绩", titles=(), header=RESULT_HEADER, rows=[])])

    def results_with_mess(self, cast: Cast, year: int) -> bytes:
        """The sheet of the story: header of two rows, one person twice, four rows to refuse."""
        members = cast.sat_in(year)
        rows = [self._result_row(m, s) for m in members if (s := m.sitting(year))]
        twice = next(m for m in cast.new_junior if m.county == ZHONGNING)
        sitting = twice.sitting(year)
        if sitting:
            rows.append([*self._result_row(twice, sitting)[:-1], "经第二个单位重复报送"])
        for place, row in zip((17, 58, 103, 171), self._refused_rows(), strict=True):
            rows.insert(place, row)
        upper = list(RESULT_HEADER)
        upper[PAPER_COLUMNS] = ["科目成绩", "", ""]
        lower: Cells = [""] * len(RESULT_HEADER)
        lower[PAPER_COLUMNS] = RESULT_HEADER[PAPER_COLUMNS]
        sheet = SheetOut(
            name="成绩统计",
            titles=(
                f"中卫市{year}年度全国社会工作者职业水平考试成绩统计表",
                "填报单位：中卫市民政局",
            ),
            header=upper,
            rows=[lower, *_numbered(rows)],
            foot=[["合计", f"{len(rows)}人"], [], SIGN_OFF],
            widths={"工作单位": 32, "身份证号": 22, "准考证号": 16, "证书管理号": 26},
        )
        return write_workbook([sheet])

    def later_results(self, sittings: Sequence[tuple[Member, Sitting]], year: int) -> bytes:
        """One county's sheet of a later year; certificates are not out yet."""
        rows = [self._result_row(member, sitting) for member, sitting in sittings]
        sheet = SheetOut(
            name="成绩",
            titles=(f"中宁县{year}年度社会工作者职业资格考试成绩统计表",),
            header=RESULT_HEADER,
            rows=_numbered(rows),
            foot=[["合计", f"{len(rows)}人"], SIGN_OFF],
        )
        return write_workbook([sheet])

    def partly_reported(self, candidates: Sequence[Candidate], year: int) -> bytes:
        """The city's list of sign-ups with the results as far as they are known, and from whom."""
        header = (*RESULT_HEADER[:-1], "成绩来源", RESULT_HEADER[-1])
        sheet = SheetOut(
            name="成绩",
            titles=(f"中卫市{year}年度社会工作者职业资格考试报名及成绩表（未报齐）",),
            header=header,
            rows=_numbered([self._candidate_row(one) for one in candidates]),
            foot=[["合计", f"{len(candidates)}人"], [], SIGN_OFF],
        )
        return write_workbook([sheet])

    def _candidate_row(self, one: Candidate) -> Cells:
        row = self._result_row(one.member, one.sitting)
        known, note = row[:-1], row[-1]
        source = "成绩截图"
        if one.fate is Fate.OWN_WORD:
            source = "自报"
            known[PASSED_COLUMN] = ""
        elif one.fate is Fate.SILENT:
            source = ""
            known[PASSED_COLUMN] = ""
            known[ROW_PAPERS] = ["未报"] * 3
        return [*known, source, note]

    def _result_row(self, member: Member, sitting: Sitting) -> Cells:
        papers = [sitting.marks.get(paper) for paper in ("general", "practice", "law")]
        held = sitting.held
        passed = held is not None or _is_complete(sitting)
        return [
            self.scribe.name(member.person.name),
            member.person.sex,
            self.scribe.identity(member.person.id_number),
            sitting.admission,
            self.scribe.level(sitting.level),
            COUNTY_NAMES[sitting.county],
            member.employer.name,
            *(self.scribe.mark(mark) for mark in papers),
            self.scribe.passed(passed=passed),
            held.number if held else "",
            self.scribe.day(held.approved_on) if held else "",
            "",
        ]

    def _refused_rows(self) -> list[Cells]:
        """A number the spreadsheet rounded, a score of 105, a wrong check digit, no name."""
        strangers = Population(random.Random(66))  # noqa: S311 -- made-up people, nothing secret
        lost, high, wrong, nameless = (strangers.born(SHAPOTOU) for _ in range(4))
        return [
            _stranger_row(lost, identity=float(lost.id_number.replace("X", "0")), marks=(64, 71)),
            _stranger_row(high, identity=high.id_number, marks=(105, 62)),
            _stranger_row(wrong, identity=_with_wrong_check(wrong), marks=(58, 49)),
            ["", *_stranger_row(nameless, identity=nameless.id_number, marks=(66, 61))[1:]],
        ]

    # --- register of earlier holders --------------------------------------------------------------
    def register(self, cast: Cast) -> bytes:
        """Everybody who held a certificate before 2023, one row a certificate."""
        rows: list[Cells] = [
            [
                self.scribe.name(member.person.name),
                self.scribe.identity(member.person.id_number),
                self.scribe.level(held.level),
                held.number,
                self.scribe.day(held.approved_on),
                held.year,
                COUNTY_NAMES[member.county],
                member.employer.name,
                WORDING,
                "",
            ]
            for member in cast.everyone()
            for held in member.register
        ]
        sheet = SheetOut(
            name="持证人员",
            titles=("中卫市社会工作者持证人员登记册（截至2022年12月31日）",),
            header=(
                "序号", "姓名", "身份证号码", "证书级别", "证书管理号", "批准日期", "考试年度",
                "报考县区", "工作单位", "证书名称", "备注",
            ),
            rows=_numbered(rows),
            foot=[["合计", f"{len(rows)}本"], SIGN_OFF],
        )  # fmt: skip
        return write_workbook([sheet])


def _numbered(rows: Sequence[Cells]) -> list[Cells]:
    return [[number, *row] for number, row in enumerate(rows, start=1)]


def _is_complete(sitting: Sitting) -> bool:
    marks = [m for m in sitting.marks.values() if isinstance(m, int | float)]
    return len(marks) == len(sitting.marks) and all(mark >= 60 for mark in marks)


def _stranger_row(person: Person, *, identity: str | float, marks: tuple[int, int]) -> Cells:
    """A row of 初级 with somebody who appears nowhere else."""
    place = ("沙坡头区", "滨河镇黄河社区居民委员会")
    admission = f"{FICTIONAL_PROVINCE}0502239{person.phone[-4:]}"
    return [
        person.name, person.sex, identity, admission, "初级", *place, *marks, "", "", "", "", "",
    ]  # fmt: skip


def _with_wrong_check(person: Person) -> str:
    own = CHECK_CHARACTERS.index(person.id_number[-1])
    return person.id_number[:-1] + CHECK_CHARACTERS[(own + 3) % 10]
