"""Single cells as people type them → names, identity numbers, dates, levels.

A value that was damaged on the way (an 18-digit number stored as a float) is refused with the
reason; it is never repaired, because a repaired number is a guess about a person.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from cms.core.sheets import Cell, is_blank
from cms.core.wording import Message

EXACT_DIGITS = 15  # a double keeps 15 significant decimal digits
SERIAL_EPOCH = date(1899, 12, 30)  # day 0 of Excel's serial numbers, its false leap day included
SERIALS = range(18_264, 73_051)  # 1950-01-01 … 2099-12-31; below that a number is not a date
MIDDLE_DOTS = "•‧・∙⋅．᛫●˙"
LEVEL_WORDS = (("senior", ("高", "senior")), ("junior", ("初", "助理", "junior")))
INTERMEDIATE_WORDS = ("中级", "intermediate")
INTERMEDIATE_NAMES = ("社工师", "社会工作师")

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\x00-\x08\x0b-\x1f\x7f]")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_DATE_FORMS = (
    re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
    re.compile(r"(\d{4})[-/.](\d{1,2})"),
    re.compile(r"(\d{4})年(\d{1,2})月(?:份)?"),
    re.compile(r"(\d{4})(\d{2})"),
)


class CellRefused(ValueError):
    """A cell that cannot be taken as it stands; carries the reason to show."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class SheetDate:
    """A date; with month precision ``on`` is the first of the month."""

    on: date
    precision: Literal["day", "month"]


def text(cell: Cell) -> str:
    """Return the text a person means: half-width digits, no invisible signs, no leading quote."""
    if is_blank(cell):
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**EXACT_DIGITS:
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    half_width = unicodedata.normalize("NFKC", str(cell))
    return _INVISIBLE.sub("", half_width).strip().removeprefix("'").strip()


def long_text(cell: Cell) -> str:
    """Return running text as written: full-width punctuation stays, as it belongs to Chinese."""
    if not isinstance(cell, str):
        return text(cell)
    return _INVISIBLE.sub("", cell.replace("\r\n", "\n").replace("\r", "\n")).strip()


def identity_text(cell: Cell) -> str:
    """Return a long number (identity, certificate, account) as text without spaces.

    Refuses numbers that the spreadsheet rounded: the lost digits cannot be known.
    """
    written = "" if isinstance(cell, bool) else text(cell)
    number = re.sub(r"\s", "", written).upper()
    too_long = isinstance(cell, int | float) and abs(cell) >= 10**EXACT_DIGITS
    if too_long or _SCIENTIFIC.fullmatch(number):
        raise CellRefused(
            Message(
                "The spreadsheet turned this number into %(seen)s and its last digits are lost:"
                " set the column to text and enter it again",
                seen=f"{cell:.4E}" if isinstance(cell, int | float) else number,
            )
        )
    return number


def phone_text(cell: Cell) -> str:
    """Return a phone number without spaces, dashes and the country code."""
    return re.sub(r"^(\+?86)(?=1\d{10}$)", "", re.sub(r"[\s\-—–()]", "", text(cell)))


def name_text(cell: Cell) -> str:
    """Return a person's name: 张　三 → 张三; every middle dot becomes ·; Latin keeps spaces."""
    name = text(cell)
    for dot in MIDDLE_DOTS:
        name = name.replace(unicodedata.normalize("NFKC", dot), "·").replace(dot, "·")
    name = re.sub(r"\s*·\s*", "·", name)
    name = re.sub(r"(?<=[^\x00-\x7f])\.(?=[^\x00-\x7f])", "·", name)
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", re.sub(r"\s+", " ", name))


def level_of(cell: Cell) -> str | None:
    """Return junior, intermediate or senior; None for a blank cell."""
    said = re.sub(r"\s", "", text(cell)).casefold()
    if not said:
        return None
    levels = [level for level, words in LEVEL_WORDS if any(word in said for word in words)]
    names_middle = any(name in said for name in INTERMEDIATE_NAMES) and not levels
    if names_middle or said == "中" or any(word in said for word in INTERMEDIATE_WORDS):
        levels.append("intermediate")
    if len(levels) > 1:
        raise CellRefused(Message("“%(seen)s” names more than one level", seen=text(cell)))
    if not levels:
        raise CellRefused(Message("“%(seen)s” is not a level of the exam", seen=text(cell)))
    return levels[0]


def date_of(cell: Cell) -> SheetDate | None:
    """Return the date of a cell; None when blank. 2023.6 and 2023年6月 have month precision."""
    if is_blank(cell):
        return None
    if isinstance(cell, datetime):
        return SheetDate(cell.date(), "day")
    if isinstance(cell, date):
        return SheetDate(cell, "day")
    if isinstance(cell, int | float) and int(cell) in SERIALS:
        return SheetDate(SERIAL_EPOCH + timedelta(days=int(cell)), "day")
    if isinstance(cell, float) and re.fullmatch(r"\d{4}\.1", repr(cell)):
        # 2023.10 typed as a number is stored as 2023.1: January and October look the same.
        raise CellRefused(
            Message("“%(seen)s” may be January or October: write 2023-10", seen=repr(cell))
        )
    return _written_date(text(cell))


def _written_date(written: str) -> SheetDate:
    bare = re.sub(r"\s", "", re.sub(r"[T\s]+\d{1,2}:\d{2}(:\d{2})?(\.\d+)?$", "", written))
    for form in _DATE_FORMS:
        match = form.fullmatch(bare)
        if match:
            return _calendar_date(written, *match.groups())
    raise CellRefused(Message("“%(seen)s” is not a date: write 2023-06-10", seen=written))


def _calendar_date(written: str, year: str, month: str, day: str | None = None) -> SheetDate:
    try:
        on = date(int(year), int(month), int(day or 1))
    except ValueError as fault:
        raise CellRefused(Message("There is no such day as %(seen)s", seen=written)) from fault
    return SheetDate(on, "day" if day else "month")
