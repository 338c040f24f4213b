"""The import commands: one JSON object, exit codes, nothing written by --plan."""

import json

import pytest
from django.core.management import CommandError, call_command

from cohorts.certificates.models import Certificate
from cohorts.posts.models import Post
from cohorts.results.models import SubjectResult
from tests.factories.people import HAIYUAN, ZHONGWEI, make_officer, make_reference
from tests.factories.workbooks import (
    POSTS,
    REGISTER,
    RESULTS,
    junior_row,
    post_row,
    register_row,
    workbook,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference() -> None:
    make_reference()
    make_officer("city", region=ZHONGWEI, role="city_officer")


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "表.xlsx"
        path.write_bytes(content)
        return str(path)

    return write


def said(capsys):
    return json.loads(capsys.readouterr().out)


def test_import_results_prints_what_was_found(file, capsys):
    path = file(workbook(RESULTS, junior_row(1), junior_row(2, 105), junior_row(3, 身份证号=None)))
    call_command("import_results", path, "--year", "2023", "--json")
    found = said(capsys)
    assert (found["format"], found["found"], found["accepted"]) == ("xlsx", 3, 1)
    assert [row["line"] for row in found["refused"]] == [3, 4]
    assert found["changed"] == 0
    assert found["unmatched"] == [{"line": 4, "candidates": []}]
    assert SubjectResult.objects.across_regions().count() == 2


def test_plan_writes_nothing(file, capsys):
    path = file(workbook(RESULTS, junior_row(1)))
    call_command("import_results", path, "--year", "2023", "--plan", "--json")
    assert said(capsys)["accepted"] == 1
    assert not SubjectResult.objects.across_regions().exists()


def test_a_region_may_be_chosen_for_rows_that_name_none(file, capsys):
    path = file(workbook(RESULTS, junior_row(1, 报考地区=None)))
    call_command("import_results", path, "--year", "2023", "--region", HAIYUAN, "--json")
    assert SubjectResult.objects.across_regions().first().region_id == HAIYUAN


def test_import_certificates_and_posts(file, capsys):
    call_command("import_certificates", file(workbook(REGISTER, register_row(1))), "--json")
    assert said(capsys)["accepted"] == 1
    assert Certificate.objects.across_regions().get().state == "checked"
    call_command("import_posts", file(workbook(POSTS, post_row(1))), "--json")
    assert said(capsys)["accepted"] == 1
    assert Post.objects.across_regions().exists()


@pytest.mark.parametrize(
    "command", [["import_results", "--year", "2023"], ["import_certificates"], ["import_posts"]]
)
def test_a_file_that_is_no_workbook_is_refused_whole(file, command):
    with pytest.raises(CommandError) as refused:
        call_command(command[0], file(b"not a workbook"), *command[1:], "--json")
    assert refused.value.returncode == 2


def test_a_csv_of_another_decade_is_read(tmp_path, capsys):
    path = tmp_path / "成绩.csv"
    row = junior_row(1)
    lines = [",".join(row), ",".join(str(cell) for cell in row.values())]
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    call_command("import_results", str(path), "--year", "2023", "--json")
    assert said(capsys)["accepted"] == 1


@pytest.mark.parametrize(
    ("command", "header", "options"),
    [
        ("import_results", RESULTS, ["--year", "2023"]),
        ("import_certificates", REGISTER, []),
        ("import_posts", POSTS, []),
        ("import_payees", ("姓名", "身份证号", "开户银行", "银行账号"), []),
    ],
)
def test_a_header_without_rows_is_refused_whole(file, capsys, command, header, options):
    with pytest.raises(CommandError) as refused:
        call_command(command, file(workbook(header)), *options, "--json")
    assert refused.value.returncode == 2
    assert said(capsys)["code"] == "file_refused"
