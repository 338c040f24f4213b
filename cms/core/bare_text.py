"""Text that people read and no catalogue knows: in templates of Django and of Vue.

What a tag translates is taken out first; what then still stands in a text node, or in an attribute
that is read out, was forgotten. Values of the page (`{{ … }}`) are not words of ours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

SPOKEN = frozenset({"alt", "aria-label", "aria-description", "title", "placeholder", "label"})
# What stays as it is in every language: each language calls itself by its own name.
ALLOWED = frozenset({"中文", "English", "JSON"})
# Shown when nothing works any more, translation included: it speaks both languages by itself.
BILINGUAL = frozenset({"500.html"})
HAN = re.compile(r"[\u3400-\u9fff]")
WORD = re.compile(r"[\u3400-\u9fff]|[^\W\d_]{2,}")
ENTITY = re.compile(r"&[a-z]+;|&#\d+;")

_COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?\{%\s*endcomment\s*%\}|<!--.*?-->", re.DOTALL)
_BLOCK = re.compile(r"\{%\s*(blocktrans(?:late)?)\b.*?\{%\s*end\1\s*%\}", re.DOTALL)
# Blocks of the shell that stand inside an attribute.
_CLASS_BLOCK = re.compile(r"\{%\s*block (?:body|main)_class\s*%\}[^{]*\{%\s*endblock\s*%\}")
_CONDITION = re.compile(r"\{%\s*(?:el)?if\b.*?%\}", re.DOTALL)
_CLASS_NAME = re.compile(r"""["'][a-z]+(?:-[a-z]+)+["']""")
_TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
_VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_TRANSLATED = re.compile(r"""_\(\s*("[^"]*"|'[^']*')\s*\)|^\{%\s*trans(?:late)?\b.*""", re.DOTALL)
# Words that a filter puts in: {{ x|default:"none" }}, {{ x|yesno:"yes,no" }}.
_FILTER_WORDS = re.compile(
    r"""\|(?:default|default_if_none|yesno|join|pluralize):("[^"]*"|'[^']*')"""
)
_VUE_TEMPLATE = re.compile(r"<template>(.*)</template>", re.DOTALL)
_CODE_COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)


@dataclass(frozen=True)
class Bare:
    """One text and the line on which it stands."""

    line: int
    text: str


def in_template(source: str) -> list[Bare]:
    """Bare text of a Django template."""
    kept = _blanked(_COMMENT, source)
    kept = _blanked(_CLASS_BLOCK, _blanked(_BLOCK, kept))
    found = list(_in_tags(kept))
    return sorted({*found, *_in_markup(_blanked(_VALUE, _blanked(_TAG, kept)))}, key=_place)


def in_component(source: str) -> list[Bare]:
    """Bare text of a Vue component: its markup, and Chinese anywhere in its code."""
    kept = _blanked(_COMMENT, source)
    markup = _VUE_TEMPLATE.search(kept)
    found = set(in_code(source))
    if markup:
        before = kept[: markup.start(1)]
        body = _blanked(_VALUE, markup[1])
        found |= set(_in_markup("\n" * before.count("\n") + body))
    return sorted(found, key=_place)


def in_code(source: str) -> list[Bare]:
    """Chinese in TypeScript outside comments: words of an island stand in its catalogues."""
    kept = _blanked(_CODE_COMMENT, _blanked(_COMMENT, source))
    lines = enumerate(kept.splitlines(), start=1)
    return [Bare(number, line.strip()) for number, line in lines if HAN.search(line)]


def in_files(templates: list[Path], frontend: Path) -> Iterator[tuple[Path, Bare]]:
    """Every bare text of the templates below some folders and of the islands."""
    for root in templates:
        for path in sorted(root.rglob("*.html")):
            if "templates" in path.parts and path.name not in BILINGUAL:
                yield from ((path, bare) for bare in in_template(path.read_text()))
    for path in sorted(frontend.rglob("*.vue")):
        yield from ((path, bare) for bare in in_component(path.read_text()))
    for path in sorted(frontend.rglob("*.ts")):
        if not path.name.endswith((".test.ts", ".d.ts")) and "testing" not in path.parts:
            yield from ((path, bare) for bare in in_code(path.read_text()))


def unsaid(said: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
    """(message id, language) of what the catalogues of the islands, by language, leave out."""
    keys = sorted({key for words in said.values() for key in words})
    return [
        (key, language)
        for language, words in sorted(said.items())
        for key in keys
        if not words.get(key, "").strip()
    ]


def _place(bare: Bare) -> tuple[int, str]:
    return bare.line, bare.text


def _blanked(pattern: re.Pattern[str], source: str) -> str:
    """The source without what matches; line breaks stay, so that lines keep their numbers."""
    return pattern.sub(lambda found: "\n" * found[0].count("\n"), source)


def _in_tags(source: str) -> Iterator[Bare]:
    """Words inside tags and values: Chinese in any literal, words that a filter puts in."""
    source = _blanked(_CONDITION, source)
    for found in re.finditer(r"\{%.*?%\}|\{\{.*?\}\}", source, re.DOTALL):
        inside = _TRANSLATED.sub("", found[0])
        words = [said for said in _FILTER_WORDS.findall(inside) if not _CLASS_NAME.fullmatch(said)]
        if HAN.search(inside) or any(WORD.search(said) for said in words):
            yield Bare(source.count("\n", 0, found.start()) + 1, found[0])


def _in_markup(markup: str) -> list[Bare]:
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    """Collects what is read or read out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[Bare] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        for name, value in attrs:
            if name in SPOKEN:
                self._note(value or "")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None:
            self._note(data)

    def _note(self, text: str) -> None:
        said = ENTITY.sub("", text).strip()
        if said not in ALLOWED and WORD.search(said):
            before = len(text) - len(text.lstrip())
            line = self.getpos()[0] + text.count("\n", 0, before)
            self.found.append(Bare(line, said))
