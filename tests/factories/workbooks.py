"""Workbooks of the tests, as bytes."""

from collections.abc import Sequence
from typing import Any

from cms.core.sheet_writer import SheetOut, write_workbook
from tests.factories.numbers import fictional_id

RESULTS = (
    "姓名", "身份证号", "准考证号", "报考级别", "综合能力", "实务", "法规与政策", "是否合格",
    "证书管理号", "批准日期", "报考地区", "工作单位",
)  # fmt: skip
REGISTER = (
    "姓名",
    "身份证号",
    "级别",
    "证书管理号",
    "批准日期",
    "考试年度",
    "报考地区",
    "工作单位",
)
POSTS = (
    "姓名", "身份证号", "工作单位", "单位性质", "所在区县", "岗位", "是否聘任", "聘任起", "聘任止",
)  # fmt: skip
APPRAISALS = ("姓名", "身份证号", "年度", "考核结果")
INSURANCE = ("姓名", "身份证号", "月份起", "月份止")


def workbook(header: Sequence[str], *rows: dict[str, Any]) -> bytes:
    return sheets((header, rows))


def sheets(*tables: tuple[Sequence[str], Sequence[dict[str, Any]]]) -> bytes:
    return write_workbook(
        [
            SheetOut(f"表{n}", header, [[row.get(title) for title in header] for row in rows])
            for n, (header, rows) in enumerate(tables, start=1)
        ]
    )


def junior_row(n: int, general: Any = 61, practice: Any = 66, **changes: Any) -> dict[str, Any]:
    row = {
        "姓名": f"张{n}",
        "身份证号": fictional_id(n),
        "报考级别": "初级",
        "综合能力": general,
        "实务": practice,
        "报考地区": "沙坡头区",
    }
    return row | changes


def intermediate_row(
    n: int, general: Any = 61, practice: Any = 66, law: Any = 70, **changes: Any
) -> dict[str, Any]:
    row = junior_row(n, general, practice) | {"报考级别": "中级", "法规与政策": law}
    return row | changes


def register_row(n: int, **changes: Any) -> dict[str, Any]:
    row = {
        "姓名": f"张{n}",
        "身份证号": fictional_id(n),
        "级别": "初级",
        "证书管理号": f"201906405{n:011d}",
        "批准日期": "2019-06-23",
        "考试年度": 2019,
        "报考地区": "沙坡头区",
        "工作单位": "黄河社区",
    }
    return row | changes


def post_row(n: int, **changes: Any) -> dict[str, Any]:
    row = {
        "姓名": f"张{n}",
        "身份证号": fictional_id(n),
        "工作单位": "黄河社区",
        "单位性质": "社区",
        "所在区县": "沙坡头区",
        "岗位": "社工",
        "是否聘任": "是",
        "聘任起": "2022-03-01",
    }
    return row | changes
