"""A question version as a staff page shows it: letters in this order of options, key, rationale.

Texts are HTML of the bank; templates put them through the filter `question_html`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from quizzes.bank.content import QuestionType
from quizzes.bank.models import TYPE_NAMES, QuestionVersion


@dataclass(frozen=True)
class ShownOption:
    """An option with the letter it has on this page."""

    letter: str
    text: str
    is_right: bool


@dataclass(frozen=True)
class ShownQuestion:
    """What a page needs; ``key`` are letters, empty for constructed responses."""

    type_name: str
    stimulus: str
    stem: str
    options: tuple[ShownOption, ...]
    key: str
    reference: str
    rationale: str
    parts: tuple["ShownQuestion", ...] = ()


def shown(version: QuestionVersion) -> ShownQuestion:
    """Return the version for a staff page: with key and rationale."""
    return _question(version.type, version.content, version.key, version.rationale)


def _question(
    type_: str, content: Mapping[str, Any], key: Any, rationale: str = ""
) -> ShownQuestion:
    right = key if isinstance(key, list) else []
    options = _options(content["options"], right)
    parts = tuple(
        _question(part["type"], part, key[part["id"]]) for part in content.get("parts", ())
    )
    reference = key.get("reference", "") if isinstance(key, dict) else ""
    return ShownQuestion(
        type_name=str(TYPE_NAMES[QuestionType(type_)]),
        stimulus=content.get("stimulus") or "",
        stem=content["stem"],
        options=options,
        key="".join(option.letter for option in options if option.is_right),
        reference=reference,
        rationale=rationale,
        parts=parts,
    )


def _options(options: Sequence[Mapping[str, str]], right: Sequence[str]) -> tuple[ShownOption, ...]:
    return tuple(
        ShownOption(letter, option["text"], option["id"] in right)
        for letter, option in zip(ascii_uppercase, options, strict=False)
    )
