"""Tables as authors type them, and parts of files as players ask for them."""

import pytest

from courses.pages.byte_range import OutOfRange, part_of
from courses.pages.table_rows import BadRows, check_rows, rows_of, text_of


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("甲 | 乙\n1 | 2", [["甲", "乙"], ["1", "2"]]),
        ("| 甲 | 乙\n\n做什么 | 听", [["", "甲", "乙"], ["做什么", "听"]]),
        ("| 甲 | 乙 |\n| 1 |  |", [["甲", "乙"], ["1", ""]]),
        ("\t甲\t乙\n做什么\t听\t说", [["", "甲", "乙"], ["做什么", "听", "说"]]),
        ("甲\t乙|丙", [["甲", "乙｜丙"]]),
    ],
)
def test_lines_become_rows(typed: str, rows: list[list[str]]) -> None:
    assert rows_of(typed) == rows


@pytest.mark.parametrize("rows", [[["", "甲"], ["乙", ""]], [["", "x", ""]], [["甲"]], [[""]]])
def test_rows_come_back_as_they_were(rows: list[list[str]]) -> None:
    assert rows_of(text_of(rows)) == rows


@pytest.mark.parametrize(
    "rows", [[["甲", "乙"]], [], [["甲", "乙"], ["1"]], [list("12345"), list("12345")]]
)
def test_what_is_no_table_is_refused(rows: list[list[str]]) -> None:
    with pytest.raises(BadRows):
        check_rows(rows)


def test_a_table_is_accepted() -> None:
    check_rows([["", "甲", "乙", "丙"], ["1", "2", "3", ""]])


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("", None),
        ("bytes=0-", (0, 99)),
        ("bytes=0-9", (0, 9)),
        ("bytes=90-200", (90, 99)),
        ("bytes=-10", (90, 99)),
        ("bytes=-500", (0, 99)),
        ("bytes=5-2", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("items=0-9", None),
    ],
)
def test_one_part_of_a_file_is_read(header: str, part: tuple[int, int] | None) -> None:
    assert part_of(header, 100) == part


def test_a_part_behind_the_end_is_refused() -> None:
    with pytest.raises(OutOfRange):
        part_of("bytes=100-", 100)
