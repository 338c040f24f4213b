import pytest

from cms.core.wording import Message

CHINESE = {
    "Score %(seen)s is outside 0–100": "%(seen)s 分超出 0–100",
    "Line %(line)s: %(why)s": "第 %(line)s 行：%(why)s",
    "100% done": "已完成 100%",
}


def test_it_says_the_english_sentence():
    assert str(Message("Score %(seen)s is outside 0–100", seen=105)) == "Score 105 is outside 0–100"


def test_it_translates_before_the_values_go_in():
    assert (
        Message("Score %(seen)s is outside 0–100", seen=105).said(CHINESE.get) == "105 分超出 0–100"
    )


def test_it_translates_messages_within_messages():
    inner = Message("Score %(seen)s is outside 0–100", seen=105)
    outer = Message("Line %(line)s: %(why)s", line=43, why=inner)
    assert outer.said(CHINESE.get) == "第 43 行：105 分超出 0–100"


@pytest.mark.parametrize(
    ("seen", "shown"),
    [
        ("62010219800101123X", "***123X"),
        ("62010219800101123x", "***123x"),
        ("张三620102198001011237", "张三***1237"),
        ("6228 4804 0256 4890 018", "***0018"),
        ("６２０１０２１９８００１０１１２３７", "***１２３７"),
        (620102198001011237, "***1237"),
        ("2023-13-45", "2023-13-45"),
        ("1234567", "1234567"),
        ("1234567X", "1234567X"),
        (105, "105"),
    ],
)
def test_a_long_number_that_stood_in_a_cell_is_masked(seen, shown):
    assert str(Message("“%(seen)s” is not a score", seen=seen)) == f"“{shown}” is not a score"
    assert str(seen) == shown or str(seen) not in repr(Message("%(seen)s", seen=seen))


def test_only_what_stood_in_a_cell_is_masked():
    assert str(Message("file %(name)s", name="results-20230610")) == "file results-20230610"


def test_a_percent_sign_without_values_is_left_alone():
    assert Message("100% done").said(CHINESE.get) == "已完成 100%"


def test_equal_messages_are_equal_and_hash_alike():
    one, other = Message("%(a)s %(b)s", a=1, b=2), Message("%(a)s %(b)s", b=2, a=1)
    assert one == other
    assert len({one, other, Message("%(a)s %(b)s", a=1, b=3)}) == 2
    assert one.params == {"a": 1, "b": 2}
