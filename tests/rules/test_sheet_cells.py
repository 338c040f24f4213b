from datetime import date, datetime

import pytest

from cms.core.sheet_cells import (
    CellRefused,
    date_of,
    identity_text,
    level_of,
    long_text,
    name_text,
    phone_text,
    text,
)

DAY, MONTH = "day", "month"


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        (None, ""),
        ("  ", ""),
        (68.0, "68"),
        (68.5, "68.5"),
        (True, "TRUE"),
        ("　６８．５\u200b ", "68.5"),
        ("'007", "007"),
        (date(2023, 9, 1), "2023-09-01"),
        (datetime(2023, 9, 1, 8, 30), "2023-09-01"),  # noqa: DTZ001 -- sheets know no zone
    ],
)
def test_text_is_what_the_person_meant(cell, seen):
    assert text(cell) == seen


def test_running_text_keeps_its_chinese_punctuation():
    assert long_text("　社会工作的价值观是（　）。\r\n\ufeff") == "社会工作的价值观是（　）。"


@pytest.mark.parametrize("cell", [6.4212e17, 640521199001010001, 1e15, "6.4212E+17", "6.42e17"])
def test_a_number_the_spreadsheet_rounded_is_refused_and_never_repaired(cell):
    with pytest.raises(CellRefused, match="last digits are lost"):
        identity_text(cell)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (" 660521 19910203 101x ", "66052119910203101X"),
        ("'６６０５２１１９９１０２０３１０１ｘ", "66052119910203101X"),
        (110105491231002, "110105491231002"),
        (12900000001.0, "12900000001"),
        ("", ""),
        (None, ""),
    ],
)
def test_long_numbers_lose_only_spaces(cell, number):
    assert identity_text(cell) == number


@pytest.mark.parametrize(
    "cell", ["129-0000-0001", " +86 129 0000 0001", 12900000001.0, "8612900000001"]
)
def test_phone_numbers_lose_dashes_and_the_country_code(cell):
    assert phone_text(cell) == "12900000001"


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("张  三", "张三"),
        ("张　三 ", "张三"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提‧艾力", "买买提·艾力"),
        ("买买提 ・ 艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("John  Smith", "John Smith"),
        ("㛃", "㛃"),
        ("李\u200b娜", "李娜"),
    ],
)
def test_names_are_written_one_way(cell, name):
    assert name_text(cell) == name


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        *(
            (word, "junior")
            for word in ("初级", "助理", "助理社工师", "助理社会工作师", "助理社会工作师(初级)")
        ),
        *(
            (word, "intermediate")
            for word in ("中级", "中", "社工师", "社会工作师", "社会工作师（中级）")
        ),
        *((word, "senior") for word in ("高级", "高级社会工作师", " 高 级 ")),
        ("", None),
    ],
)
def test_levels_are_known_by_all_their_names(cell, level):
    assert level_of(cell) == level


@pytest.mark.parametrize("cell", ["初级、中级", "初/高级", "初、中级", "三级", "社工"])
def test_two_levels_or_none_are_refused(cell):
    with pytest.raises(CellRefused):
        level_of(cell)


@pytest.mark.parametrize(
    ("cell", "on", "precision"),
    [
        ("2023-06-10", date(2023, 6, 10), DAY),
        ("2023/6/1", date(2023, 6, 1), DAY),
        ("2023.6.10", date(2023, 6, 10), DAY),
        ("２０２３年６月１０日", date(2023, 6, 10), DAY),
        ("20230610", date(2023, 6, 10), DAY),
        (20230610.0, date(2023, 6, 10), DAY),
        (45087.0, date(2023, 6, 10), DAY),
        ("2023-06-10 00:00:00", date(2023, 6, 10), DAY),
        (datetime(2023, 6, 10, 9, 30), date(2023, 6, 10), DAY),  # noqa: DTZ001
        ("2023年6月", date(2023, 6, 1), MONTH),
        ("2023.6", date(2023, 6, 1), MONTH),
        ("2023.10", date(2023, 10, 1), MONTH),
        (2023.6, date(2023, 6, 1), MONTH),
        ("202306", date(2023, 6, 1), MONTH),
    ],
)
def test_dates_are_read_as_people_write_them(cell, on, precision):
    assert (date_of(cell).on, date_of(cell).precision) == (on, precision)


def test_a_blank_is_no_date():
    assert date_of(" ") is None


@pytest.mark.parametrize(
    "cell", ["2025.13", "2023-02-30", "2023", 2023.0, "去年", "23.6.10", 5.0, True]
)
def test_what_is_no_date_is_refused(cell):
    with pytest.raises(CellRefused):
        date_of(cell)


def test_a_month_that_may_be_january_or_october_is_refused():
    with pytest.raises(CellRefused, match="January or October"):
        date_of(2023.1)
