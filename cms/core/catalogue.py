"""Message catalogues without GNU gettext: found in the sources, checked, compiled by Babel.

Message ids are English sentences, so English needs no catalogue; every other language must have
every id, with the same placeholders.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as BabelMessage
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "Message": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
PLURALS = frozenset({"ngettext", "ngettext_lazy"})
IN_CONTEXT = frozenset({"pgettext", "pgettext_lazy"})
# Between a context and its message, as in the compiled catalogue: one word, two senses.
CONTEXT_END = "\x04"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
Found = str | tuple[str, str]


@dataclass(frozen=True)
class Gap:
    """One message id that the catalogue lacks or says wrongly, and why."""

    msgid: str
    reason: str


def found_in(roots: list[Path]) -> dict[Found, str]:
    """Message ids (singular, plural) of all sources below `roots`, with one place each."""
    found: dict[Found, str] = {}
    for path in sorted(source for root in roots for source in _sources(root)):
        for msgid in _extract(path):
            found.setdefault(msgid, path.as_posix())
    return found


def _sources(root: Path) -> Iterator[Path]:
    for pattern in ("*.py", "*.html", "*.txt"):
        for path in root.rglob(pattern):
            if not {"migrations", "static_build", "node_modules"} & set(path.parts):
                yield path


def _extract(path: Path) -> Iterator[Found]:
    text = path.read_text()
    if path.suffix != ".py":
        # What is left of a template is a row of calls; indentation would be a syntax error.
        lines = templatize(text, origin=str(path)).splitlines()
        text = "\n".join(line.lstrip() for line in lines)
    source = io.BytesIO(text.encode())
    for _line, name, message, _notes in extract_python(source, KEYWORDS, [], {}):
        strings = [part for part in (message if isinstance(message, tuple) else [message]) if part]
        if name in PLURALS and len(strings) > 1:
            yield (str(strings[0]), str(strings[1]))
        elif name in IN_CONTEXT and len(strings) > 1:
            yield f"{strings[0]}{CONTEXT_END}{strings[1]}"
        elif strings:
            yield str(strings[0])


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def ids(catalogue: Catalog) -> set[str]:
    """Singular message ids; of one in a context, context and message."""
    bare = ((m.context, m.id if isinstance(m.id, str) else m.id[0]) for m in catalogue if m.id)
    return {f"{context}{CONTEXT_END}{msgid}" if context else msgid for context, msgid in bare}


def _message(catalogue: Catalog, key: str) -> BabelMessage | None:
    context, _, msgid = key.rpartition(CONTEXT_END)
    return catalogue.get(msgid, context or None)


def gaps(catalogue: Catalog, found: dict[Found, str]) -> list[Gap]:
    """What keeps the catalogue from being complete, in the order of the sources."""
    return [gap for msgid in found if (gap := _gap(catalogue, msgid))]


def _gap(catalogue: Catalog, msgid: Found) -> Gap | None:
    key = msgid[0] if isinstance(msgid, tuple) else msgid
    message = _message(catalogue, key)
    said = (message.string if message else "") or ""
    texts = [said] if isinstance(said, str) else list(said)
    if not texts or not all(texts):
        return Gap(key, "not translated")
    if message is not None and message.fuzzy:
        return Gap(key, "fuzzy")
    wanted = set(PLACEHOLDER.findall(msgid[-1] if isinstance(msgid, tuple) else msgid))
    if any(set(PLACEHOLDER.findall(text)) - wanted for text in texts):
        return Gap(key, "names a placeholder that the sentence does not have")
    return None


def merge(catalogue: Catalog, found: dict[Found, str], said: dict[str, str]) -> Catalog:
    """The catalogue of exactly what the sources say; `said` adds translations by message id.

    A message in a context is keyed as in the compiled catalogue: context, U+0004, message.
    """
    merged = Catalog(
        locale=catalogue.locale,
        project="social-worker-exam-platform",
        header_comment="# What the platform says, in Chinese.",
        creation_date=catalogue.creation_date,
        fuzzy=False,
    )
    for msgid in sorted(found, key=lambda m: m if isinstance(m, str) else m[0]):
        key = msgid[0] if isinstance(msgid, tuple) else msgid
        old = _message(catalogue, key)
        text = said.get(key) or (old.string if old else "")
        if isinstance(msgid, tuple):
            merged.add(msgid, (text,) if isinstance(text, str) else text)
        else:
            # A message that had a plural and lost it keeps its one form.
            one = text if isinstance(text, str) else next(iter(text or ()), "")
            context, _, bare = msgid.rpartition(CONTEXT_END)
            merged.add(bare, one, context=context or None)
    return merged


def write(catalogue: Catalog, path: Path) -> None:
    """All of it or nothing: a failure on the way leaves the file as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        write_po(file, catalogue, omit_header=False, sort_output=True, width=96, no_location=True)
    fresh.replace(path)


def compile_to(path: Path) -> Path:
    """Write the `.mo` beside the `.po`; returns its path."""
    target = path.with_suffix(".mo")
    with target.open("wb") as file:
        write_mo(file, read(path))
    return target
