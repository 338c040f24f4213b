"""The 管理号 printed on a certificate: how it is cleaned, doubted and masked.

No published rule fixes its form, and it has changed over the years. What is seen on certificates
is a row of 15 to 32 digits that contains the year of approval, sometimes with letters. So an odd
number is doubted in words; only what cannot be a number at all is refused, where it is typed in.
"""

import re
import unicodedata
from itertools import pairwise

from cms.core.wording import Message

SHORTEST, LONGEST = 15, 32
FEWEST = 10
_SPACES = re.compile(r"[\s\u200b\ufeff'’]+")
_YEAR = re.compile(r"(?=(20\d\d))")


def cleaned(text: str) -> str:
    """Half-width, no spaces, capital letters; "" stays ""."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).upper()


def refusal(number: str) -> Message | None:
    """Why a cleaned text is no number of a certificate, None where it may be one."""
    if not re.fullmatch(r"[0-9A-Z]*", number):
        return Message("A certificate number has digits and letters only")
    if len(number) < FEWEST:
        return Message("A certificate number has at least %(low)s signs", low=FEWEST)
    return None


def doubts(number: str, *, year: int | None = None) -> list[Message]:
    """Why a cleaned number looks odd; `year` is the year of approval, where it is known."""
    found: list[Message] = []
    if not SHORTEST <= len(number) <= LONGEST:
        found.append(
            Message(
                "The certificate number has %(seen)s characters; %(low)s to %(high)s are usual",
                seen=len(number),
                low=SHORTEST,
                high=LONGEST,
            )
        )
    if not re.fullmatch(r"[0-9A-Z]+", number):
        found.append(Message("The certificate number holds other signs than digits and letters"))
    if len(number) > 1 and all(a == b for a, b in pairwise(number)):
        found.append(Message("The certificate number repeats one sign"))
    if year is not None and str(year) not in _YEAR.findall(number):
        found.append(
            Message("The certificate number does not contain the year %(year)s", year=year)
        )
    return found


def masked(number: str) -> str:
    """First and last four signs, e.g. 2025****0417; a short number shows only its last two."""
    if len(number) <= 8:
        return "****" + number[-2:]
    return f"{number[:4]}****{number[-4:]}"
