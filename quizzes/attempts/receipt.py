"""A receipt code that can be read over the telephone: `K7QF-2M9X`.

Seven characters of Crockford's base 32 (no I, L, O, U) from a hash of what was handed in, and a
Luhn check character over the same alphabet, which finds every single wrong character.
"""

import hashlib
from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
_VALUE = {character: value for value, character in enumerate(ALPHABET)}


def receipt_code(attempt: UUID, answers_sha256: str) -> str:
    """The code of one submission; the same submission always has the same code."""
    digest = hashlib.sha256(f"{attempt}:{answers_sha256}".encode()).digest()
    number = int.from_bytes(digest[:8])
    body = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(LENGTH - 1))
    return _grouped(body + _check_character(body))


def _grouped(code: str) -> str:
    return f"{code[:4]}-{code[4:]}"


def _check_character(body: str) -> str:
    base = len(ALPHABET)
    total = 0
    for place, character in enumerate(reversed(body)):
        value = _VALUE[character] * (2 if place % 2 == 0 else 1)
        total += value // base + value % base
    return ALPHABET[-total % base]
