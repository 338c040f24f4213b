"""What a report says of one item: which options were right, hit, missed or wrong."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quizzes.attempts.scoring import MULTIPLE_RESPONSE, ItemScore, Verdict


class Tone(StrEnum):
    """What became of one option; `key` is a right option of an item that was not hit at all."""

    HIT = "hit"
    MISSED = "missed"
    WRONG = "wrong"
    KEY = "key"
    PLAIN = ""


@dataclass(frozen=True, slots=True)
class OptionLine:
    """One option under the letter it had on the paper."""

    letter: str
    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item of a report; `stem`, `stimulus`, options and `rationale` are HTML."""

    score: ItemScore
    type: str
    stem: str
    stimulus: str
    options: tuple[OptionLine, ...]
    rationale: str

    @property
    def is_multiple(self) -> bool:
        """Whether several options are right."""
        return self.type == MULTIPLE_RESPONSE

    @property
    def chosen(self) -> str:
        """Letters chosen, e.g. "A C"."""
        return self._letters(Tone.HIT, Tone.WRONG)

    @property
    def missed(self) -> str:
        """Letters of the key that were not chosen."""
        return self._letters(Tone.MISSED, Tone.KEY)

    @property
    def key(self) -> str:
        """Letters of the key."""
        return self._letters(Tone.HIT, Tone.MISSED, Tone.KEY)

    def _letters(self, *tones: Tone) -> str:
        return " ".join(option.letter for option in self.options if option.tone in tones)


def option_lines(
    options: Sequence[tuple[str, str]],
    *,
    key: Collection[str],
    chosen: Collection[str],
    item_type: str,
) -> tuple[OptionLine, ...]:
    """Options (id, text) in paper order with what became of each."""
    missed = Tone.MISSED if item_type == MULTIPLE_RESPONSE and chosen else Tone.KEY
    return tuple(
        OptionLine(
            letter=chr(ord("A") + place),
            text=text,
            tone=_tone(option in key, option in chosen, missed),
        )
        for place, (option, text) in enumerate(options)
    )


def _tone(right: bool, chosen: bool, missed: Tone) -> Tone:  # noqa: FBT001 - a truth table
    if right:
        return Tone.HIT if chosen else missed
    return Tone.WRONG if chosen else Tone.PLAIN


class Show(StrEnum):
    """Which items a report lists."""

    ALL = "all"
    LOST = "lost"
    WRONG = "wrong"
    PARTIAL = "partial"
    BLANK = "blank"


def is_shown(show: Show, verdict: Verdict) -> bool:
    """Whether a list limited like that has an item with this verdict; `lost` is all but right."""
    if show is Show.ALL:
        return True
    if show is Show.LOST:
        return verdict is not Verdict.RIGHT
    return show.value == verdict.value


def is_worked_through(answered: int, items: int) -> bool:
    """Whether a paper says something of what was left blank: at least half of it was answered.

    Who looks into a paper and hands it in has not failed the rest of it. Who answered half and
    more either ran out of time or passed over what they did not know, and both lose the marks.
    """
    return 2 * answered >= items
