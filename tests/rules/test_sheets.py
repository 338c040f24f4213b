import io
import stat
import zipfile
from datetime import date

import openpyxl
import pytest

from cms.core import sheet_limits
from cms.core.plans import FileRefused
from cms.core.sheet_limits import COMMAND, WEB, Limits, limits_for, refuse_unsafe_archive
from cms.core.sheets import read_workbook


def saved(book):
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def workbook_of(rows, merged=()):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for span in merged:
        sheet.merge_cells(span)
    return saved(book)


def archive_of(members, flags=0):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
            archive.filelist[-1].flag_bits |= flags
    return raw.getvalue()


def refused(content, filename="a.xlsx", limits=WEB):
    with pytest.raises(FileRefused) as caught:
        read_workbook(content, filename, limits)
    return str(caught.value.message)


def test_lines_are_those_the_spreadsheet_shows():
    book = openpyxl.Workbook()
    book.active["B3"], book.active["D5"] = "姓名", 68.5
    sheet = read_workbook(saved(book), "a.xlsx").sheets[0]
    rows = {row.line: row for row in sheet.rows if row.filled()}
    assert rows[3].cell(1) == "姓名"
    assert rows[5].cell(3) == 68.5
    assert rows[5].cell(9) is None


def test_dates_keep_their_kind():
    content = workbook_of([[date(2023, 9, 1), True, 5, "文"]])
    assert read_workbook(content, "a.xlsx").sheets[0].rows[0].cells == (
        date(2023, 9, 1),
        True,
        5,
        "文",
    )


def test_hidden_sheets_are_named_and_not_read():
    book = openpyxl.Workbook()
    book.active.title = "成绩"
    book.create_sheet("旧数据").sheet_state = "hidden"
    book.create_sheet("密").sheet_state = "veryHidden"
    read = read_workbook(saved(book), "a.xlsx")
    assert [sheet.name for sheet in read.sheets] == ["成绩"]
    assert read.hidden == ("旧数据", "密")


def test_a_cell_merged_downwards_is_said_of_every_row():
    content = workbook_of([["滨河镇", "张三"], [None, "李四"], [None, "王五"]], ["A1:A3"])
    rows = read_workbook(content, "a.xlsx").sheets[0].rows
    assert [row.cells for row in rows] == [
        ("滨河镇", "张三"),
        ("滨河镇", "李四"),
        ("滨河镇", "王五"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_is_read_in_every_encoding_and_separator(encoding, mark):
    content = f"姓名{mark}成绩\r\n㐂田·艾力{mark}61\r\n".encode(encoding)
    rows = read_workbook(content, "成绩.csv").sheets[0].rows
    assert [row.cells for row in rows] == [("姓名", "成绩"), ("㐂田·艾力", "61")]


def test_csv_rows_with_line_breaks_in_cells_count_as_one_row():
    rows = read_workbook(b'a,"x\ny"\n\nb,c\n', "a.csv").sheets[0].rows
    assert [(row.line, row.cells) for row in rows] == [(1, ("a", "x\ny")), (2, ()), (3, ("b", "c"))]


def test_the_content_decides_the_kind_not_the_name():
    assert read_workbook(workbook_of([["a"]]), "a.csv").kind == "xlsx"
    assert read_workbook(b"a,b\n", "a.xls").kind == "csv"


@pytest.mark.parametrize(
    ("content", "filename", "reason"),
    [
        (b"", "a.xlsx", "empty"),
        (b"\x89PNG", "a.png", "not a workbook"),
        (b"<html><table></table></html>", "a.xls", "web page"),
        (b"\x00\x01\x02\xff", "a.csv", "neither"),
        (b"PK\x03\x04 cut off", "a.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut off", "a.xls", "damaged"),
        (archive_of([("a.txt", "not a workbook")]), "a.xlsx", "damaged"),
    ],
)
def test_what_is_not_a_workbook_is_refused_with_the_reason(content, filename, reason):
    assert reason in refused(content, filename)


def test_a_file_over_the_limit_is_refused():
    assert "larger than 5 MB" in refused(b"," * (WEB.file_bytes + 1), "a.csv")


def test_too_many_rows_are_refused_on_the_web_and_taken_on_the_command_line():
    content = workbook_of([["x"]] * 30)
    few = Limits(rows=20)
    assert "at most 20 rows" in refused(content, limits=few)
    assert "at most 20 rows" in refused(b"x\n" * 30, "a.csv", few)
    assert len(read_workbook(content, "a.xlsx", COMMAND).sheets[0].rows) == 30


def test_too_many_columns_are_refused():
    assert "60 columns" in refused(workbook_of([["x"] * 61]))


def test_two_cells_far_apart_do_not_take_the_server_down():
    book = openpyxl.Workbook()
    book.active["A1"] = book.active["XFD1048576"] = "x"
    assert "too large" in refused(saved(book))


def test_a_bomb_is_refused_before_a_parser_sees_it():
    bomb = archive_of([("xl/worksheets/sheet1.xml", b" " * 3_000_000)])
    assert "larger inside" in refused(bomb)


def test_a_bomb_that_lies_about_its_size_is_refused(monkeypatch):
    monkeypatch.setattr(sheet_limits, "INFLATED_BYTES", 1000)
    archive = bytearray(archive_of([("xl/a.xml", bytes(range(256)) * 8)]))
    directory = archive.index(b"PK\x01\x02")
    archive[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    with pytest.raises(FileRefused):
        refuse_unsafe_archive(bytes(archive))


def test_too_many_members_are_refused():
    assert "too many parts" in refused(archive_of([(f"{n}.xml", "") for n in range(201)]))


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "xl/../../a", "xl\\..\\a"])
def test_members_with_unsafe_names_are_refused(name):
    assert "unsafe name" in refused(archive_of([(name, "x")]))


def test_a_nested_archive_is_refused():
    assert "another archive" in refused(archive_of([("xl/embeddings/inner.zip", "x")]))


def test_a_member_twice_in_other_case_is_refused():
    assert "damaged" in refused(archive_of([("xl/a.xml", "1"), ("XL/A.XML", "2")]))


def test_an_encrypted_member_is_refused():
    assert "password" in refused(archive_of([("xl/a.xml", "1")], flags=1))


def test_a_link_is_refused():
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        link = zipfile.ZipInfo("xl/a.xml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "link" in refused(raw.getvalue())


def test_a_document_type_declaration_expands_nothing():
    content = workbook_of([["x"]])
    raw = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(raw, "w") as new:
        for name in old.namelist():
            xml = old.read(name)
            if name.endswith("sheet1.xml"):
                xml = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + xml.replace(
                    b"<t>x</t>", b"<t>&e;</t>"
                )
            new.writestr(name, xml)
    try:
        rows = read_workbook(raw.getvalue(), "a.xlsx").sheets[0].rows
    except FileRefused:
        return
    assert "root" not in str(rows)


def test_uploads_have_the_limits_of_the_web():
    assert limits_for(object()) is WEB
    assert limits_for(None) is COMMAND
