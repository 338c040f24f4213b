"""The 18-character citizen number: GB 11643-1999, and who carries which kind."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from cms.core.wording import Message

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
FICTIONAL_PROVINCE = "66"  # never assigned: the people of demonstrations and tests
HONG_KONG_MACAO_TAIWAN = ("810000", "820000", "830000")  # 港澳台居民居住证
EARLIEST_BIRTH_YEAR = 1900
# GB/T 2260: the first two digits of every division code in use or once in use.
PROVINCES = frozenset(
    str(code)
    for span in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(span[0], span[1] + 1)
)

Kind = Literal["citizen", "hong_kong_macao_taiwan", "foreign_permanent_resident"]


@dataclass(frozen=True)
class Identity:
    """A number that passed every check. ``fictional`` numbers belong to made-up people."""

    number: str
    kind: Kind
    born_on: date
    fictional: bool
    warning: Message | None = None

    @property
    def is_male(self) -> bool:
        """Return whether the sequence number is odd."""
        return int(self.number[16]) % 2 == 1


class IdentityRefused(ValueError):
    """A number that cannot be an identity number; carries the reason, never the number."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def normalise(text: str) -> str:
    """Return the number in its one written form: half-width, no spaces, capital X."""
    half_width = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s'’‘\u200b-\u200f\ufeff]", "", half_width).upper()


def check_character(first_seventeen: str) -> str:
    """Return the 18th character by ISO 7064 MOD 11-2, as GB 11643-1999 section 4 sets it."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def read_identity(text: str) -> Identity:
    """Return the checked number, or raise IdentityRefused with the reason."""
    number = normalise(text)
    _refuse_wrong_form(number)
    if number[17] != check_character(number[:17]):
        raise IdentityRefused(
            Message("The 18th character of the identity number does not fit; a digit may be wrong")
        )
    return Identity(
        number=number,
        kind=_kind(number),
        born_on=_birth_date(number),
        fictional=number.startswith(FICTIONAL_PROVINCE),
        warning=_area_warning(number),
    )


def mask(number: str) -> str:
    """Return the number as lists may show it: first three and last four characters."""
    return f"{number[:3]}***********{number[-4:]}" if len(number) >= 8 else "*" * len(number)


def _refuse_wrong_form(number: str) -> None:
    if re.fullmatch(r"\d{15}", number):
        raise IdentityRefused(
            Message("This is a 15-digit number of an old card; enter the 18-digit number")
        )
    if not re.fullmatch(r"[0-9X]+", number):
        raise IdentityRefused(Message("The identity number has characters other than digits and X"))
    if len(number) != 18:
        raise IdentityRefused(
            Message("The identity number has %(seen)s characters instead of 18", seen=len(number))
        )
    if "X" in number[:17]:
        raise IdentityRefused(Message("X may only be the last character of the identity number"))


def _kind(number: str) -> Kind:
    if number.startswith("9"):
        return "foreign_permanent_resident"
    if number.startswith(HONG_KONG_MACAO_TAIWAN):
        return "hong_kong_macao_taiwan"
    return "citizen"


def _birth_date(number: str) -> date:
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    try:
        born_on = date(year, month, day)
    except ValueError:
        born_on = None
    if born_on is None or year < EARLIEST_BIRTH_YEAR:
        raise IdentityRefused(Message("The date of birth in the identity number does not exist"))
    return born_on


def _area_warning(number: str) -> Message | None:
    """Unknown areas only warn: codes are abolished and merged every year."""
    if number.startswith(("9", FICTIONAL_PROVINCE)) or number[:2] in PROVINCES:
        return None
    return Message("The area code %(seen)s of the identity number is unknown", seen=number[:6])
