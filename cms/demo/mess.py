"""The harmless disorder of real sheets: one meaning, written in several ways.

An importer must take every form given here. Forms that it must refuse stand in `workbooks`.
"""

import random
from dataclasses import dataclass
from datetime import date

from cms.core.sheet_writer import OutputValue

LEVEL_WORDS = {
    "junior": ("初级", "初级", "初级", "助理", "助理社工师", "助理社会工作师"),
    "intermediate": ("中级", "中级", "中级", "社工师", "社会工作师"),
}
FULL_WIDTH = {ord(str(digit)): chr(ord("０") + digit) for digit in range(10)}
SERIAL_EPOCH = date(1899, 12, 30)
NO_PAPER: tuple[OutputValue, ...] = ("", "", "/", None)


@dataclass
class Scribe:
    """Writes values as different clerks do."""

    rng: random.Random

    def name(self, name: str) -> str:
        """Names of two signs are padded to the width of three."""
        if len(name) == 2 and self.rng.random() < 0.4:
            return f"{name[0]}　{name[1]}" if self.rng.random() < 0.5 else f"{name[0]}  {name[1]}"
        return name

    def identity(self, number: str) -> str:
        """Mostly plain; now and then a small x, a quote, a space or full-width digits."""
        form = self.rng.randrange(24)
        if form == 0:
            return f"'{number}"
        if form == 1:
            return f"{number[:6]} {number[6:14]} {number[14:]}"
        if form == 2:
            return number.translate(FULL_WIDTH)
        return number.lower() if form < 10 else number

    def level(self, level: str) -> str:
        """All words in use for the level."""
        return self.rng.choice(LEVEL_WORDS[level])

    def day(self, day: date) -> OutputValue:
        """A date cell, a serial number, or one of the written forms."""
        written: tuple[OutputValue, ...] = (
            day,
            day,
            day.isoformat(),
            f"{day:%Y%m%d}",
            f"{day.year}年{day.month}月{day.day}日",
            f"{day.year}.{day.month}.{day.day}",
            (day - SERIAL_EPOCH).days,
        )
        return self.rng.choice(written)

    def mark(self, mark: float | str | None) -> OutputValue:
        """Points; −1 and −2 as the score page prints them, or in words; nothing where not sat."""
        if mark is None:
            return self.rng.choice(NO_PAPER)
        if mark == -1:
            return self.rng.choice((-1, -1, "缺考"))
        if mark == -2:
            return self.rng.choice((-2, "违纪"))
        if isinstance(mark, float) and mark.is_integer():
            points = int(mark)
            return str(points).translate(FULL_WIDTH) if self.rng.random() < 0.02 else points
        return mark

    def passed(self, *, passed: bool) -> str:
        """Each clerk has a word for it."""
        return self.rng.choice(("合格", "合格", "是") if passed else ("不合格", "不合格", "否", ""))
