"""Sealing of sensitive values: AES-256-GCM tokens bound to their row, and keyed blind indexes.

Token: `v1|key id|nonce|ciphertext` (base64). The associated data is `table|column|row uuid`, so
that a ciphertext moved to another row or column does not open.
"""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from cms.core.keyring import Keyring, read_keyring

NONCE_BYTES = 12


class SealBroken(ValueError):
    """The token was changed, moved to another row, or its key is not in the keyring."""


def keyring() -> Keyring:
    return read_keyring(settings.FIELD_KEYS_FILE)


def seal(plain: str, *, bound_to: str) -> str:
    keys = keyring()
    nonce = os.urandom(NONCE_BYTES)
    cipher = AESGCM(keys.data_keys[keys.current])
    sealed = cipher.encrypt(nonce, plain.encode(), bound_to.encode())
    return "|".join(["v1", keys.current, _encode(nonce), _encode(sealed)])


def unseal(token: str, *, bound_to: str) -> str:
    try:
        version, key_id, nonce, sealed = token.split("|")
        if version != "v1":
            raise SealBroken("Unknown version of the seal.")
        cipher = AESGCM(keyring().data_keys[key_id])
        return cipher.decrypt(_decode(nonce), _decode(sealed), bound_to.encode()).decode()
    except (InvalidTag, KeyError, ValueError) as fault:
        raise SealBroken("This value cannot be opened here.") from fault


def blind_index(purpose: str, value: str) -> str:
    """Keyed hash for equality look-ups: 64 hex digits.

    Identity numbers can be guessed (area × birth date × three digits), so an unkeyed hash of one
    would be as good as the number itself.
    """
    message = f"{purpose}|{value}".encode()
    return hmac.new(keyring().index_key, message, hashlib.sha256).hexdigest()


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
