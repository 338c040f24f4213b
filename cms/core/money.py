"""Money as integer fen: shown, written in full (大写), and read back."""

import re
import unicodedata
from decimal import Decimal

from cms.core.wording import Message

MINUS = "\u2212"  # the true minus sign; a hyphen is too easily lost beside a figure
DIGITS = "零壹贰叁肆伍陆柒捌玖"
GROUP_UNITS = ("", "万", "亿", "万亿")
PLACE_UNITS = ("", "拾", "佰", "仟")
_AMOUNT = re.compile(r"(-)?(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2}0*)?")


class AmountRefused(ValueError):
    """A text that is not an amount of money; carries the reason to show."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def yuan_text(amount_fen: int) -> str:
    """Return yuan with two decimals and thousands commas: 5700000 → 57,000.00."""
    sign = MINUS if amount_fen < 0 else ""
    yuan, fen = divmod(abs(amount_fen), 100)
    return f"{sign}{yuan:,}.{fen:02d}"


def parse_yuan(text: str | int | float | Decimal) -> int:
    """Return the fen of an amount written in yuan: ``57,000.00``, ``￥3000``, ``220元``.

    A float is read by its shortest decimal form, because 0.29 * 100 is 28.999999999999996.
    """
    written = unicodedata.normalize("NFKC", str(text)).strip().replace(MINUS, "-")
    bare = re.sub(r"^(-?)\s*(?:¥|RMB|人民币)\s*|\s*元整?$", r"\1", written)
    match = _AMOUNT.fullmatch(bare)
    if not match:
        raise AmountRefused(Message("“%(seen)s” is not an amount in yuan", seen=written))
    sign, whole, fraction = match.groups()
    fen = int(Decimal(whole.replace(",", "") + (fraction or "")) * 100)
    return -fen if sign else fen


def capitals(amount_fen: int) -> str:
    """Return the amount in banker's characters: 5700000 → 伍万柒仟元整.

    支付结算办法 (银发〔1997〕393号) 附一: 整 after 元 or 角, never after 分; zeros in the middle
    are written once; 元 that ends in zero with 角 following may take a 零, which we leave out, as
    the examples there allow.
    """
    if amount_fen == 0:
        return "零元整"
    sign = "负" if amount_fen < 0 else ""
    yuan, rest = divmod(abs(amount_fen), 100)
    jiao, fen = divmod(rest, 10)
    whole = f"{_whole(yuan)}元" if yuan else ""
    return sign + whole + _small_change(jiao, fen, after_yuan=bool(yuan))


def _small_change(jiao: int, fen: int, *, after_yuan: bool) -> str:
    if not jiao and not fen:
        return "整"
    if not fen:
        return f"{DIGITS[jiao]}角整"
    if not jiao:
        return f"零{DIGITS[fen]}分" if after_yuan else f"{DIGITS[fen]}分"
    return f"{DIGITS[jiao]}角{DIGITS[fen]}分"


def _whole(yuan: int) -> str:
    """Return the characters of a whole number below 10^16, groups of four digits at a time."""
    if yuan >= 10**16:
        raise AmountRefused(Message("The amount is too large to write in full"))
    groups = [(yuan // 10_000**place) % 10_000 for place in range(4)]
    written, gap = "", False
    for place in reversed(range(4)):
        group = groups[place]
        if group == 0:
            gap = bool(written)
            continue
        zero = "零" if written and (gap or group < 1000) else ""
        written += zero + _four_digits(group) + _unit(place, groups)
        gap = False
    return written


def _unit(place: int, groups: list[int]) -> str:
    # 亿 belongs to the two upper groups together: 10^12 is 壹万亿, 1.2×10^12 is 壹万贰仟亿.
    if place == 3:
        return "万" if groups[2] else "万亿"
    return GROUP_UNITS[place]


def _four_digits(group: int) -> str:
    written, gap = "", False
    for place in reversed(range(4)):
        digit = (group // 10**place) % 10
        if digit == 0:
            gap = bool(written)
            continue
        written += ("零" if gap else "") + DIGITS[digit] + PLACE_UNITS[place]
        gap = False
    return written
