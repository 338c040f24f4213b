"""One score cell: half-points, or one of the states that are no score.

The score page prints −1 for 缺考, −2 for 违纪 and −4 for 成绩无效. They are states and are never
added to or averaged with scores.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from cms.core.sheet_cells import CellRefused, text
from cms.core.sheets import Cell
from cms.core.wording import Message

ABSENT, MISCONDUCT, VOID = "absent", "misconduct", "void"
TOP_HALF = 200

_CODES = {Decimal(-1): ABSENT, Decimal(-2): MISCONDUCT, Decimal(-4): VOID}
_WORDS = {
    "缺考": ABSENT, "缺": ABSENT, "弃考": ABSENT, "未参考": ABSENT, "未参加": ABSENT,
    "违纪": MISCONDUCT, "作弊": MISCONDUCT, "违规": MISCONDUCT, "违纪违规": MISCONDUCT,
    "成绩无效": VOID, "无效": VOID,
}  # fmt: skip
# Signed up, and no result is known yet: said, because a blank cell may only have been forgotten.
_UNREPORTED = frozenset({"未报", "未上报", "未出", "未查", "待查"})
_NOTHING = _UNREPORTED | {"/", "-", "--", "—", "——", "－", "无", "不考", "\\"}
_CODE_BESIDE_WORD = re.compile(r"[()\-124]")  # 缺考(-1), -1 缺考


@dataclass(frozen=True)
class Score:
    """Either `half` points (0–200) or a `special` state; never both, never neither."""

    half: int | None = None
    special: str = ""


def score_of(cell: Cell) -> Score | None:
    """The score of a cell; None where it says that there is none. Raises CellRefused."""
    said = _said(cell)
    if not said or said in _NOTHING:
        return None
    state = _WORDS.get(_CODE_BESIDE_WORD.sub("", said))
    if state:
        return Score(special=state)
    try:
        number = Decimal(said)
    except InvalidOperation:
        raise CellRefused(Message("“%(seen)s” is not a score", seen=said)) from None
    return _counted(number, said)


def says_unreported(cell: Cell) -> bool:
    """未报: the person signed up, and nobody knows the result yet."""
    return _said(cell) in _UNREPORTED


def _said(cell: Cell) -> str:
    return re.sub(r"\s", "", text(cell)).replace("−", "-").removesuffix("分")


def _counted(number: Decimal, said: str) -> Score:
    # First of all: a signalling NaN can be neither looked up nor compared.
    if number.is_finite() and number in _CODES:
        return Score(special=_CODES[number])
    if not number.is_finite() or not 0 <= number <= TOP_HALF / 2:
        raise CellRefused(Message("Score %(seen)s is outside 0–100", seen=said))
    if number * 2 % 1:
        raise CellRefused(Message("Score %(seen)s is neither whole nor a half", seen=said))
    return Score(half=int(number * 2))
