"""The register of earlier holders, and the number that stands on a certificate."""

from datetime import date

import pytest

from cms.core.plans import FileRefused
from cms.core.sheets import Sheet, Workbook
from cohorts.certificates.number import cleaned, doubts, masked
from cohorts.certificates.sheet import RegisterRules, read_register
from cohorts.results.areas import Areas
from tests.factories.numbers import fictional_id

HEADER = ["姓名", "身份证号", "级别", "证书管理号", "批准日期", "考试年度", "报考地区", "工作单位"]
RULES = RegisterRules(
    areas=Areas({"6405": "中卫市", "640521": "中宁县"}),
    today=date(2024, 1, 1),
    allow_fictional=True,
)
ID = [fictional_id(n) for n in range(1, 20)]


def number(n, year=2019):
    return f"{year}06405{n:011d}"


def holder(n, **changes):
    cells = dict.fromkeys(HEADER) | {
        "姓名": "张三", "身份证号": ID[n], "级别": "初级", "证书管理号": number(n),
        "批准日期": "2019-06-23", "考试年度": 2019, "报考地区": "中宁县", "工作单位": "朱营社区",
    }  # fmt: skip
    return [(cells | changes)[title] for title in HEADER]


def read(*rows, header=HEADER, rules=RULES):
    return read_register(Workbook("xlsx", (Sheet.of([header, *rows], "持证"),)), rules)


def only_reason(reading):
    [refusal] = reading.refused
    assert not reading.rows
    return str(refusal.reason)


def test_a_certificate_is_read():
    [found] = read(holder(1)).rows
    assert (found.level, found.number, found.area) == ("junior", number(1), "640521")
    assert (found.approved_on, found.exam_year) == (date(2019, 6, 23), 2019)


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ("助理社会工作师", "junior"), ("助理", "junior"), ("社会工作师", "intermediate"),
        ("社工师", "intermediate"), ("中级", "intermediate"), ("高级社会工作师", "senior"),
    ],
)  # fmt: skip
def test_levels_in_all_their_spellings(written, level):
    [found] = read(holder(1, 级别=written)).rows
    assert found.level == level


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"姓名": None}, "姓名 is missing"),
        ({"身份证号": "6.4212E+17"}, "last digits are lost"),
        ({"级别": "特级"}, "not a level"),
        ({"级别": None}, "级别 is missing"),
        ({"证书管理号": None}, "证书管理号 is missing"),
        ({"证书管理号": 2.019064e19}, "last digits are lost"),
        ({"批准日期": "2019-02-30"}, "no such day"),
        ({"批准日期": "2024-01-02"}, "in the future"),
        ({"考试年度": "1999"}, "not a year of this exam"),
        ({"考试年度": "去年"}, "not a year of this exam"),
        ({"报考地区": "火星"}, "not an area"),
    ],
)
def test_it_refuses_a_broken_row_with_the_reason(changes, said):
    assert said in only_reason(read(holder(1, **changes)))


def test_a_missing_approval_date_is_left_open():
    [found] = read(holder(1, 批准日期=None)).rows
    assert found.approved_on is None


def test_one_number_for_two_people_refuses_both():
    reading = read(holder(1), holder(2, 姓名="李四", 证书管理号=number(1)), holder(3, 姓名="王五"))
    assert [r.line for r in reading.refused] == [2, 3]
    assert [r.name for r in reading.rows] == ["王五"]


def test_two_certificates_of_one_level_refuse_both_rows():
    reading = read(holder(1), holder(1, 证书管理号=number(9)))
    assert [r.line for r in reading.refused] == [2, 3]


def test_two_levels_of_one_person_are_two_certificates():
    reading = read(holder(1), holder(1, 级别="中级", 证书管理号=number(9)))
    assert len(reading.rows) == 2


def test_an_identical_repeat_is_taken_with_a_warning():
    reading = read(holder(1), holder(1))
    assert len(reading.rows) == 2
    assert any(w.line == 3 for w in reading.warnings)


@pytest.mark.parametrize(
    ("name", "wording"),
    [
        ("社会工作者职业水平证书", "proficiency"),
        ("中华人民共和国社会工作者职业资格证书", "qualification"),
    ],
)
def test_both_names_of_the_certificate_are_understood(name, wording):
    [found] = read([*holder(1), name], header=[*HEADER, "证书名称"]).rows
    assert found.wording == wording


def test_a_registration_column_is_named_as_left_out():
    reading = read([*holder(1), "已登记"], header=[*HEADER, "登记情况"])
    assert [str(m) for m in reading.lossy] == ["Column “登记情况” is not taken over"]


def test_it_refuses_a_file_without_the_columns_it_needs():
    with pytest.raises(FileRefused, match="证书管理号"):
        read(["张三", ID[1], "初级"], header=["姓名", "身份证号", "级别"])


@pytest.mark.parametrize(
    ("value", "year", "count"),
    [
        ("20190640512345678901", 2019, 0),
        ("20190640512345678901", 2020, 1),
        ("20190640512345678901", None, 0),
        ("12345", None, 1),
        ("1" * 20, None, 1),
        ("2019-06405-1234567890", 2019, 1),
        ("123", 2019, 2),
    ],
)
def test_odd_numbers_are_doubted_never_refused(value, year, count):
    assert len(doubts(value, year=year)) == count


def test_a_number_is_cleaned_of_spaces_and_full_width_digits():
    assert cleaned(" ２０１９ 0640\u200b5a") == "201906405A"


@pytest.mark.parametrize(
    ("value", "shown"), [("20250640500000417", "2025****0417"), ("12345678", "****78")]
)
def test_a_masked_number_shows_only_its_ends(value, shown):
    assert masked(value) == shown
