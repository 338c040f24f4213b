"""The 考试宝 template, written: the form in which teachers pass questions to one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cms.core.sheet_writer import SheetOut, write_workbook
from cms.core.wording import Message
from quizzes.bank import markup
from quizzes.bank.content import Option, QuestionType, letters

LETTERS = "ABCDEFGH"
HEADER = (
    *("题干（必填）", "题型 （必填）"),
    *(f"选项 {letter}" for letter in "ABCD"),
    *(f"选项{letter}(勿删)" for letter in "EFGH"),
    *("正确答案（必填）", "解析（勿删）", "章节（勿删）", "难度"),
)
TYPE_NAMES: Mapping[str, str] = {
    QuestionType.SINGLE_CHOICE: "单选题",
    QuestionType.MULTIPLE_RESPONSE: "多选题",
    QuestionType.TRUE_FALSE: "判断题",
    QuestionType.CONSTRUCTED_RESPONSE: "简答题",
}
WIDTHS = {"题干（必填）": 60, "解析（勿删）": 60, "章节（勿删）": 30}


@dataclass(frozen=True)
class Exported:
    """A question as the bank holds it."""

    type: str
    content: Mapping[str, Any]
    key: Any
    rationale: str = ""
    chapter: str = ""
    difficulty: str = ""


def write_kaoshibao(questions: Sequence[Exported]) -> tuple[bytes, tuple[Message, ...]]:
    """Return the workbook, and what the template could not hold."""
    kept = [question for question in questions if _fits(question)]
    sheet = SheetOut("题库", HEADER, [_row(question) for question in kept], widths=WIDTHS)
    lost = len(questions) - len(kept)
    notes = (
        (Message("%(count)s questions do not fit the 考试宝 template", count=lost),) if lost else ()
    )
    return write_workbook([sheet]), notes


def _fits(question: Exported) -> bool:
    many = len(question.content["options"]) > len(LETTERS)
    return question.type in TYPE_NAMES and not many and not question.content.get("stimulus")


def _row(question: Exported) -> list[str]:
    options = [markup.as_plain(option["text"]) for option in question.content["options"]]
    return [
        markup.as_plain(question.content["stem"]),
        TYPE_NAMES[question.type],
        *options,
        *[""] * (len(LETTERS) - len(options)),
        _key(question),
        markup.as_plain(question.rationale),
        question.chapter,
        question.difficulty,
    ]


def _key(question: Exported) -> str:
    if question.type == QuestionType.CONSTRUCTED_RESPONSE:
        return markup.as_plain(question.key["reference"])
    options = [Option(option["id"], option["text"]) for option in question.content["options"]]
    return letters(question.key, options)
