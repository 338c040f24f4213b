"""Words of Django, allauth and Wagtail that people read here, said by a catalogue of ours.

Their Chinese lacks what is new in a release, and says 你 where the site says 您. The message ids
are listed by hand in `cms/locale_foreign`; a release that words one anew leaves ours without
effect, so the check compares them with the installed sources.
"""

from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Catalog

from cms.core import catalogue

SOURCES = (
    "django/forms",
    "django/core",
    "django/db",
    "django/contrib/auth",
    "allauth/account",
    "allauth/templates",
    "wagtail",
)
# Wagtail's scripts are delivered packed: what they say stands in its English catalogue.
SCRIPT_WORDS = "wagtail/admin/locale/en/LC_MESSAGES/djangojs.po"


def stale(pages: Catalog, scripts: Catalog) -> list[str]:
    """Message ids of ours that the installed packages do not say any more."""
    said = {key(found) for found in catalogue.found_in([_installed(name) for name in SOURCES])}
    said_by_scripts = catalogue.ids(catalogue.read(_installed(SCRIPT_WORDS)))
    return sorted((catalogue.ids(pages) - said) | (catalogue.ids(scripts) - said_by_scripts))


def key(found: catalogue.Found) -> str:
    return found[0] if isinstance(found, tuple) else found


def _installed(name: str) -> Path:
    package, _, rest = name.partition("/")
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise LookupError(f"{package} is not installed.")
    return Path(spec.origin).parent / rest
