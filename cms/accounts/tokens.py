"""Secrets that travel: the token of an invitation, the code sent to a phone; and their hashes."""

import hashlib
import secrets

from cms.core.vault import blind_index

TOKEN_BYTES = 32
CODE_DIGITS = 6


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """A plain hash is enough: 256 bits of chance cannot be tried out."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def code_hash(code: str, *, bound_to: str) -> str:
    """Keyed, because a million codes are tried in a second; bound to its request."""
    return blind_index(f"link_code|{bound_to}", code)
