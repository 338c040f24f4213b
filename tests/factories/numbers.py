"""Numbers of made-up people: right check digit, a province code that was never assigned."""

from cms.core.identity import check_character


def fictional_id(n: int) -> str:
    """The n-th identity number of somebody who does not exist (n < 100,000)."""
    body = f"6699{n // 1000 % 100:02d}19{80 + n % 20:02d}{1 + n % 12:02d}15{n % 1000:03d}"
    return body + check_character(body)


def fictional_phone(n: int) -> str:
    return f"12{n:09d}"
