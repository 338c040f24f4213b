"""拨付清单: the workbook that goes to finance and the bank, made from a locked batch alone.

The same batch gives the same bytes. Words on it are the office's own, in Chinese.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cms.core.money import capitals
from cms.core.sheet_writer import OutputValue, SheetOut, write_workbook
from cohorts.subsidies.books import checksum, short_code
from cohorts.subsidies.facts import Json

AMOUNT = "金额（元）"
HEADER = (
    "序号",
    "姓名",
    "工作单位",
    "级别",
    "证书管理号",
    AMOUNT,
    "开户行（全称）",
    "银行账号",
    "户名",
    "备注",
)
SIGN_OFF = ("填报单位（盖章）：", "", "", "审核人：", "", "填表人：", "", "填报日期：")
# A Chinese sign takes two: the names of banks run to twenty signs.
WIDTHS = {
    "姓名": 14,
    "工作单位": 34,
    "证书管理号": 24,
    AMOUNT: 14,
    "开户行（全称）": 44,
    "银行账号": 24,
    "户名": 14,
    "备注": 12,
}
LEVEL_NAMES = {"junior": "初级", "intermediate": "中级", "senior": "高级"}


@dataclass(frozen=True)
class PayoutRow:
    """One payment. `account` is text: a bank account has digits that a number would lose."""

    number: int
    name: str
    unit: str
    level: str
    certificate_number: str
    amount_fen: int
    bank: str
    account: str
    holder: str

    def signature(self) -> list[Json]:
        """What the checksum of a batch covers."""
        return [
            self.number,
            self.name,
            self.unit,
            self.level,
            self.certificate_number,
            self.amount_fen,
            self.bank,
            self.account,
            self.holder,
        ]


def rows_checksum(rows: Sequence[PayoutRow]) -> str:
    return checksum(row.signature() for row in rows)


def payout_workbook(*, title: str, unit: str, year: int, rows: Sequence[PayoutRow]) -> bytes:
    """The list with count, total in figures and in full (大写), checksum and sign-off row."""
    sheet = SheetOut(
        name="拨付清单",
        titles=(title, f"填报单位：{unit}　　资金年度：{year}年"),
        header=HEADER,
        rows=[_cells(row) for row in rows],
        foot=_foot(rows),
        widths=WIDTHS,
        formats={AMOUNT: "#,##0.00"},
        to_print=True,
    )
    return write_workbook([sheet])


def _cells(row: PayoutRow) -> list[OutputValue]:
    return [
        row.number,
        row.name,
        row.unit,
        LEVEL_NAMES.get(row.level, row.level),
        row.certificate_number,
        _yuan(row.amount_fen),
        row.bank,
        row.account,
        row.holder,
        "",
    ]


def _foot(rows: Sequence[PayoutRow]) -> list[list[OutputValue]]:
    total = sum(row.amount_fen for row in rows)
    return [
        ["合计", f"{len(rows)} 笔", "", "", "", _yuan(total)],
        ["合计（大写）", f"人民币{capitals(total)}"],
        ["校验码", short_code(rows_checksum(rows))],
        [],
        list(SIGN_OFF),
    ]


def _yuan(amount_fen: int) -> Decimal:
    return Decimal(amount_fen) / 100
