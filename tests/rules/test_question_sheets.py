from pathlib import Path

import pytest

from cms.core.plans import FileRefused
from cms.core.sheets import Sheet, Workbook, read_workbook
from quizzes.bank.content import QuestionType
from quizzes.exchange.drafts import checked
from quizzes.exchange.kaoshibao import HEADER, Exported, write_kaoshibao
from quizzes.exchange.question_types import TypeRefused, legend_of, type_of
from quizzes.exchange.sheet import read_sheet

OLD_HEADER = [
    *("题干（必填）", "题型 （必填）", "选项 A", "选项 B", "选项 C", "选项 D"),
    *("选项E(勿删)", "选项F(勿删)", "选项G(勿删)", "选项H(勿删)"),
    *("正确答案（必填）", "解析（勿删）", "章节（勿删）", "难度"),
]
NOTICE = ["导入须知：1、题干、题型、正确答案必填……"]
SINGLE = [
    "社会工作的核心价值观是（　）。",
    "单选题",
    "助人自助",
    "以人为本",
    "和谐",
    "自决",
    *[""] * 4,
    "A",
]
MULTIPLE = [
    "小组的类型有（　）。",
    "多选题",
    "教育",
    "成长",
    "支持",
    "治疗",
    "分派",
    *[""] * 3,
    "A,B，C",
]
TRUE = [
    "社会工作者可以替服务对象作决定。",
    "判断题",
    "对",
    "错",
    *[""] * 6,
    "B",
    "应当自决",
    "第四章/第一节",
    "易",
]


def reading(*rows, wanted="auto", name="题库"):
    return checked(read_sheet(Workbook("csv", (Sheet.of(rows, name),)), wanted))


def reasons(read):
    return [(refused.line, str(refused.reason)) for refused in read.refused]


def keys(read):
    return [(draft.line, "".join(draft.content.key)) for draft in read.drafts]


def test_the_older_template_is_read():
    read = reading(OLD_HEADER, SINGLE, MULTIPLE, TRUE)
    assert read.format == "kaoshibao"
    assert keys(read) == [(2, "a"), (3, "abc"), (4, "b")]
    last = read.drafts[2]
    assert (last.rationale, last.chapter, last.difficulty) == ("应当自决", "第四章/第一节", "易")
    assert [option.text for option in last.content.options] == ["对", "错"]
    assert not read.refused
    assert not any(draft.cautions for draft in read.drafts)


def test_the_newer_template_has_a_notice_above_and_a_version_sheet():
    book = Workbook(
        "xlsx",
        (
            Sheet.of([NOTICE, OLD_HEADER, SINGLE, MULTIPLE], "模板"),
            Sheet.of([["版本号"], ["20221101"]], "版本号"),
        ),
    )
    read = checked(read_sheet(book, "kaoshibao"))
    assert keys(read) == [(3, "a"), (4, "abc")]
    assert read.notes == ()


@pytest.mark.parametrize(
    "header",
    [
        [
            "题干（必填)",
            "题型(必填）",
            "选项A",
            "选项B",
            "选项C",
            "选项D",
            "正确答案(必填)",
            "解析",
        ],
        ["题 干", "题  型", "选 项 A", "选 项 B", "选项　C", "选项Ｄ", "正确 答案", "解析（勿删）"],
        ["题干", "题型", "选项A", "选项B", "选项C", "选项D", "正确答案", "难度"],
    ],
)
def test_variants_of_the_template_header_are_the_template(header):
    read = reading(header, ["题干一", "单选", "甲", "乙", "丙", "丁", "C", ""])
    assert read.format == "kaoshibao"
    assert keys(read) == [(2, "c")]


@pytest.mark.parametrize("stem", ["题目", "题干", "问题", "question"])
@pytest.mark.parametrize("key", ["答案", "正确答案", "标准答案", "参考答案", "正确选项"])
@pytest.mark.parametrize("rationale", ["解析", "答案解析", "分析", "说明"])
def test_other_names_of_the_columns_are_known(stem, key, rationale):
    read = reading(
        ["序号", stem, "类型", "A", "B", "C", "D", key, rationale],
        [1, "一题", "单选题", "甲", "乙", "丙", "丁", "D", "因为丁"],
    )
    assert read.format == "table"
    assert (read.drafts[0].content.key, read.drafts[0].rationale) == (("d",), "因为丁")


def test_numbers_for_types_go_by_the_header():
    read = reading(
        [
            "问题",
            "题型（0单选，1判断，2多选）",
            "选项1",
            "选项2",
            "选项3",
            "选项4",
            "选项5",
            "答案（多选用英文逗号分隔，如：A,B）",
        ],
        ["单选的", 0, "甲", "乙", "丙", "丁", "", "B"],
        ["判断的", 1, "", "", "", "", "", "对"],
        ["多选的", 2.0, "甲", "乙", "丙", "丁", "戊", "A,B"],
        ["未知的", 7, "甲", "乙", "丙", "丁", "戊", "A"],
    )
    assert [draft.content.type for draft in read.drafts] == [
        QuestionType.SINGLE_CHOICE,
        QuestionType.TRUE_FALSE,
        QuestionType.MULTIPLE_RESPONSE,
    ]
    assert reasons(read) == [(5, "The header does not say which type the number 7 is")]


CASE_HEADER = [
    "题目标识",
    "父题标识",
    "子题分值",
    "子题顺序",
    "题型",
    "标题",
    "题干",
    "选项A",
    "选项B",
    "选项C",
    "选项D",
    "正确答案",
    "解析",
]


def test_a_case_and_its_questions_are_one_question():
    read = reading(
        CASE_HEADER,
        ["c1", "", "", "", "案例题", "案例一", "小明转学后……", *[""] * 6],
        [
            "c1-2",
            "c1",
            2,
            2,
            "多选题",
            "",
            "社工可以（　）。",
            "甲",
            "乙",
            "丙",
            "丁",
            "AC",
            "因为",
        ],
        ["c1-1", "c1", 1, 1, "单选题", "", "小明的问题是（　）。", "甲", "乙", "丙", "丁", "B", ""],
        ["q2", "", "", "", "单选题", "", "单独的一题（　）。", "甲", "乙", "丙", "丁", "A", ""],
    )
    case, alone = read.drafts
    assert case.line == 2
    assert case.content.type == QuestionType.CASE_GROUP
    assert case.content.stimulus == "小明转学后……"
    assert [part.key for part in case.content.parts] == [("b",), ("a", "c")]
    assert case.rationale == "（2）因为"
    assert alone.content.type == QuestionType.SINGLE_CHOICE
    assert read.found == 2


def test_a_case_with_a_broken_question_is_refused_whole():
    read = reading(
        CASE_HEADER,
        ["c1", "", "", "", "案例题", "", "小明转学后……", *[""] * 6],
        ["c1-1", "c1", 1, 1, "单选题", "", "好题", "甲", "乙", "丙", "丁", "B", ""],
        ["c1-2", "c1", 1, 2, "单选题", "", "坏题", "甲", "乙", "丙", "丁", "见解析", ""],
        ["c9-1", "c9", 1, 1, "单选题", "", "失了材料", "甲", "乙", "丙", "丁", "B", ""],
    )
    assert not read.drafts
    assert reasons(read) == [
        (2, "Line 4 of the case: The key “见解析” cannot be read"),
        (5, "The material c9 of this question is not in the file"),
    ]


def test_a_mark_for_each_option_is_a_key():
    read = reading(
        [
            "question",
            "type",
            "option1",
            "option2",
            "option3",
            "isCorrect1",
            "isCorrect2",
            "isCorrect3",
        ],
        ["一", "multiple", "甲", "乙", "丙", 1, 0, 1],
        ["二", "single", "甲", "乙", "丙", False, True, False],
        ["三", "single", "甲", "乙", "丙", "×", "×", "√"],
        ["四", "single", "甲", "乙", "丙", 0, 0, 0],
    )
    assert keys(read) == [(2, "ac"), (3, "b"), (4, "c")]
    assert reasons(read) == [(5, "There is no key")]


def test_numbered_keys_count_from_where_the_file_shows():
    header = ["题目", "类型", "A", "B", "C", "D", "答案"]
    options = ["甲", "乙", "丙", "丁"]
    from_zero = reading(header, ["一", "单选", *options, 0], ["二", "多选", *options, "1,2"])
    from_one = reading(header, ["一", "单选", *options, 4.0], ["二", "多选", *options, "[1,2]"])
    unsure = reading(header, ["一", "单选", *options, 1])
    assert keys(from_zero) == [(2, "a"), (3, "bc")]
    assert keys(from_one) == [(2, "d"), (3, "ab")]
    assert "from 0 or from 1" in reasons(unsure)[0][1]


@pytest.mark.parametrize(
    "cell",
    [
        "A.甲 B.乙 C.丙 D.丁",
        "A、甲\nB、乙\nC、丙\nD、丁",
        "甲\n乙\n丙\n丁",
        "甲|乙|丙|丁",
        '["甲","乙","丙","丁"]',
        "(A) 甲；(B) 乙；(C) 丙；(D) 丁".replace(")", ")."),
    ],
)
def test_all_options_may_stand_in_one_cell(cell):
    read = reading(["题目", "题型", "选项", "答案"], ["一", "单选题", cell, "D"])
    assert [option.text.rstrip("；") for option in read.drafts[0].content.options] == [
        "甲",
        "乙",
        "丙",
        "丁",
    ]


def test_letters_before_the_options_are_taken_off_when_all_have_them():
    header = ["题目", "题型", "选项A", "选项B", "选项C", "选项D", "答案"]
    read = reading(
        header,
        ["一", "单选题", "A.甲", "B、乙", "C．丙", "(D). 丁", "D"],
        ["二", "单选题", "A.甲", "乙", "丙", "丁", "D"],
    )
    assert [o.text for o in read.drafts[0].content.options] == ["甲", "乙", "丙", "丁"]
    assert read.drafts[1].content.options[0].text == "A.甲"


def test_a_type_that_is_not_given_is_told_from_the_key_with_a_caution():
    read = reading(
        ["题干", "选项A", "选项B", "选项C", "选项D", "答案"],
        ["一", "甲", "乙", "丙", "丁", "A"],
        ["二", "甲", "乙", "丙", "丁", "AB"],
        ["三", "", "", "", "", "√"],
        ["四", "", "", "", "", "无从说起"],
    )
    assert [draft.content.type.value for draft in read.drafts] == [
        "single_choice",
        "multiple_response",
        "true_false",
    ]
    assert "told from the key" in str(read.drafts[0].cautions[0])
    assert reasons(read) == [(5, "The type of the question is not given")]


def test_headings_between_the_questions_are_no_questions():
    read = reading(
        ["题干", "题型", "选项A", "选项B", "选项C", "选项D", "答案"],
        ["第七章 小组社会工作服务方法"],
        ["一、单项选择题"],
        ["题一", "单选题", "甲", "乙", "丙", "丁", "A"],
        ["第八章 社区社会工作服务方法"],
        ["题二", "单选题", "甲", "乙", "丙", "丁", "A"],
        ["第九章是讲什么的（　）。", "单选题", "甲", "乙", "丙", "丁", "A"],
    )
    assert [(draft.line, draft.chapter) for draft in read.drafts] == [
        (4, "第七章 小组社会工作服务方法"),
        (6, "第八章 社区社会工作服务方法"),
        (7, "第八章 社区社会工作服务方法"),
    ]
    assert not read.refused


def test_every_broken_row_is_refused_with_its_line_and_reason():
    read = reading(
        OLD_HEADER,
        ["", *SINGLE[1:]],
        ["无答案", *SINGLE[1:10], ""],
        ["无选项", "单选题", *[""] * 8, "A"],
        ["超出选项", *SINGLE[1:10], "E"],
        ["两个答案", *SINGLE[1:10], "AB"],
        ["填空", "填空题", *[""] * 8, "社会"],
        ["排序", "排序题", *SINGLE[2:10], "ABCD"],
        ["中间空", "单选题", "甲", "", "丙", "丁", *[""] * 4, "A"],
        SINGLE,
    )
    assert read.found == 9
    assert reasons(read) == [
        (2, "There is no stem"),
        (3, "There is no key"),
        (4, "There are no options"),
        (5, "The key names option E, which is not there"),
        (6, "There are 2 keys where one is right"),
        (7, "Questions of the type “填空题” are not supported"),
        (8, "Questions of the type “排序题” are not supported"),
        (9, "Option B is empty"),
    ]


def test_a_short_answer_keeps_its_reference():
    read = reading(
        OLD_HEADER, ["简述通用过程。", "简答题", *[""] * 8, "接案、预估、计划、介入、评估、结案"]
    )
    assert read.drafts[0].content.reference.startswith("接案")


def test_what_the_file_marks_and_what_is_left_out_is_said():
    read = reading(
        [
            "章节",
            "源题号",
            "题型",
            "题干",
            "选项A",
            "选项B",
            "选项C",
            "选项D",
            "正确答案",
            "解析",
            "需复核",
        ],
        [
            "第一章",
            "12",
            "单选题",
            '看图<img src="http://x/a.png">',
            "甲",
            "乙",
            "丙",
            "丁",
            "A",
            "",
            "是",
        ],
    )
    said = " ".join(map(str, read.drafts[0].cautions))
    assert "image" in said
    assert "another look" in said
    assert read.drafts[0].source == "12"


def test_hidden_sheets_and_long_sheets_without_questions_are_named():
    sheets = (
        Sheet.of([OLD_HEADER, SINGLE], "题库"),
        Sheet.of([["名单"], ["甲"], ["乙"], ["丙"]], "名单"),
    )
    read = read_sheet(Workbook("xlsx", sheets, hidden=("旧题",)), "auto")
    assert [str(note) for note in read.notes] == [
        "Hidden sheets were not read: 旧题",
        "Sheets without questions were not read: 名单",
    ]


def test_a_file_without_the_columns_is_refused_naming_them():
    with pytest.raises(FileRefused, match="正确答案"):
        reading(["题干", "题型", "选项A"], ["一", "单选题", "甲"])


def test_a_table_is_refused_where_the_template_was_asked_for():
    with pytest.raises(FileRefused, match="考试宝"):
        reading(["问题", "答案"], ["一", "对"], wanted="kaoshibao")


@pytest.mark.parametrize(
    "name",
    ["单选题", "单选", "单项选择题", " 单 选 题 ", "单选题（A1型题）", "【单选题】", "single"],
)
def test_names_of_types_are_known(name):
    assert type_of(name, {}) == QuestionType.SINGLE_CHOICE


@pytest.mark.parametrize("name", ["填空题", "排序题", "匹配题", "不定项", "名词解释"])
def test_other_types_are_refused_by_name(name):
    with pytest.raises(TypeRefused, match=name):
        type_of(name, {})


def test_the_legend_of_a_header_is_read():
    assert legend_of("题型（0：单选题；1、判断 2=多选）") == {
        "0": QuestionType.SINGLE_CHOICE,
        "1": QuestionType.TRUE_FALSE,
        "2": QuestionType.MULTIPLE_RESPONSE,
    }
    assert legend_of("题型") == {}


def test_what_is_exported_imports_as_the_same_questions():
    read = reading(OLD_HEADER, SINGLE, MULTIPLE, TRUE, ["A<B 吗", *SINGLE[1:]])
    exported = [
        Exported(
            d.content.type,
            d.content.content_json(),
            d.content.key_json(),
            d.rationale,
            d.chapter,
            d.difficulty,
        )
        for d in read.drafts
    ]
    content, notes = write_kaoshibao(exported)
    again = checked(read_sheet(read_workbook(content, "a.xlsx"), "kaoshibao"))
    assert notes == ()
    assert [d.content.sha256() for d in again.drafts] == [d.content.sha256() for d in read.drafts]
    assert [d.rationale for d in again.drafts] == [d.rationale for d in read.drafts]


def test_what_the_template_cannot_hold_is_counted():
    case = Exported("case_group", {"stem": "", "options": [], "stimulus": "材料"}, {})
    _content, notes = write_kaoshibao([case])
    assert "1 questions" in str(notes[0])
    assert len(HEADER) == 14


def test_a_workbook_of_the_old_kind_is_read():
    content = (Path(__file__).parent.parent / "golden" / "questions.xls").read_bytes()
    read = checked(read_sheet(read_workbook(content, "题库.xls"), "auto"))
    assert read.format == "kaoshibao"
    assert keys(read) == [(3, "a")]
    assert reasons(read) == [(4, "There is no key")]
    assert [str(note) for note in read.notes] == ["Hidden sheets were not read: 旧题"]
