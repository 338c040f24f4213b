import pytest

from cms.core.plans import FileRefused
from cms.core.sheet_headers import Header, find_header, squeezed, table_of
from cms.core.sheets import Row, Sheet, Workbook

FIELDS = {
    "name": ("姓名", "考生姓名"),
    "identity_number": ("身份证号", "身份证号码", "证件号码"),
    "general": ("综合能力", "社会工作综合能力（初级）"),
    "practice": ("实务", "社会工作实务（初级）"),
}
REQUIRED = ("name", "identity_number")


def table(*rows, merged=(), name="成绩"):
    sheet = Sheet.of(rows, name)
    sheet = Sheet(name, sheet.rows, merged)
    return table_of(Workbook("csv", (sheet,)), fields=FIELDS, required=REQUIRED)


def names(found):
    return [(record.line, record.get("name")) for record in found.records]


def test_the_header_is_found_below_a_title_and_the_name_of_the_unit():
    found = table(
        ["2023年度社会工作者考试成绩统计表"],
        ["填报单位：滨河镇社工站"],
        [],
        ["序号", "姓 名", "身份证号码（必填）", "综合能力", "实务"],
        [1, "张三", "660521199102031015", 61, 66],
    )
    assert names(found) == [(5, "张三")]
    assert found.records[0].get("general") == 61
    assert found.titles["identity_number"] == "身份证号码（必填）"


@pytest.mark.parametrize(
    "title",
    [
        "姓名",
        " 姓  名 ",
        "※姓名",
        "*姓名：",
        "姓名（必填）",
        "姓名(必填）",
        "姓名【勿删】",
        "姓　名\n(中文)",
    ],
)
def test_spaces_ornaments_and_notes_in_brackets_do_not_matter(title):
    header = find_header(Sheet.of([[title, "证件号码"]]), FIELDS, REQUIRED)
    assert header == Header(
        1, {"name": 0, "identity_number": 1}, {"name": title, "identity_number": "证件号码"}
    )


def test_notes_in_brackets_tell_two_columns_apart_where_they_must():
    fields = {"junior": ("综合能力（初级）",), "middle": ("综合能力（中级）",)}
    header = find_header(Sheet.of([["综合能力(中级)", "综合能力(初级)"]]), fields, fields)
    assert header.columns == {"junior": 1, "middle": 0}


def test_a_header_of_two_rows_is_joined():
    found = table(
        ["序号", "姓名", "身份证号", "成绩", "", "备注"],
        ["", "", "", "综合能力", "实务", ""],
        [1, "张三", "660521199102031015", 61, 66, ""],
    )
    assert [(r.line, r.get("general"), r.get("practice")) for r in found.records] == [(3, 61, 66)]


def test_a_header_of_two_rows_may_name_the_group_above():
    fields = {**FIELDS, "general": ("初级综合能力",), "practice": ("初级实务",)}
    sheet = Sheet.of([["姓名", "身份证号", "初级", ""], ["", "", "综合能力", "实务"]])
    assert find_header(sheet, fields, fields).columns["practice"] == 3


def test_the_first_record_is_not_taken_for_a_second_header_row():
    found = table(["姓名", "身份证号", "综合能力"], ["实务", "660521199102031015", ""])
    assert names(found) == [(2, "实务")]


def test_totals_and_the_rows_for_stamp_and_signature_are_skipped():
    found = table(
        ["姓名", "身份证号", "综合能力"],
        ["张三", "660521199102031015", 61],
        ["合  计", "", 61],
        ["合计（大写）：", "", "陆拾壹"],
        ["填报单位(盖章)", "", ""],
        ["审核人：", "填表人：", "填报日期：2023年9月1日"],
    )
    assert names(found) == [(2, "张三")]
    assert [row.line for row in found.skipped] == [3, 4, 5, 6]


def test_a_person_whose_row_lacks_a_column_is_not_skipped():
    found = table(
        ["姓名", "身份证号", "综合能力"], ["", "660521199102031015", 61], ["李四", "", 55]
    )
    assert [row.line for row in found.records] == [2, 3]


def test_rows_that_are_only_numbered_are_skipped():
    found = table(["序号", "姓名", "身份证号"], [1, "张三", "6"], [2, "", ""], [3, None, None])
    assert names(found) == [(2, "张三")]


def test_a_wide_merged_row_between_the_records_is_the_name_of_a_unit():
    found = table(
        ["姓名", "身份证号", "综合能力"],
        ["滨河镇社工站", None, None],
        ["张三", "660521199102031015", 61],
        merged=(((1, 0), (1, 2)),),
    )
    assert names(found) == [(3, "张三")]


def test_the_header_repeated_on_the_next_page_is_skipped():
    found = table(["姓名", "身份证号"], ["张三", "1"], ["姓 名", "身份证号"], ["李四", "2"])
    assert names(found) == [(2, "张三"), (4, "李四")]


def test_all_sheets_with_the_header_are_read_and_the_others_named():
    book = Workbook(
        "xlsx",
        (
            Sheet.of([["说明"], ["请按模板填写"]], "说明"),
            Sheet.of([["姓名", "身份证号"], ["张三", "1"]], "初级"),
            Sheet("空", (Row(1, ()),)),
            Sheet.of([["身份证号", "姓名"], ["2", "李四"]], "中级"),
        ),
        hidden=("旧",),
    )
    found = table_of(book, fields=FIELDS, required=REQUIRED)
    assert [(r.sheet, r.line, r.get("name")) for r in found.records] == [
        ("初级", 2, "张三"),
        ("中级", 2, "李四"),
    ]
    assert found.ignored_sheets == ("说明",)
    assert found.hidden_sheets == ("旧",)


def test_a_file_without_the_header_is_refused_naming_what_is_missing():
    with pytest.raises(FileRefused) as caught:
        table(["姓名", "综合能力"], ["张三", 61])
    assert str(caught.value) == "No header row has the columns 身份证号"


def test_a_file_without_rows_is_refused():
    with pytest.raises(FileRefused, match="no rows"):
        table([], [""])


def test_squeezed_titles_compare_alike():
    assert squeezed(" 选项 Ａ ") == squeezed("选项a") == "选项a"
