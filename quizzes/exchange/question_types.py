"""The names people give to types of questions, and the codes files use for them."""

import re
import unicodedata
from collections.abc import Mapping

from cms.core.wording import Message
from quizzes.bank.content import QuestionType

NAMES: Mapping[QuestionType, tuple[str, ...]] = {
    QuestionType.SINGLE_CHOICE: (
        *("单选题", "单选", "单项选择题", "单项选择", "选择题", "单选择题", "单选题目"),
        *("single", "singlechoice", "single_choice", "radio", "mc"),
    ),
    QuestionType.MULTIPLE_RESPONSE: (
        *("多选题", "多选", "多项选择题", "多项选择", "多选择题", "复选题"),
        *("multiple", "multiplechoice", "multiple_response", "multi", "checkbox", "ma"),
    ),
    QuestionType.TRUE_FALSE: (
        *("判断题", "判断", "是非题", "对错题", "判断对错题"),
        *("truefalse", "true_false", "true/false", "judge", "judgement", "boolean", "tf"),
    ),
    QuestionType.CONSTRUCTED_RESPONSE: (
        *("简答题", "简答", "问答题", "问答", "论述题", "主观题", "方案设计题", "方案设计"),
        *("constructed_response", "essay", "shortanswer"),
    ),
    QuestionType.CASE_GROUP: (
        *("案例题", "案例分析题", "案例分析", "材料题", "组合题", "共享题干题", "共享题干案例题"),
        *("综合题", "题组", "case", "case_group"),
    ),
}
_BY_NAME = {name: type_ for type_, names in NAMES.items() for name in names}
_LEGEND = re.compile(r"(\d+)\s*[:=、.\-—]*\s*([^\d,;:=、.\s()]+)")


class TypeRefused(ValueError):
    """A type of question that the bank does not know; carries the reason to show."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def legend_of(title: str) -> dict[str, QuestionType]:
    """Return the codes a header explains: ``题型（0单选，1判断，2多选）`` → {"0": single…}."""
    written = unicodedata.normalize("NFKC", title)
    pairs = ((code, _BY_NAME.get(_squeezed(name))) for code, name in _LEGEND.findall(written))
    return {code: type_ for code, type_ in pairs if type_}


def type_of(text: str, legend: Mapping[str, QuestionType]) -> QuestionType | None:
    """Return the type a cell names; None when it is blank. Unknown names are refused by name."""
    name = _squeezed(text)
    if not name:
        return None
    if name.isdigit():
        if name not in legend:
            raise TypeRefused(
                Message("The header does not say which type the number %(seen)s is", seen=name)
            )
        return legend[name]
    # Banks write 单选题（A1型题） or 【多选题】; the note is not the type.
    known = _BY_NAME.get(name) or _BY_NAME.get(re.sub(r"\([^)]*\)|[\[\]【】]", "", name))
    if known is None:
        raise TypeRefused(Message("Questions of the type “%(seen)s” are not supported", seen=text))
    return known


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()
