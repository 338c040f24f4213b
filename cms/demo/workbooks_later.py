"""Workbooks that follow the results: posts and the bank accounts of those who claim."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cms.core.sheet_writer import OutputValue, SheetOut, write_workbook
from cms.demo.cast import Cast, Job, Member
from cms.demo.mess import Scribe
from cms.demo.places import COUNTY_NAMES, HAIYUAN, SHAPOTOU, ZHONGNING
from cms.demo.workbooks import SIGN_OFF, Cells

BANKS = {
    SHAPOTOU: (
        "中国农业银行股份有限公司中卫沙坡头支行",
        "宁夏银行股份有限公司中卫分行营业部",
        "中国邮政储蓄银行股份有限公司中卫市滨河支行",
        "宁夏中卫农村商业银行股份有限公司文昌支行",
    ),
    ZHONGNING: (
        "中国建设银行股份有限公司中宁支行",
        "宁夏中宁农村商业银行股份有限公司宁安支行",
    ),
    HAIYUAN: ("宁夏海原农村商业银行股份有限公司营业部",),
}
JOB_HEADER = (
    "序号", "姓名", "身份证号码", "工作单位", "单位性质", "所在县区", "岗位", "是否聘任",
    "聘任起", "聘任止", "备注",
)  # fmt: skip
ACCOUNT_START = "9966"  # no bank of China issues cards that begin with 99
ONE_OFF = Decimal(3000)
APPRAISED_YEARS = (2022, 2023)
GRADES = ("合格",) * 13 + ("优秀",) * 5 + ("基本合格",)


@dataclass
class LaterClerk:
    """Writes these workbooks; the dates are those of the end of 2023."""

    rng: random.Random

    def __post_init__(self) -> None:
        """The scribe's disorder draws from the same chance."""
        self.scribe = Scribe(self.rng)

    # --- posts ------------------------------------------------------------------------------------
    def posts(self, cast: Cast) -> bytes:
        """Appointments of everybody, appraisals and insurance months of many."""
        jobs = [(m, job) for m in cast.everyone() for job in m.jobs]
        appointed = [m for m in cast.everyone() if m.jobs[-1].appointed]
        sheets = [
            SheetOut(
                name="聘任",
                titles=("中卫市社会工作从业人员聘任情况表（2023年）",),
                header=JOB_HEADER,
                rows=[[n, *self._job_row(m, job)] for n, (m, job) in enumerate(jobs, start=1)],
                foot=[SIGN_OFF],
            ),
            SheetOut(
                name="年度考核",
                titles=("社区聘任人员年度考核结果",),
                header=("序号", "姓名", "身份证号码", "年度", "考核结果"),
                rows=[[n, *row] for n, row in enumerate(self._appraisals(appointed), start=1)],
            ),
            SheetOut(
                name="社保",
                titles=("养老保险缴费月份（社保经办机构提供）",),
                header=("姓名", "身份证号码", "月份起", "月份止", "参保地"),
                rows=[list(row) for row in self._insurance(appointed)],
            ),
        ]  # fmt: skip
        return write_workbook(sheets)

    def new_posts(self, members: list[Member]) -> bytes:
        """Appointments of people who came in 2024."""
        jobs = [(m, job) for m in members for job in m.jobs]
        sheet = SheetOut(
            name="聘任",
            titles=("中卫市社会工作从业人员聘任情况表（2024年新增）",),
            header=JOB_HEADER,
            rows=[[n, *self._job_row(m, job)] for n, (m, job) in enumerate(jobs, start=1)],
            foot=[SIGN_OFF],
        )
        return write_workbook([sheet])

    def _job_row(self, member: Member, job: Job) -> Cells:
        return [
            self.scribe.name(member.person.name),
            self.scribe.identity(member.person.id_number),
            job.employer.name,
            job.employer.kind_name,
            COUNTY_NAMES[job.employer.county],
            job.title,
            "是" if job.appointed else "否",
            self.scribe.day(job.from_on),
            self.scribe.day(job.to_on) if job.to_on else self.rng.choice(("", "", "至今")),
            "",
        ]

    def _appraisals(self, members: list[Member]) -> Iterator[Cells]:
        for member in members:
            for year in APPRAISED_YEARS:
                if member.jobs[-1].from_on.year < year:
                    grade = self.rng.choice(GRADES)
                    yield [member.person.name, member.person.id_number, year, grade]

    def _insurance(self, members: list[Member]) -> Iterator[Cells]:
        for member in members[::2]:
            first = max(member.jobs[-1].from_on, date(2022, 1, 1))
            name, number = member.person.name, member.person.id_number
            county = COUNTY_NAMES[member.employer.county]
            yield [name, number, f"{first:%Y-%m}", "2023-10", county]

    # --- bank accounts ----------------------------------------------------------------------------
    def payees(self, cast: Cast) -> bytes:
        """The summary of claims with the account of each of the 19."""
        rows: list[Cells] = [
            [number, *self._payee_row(member)]
            for number, member in enumerate(_county_by_county(cast.new_intermediate), start=1)
        ]
        total = ONE_OFF * len(rows)
        sheet = SheetOut(
            name="补贴申请汇总表",
            titles=("中卫市社会工作专业人才一次性奖励申请汇总表（2023年度）",),
            header=(
                "序号", "姓名", "性别", "身份证号码", "工作单位", "证书级别", "证书管理号",
                "取得时间", "登记情况", "已享受级别及金额", "本次申请金额", "开户行（全称）",
                "银行账号", "联系电话", "备注",
            ),
            rows=rows,
            foot=[
                ["合计", f"{len(rows)}人", *[""] * 8, total],
                ["合计（大写）", "人民币伍万柒仟元整"],
                SIGN_OFF,
            ],
            formats={"本次申请金额": "#,##0.00"},
        )  # fmt: skip
        return write_workbook([sheet])

    def _payee_row(self, member: Member) -> Cells:
        held = next(s.held for s in reversed(member.sittings) if s.held)
        phone = member.person.phone
        written: OutputValue = f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"
        return [
            self.scribe.name(member.person.name),
            member.person.sex,
            self.scribe.identity(member.person.id_number),
            member.employer.name,
            self.scribe.level("intermediate"),
            held.number,
            self.scribe.day(held.approved_on),
            "已登记",
            "无",
            ONE_OFF,
            self.rng.choice(BANKS[member.county]),
            self._account(),
            written if self.rng.random() < 0.3 else phone,
            "",
        ]

    def _account(self) -> str:
        """16 to 19 digits with a right last one (ISO/IEC 7812-1, Luhn)."""
        length = self.rng.choice((16, 17, 19, 19, 19))
        stem = ACCOUNT_START + "".join(
            str(self.rng.randrange(10)) for _ in range(length - len(ACCOUNT_START) - 1)
        )
        return stem + luhn_digit(stem)


def luhn_digit(stem: str) -> str:
    """The digit that makes the sum of ISO/IEC 7812-1 annex B a multiple of ten."""
    total = 0
    for place, digit in enumerate(reversed(stem)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)


def _county_by_county(members: list[Member]) -> list[Member]:
    return sorted(members, key=lambda member: (member.county, member.person.id_number))
