"""What a question is, and what makes one unusable or unusual. No storage, no markup rules here."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from string import ascii_lowercase
from typing import Any

from cms.core.wording import Message

SINGLE_OPTIONS = 4  # domain rules of this exam: 60 items of one key in four options
MULTIPLE_OPTIONS = 5  # and 20 items of two to four keys in five options
MULTIPLE_KEYS = range(2, 5)


class QuestionType(StrEnum):
    """The ways of answering; the codes are also those of the API and of stored rows."""

    SINGLE_CHOICE = "single_choice"
    MULTIPLE_RESPONSE = "multiple_response"
    TRUE_FALSE = "true_false"
    CONSTRUCTED_RESPONSE = "constructed_response"
    CASE_GROUP = "case_group"


CHOICE_TYPES = frozenset(
    {QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_RESPONSE, QuestionType.TRUE_FALSE}
)


class State(StrEnum):
    """The life of a question version."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RETIRED = "retired"


MOVES: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.IN_REVIEW, State.PUBLISHED, State.RETIRED}),
    State.IN_REVIEW: frozenset({State.DRAFT, State.PUBLISHED, State.RETIRED}),
    State.PUBLISHED: frozenset({State.RETIRED}),
    # A retired version comes back as a new version, so that reports can tell the two apart.
    State.RETIRED: frozenset(),
}


@dataclass(frozen=True)
class Option:
    """One alternative. The id stays with the text; the letter shown depends on the paper."""

    id: str
    text: str


@dataclass(frozen=True)
class Content:
    """One question as written. ``key`` holds option ids; ``reference`` the model answer.

    A case group has a ``stimulus`` (材料) and ``parts``, each of them a Content of its own.
    """

    type: QuestionType
    stem: str
    options: tuple[Option, ...] = ()
    key: tuple[str, ...] = ()
    reference: str = ""
    stimulus: str = ""
    parts: tuple["Content", ...] = ()

    def content_json(self) -> dict[str, Any]:
        """Return what a trainee may see: no key, no reference answer."""
        shown: dict[str, Any] = {
            "stem": self.stem,
            "options": [{"id": option.id, "text": option.text} for option in self.options],
            "stimulus": self.stimulus or None,
        }
        if self.parts:
            shown["parts"] = [
                {"id": f"p{number}", "type": part.type, **part.content_json()}
                for number, part in enumerate(self.parts, start=1)
            ]
        return shown

    def key_json(self) -> Any:
        """Return ids for choices, the reference for constructed responses, both by part."""
        if self.parts:
            numbered = enumerate(self.parts, start=1)
            return {f"p{number}": part.key_json() for number, part in numbered}
        return list(self.key) if self.type in CHOICE_TYPES else {"reference": self.reference}

    def sha256(self) -> str:
        """Return the digest by which the same question is recognised in another file."""
        whole = [self.type, self.content_json(), self.key_json()]
        canonical = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def options_of(texts: Sequence[str]) -> tuple[Option, ...]:
    """Return options with the ids a, b, c … in the order of the texts."""
    return tuple(Option(letter, text) for letter, text in zip(ascii_lowercase, texts, strict=False))


def letters(ids: Sequence[str], options: Sequence[Option]) -> str:
    """Return the letters that these option ids have in this order of options: ``ABD``."""
    places = {option.id: place for place, option in enumerate(options)}
    return "".join(chr(ord("A") + place) for place in sorted(places[i] for i in ids))


def refusal(content: Content) -> Message | None:
    """Return why nobody could answer or mark this question, or None."""
    if content.type == QuestionType.CASE_GROUP:
        return _group_refusal(content)
    if not content.stem:
        return Message("There is no stem")
    if content.type in CHOICE_TYPES:
        return _choice_refusal(content)
    return None if content.reference else Message("There is no key")


def cautions(content: Content) -> tuple[Message, ...]:
    """Return what is unusual for this exam, or looks like a slip; none of it blocks."""
    if content.parts:
        return tuple(caution for part in content.parts for caution in cautions(part))
    found = [_wrong_number_of_options(content), _wrong_number_of_keys(content), _twins(content)]
    return tuple(caution for caution in found if caution)


def _group_refusal(content: Content) -> Message | None:
    if not content.stimulus:
        return Message("The case has no material")
    if not content.parts:
        return Message("The case has no questions")
    for number, part in enumerate(content.parts, start=1):
        why = refusal(part)
        if why:
            return Message("Question %(number)s of the case: %(why)s", number=number, why=why)
    return None


def _choice_refusal(content: Content) -> Message | None:
    ids = [option.id for option in content.options]
    if len(ids) < 2:
        return Message("There are no options")
    gaps = [option.id for option in content.options if not option.text]
    if gaps:
        return Message("Option %(letter)s is empty", letter=gaps[0].upper())
    if not content.key:
        return Message("There is no key")
    beyond = sorted(set(content.key) - set(ids))
    if beyond:
        return Message(
            "The key names option %(letter)s, which is not there", letter=beyond[0].upper()
        )
    if len(content.key) > 1 and content.type != QuestionType.MULTIPLE_RESPONSE:
        return Message("There are %(count)s keys where one is right", count=len(content.key))
    return None


def _wrong_number_of_options(content: Content) -> Message | None:
    usual = {
        QuestionType.SINGLE_CHOICE: SINGLE_OPTIONS,
        QuestionType.MULTIPLE_RESPONSE: MULTIPLE_OPTIONS,
    }.get(content.type)
    if usual is None or len(content.options) == usual:
        return None
    return Message(
        "There are %(seen)s options; this exam has %(usual)s",
        seen=len(content.options),
        usual=usual,
    )


def _wrong_number_of_keys(content: Content) -> Message | None:
    if content.type != QuestionType.MULTIPLE_RESPONSE or len(content.key) in MULTIPLE_KEYS:
        return None
    return Message("There are %(seen)s keys; this exam has 2 to 4", seen=len(content.key))


def _twins(content: Content) -> Message | None:
    texts = [option.text for option in content.options]
    twin = next((text for text in texts if texts.count(text) > 1), None)
    return Message("Two options read the same: “%(text)s”", text=twin) if twin else None
