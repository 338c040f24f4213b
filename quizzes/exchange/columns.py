"""The columns of question sheets, by every name they were met under."""

from collections.abc import Mapping
from string import ascii_uppercase

from cms.core.sheet_headers import bare

OPTION_LETTERS = ascii_uppercase
OPTIONS = tuple(f"option_{letter.lower()}" for letter in OPTION_LETTERS)
MARKS = tuple(f"correct_{number}" for number in range(1, 13))


def _option_names(letter: str) -> tuple[str, ...]:
    number = ord(letter) - ord("A") + 1
    return (
        *(f"选项{letter}", f"{letter}选项", letter, f"备选项{letter}", f"备选答案{letter}"),
        *(f"答案选项{letter}", f"选项{number}", f"option{letter}", f"option_{letter}"),
        *(f"option {letter}", f"option{number}", f"option_{number}", f"choice{letter}"),
    )


def _mark_names(number: int) -> tuple[str, ...]:
    letter = ascii_uppercase[number - 1]
    return (
        *(f"isCorrect{number}", f"is_correct_{number}", f"isCorrect{letter}", f"correct{number}"),
        *(f"是否正确{number}", f"选项{letter}是否正确", f"选项{number}是否正确", f"正确{number}"),
    )


FIELDS: Mapping[str, tuple[str, ...]] = {
    "stem": (
        "题干",
        "题目",
        "问题",
        "试题",
        "题目内容",
        "试题内容",
        "题干内容",
        "question",
        "stem",
    ),
    "type": ("题型", "题目类型", "试题类型", "问题类型", "类型", "type", "questiontype"),
    **{f"option_{letter.lower()}": _option_names(letter) for letter in OPTION_LETTERS},
    "options": ("选项", "备选答案", "候选项", "全部选项", "options", "choices"),
    "key": (
        *("正确答案", "答案", "标准答案", "参考答案", "正确选项", "试题答案", "正确项"),
        *("answer", "key", "correct", "correctanswer", "correct_answer"),
    ),
    **{name: _mark_names(number) for number, name in enumerate(MARKS, start=1)},
    "rationale": (
        *("解析", "答案解析", "试题解析", "题目解析", "分析", "说明", "解题思路", "解答"),
        *("explanation", "rationale", "analysis"),
    ),
    "chapter": ("章节", "所属章节", "章节名称", "章", "所属章", "chapter"),
    "section": ("节", "小节", "section"),
    "point": ("知识点", "考点", "知识点名称"),
    "difficulty": ("难度", "难易度", "难易程度", "难度等级", "difficulty"),
    "source": ("来源", "出处", "题目来源", "source"),
    "source_number": ("源题号", "原题号"),
    "stimulus": ("材料", "题组材料", "案例材料", "背景材料", "共享题干", "stimulus"),
    "group": ("题目标识", "题目ID", "试题标识", "id"),
    "parent": ("父题标识", "父题ID", "父题", "所属材料题", "parent", "parentid"),
    "part_order": ("子题顺序", "子题序号"),
    "needs_review": ("需复核", "待复核"),
}

KAOSHIBAO = frozenset(
    {"题干", "题型", "正确答案", "解析", "章节", "难度"}
    | {f"选项{letter.casefold()}" for letter in "ABCDEFGH"}
)
KAOSHIBAO_NEEDS = frozenset({"题干", "题型", "正确答案"})


def is_kaoshibao(titles: Mapping[str, str]) -> bool:
    """Return whether these are columns of the 考试宝 template and of nothing else."""
    names = {bare(title) for title in titles.values()}
    return names >= KAOSHIBAO_NEEDS and names <= KAOSHIBAO
