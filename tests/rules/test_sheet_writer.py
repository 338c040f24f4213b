import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from cms.core.sheet_writer import SheetOut, write_workbook
from cms.core.sheets import read_workbook

PAYLOADS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x")',
    "'=1",
]


def written(**changes):
    parts = {"name": "拨付清单", "header": ["姓名", "身份证号", "金额（元）", "日期"], "rows": []}
    return write_workbook([SheetOut(**{**parts, **changes})])


def reread(content):
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def test_what_is_written_reads_back_the_same():
    row = ["张三", "660521199102031015", Decimal("3000.00"), date(2023, 9, 1)]
    content = written(rows=[row], titles=["中卫市2023年度一次性补贴"], foot=[["合计", None, 3000]])
    rows = read_workbook(content, "a.xlsx").sheets[0].rows
    assert rows[0].cells == ("中卫市2023年度一次性补贴",)
    assert rows[2].cells == ("张三", "660521199102031015", 3000, date(2023, 9, 1))
    assert rows[3].cells == ("合计", "", 3000)


def test_the_same_table_gives_the_same_bytes(monkeypatch):
    first = written(rows=[["张三", "1", 1, None]])
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    assert written(rows=[["张三", "1", 1, None]]) == first
    assert b"2000-01-01T00:00:00Z" in openpyxl_core_properties(first)


def openpyxl_core_properties(content):
    import zipfile

    return zipfile.ZipFile(io.BytesIO(content)).read("docProps/core.xml")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_a_formula(payload):
    content = written(
        name="x", header=[payload], rows=[[payload]], titles=[payload], foot=[[payload]]
    )
    cells = [cell for row in reread(content).iter_rows() for cell in row if cell.value is not None]
    assert len(cells) == 4
    assert all(cell.data_type == "s" and cell.value == payload for cell in cells)


def test_numbers_stand_right_and_keep_their_format():
    sheet = reread(
        written(
            rows=[["张三", "1", Decimal(3000), date(2023, 9, 1)]],
            formats={"金额（元）": "#,##0.00"},
        )
    )
    assert sheet["C2"].number_format == "#,##0.00"
    assert sheet["C2"].alignment.horizontal == "right"
    assert sheet["B2"].number_format == "@"
    assert sheet["D2"].number_format == "yyyy-mm-dd"


def test_the_header_stays_in_sight_and_columns_fit():
    sheet = reread(
        written(rows=[["张三", "660521199102031015", 1, None]], titles=["题"], widths={"姓名": 20})
    )
    assert sheet.freeze_panes == "A3"
    assert sheet.column_dimensions["A"].width == 20
    assert sheet.column_dimensions["B"].width == 20


def test_signs_no_spreadsheet_can_hold_are_left_out():
    assert reread(written(rows=[["张\x00\x0b三", "1", 1, None]]))["A2"].value == "张三"
