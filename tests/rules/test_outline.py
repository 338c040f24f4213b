import pytest

from courses.syllabus.outline import Chapter, chapter_of, chinese_number

CHAPTERS = [
    Chapter(1, "1", "社会工作服务的内涵"),
    Chapter(5, "5", "人类行为与社会环境"),
    Chapter(6, "6", "个案社会工作服务方法"),
    Chapter(7, "7", "小组社会工作服务方法"),
    Chapter(10, "10", "志愿服务"),
    Chapter(12, "12", "社会工作服务相关法规与政策"),
]


def found(written):
    chapter = chapter_of(written, CHAPTERS)
    return chapter.id if chapter else None


@pytest.mark.parametrize(
    ("written", "id_"),
    [
        ("第一章/第一节", 1),
        ("第十二章", 12),
        ("第 7 章", 7),
        ("12", 12),
        ("7 小组方法", 7),
        ("第七章 小组社会工作服务方法", 7),
        ("小组工作方法", 7),
        ("个案工作", 6),
        ("十、志愿服务", 10),
        ("人类行为与社会环境/第二节", 5),
        ("相关法规与政策", 12),
    ],
)
def test_a_chapter_is_known_by_number_or_title(written, id_):
    assert found(written) == id_


@pytest.mark.parametrize("written", ["", "第二十章", "2025年真题", "社会工作行政", "第三章 督导"])
def test_what_is_no_chapter_is_none(written):
    assert found(written) is None


def test_the_title_decides_against_a_number_of_an_older_syllabus():
    assert found("第五章 个案工作") == 6
    assert found("第十章 社会工作行政") is None


def test_two_chapters_that_fit_alike_are_none():
    twins = [Chapter(1, "1", "小组服务"), Chapter(2, "2", "小组方法")]
    assert chapter_of("小组", twins) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("七", 7), ("十", 10), ("十二", 12), ("二十", 20), ("二十一", 21), ("12", 12)],
)
def test_chinese_numbers_are_read(text, number):
    assert chinese_number(text) == number
