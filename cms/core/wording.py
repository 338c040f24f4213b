"""Wording that pure rules hand to the edges: an English sentence and its values.

A rule cannot call gettext (no Django here), and an f-string cannot be translated. So it returns a
``Message``; the edge translates the template and only then puts the values in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, init=False)
class Message:
    """A translatable sentence, e.g. ``Message("Score %(seen)s is outside 0–100", seen=105)``."""

    template: str
    values: tuple[tuple[str, object], ...]

    def __init__(self, template: str, /, **params: object) -> None:
        """Keep the values sorted by name, so that equal messages compare and hash equal."""
        object.__setattr__(self, "template", template)
        object.__setattr__(self, "values", tuple(sorted(params.items())))

    @property
    def params(self) -> Mapping[str, object]:
        """Return the values by placeholder name."""
        return dict(self.values)

    def said(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in the language of ``translate`` (gettext); values that are
        messages themselves are translated too.
        """
        template = translate(self.template)
        if not self.values:
            return template
        return template % {name: _said(value, translate) for name, value in self.values}

    def __str__(self) -> str:
        """Return the English sentence."""
        return self.said(_unchanged)


def _said(value: object, translate: Callable[[str], str]) -> object:
    return value.said(translate) if isinstance(value, Message) else value


def _unchanged(template: str) -> str:
    return template
