"""Keys as people write them → option ids. A key that may mean two things is refused, not guessed:
a lost question is tolerable, a wrong answer is not.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from string import ascii_uppercase

from cms.core.wording import Message
from quizzes.bank.content import Option, QuestionType

TRUE_WORDS = frozenset({"对", "√", "✓", "✔", "正确", "是", "t", "true", "y", "yes", "v", "1"})
FALSE_WORDS = frozenset({"错", "×", "✗", "✘", "x", "错误", "否", "f", "false", "n", "no", "0"})
FALSE_WORDS_LONG = frozenset({"不对", "不正确", "不是"})
_LABEL = re.compile(
    r"^(?:【?(?:正确|标准|参考)?(?:答案|选项)】?\s*(?:是|为)?\s*[::]?|选)\s*", re.IGNORECASE
)
_SEPARATORS = re.compile(r"[\s,;、/|+&和()]+|(?<=[A-Za-z])\.(?=[A-Za-z])")
# A letter and its option's text; at least one sign that cannot belong to a list of letters.
_LETTER_WITH_TEXT = re.compile(r"\(?([A-Z])\)?\s*[.、:．)]\s*(.*[^A-Za-z\s.,;、()].*)", re.DOTALL)


class KeyRefused(ValueError):
    """A key that cannot be read; carries the reason to show."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def read_key(
    written: str, *, type_: QuestionType, options: Sequence[Option], base: int | None = None
) -> tuple[str, ...]:
    """Return the option ids that the text names, in the order of the options.

    ``base`` is the number of the first option in this file (0 or 1), or None where the file does
    not tell. An id beyond the options is returned as it is, for the checks of the bank to name.
    """
    words = key_words(written)
    if not words:
        return ()
    if type_ == QuestionType.TRUE_FALSE:
        return (_truth_id(words, written, options, base),)
    if all(word.isdigit() for word in words):
        return _in_order(_by_number(_split_digits(words, len(options)), written, base))
    return _in_order(_by_letter_or_text(words, written, options))


def key_words(written: str) -> list[str]:
    """Return the words of a key: ``答案：A、B。`` → ["A", "B"]; ``ABD`` → three letters."""
    plain = unicodedata.normalize("NFKC", written).strip()
    plain = _LABEL.sub("", plain, count=1).strip(" 。.;,、")
    if plain.startswith("["):
        return _json_words(plain)
    if _LETTER_WITH_TEXT.fullmatch(plain):
        return [plain]
    words = [word.strip("()\"'“”.。") for word in _SEPARATORS.split(plain)]
    return [piece for word in words if word for piece in _pieces(word)]


def number_base(keys: Iterable[tuple[str, int]]) -> int | None:
    """Return whether a file counts its options from 0 or from 1; None when it does not show.

    ``keys`` are the texts of all choice questions with their numbers of options. A 0 shows the
    one, the number of the last option the other; a file that shows both contradicts itself.
    """
    from_zero = from_one = False
    for written, count in keys:
        words = _split_digits(key_words(written), count)
        if words and all(word.isdigit() for word in words):
            from_zero |= "0" in words
            from_one |= str(count) in words
    if from_zero == from_one:
        return None
    return 0 if from_zero else 1


def truth_of(word: str) -> bool | None:
    """Return what 对, √, T, 错误 … say; None for anything else."""
    plain = unicodedata.normalize("NFKC", word).strip().strip("。.").casefold()
    if plain in TRUE_WORDS:
        return True
    return False if plain in FALSE_WORDS | FALSE_WORDS_LONG else None


def _json_words(plain: str) -> list[str]:
    try:
        listed = json.loads(plain.replace("'", '"').replace("“", '"').replace("”", '"'))
    except json.JSONDecodeError:
        return list(re.findall(r"[A-Za-z]|\d+", plain))
    return [piece for word in listed for piece in _pieces(str(word).strip())]


def _pieces(word: str) -> list[str]:
    """Split letters that stand together, as in ABD; other words stay whole."""
    return list(word.upper()) if re.fullmatch(r"[A-Za-z]+", word) and _all_options(word) else [word]


def _all_options(word: str) -> bool:
    return truth_of(word) is None or len(word) == 1


def _split_digits(words: list[str], count: int) -> list[str]:
    """Split a number beyond the options into its digits: 013 or 134 names three of five."""
    return [
        piece
        for word in words
        for piece in (word if word.isdigit() and (int(word) > count or word[0] == "0") else [word])
    ]


def _truth_id(words: list[str], written: str, options: Sequence[Option], base: int | None) -> str:
    """Return the option that says what the key says; A and B go by the file's own options."""
    word = words[0]
    if len(words) > 1:
        raise KeyRefused(Message("There are %(count)s keys where one is right", count=len(words)))
    if len(word) == 1 and word.upper() in ascii_uppercase[: max(len(options), 2)]:
        return word.lower()
    truth = truth_of(word)
    said = {option.id for option in options if truth is not None and truth_of(option.text) is truth}
    if word.isdigit() and base is not None and 0 <= int(word) - base < len(options):
        # Where the file counts options from 0, "0" may be the first option or the word for 错.
        said.add(options[int(word) - base].id)
    if len(said) != 1:
        raise KeyRefused(_unreadable(written))
    return said.pop()


def _by_number(words: list[str], written: str, base: int | None) -> list[str]:
    if base is None:
        raise KeyRefused(
            Message(
                "The file does not show whether “%(seen)s” counts from 0 or from 1: write letters",
                seen=written,
            )
        )
    places = [int(word) - base for word in words]
    if any(not 0 <= place < len(ascii_uppercase) for place in places):
        raise KeyRefused(_unreadable(written))
    return [ascii_uppercase[place].lower() for place in places]


def _by_letter_or_text(words: list[str], written: str, options: Sequence[Option]) -> list[str]:
    same = [option.id for option in options if _plain(option.text) == _plain(written)]
    if len(same) == 1:
        return same
    return [_one(word, written, options) for word in words]


def _one(word: str, written: str, options: Sequence[Option]) -> str:
    if re.fullmatch(r"[A-Za-z]", word):
        return word.lower()
    labelled = _LETTER_WITH_TEXT.fullmatch(word)
    text = labelled.group(2) if labelled else word
    same = [option.id for option in options if _plain(option.text) == _plain(text)]
    if len(same) != 1 or (labelled and labelled.group(1).lower() != same[0]):
        raise KeyRefused(_unreadable(written))
    return same[0]


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).strip("。.;").casefold()


def _in_order(ids: list[str]) -> tuple[str, ...]:
    return tuple(sorted(set(ids)))


def _unreadable(written: str) -> Message:
    return Message("The key “%(seen)s” cannot be read", seen=written[:40])
