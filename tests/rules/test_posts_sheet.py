"""The posts workbook: three tables on sheets of their own, or one below the other."""

from datetime import date

import pytest

from cms.core.plans import FileRefused
from cms.core.sheets import Sheet, Workbook
from cohorts.posts.sheet import (
    AppraisalRow,
    InsuranceRow,
    PostRow,
    PostRules,
    months_between,
    read_posts,
)
from cohorts.results.areas import Areas
from tests.factories.numbers import fictional_id

POSTS = [
    "姓名",
    "身份证号",
    "工作单位",
    "单位性质",
    "所在区县",
    "岗位",
    "是否聘任",
    "聘任起",
    "聘任止",
]
APPRAISALS = ["姓名", "身份证号", "年度", "考核结果"]
INSURANCE = ["姓名", "身份证号", "月份起", "月份止"]
RULES = PostRules(areas=Areas({"6405": "中卫市", "640521": "中宁县"}), allow_fictional=True)
ID = [fictional_id(n) for n in range(1, 20)]


def post(n, **changes):
    cells = dict.fromkeys(POSTS) | {
        "姓名": "张三", "身份证号": ID[n], "工作单位": "朱营社区", "单位性质": "社区",
        "所在区县": "中宁县", "岗位": "社工", "是否聘任": "是", "聘任起": "2022-03-01",
    }  # fmt: skip
    return [(cells | changes)[title] for title in POSTS]


def read(*sheets, rules=RULES):
    return read_posts(Workbook("xlsx", sheets), rules)


def posts(*rows, rules=RULES):
    return read(Sheet.of([POSTS, *rows], "聘任"), rules=rules)


def only_reason(reading):
    [refusal] = reading.refused
    assert not reading.rows
    return str(refusal.reason)


def test_an_appointment_is_read():
    [found] = posts(post(1)).rows
    assert isinstance(found, PostRow)
    assert (found.unit, found.kind, found.area, found.title) == (
        "朱营社区", "community", "640521", "社工",
    )  # fmt: skip
    assert (found.appointed, found.from_on, found.to_on) == (True, date(2022, 3, 1), None)


def test_three_tables_on_three_sheets():
    reading = read(
        Sheet.of([POSTS, post(1)], "聘任"),
        Sheet.of([APPRAISALS, ["张三", ID[1], 2023, "合格"]], "年度考核"),
        Sheet.of([INSURANCE, ["张三", ID[1], "2023-01", "2023年3月"]], "社保"),
    )
    assert [type(row) for row in reading.rows] == [PostRow, AppraisalRow, InsuranceRow]
    assert reading.rows[2].months == ("2023-01", "2023-02", "2023-03")
    assert reading.lossy == []


def test_three_tables_below_each_other_keep_their_line_numbers():
    reading = read(
        Sheet.of(
            [
                ["一、聘任情况"], POSTS, post(1), [],
                ["二、年度考核"], APPRAISALS, ["张三", ID[1], "2023年度", "优秀"], [],
                ["三、社保"], INSURANCE, ["张三", ID[1], "2023.1", "2023.2"],
            ]
        )
    )  # fmt: skip
    assert [(type(row), row.line) for row in reading.rows] == [
        (PostRow, 3),
        (AppraisalRow, 7),
        (InsuranceRow, 11),
    ]
    assert reading.refused == []


def test_a_header_over_two_rows_is_one_header():
    upper = ["姓名", "身份证号", "工作单位", "聘任", None]
    lower = ["姓名", "身份证号", "工作单位", "聘任起", "聘任止"]
    reading = read(Sheet.of([upper, lower, ["张三", ID[1], "朱营社区", "2022-03-01", "2023-02"]]))
    [found] = reading.rows
    assert found.to_on == date(2023, 2, 28)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"姓名": None}, "姓名 is missing"),
        ({"身份证号": 6.4e17}, "last digits are lost"),
        ({"工作单位": None}, "工作单位 is missing"),
        ({"聘任起": None}, "聘任起 is missing"),
        ({"聘任起": "不详"}, "not a date"),
        ({"聘任止": "2022-02-28"}, "ends before it begins"),
        ({"是否聘任": "也许"}, "neither yes nor no"),
        ({"所在区县": "火星"}, "not an area"),
    ],
)
def test_it_refuses_a_broken_appointment_with_the_reason(changes, said):
    assert said in only_reason(posts(post(1, **changes)))


@pytest.mark.parametrize("written", ["至今", "-", None])
def test_an_open_end_is_no_end(written):
    [found] = posts(post(1, 聘任止=written)).rows
    assert found.to_on is None


@pytest.mark.parametrize(
    ("kind", "unit", "code"),
    [
        ("社区", "朱营", "community"), ("社工站", "宁安镇社会工作服务站", "station"),
        ("", "宁安镇社会工作服务站", "station"), ("事业单位", "县医院", "institution"),
        ("机关", "民政局", "government"), ("社会组织", "某中心", "agency"), ("", "某某", "other"),
        ("村(社区)社工室", "朱营村", "village_room"), ("企业", "某公司", "company"),
    ],
)  # fmt: skip
def test_the_kind_of_an_employer(kind, unit, code):
    [found] = posts(post(1, 单位性质=kind, 工作单位=unit)).rows
    assert found.kind == code


def test_an_unheard_of_kind_is_a_doubt():
    reading = posts(post(1, 单位性质="宇宙"))
    assert reading.rows[0].kind == "other"
    assert "宇宙" in str(reading.warnings[0].reason)


@pytest.mark.parametrize(
    ("written", "grade"),
    [
        ("优秀", "excellent"), ("合格", "qualified"), ("称职", "qualified"),
        ("基本合格", "basically"), ("不合格", "unqualified"), ("不称职", "unqualified"),
    ],
)  # fmt: skip
def test_grades_of_appraisals(written, grade):
    [found] = read(Sheet.of([APPRAISALS, ["张三", ID[1], 2023, written]])).rows
    assert found.grade == grade


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([2023, "好"], "not a grade"),
        (["今年", "合格"], "not a year"),
        ([2023, None], "考核结果 is missing"),
    ],
)
def test_it_refuses_a_broken_appraisal(cells, said):
    assert said in only_reason(read(Sheet.of([APPRAISALS, ["张三", ID[1], *cells]])))


def test_two_grades_for_one_year_refuse_both_rows():
    rows = [["张三", ID[1], 2023, "合格"], ["张三", ID[1], 2023, "优秀"]]
    reading = read(Sheet.of([APPRAISALS, *rows]))
    assert [r.line for r in reading.refused] == [2, 3]


def test_the_same_appointment_twice_is_no_contradiction_but_another_end_is():
    assert len(posts(post(1), post(1)).rows) == 2
    assert len(posts(post(1), post(1, 聘任止="2023-01-31")).refused) == 2


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [("2023-03", "2023-01", "end before they begin"), ("某月", "2023-01", "not a date")],
)
def test_it_refuses_months_that_make_no_span(first, last, said):
    reading = read(Sheet.of([INSURANCE, ["张三", ID[1], first, last]]))
    assert said in only_reason(reading)


def test_months_run_over_the_turn_of_the_year():
    assert months_between(date(2022, 11, 1), date(2023, 2, 1)) == (
        "2022-11", "2022-12", "2023-01", "2023-02",
    )  # fmt: skip


def test_a_row_without_an_identity_number_is_read_and_left_to_matching():
    [found] = posts(post(1, 身份证号=None)).rows
    assert found.id_number == ""


def test_it_refuses_a_file_with_none_of_the_three_tables():
    with pytest.raises(FileRefused, match="No header row"):
        read(Sheet.of([["姓名", "电话"], ["张三", "12300000000"]]))
    with pytest.raises(FileRefused, match="no rows"):
        read(Sheet.of([]))


def test_other_sheets_are_named():
    reading = read(Sheet.of([POSTS, post(1)], "聘任"), Sheet.of([["说明"]], "说明"))
    assert [str(m) for m in reading.lossy] == ["Sheet “说明” has no such table"]
