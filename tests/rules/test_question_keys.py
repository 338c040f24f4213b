import pytest

from quizzes.bank.content import QuestionType, options_of
from quizzes.exchange.keys import KeyRefused, key_words, number_base, read_key

FIVE = options_of(["助人自助", "以人为本", "和谐社会", "案主自决", "尊重差异"])
TRUTH = options_of(["对", "错"])
MULTIPLE, SINGLE, TRUE_FALSE = (
    QuestionType.MULTIPLE_RESPONSE,
    QuestionType.SINGLE_CHOICE,
    QuestionType.TRUE_FALSE,
)


def multiple(written, base=None):
    return read_key(written, type_=MULTIPLE, options=FIVE, base=base)


def truth(written, options=TRUTH, base=None):
    return read_key(written, type_=TRUE_FALSE, options=options, base=base)


@pytest.mark.parametrize(
    "written",
    [
        *("AB", "BA", "ab", "A,B", "A，B", "A;B", "A；B", "A、B", "A B", "A/B", "A|B", "A+B"),
        *("ＡＢ", "Ａ、Ｂ", " A , B ", "A.B", "(A)(B)", "（AB）", "A和B", "AAB"),
        *('["A","B"]', "['A', 'B']", "[A,B]", '["AB"]', "[“A”，“B”]"),
        *(
            "答案：AB。",
            "答案: A、B",
            "【答案】AB",
            "正确答案：AB",
            "参考答案 AB",
            "选AB",
            "答案是AB",
        ),
        "助人自助;以人为本",
        "助人自助、以人为本",
    ],
)
def test_keys_are_read_in_every_spelling(written):
    assert multiple(written) == ("a", "b")


@pytest.mark.parametrize(
    "written", ["C", "c.", "C.和谐社会", "（C）和谐社会。", "和谐社会", "答案：C"]
)
def test_a_single_key_may_be_the_letter_or_the_text(written):
    assert read_key(written, type_=SINGLE, options=FIVE) == ("c",)


def test_a_letter_that_contradicts_its_text_is_refused():
    with pytest.raises(KeyRefused, match="cannot be read"):
        read_key("B.和谐社会", type_=SINGLE, options=FIVE)


@pytest.mark.parametrize(
    ("written", "base"), [("0,2", 0), ("[0, 2]", 0), ("1,3", 1), ("02", 0), ("1、3", 1)]
)
def test_numbers_count_from_where_the_file_counts(written, base):
    assert multiple(written, base) == ("a", "c")


def test_digits_that_stand_together_are_taken_apart():
    assert multiple("134", 1) == ("a", "c", "d")


def test_numbers_are_refused_where_the_file_does_not_show_from_where_it_counts():
    with pytest.raises(KeyRefused, match="from 0 or from 1"):
        multiple("1,3")


@pytest.mark.parametrize(
    ("keys", "base"),
    [
        ([("1", 4), ("0", 4)], 0),
        ([("1", 4), ("4", 4)], 1),
        ([("1,5", 5)], 1),
        ([("[0,1]", 5)], 0),
        ([("1", 4), ("2", 4)], None),
        ([("0", 4), ("4", 4)], None),
        ([("A", 4), ("AB", 5)], None),
    ],
)
def test_a_file_shows_from_where_it_counts(keys, base):
    assert number_base(keys) == base


@pytest.mark.parametrize(
    "written", ["对", "√", "✔", "正确", "是", "T", "t", "True", "Y", "1", "A", "答案：对。"]
)
def test_true_is_read_in_every_spelling(written):
    assert truth(written) == ("a",)


@pytest.mark.parametrize(
    "written", ["错", "×", "✗", "X", "错误", "否", "F", "FALSE", "n", "0", "B", "不正确"]
)
def test_false_is_read_in_every_spelling(written):
    assert truth(written) == ("b",)


def test_letters_of_true_or_false_go_by_the_options_of_the_file():
    turned = options_of(["错误", "正确"])
    assert truth("A", turned) == ("a",)
    assert truth("正确", turned) == ("b",)
    assert truth("√", turned) == ("b",)


def test_a_zero_that_may_be_the_first_option_or_the_word_wrong_is_refused():
    with pytest.raises(KeyRefused):
        truth("0", base=0)
    assert truth("1", base=1) == ("a",)
    assert truth("2", base=1) == ("b",)


@pytest.mark.parametrize("written", ["对错", "也许", "2", "C"])
def test_what_is_neither_true_nor_false_is_refused(written):
    with pytest.raises(KeyRefused):
        truth(written)


def test_two_keys_of_a_true_or_false_question_are_refused():
    with pytest.raises(KeyRefused, match="2 keys"):
        truth("AB")


def test_a_letter_beyond_the_options_is_named_not_dropped():
    assert multiple("AG") == ("a", "g")


@pytest.mark.parametrize("written", ["", "  ", "答案：", "。"])
def test_no_key_is_no_key(written):
    assert key_words(written) == []
    assert multiple(written) == ()


@pytest.mark.parametrize("written", ["见解析", "略", "AB?", "第一项", "A-C"])
def test_what_cannot_be_read_is_refused(written):
    with pytest.raises(KeyRefused):
        multiple(written)
