"""The syllabus as an outline, and how the text of a chapter in a file is found in it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

CHINESE_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
_NUMBERED = re.compile(
    r"^第?\s*([0-9]+|[零一二三四五六七八九十]+)\s*(?:章|[、.．:：\s]|(?=[^\d]))?\s*"
)
_PARTS = re.compile(r"[/>›»→\\|]")
_FILLER = re.compile(r"社会工作|服务|方法|的|和|与|及|工作|领域|[\s\W]")


@dataclass(frozen=True)
class Chapter:
    """A chapter as matching needs it; ``id`` is whatever the caller wants back."""

    id: int
    number: str
    title: str


def chapter_of(written: str, chapters: Sequence[Chapter]) -> Chapter | None:
    """Return the chapter a file means by ``第一章/第一节``, ``7 小组方法`` or a bare title.

    The title decides; a number decides only where no title stands beside it, because an older
    syllabus numbers its chapters otherwise. Two chapters that fit equally well are none.
    """
    first = _PARTS.split(unicodedata.normalize("NFKC", written).strip(), maxsplit=1)[0].strip()
    number, title = _number_and_title(first)
    if title:
        return _by_title(title, chapters) or _by_title(first, chapters)
    return next((chapter for chapter in chapters if number and chapter.number == number), None)


def chinese_number(text: str) -> int:
    """Return 12 for 十二, 20 for 二十, 7 for 七; digits as they are."""
    if text.isdigit():
        return int(text)
    tens, has_ten, ones = text.rpartition("十")
    if not has_ten:
        return int("".join(str(CHINESE_DIGITS[sign]) for sign in text))
    return CHINESE_DIGITS.get(tens, 1) * 10 + CHINESE_DIGITS.get(ones, 0)


def is_numbered(number: str) -> bool:
    """Whether a chapter is called by its number; a heading such as 时政专题 has a word there."""
    return number[:1].isdigit()


def _number_and_title(written: str) -> tuple[str, str]:
    match = _NUMBERED.match(written)
    if not match:
        return "", written
    return str(chinese_number(match.group(1))), written[match.end() :].strip()


def _by_title(title: str, chapters: Sequence[Chapter]) -> Chapter | None:
    same = [chapter for chapter in chapters if _plain(chapter.title) == _plain(title)]
    if len(same) == 1:
        return same[0]
    wanted = _gist(title)
    alike = [chapter for chapter in chapters if wanted and _gist(chapter.title) == wanted]
    return alike[0] if len(alike) == 1 else None


def _plain(title: str) -> str:
    return re.sub(r"[\s\W]", "", unicodedata.normalize("NFKC", title))


def _gist(title: str) -> str:
    """Return the words that tell one chapter from another: 小组社会工作服务方法 → 小组."""
    return _FILLER.sub("", unicodedata.normalize("NFKC", title))
