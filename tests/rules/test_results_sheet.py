"""The results workbook: what is taken, what is refused and why."""

import json
import time

import pytest

from cms.core.plans import FileRefused
from cms.core.sheets import Sheet, Workbook
from cohorts.results.areas import Areas
from cohorts.results.scores import Score
from cohorts.results.sheet import SheetRules, read_results
from cohorts.results.sheet_years import other_years
from tests.factories.numbers import fictional_id

HEADER = [
    "序号", "姓名", "身份证号", "准考证号", "报考级别", "综合能力", "实务", "法规与政策",
    "是否合格", "证书管理号", "批准日期", "备注",
]  # fmt: skip
AREAS = Areas({
    "64": "宁夏回族自治区", "6405": "中卫市", "640502": "沙坡头区", "640521": "中宁县",
    "640522": "海原县",
})  # fmt: skip
RULES = SheetRules(areas=AREAS, allow_fictional=True)
ID = [fictional_id(n) for n in range(1, 30)]


def junior(n, general=61, practice=66, *, name="张三", **changes):
    return row(n, "初级", general, practice, None, name=name, **changes)


def row(n, level, general, practice, law, *, name="张三", **changes):
    cells = dict.fromkeys(HEADER)
    cells |= {
        "姓名": name, "身份证号": ID[n], "报考级别": level,
        "综合能力": general, "实务": practice, "法规与政策": law,
    }  # fmt: skip
    return [(cells | changes)[title] for title in HEADER]


def read(*rows, header=HEADER, above=(), rules=RULES):
    return read_results(Workbook("xlsx", (Sheet.of([*above, header, *rows], "成绩"),)), rules)


def only_reason(reading):
    [refusal] = reading.refused
    assert not reading.rows
    return str(refusal.reason)


def test_a_junior_row_gives_two_scores_in_half_points():
    [found] = read(junior(1, 61, 66.5)).rows
    assert found.level == "junior"
    assert dict(found.scores) == {"junior-general": Score(122), "junior-practice": Score(133)}
    assert (found.line, found.id_number) == (2, ID[1])


def test_an_intermediate_row_may_leave_out_what_was_passed_the_year_before():
    [found] = read(row(1, "中级", None, None, 60)).rows
    assert dict(found.scores) == {"intermediate-law": Score(120)}


def test_a_senior_row_has_the_one_subject_of_its_level():
    [found] = read(row(1, "高级", None, 72, None)).rows
    assert dict(found.scores) == {"senior-practice": Score(144)}


@pytest.mark.parametrize(
    ("written", "half", "special"),
    [
        (-1, None, "absent"), ("缺考", None, "absent"), ("-1", None, "absent"),
        ("－１", None, "absent"), (-2.0, None, "misconduct"), ("违纪", None, "misconduct"),
        (-4, None, "void"), ("成绩无效", None, "void"), ("缺考(-1)", None, "absent"),
        (0, 0, ""), (100, 200, ""), ("６１.５", 123, ""), ("61分", 122, ""), (60.0, 120, ""),
    ],
)  # fmt: skip
def test_scores_and_states_in_all_their_spellings(written, half, special):
    [found] = read(junior(1, written)).rows
    assert dict(found.scores)["junior-general"] == Score(half, special)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"身份证号": 6.40521e17}, "last digits are lost"),
        ({"身份证号": "6.4212E+17"}, "last digits are lost"),
        ({"身份证号": ID[1][:17] + ("1" if ID[1][17] != "1" else "2")}, "does not fit"),
        ({"身份证号": ID[1][:15]}, "15-digit"),
        ({"姓名": " "}, "姓名 is missing"),
        ({"报考级别": None}, "报考级别 is missing"),
        ({"报考级别": "三级"}, "not a level"),
        ({"报考级别": "初级、中级"}, "more than one level"),
        ({"综合能力": 105}, "Score 105 is outside 0–100"),
        ({"综合能力": -3}, "Score -3 is outside 0–100"),
        ({"综合能力": 60.3}, "neither whole nor a half"),
        ({"综合能力": "优"}, "not a score"),
        ({"综合能力": "nan"}, "outside 0–100"),
        ({"综合能力": "snan"}, "outside 0–100"),
        ({"综合能力": "-inf"}, "outside 0–100"),
        ({"综合能力": "9e999999"}, "outside 0–100"),
        ({"综合能力": "1e-999999"}, "neither whole nor a half"),
        ({"综合能力": None}, "A subject is missing"),
        ({"综合能力": None, "实务": None}, "no score"),
        ({"法规与政策": 60}, "法规与政策: this level does not sit this paper"),
        ({"批准日期": "2025.13"}, "批准日期: There is no such day"),
        ({"是否合格": "大概"}, "neither passed nor failed"),
        ({"证书管理号": 2.0230064e25}, "last digits are lost"),
    ],
)
def test_it_refuses_a_broken_row_with_the_reason(changes, said):
    assert said in only_reason(read(junior(1, **changes)))


SHIFTED = {"报考级别", "综合能力", "实务", "是否合格", "批准日期"}


@pytest.mark.parametrize("column", sorted(SHIFTED))
@pytest.mark.parametrize(
    "number", [ID[1], "620102198001011237", "62010219800101123X", "13800001234"]
)
def test_a_number_in_a_shifted_column_is_not_echoed(column, number):
    reading = read(junior(2, **{column: number}), junior(3))
    [refusal] = reading.refused
    assert column in str(refusal.reason)
    assert number not in str(refusal.reason)
    assert number[:8] not in str(refusal.reason)


def test_a_refused_row_says_all_that_is_wrong_with_it():
    reason = only_reason(read(junior(1, 姓名=None, 综合能力=105)))
    assert "姓名 is missing" in reason
    assert "outside 0–100" in reason


def test_blank_and_absent_are_not_the_same():
    reading = read(junior(1, None, 70), junior(2, -1, 70, name="李四"))
    assert [r.line for r in reading.refused] == [2]
    assert [r.line for r in reading.rows] == [3]


def test_one_person_at_two_levels_is_refused_both_times():
    reading = read(junior(1), row(1, "中级", 60, 60, 60), junior(2, name="李四"))
    assert [r.line for r in reading.refused] == [2, 3]
    assert "two levels" in str(reading.refused[0].reason)
    assert reading.found == 3


def test_two_different_scores_for_one_subject_refuse_both_rows():
    reading = read(junior(1, 61), junior(2, name="李四"), junior(1, 62))
    assert [(r.line, str(r.reason)[:6]) for r in reading.refused] == [(2, "Line 4"), (4, "Line 2")]
    assert [r.name for r in reading.rows] == ["李四"]


def test_an_identical_repeat_is_taken_with_a_warning():
    reading = read(junior(1), junior(1))
    assert len(reading.rows) == 2
    assert any(w.line == 3 and "line 2" in str(w.reason) for w in reading.warnings)


def test_one_subject_a_row_adds_up_to_a_whole_sitting():
    reading = read(junior(1, 61, None), junior(1, None, 66))
    assert (len(reading.rows), len(reading.refused)) == (2, 0)


def test_one_identity_number_under_two_names_is_refused_both_times():
    reading = read(junior(1), junior(1, name="李四"))
    assert [r.line for r in reading.refused] == [2, 3]
    assert "two names" in str(reading.refused[0].reason)


def test_one_admission_number_of_two_people_is_refused_both_times():
    ticket = {"准考证号": "23050001"}
    reading = read(junior(1, **ticket), junior(2, name="李四", **ticket))
    assert "admission number" in str(reading.refused[0].reason)
    assert len(reading.refused) == 2


def test_two_unknown_namesakes_are_not_taken_for_one_person():
    nobody = {"身份证号": None}
    reading = read(junior(1, 61, **nobody), junior(2, 70, **nobody))
    assert len(reading.rows) == 2


def test_title_rows_two_row_headers_groups_totals_and_stamps_are_no_people():
    above = [["中卫市2023年度社会工作者职业水平考试成绩统计表"], ["填报单位：中卫市民政局"]]
    upper = ["序号", "姓名", "身份证号", "准考证号", "报考级别", "成绩", None, None, "是否合格"]
    lower = [None, None, None, None, None, "综合能力", "实务", "法规与政策", None]
    rows = [
        ["一、沙坡头区民政局"],
        [1, *junior(1)[1:9]],
        ["中宁县民政局"],
        [2, *junior(2, name="李四")[1:9]],
        ["合计", "2人"],
        ["审核人：", None, "填表人："],
    ]
    book = Workbook("xlsx", (Sheet.of([*above, upper, lower, *rows], "成绩"),))
    reading = read_results(book, RULES)
    assert [(r.line, r.unit) for r in reading.rows] == [(6, "沙坡头区民政局"), (8, "中宁县民政局")]
    assert reading.refused == []


def test_each_sheet_with_the_header_is_read_and_reasons_name_the_sheet():
    sheets = (
        Sheet.of([HEADER, junior(1)], "初级"),
        Sheet.of([HEADER, row(2, "中级", 101, 60, 60, name="李四")], "中级"),
        Sheet.of([["说明"], ["请按时报送"]], "说明"),
    )
    reading = read_results(Workbook("xlsx", sheets, hidden=("旧表",)), RULES)
    assert len(reading.rows) == 1
    assert str(reading.refused[0].reason).startswith("Sheet “中级”")
    assert [str(m) for m in reading.lossy] == [
        "Hidden sheet “旧表” was not read",
        "Sheet “说明” has no such table",
    ]


def test_levels_with_columns_of_their_own():
    header = [
        "姓名",
        "身份证号",
        "级别",
        "综合能力（初级）",
        "实务（初级）",
        "综合能力（中级）",
        "实务（中级）",
        "法规与政策",
    ]
    rows = [
        ["张三", ID[1], "初级", 61, 66, None, None, None],
        ["李四", ID[2], "中级", None, None, 70, 71, 72],
    ]
    reading = read_results(Workbook("xlsx", (Sheet.of([header, *rows]),)), RULES)
    assert [dict(r.scores) for r in reading.rows] == [
        {"junior-general": Score(122), "junior-practice": Score(132)},
        {
            "intermediate-general": Score(140),
            "intermediate-practice": Score(142),
            "intermediate-law": Score(144),
        },
    ]


def test_what_the_sheet_says_of_pass_certificate_and_date_is_kept():
    changes = {"是否合格": "合格", "证书管理号": "2023 0640 1234 5678", "批准日期": "2023年6月11日"}
    [found] = read(junior(1, **changes)).rows
    assert found.says_passed is True
    assert found.certificate_no == "2023064012345678"
    assert found.approved_on.isoformat() == "2023-06-11"


def test_a_month_without_a_day_is_a_doubt():
    reading = read(junior(1, 批准日期="2023.6"))
    assert len(reading.rows) == 1
    assert "month without a day" in str(reading.warnings[0].reason)


def test_made_up_people_are_one_warning_or_refused_where_they_may_not_be():
    reading = read(junior(1), junior(2, name="李四"))
    assert [str(w.reason)[:6] for w in reading.warnings] == ["2 rows"]
    strict = read(junior(1), rules=SheetRules(areas=AREAS))
    assert "made-up" in only_reason(strict)


def test_an_area_column_gives_the_division_code():
    header = [*HEADER, "报考地区", "工作单位"]
    rows = [
        [*junior(1), "中宁县", "宁安镇社工站"],
        [*junior(2, name="李四"), "火星", ""],
    ]
    reading = read(*rows, header=header)
    assert [(r.area, r.unit) for r in reading.rows] == [("640521", "宁安镇社工站")]
    assert "“火星” is not an area" in str(reading.refused[0].reason)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("中宁", "640521"), ("宁夏中卫市海原县", "640522"), ("640502", "640502"),
        ("640502001", "640502"), ("宁夏", "64"), (" 沙坡头区 ", "640502"),
    ],
)  # fmt: skip
def test_areas_in_all_their_spellings(written, code):
    assert AREAS.code_of(written) == code


def test_two_places_are_no_place():
    with pytest.raises(ValueError, match="not an area"):
        AREAS.code_of("中宁县和海原县")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (["姓名", "身份证号", "综合能力"], "报考级别"),
        (["姓名", "报考级别", "综合能力"], "neither identity nor admission"),
        (["姓名", "报考级别", "身份证号"], "no column with scores"),
        (["甲", "乙"], "No header row"),
    ],
)
def test_it_refuses_a_file_without_the_columns_it_needs(header, said):
    with pytest.raises(FileRefused, match=said):
        read(["张三", "x", "y"], header=header)


def test_numbered_empty_lines_are_not_rows():
    assert read(junior(1), [2], [3]).found == 1


def test_one_number_under_many_names_names_a_few_lines():
    found = read(*(junior(1, name=f"王{sign}") for sign in "甲乙丙丁戊己庚"))
    reason = "Lines 2、3、4、5、6 and 2 more give one identity number to two names"
    assert {str(refusal.reason) for refusal in found.refused} == {reason}
    assert [refusal.name for refusal in found.refused][:2] == ["王甲", "王乙"]


def test_three_thousand_rows_of_one_number_are_refused_in_a_short_report():
    rows = [junior(1, name=f"王{chr(0x4E00 + n)}", 准考证号="1") for n in range(3000)]
    began = time.perf_counter()
    refused = read(*rows).refused
    report = json.dumps([{"line": r.line, "reason": str(r.reason)} for r in refused])
    assert len(refused) == 3000
    assert len(report) < 2_000_000
    assert time.perf_counter() - began < 5


def years_of(year, *rows, above=()):
    book = Workbook("xlsx", (Sheet.of([*above, HEADER, *rows], "成绩"),))
    cautions = other_years(book, read_results(book, RULES).rows, year=year)
    return [(caution.line, str(caution.reason)) for caution in cautions]


def test_a_title_of_another_year_is_doubted_on_the_first_row():
    title = ["2025年度社会工作者职业资格考试成绩统计表（2026年1月填报）"]
    said = [(3, "The title says 2025, the chosen year is 2022")]
    assert years_of(2022, junior(1), junior(2), above=[title]) == said
    assert years_of(2025, junior(1), above=[title]) == []
    assert years_of(2022, junior(1)) == []


def test_approval_dates_of_another_year_are_doubted():
    approved = junior(1, 批准日期="2025-06-15")
    said = [(2, "The approval dates lie in 2025, the chosen year is 2022")]
    assert years_of(2022, approved, junior(2)) == said
    assert years_of(2025, approved) == []


@pytest.mark.parametrize("word", ["未报", "未 报", "未出", "待查"])
def test_a_row_that_says_not_reported_is_a_sign_up_without_scores(word):
    [found] = read(junior(1, word, word)).rows
    assert (found.level, found.scores) == ("junior", ())
    [one_paper] = read(row(2, "中级", "/", None, word)).rows
    assert one_paper.scores == ()


def test_not_reported_in_a_paper_of_another_level_says_nothing_of_this_one():
    assert "no score" in only_reason(read(junior(1, None, None, 法规与政策="未报")))


def test_one_score_beside_a_paper_not_reported_is_still_half_a_result():
    assert "A subject is missing" in only_reason(read(junior(1, 61, "未报")))


@pytest.mark.parametrize(
    ("said", "own_word"), [("自报", True), ("学员自报", True), ("成绩单", False)]
)
def test_a_sheet_says_whether_scores_are_the_persons_own_word(said, own_word):
    header = [*HEADER, "成绩来源"]
    [found] = read([*junior(1), said], header=header).rows
    assert found.self_reported is own_word


def test_a_source_that_nobody_knows_is_refused_and_none_means_evidence():
    header = [*HEADER, "成绩来源"]
    assert "no source of a result" in only_reason(read([*junior(1), "听说"], header=header))
    assert read([*junior(1), None], header=header).rows[0].self_reported is False
