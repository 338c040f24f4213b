"""Lesson files: what they turn into, and that each fault names file and field."""

from typing import Any

import pytest

from courses.pages.lesson_file import BadLessonFile, LessonFile, read_lesson

HEAD = """
slug = "intake"
title = "接案：第一次见面的三件事"
chapter = "1"
minutes = 15
summary = "接案要做的三件事"
law_as_of = 2026-11-01
"""
KEY_POINTS = """
[[body]]
type = "key_points"
stars = 3
points = ["来源有三种", "先<strong>保安全</strong>"]
"""


def read(*blocks: str, head: str = HEAD) -> LessonFile:
    return read_lesson(head + "".join(blocks), file="01-1.toml")


def value_of(block: str) -> Any:
    return read(KEY_POINTS, block).body[1].value


def fault_of(*blocks: str, head: str = HEAD) -> BadLessonFile:
    with pytest.raises(BadLessonFile) as caught:
        read(*blocks, head=head)
    assert caught.value.file == "01-1.toml"
    return caught.value


def test_a_file_becomes_a_lesson() -> None:
    lesson = read(KEY_POINTS)
    assert (lesson.slug, lesson.chapter, lesson.minutes) == ("intake", "1", 15)
    assert str(lesson.law_as_of) == "2026-11-01"
    assert lesson.optional is False
    points = ["<p>来源有三种</p>", "<p>先<b>保安全</b></p>"]
    assert lesson.body[0].value == {"stars": "3", "points": points}


def test_running_text_is_kept_as_wagtail_stores_it() -> None:
    block = "[[body]]\ntype='text'\nhtml='''<h2>一</h2><p>先<strong>听</strong></p>'''"
    assert value_of(block) == "<h2>一</h2><p>先<b>听</b></p>"


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ("<p>一</p><script>x</script>", "<script> is not allowed"),
        ("<p><a href='x'>一</a></p>", "<a> is not allowed"),
        ("<p class='x'>一</p>", "<p> has attributes"),
        ("<p>一", "<p> is not closed"),
        ("<p>一</h2>", "</h2> closes nothing"),
        ("<p>1 < 2</p>", "a < that opens no tag"),
        ("<P>一</P>", "a < that opens no tag"),
        ("<!-- x --><p>一</p>", "a < that opens no tag"),
    ],
)
def test_anything_but_plain_text_in_known_tags_is_refused(html: str, says: str) -> None:
    fault = fault_of(KEY_POINTS, f'[[body]]\ntype="text"\nhtml="{html}"')
    assert fault.field == "body[2] (text).html"
    assert says in fault.fault


def test_marks_stand_in_the_article_as_they_are_written() -> None:
    law = """
[[body]]
type = "law"
law = "中华人民共和国反家庭暴力法"
article = "第十四条"
text = "应当及时向公安机关报案。"
marks = ["%s"]
in_force_from = 2016-03-01
checked_on = 2026-11-01
"""
    assert value_of(law % "及时向公安机关报案")["in_force_from"] == "2016-03-01"
    fault = fault_of(KEY_POINTS, law % "立即报案")
    assert fault.field == "body[2] (law).marks"


def test_a_table_has_rows_of_one_width_that_a_phone_shows() -> None:
    table = '[[body]]\ntype="table"\ncaption="比较"\nrows=%s'
    assert value_of(table % '[["", "接案"], ["做什么", "听"]]')["header_column"] is True
    uneven = fault_of(KEY_POINTS, table % '[["", "接案"], ["做什么"]]')
    assert (uneven.field, uneven.fault) == (
        "body[2] (table).rows",
        "Row 2 has 1 cells, the head has 2.",
    )
    wide = fault_of(KEY_POINTS, table % '[["1","2","3","4","5"], ["1","2","3","4","5"]]')
    assert "5 columns" in wide.fault


def test_the_other_kinds_keep_their_fields() -> None:
    case = '[[body]]\ntype="case"\nmaterial="甲"\nanalysis="乙"\npoints=["丙"]'
    assert value_of(case) == {"material": "甲", "analysis": "乙", "points": ["丙"]}
    flow = '[[body]]\ntype="flow"\nlabel="过程"\nsteps=["接案","预估"]\ncurrent=2'
    assert value_of(flow) == {"label": "过程", "steps": ["接案", "预估"], "current": 2}
    callout = '[[body]]\ntype="callout"\ntone="wait"\ntitle="易错"\ntext="……"'
    assert value_of(callout)["tone"] == "wait"
    figure = '[[body]]\ntype="figure"\nfile="six.png"\nalt="六个阶段围成一圈"'
    assert value_of(figure) == {"file": "six.png", "alt": "六个阶段围成一圈", "caption": ""}
    check = '[[body]]\ntype="self_check"\nstem_starts="居民李阿姨与儿媳长期不和"'
    assert value_of(check) == {"stem_starts": "居民李阿姨与儿媳长期不和"}
    mnemonic = '[[body]]\ntype="mnemonic"\ntext="接预计"\nmeaning="首字"'
    assert value_of(mnemonic) == {"text": "接预计", "meaning": "首字"}


@pytest.mark.parametrize(
    ("block", "field"),
    [
        ('[[body]]\ntype="poem"', "body[2].type"),
        ('[[body]]\ntype="callout"\ntone="loud"\ntitle="x"\ntext="y"', "body[2] (callout).tone"),
        ('[[body]]\ntype="self_check"\nstem_starts="居民"', "body[2] (self_check).stem_starts"),
        (
            '[[body]]\ntype="flow"\nlabel="x"\nsteps=["一"]\ncurrent=2',
            "body[2] (flow).current",
        ),
        ('[[body]]\ntype="case"\nmaterial="x"\npoints=["y"]', "body[2] (case).analysis"),
        (KEY_POINTS, "body"),
    ],
)
def test_a_wrong_block_is_named(block: str, field: str) -> None:
    assert fault_of(KEY_POINTS, block).field == field


@pytest.mark.parametrize(
    ("head", "field"),
    [
        (HEAD.replace('title = "接案：第一次见面的三件事"', ""), "title"),
        (HEAD.replace("minutes = 15", "minutes = 300"), "minutes"),
        (HEAD.replace("minutes = 15", "minutes = true"), "minutes"),
        (HEAD.replace("2026-11-01", '"soon"'), "law_as_of"),
        (HEAD.replace("=", ":"), "TOML"),
    ],
)
def test_a_wrong_head_is_named(head: str, field: str) -> None:
    assert fault_of(KEY_POINTS, head=head).field == field


def test_key_points_come_first_and_once() -> None:
    text = '[[body]]\ntype="mnemonic"\ntext="x"\nmeaning="y"\n'
    assert fault_of(text, KEY_POINTS).field == "body"
    assert fault_of(text).field == "body"
    assert fault_of().field == "body"
