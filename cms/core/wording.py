"""Wording that pure rules hand to the edges: an English sentence and its values.

A rule cannot call gettext (no Django here), and an f-string cannot be translated. So it returns a
``Message``; the edge translates the template and only then puts the values in.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

# Eight digits in a row, also in groups as cards print them, and the X that ends some identity
# numbers. Dates have hyphens or fewer digits.
_LONG_NUMBER = re.compile(r"\d(?:\s?\d){7,}X?", re.IGNORECASE)


@dataclass(frozen=True, init=False)
class Message:
    """A translatable sentence, e.g. ``Message("Score %(seen)s is outside 0–100", seen=105)``.

    The value called ``seen`` is what stood in a cell. With columns shifted that is an identity
    number or an account, and reasons are stored and printed: long numbers in it are masked here.
    """

    template: str
    values: tuple[tuple[str, object], ...]

    def __init__(self, template: str, /, **params: object) -> None:
        """Keep the values sorted by name, so that equal messages compare and hash equal."""
        if "seen" in params:
            params["seen"] = _without_long_numbers(params["seen"])
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


def _without_long_numbers(seen: object) -> object:
    if not isinstance(seen, str | int | float):
        return seen
    masked = _LONG_NUMBER.sub(lambda found: "***" + "".join(found[0].split())[-4:], str(seen))
    return masked if masked != str(seen) else seen


def _said(value: object, translate: Callable[[str], str]) -> object:
    return value.said(translate) if isinstance(value, Message) else value


def _unchanged(template: str) -> str:
    return template
