"""Enrolment codes: ten characters of Crockford's base32, fifty bits of chance.

The alphabet has no I, L, O and U, so that a code read out in a hall or copied from a blackboard
comes back as it was; what people write for the missing letters is read as the digit they saw.
"""

from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


def draw_code(below: Callable[[int], int]) -> str:
    """Return a new code; `below(n)` draws a number under n (`secrets.randbelow`)."""
    return "".join(ALPHABET[below(len(ALPHABET))] for _ in range(LENGTH))


def normalised(text: str) -> str:
    """Return the code as it was drawn, however it was typed; "" where it cannot be one."""
    code = text.strip().upper().translate(_READ_AS)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def grouped(code: str) -> str:
    """Return the code in two groups of five, as it is read out."""
    return f"{code[:5]}-{code[5:]}"
