"""Question workbooks and bank content for tests."""

from collections.abc import Sequence
from typing import Any

from cms.core.sheet_writer import SheetOut, write_workbook
from quizzes.exchange.kaoshibao import HEADER


def single(n: int, key: str = "A", chapter: str = "第一章", stem: str = "") -> list[str]:
    options = [f"第{n}题的选项{letter}" for letter in "ABCD"]
    stem = stem or f"第{n}道单选题的题干是（　）。"
    return [stem, "单选题", *options, *[""] * 4, key, f"第{n}题解析", chapter, "易"]


def multiple(n: int, key: str = "ABC", chapter: str = "第二章") -> list[str]:
    options = [f"第{n}题的选项{letter}" for letter in "ABCDE"]
    stem = f"第{n}道多选题的题干有（　）。"
    return [stem, "多选题", *options, *[""] * 3, key, f"第{n}题解析", chapter, "中"]


def kaoshibao_file(rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER) -> bytes:
    return write_workbook([SheetOut("题库", header, rows)])


def whole_paper(chapters: int = 12) -> bytes:
    """80 questions, as many as a paper of the junior level takes: 60 single, 20 multiple."""
    singles = [single(n, chapter=f"第{1 + n % chapters}章") for n in range(60)]
    return kaoshibao_file(
        singles + [multiple(100 + n, chapter=f"第{1 + n % chapters}章") for n in range(20)]
    )
