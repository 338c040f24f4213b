"""Settings of the tests: fast hashes, fixed keys, both databases by DATABASE_URL."""

import os

from cms.core.keyring import make_key_file
from cms.settings.base import *

DEBUG = False
SECRET_KEY = "for tests only, never used by a server"  # noqa: S105 - not a secret
VAR_DIR = BASE_DIR / "var" / "test"
VAR_DIR.mkdir(parents=True, exist_ok=True)
FIELD_KEYS_FILE = make_key_file(VAR_DIR / "keys.json")
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
ALLOW_FICTIONAL_PEOPLE = True
SMS_BACKEND = "cms.accounts.codes.ConsoleSender"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = VAR_DIR / "media"
# A page without its built front end still renders in the tests of services and permissions.
DJANGO_VITE = {
    "default": {
        "dev_mode": not STATIC_BUILD.is_dir(),
        "manifest_path": STATIC_BUILD / ".vite" / "manifest.json",
    }
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # One file per run, so that two runs side by side do not meet; a name keeps it (--reuse-db).
    name = env.text("TEST_DATABASE_NAME", f"test-{os.getpid()}")
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / f"{name}.sqlite3")}
