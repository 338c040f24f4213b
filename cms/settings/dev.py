"""The embedded default of `make demo`: SQLite and keys under var/, made on the first run."""

import secrets

from cms.core.keyring import make_key_file
from cms.settings import environment as env
from cms.settings.base import *

DEBUG = False
VAR_DIR.mkdir(parents=True, exist_ok=True)


def local_secret() -> str:
    """The session secret of this checkout, kept beside the database, readable by its owner only."""
    path = VAR_DIR / "secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


SECRET_KEY = local_secret()
FIELD_KEYS_FILE = make_key_file(VAR_DIR / "keys.json")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *env.words("ALLOWED_HOSTS", "")]
ALLOW_FICTIONAL_PEOPLE = env.switch("ALLOW_FICTIONAL_PEOPLE", default=True)
SMS_BACKEND = "cms.accounts.codes.ConsoleSender"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
# Static files are served from where they lie: no collectstatic before the first page.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
