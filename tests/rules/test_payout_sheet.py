"""The payout list: what stands on it, and that the same batch gives the same bytes."""

import io

import openpyxl

from cohorts.subsidies.payout_sheet import HEADER, PayoutRow, payout_workbook, rows_checksum

ROWS = [
    PayoutRow(
        number=number,
        name=f"=学员{number}",
        unit="滨河镇社工站",
        level="intermediate",
        certificate_number=f"2023064050000{number:04d}",
        amount_fen=300000,
        bank="中卫农村商业银行",
        account=f"62284804028888{number:05d}",
        holder=f"学员{number}",
    )
    for number in range(1, 20)
]


def workbook() -> bytes:
    return payout_workbook(title="中卫市补贴拨付清单", unit="中卫市", year=2023, rows=ROWS)


def cells() -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook())).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_nineteen_lines_make_57000_yuan_in_figures_and_in_full() -> None:
    flat = [cell for row in cells() for cell in row]
    total = next(row for row in cells() if row[0] == "合计")
    assert (total[1], float(str(total[5]))) == ("19 笔", 57000.0)
    assert "人民币伍万柒仟元整" in flat


def test_the_header_the_checksum_and_the_sign_off_row_are_there() -> None:
    rows = cells()
    assert tuple(rows[2]) == HEADER
    code = next(row[1] for row in rows if row[0] == "校验码")
    assert str(code).replace("-", "").lower() == rows_checksum(ROWS)[:12]
    assert rows[-1][0] == "填报单位（盖章）："


def test_the_same_rows_give_the_same_bytes() -> None:
    assert workbook() == workbook()


def test_it_prints_across_one_page_wide_with_the_header_on_every_page() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook())).worksheets[0]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$3:$3"
    bank = sheet.column_dimensions["G"]
    assert sheet["G3"].value == "开户行（全称）"
    assert bank.width >= 2 * 20  # twenty Chinese signs


def test_accounts_and_numbers_are_text_and_nothing_is_a_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook())).worksheets[0]
    first = sheet[4]
    assert first[7].value == "6228480402888800001"
    assert first[4].value == "20230640500000001"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_any_other_account_gives_another_checksum() -> None:
    other = [*ROWS[:-1], PayoutRow(**{**vars(ROWS[-1]), "account": "6228480402888800018"})]
    assert rows_checksum(other) != rows_checksum(ROWS)
