"""The keys of encrypted fields: a JSON file outside database and repository, mode 0600.

`{"current": "k1", "keys": {"k1": <base64, 32 bytes>}, "index": <base64, 32 bytes>}`. The index key
is another key than the data keys: who holds one can do nothing with the other.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

KEY_BYTES = 32


@dataclass(frozen=True)
class Keyring:
    current: str
    data_keys: dict[str, bytes]
    index_key: bytes


def make_key_file(path: Path) -> Path:
    """Write new random keys unless the file is there; returns the path."""
    if not path.exists():
        fresh = {"current": "k1", "keys": {"k1": _random_key()}, "index": _random_key()}
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w") as file:
            json.dump(fresh, file)
    return path


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


@lru_cache(maxsize=4)
def read_keyring(path: Path) -> Keyring:
    """Raises ValueError where a key is missing or not 32 bytes long."""
    stored = json.loads(path.read_text())
    data_keys = {name: base64.b64decode(key) for name, key in stored["keys"].items()}
    index_key = base64.b64decode(stored["index"])
    if any(len(key) != KEY_BYTES for key in [*data_keys.values(), index_key]):
        raise ValueError("Every key must be 32 bytes long.")
    if stored["current"] not in data_keys:
        raise ValueError("The current key is not among the keys.")
    return Keyring(stored["current"], data_keys, index_key)
