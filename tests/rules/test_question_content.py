from dataclasses import replace

import pytest

from quizzes.bank.content import (
    MOVES,
    Content,
    Option,
    QuestionType,
    State,
    cautions,
    letters,
    options_of,
    refusal,
)

SINGLE = Content(
    type=QuestionType.SINGLE_CHOICE,
    stem="社会工作的核心价值观是（　）。",
    options=options_of(["助人自助", "以人为本", "和谐社会", "案主自决"]),
    key=("a",),
)
MULTIPLE = Content(
    type=QuestionType.MULTIPLE_RESPONSE,
    stem="小组工作的类型有（　）。",
    options=options_of(["教育小组", "成长小组", "支持小组", "治疗小组", "任务分派"]),
    key=("a", "b", "c"),
)
ESSAY = Content(QuestionType.CONSTRUCTED_RESPONSE, "简述通用过程。", reference="接案……结案")
CASE = Content(QuestionType.CASE_GROUP, "", stimulus="小明……", parts=(SINGLE, ESSAY))


def reason(content):
    return str(refusal(content) or "")


@pytest.mark.parametrize("content", [SINGLE, MULTIPLE, ESSAY, CASE])
def test_a_whole_question_is_taken_without_remark(content):
    assert refusal(content) is None
    assert cautions(content) == ()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (replace(SINGLE, stem=""), "no stem"),
        (replace(SINGLE, options=()), "no options"),
        (replace(SINGLE, options=options_of(["甲"])), "no options"),
        (replace(SINGLE, options=options_of(["甲", "", "丙", "丁"])), "Option B is empty"),
        (replace(SINGLE, key=()), "no key"),
        (replace(SINGLE, key=("e",)), "option E, which is not there"),
        (replace(SINGLE, key=("a", "b")), "2 keys where one is right"),
        (replace(MULTIPLE, key=("a", "f")), "option F"),
        (replace(ESSAY, reference=""), "no key"),
        (replace(CASE, stimulus=""), "no material"),
        (replace(CASE, parts=()), "no questions"),
        (
            replace(CASE, parts=(SINGLE, replace(SINGLE, key=()))),
            "Question 2 of the case: There is no key",
        ),
    ],
)
def test_a_question_nobody_could_answer_or_mark_is_refused(content, why):
    assert why in reason(content)


@pytest.mark.parametrize(
    ("content", "remark"),
    [
        (replace(SINGLE, options=options_of(["甲", "乙", "丙"])), "3 options; this exam has 4"),
        (replace(MULTIPLE, options=MULTIPLE.options[:4]), "4 options; this exam has 5"),
        (replace(MULTIPLE, key=("a",)), "1 keys; this exam has 2 to 4"),
        (replace(MULTIPLE, key=("a", "b", "c", "d", "e")), "5 keys"),
        (replace(SINGLE, options=options_of(["甲", "乙", "甲", "丁"])), "read the same"),
    ],
)
def test_what_is_unusual_for_this_exam_only_cautions(content, remark):
    assert refusal(content) is None
    assert remark in " ".join(map(str, cautions(content)))


def test_what_a_trainee_sees_holds_no_key():
    for content in (SINGLE, MULTIPLE, ESSAY, CASE):
        assert "key" not in str(content.content_json())
        assert "接案" not in str(content.content_json())


def test_the_digest_changes_with_stem_options_key_and_nothing_else():
    same = replace(SINGLE, options=options_of(["助人自助", "以人为本", "和谐社会", "案主自决"]))
    others = [
        replace(SINGLE, stem="别的"),
        replace(SINGLE, key=("b",)),
        replace(SINGLE, options=tuple(reversed(SINGLE.options))),
        replace(SINGLE, type=QuestionType.MULTIPLE_RESPONSE),
        replace(SINGLE, stimulus="材料"),
    ]
    assert same.sha256() == SINGLE.sha256()
    assert len({SINGLE.sha256(), *(other.sha256() for other in others)}) == 6


def test_letters_follow_the_order_shown():
    assert letters(("c", "a"), SINGLE.options) == "AC"
    assert letters(("a",), [Option("b", "乙"), Option("a", "甲")]) == "B"


def test_the_table_of_moves_covers_every_state():
    assert set(MOVES) == set(State)
    assert set().union(*MOVES.values()) | {State.DRAFT} == set(State)
