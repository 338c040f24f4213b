"""The commands of the money side: one JSON object on stdout, exit codes as agreed."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from cohorts.subsidies.models import PayoutBatch, PayoutLine, PolicyVersion
from tests.factories.people import SHAPOTOU, ZHONGNING, make_reference
from tests.factories.subsidies import (
    MONDAY,
    POLICY,
    POLICY_FILE,
    batch_approved,
    confirmed,
    make_account,
    make_office,
    make_policy,
    stage,
)

pytestmark = pytest.mark.django_db
FACTS: dict[str, Any] = POLICY["examples"][0]["facts"]


@pytest.fixture(autouse=True)
def _english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


def run(name: str, *arguments: object) -> Any:
    out = StringIO()
    call_command(name, *map(str, arguments), stdout=out, stderr=StringIO())
    return json.loads(out.getvalue()) if "--json" in arguments else out.getvalue()


def fails(name: str, *arguments: object) -> int:
    with pytest.raises(CommandError) as failed:
        run(name, *arguments)
    return failed.value.returncode


def written(folder: Path, document: object) -> Path:
    path = folder / "document.json"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_policy_file_is_checked_without_being_stored() -> None:
    report = run("load_policy", POLICY_FILE, "--check", "--json")
    assert (report["examples"], report["passed"], report["problems"]) == (23, 23, [])
    assert not PolicyVersion.objects.exists()


def test_a_policy_is_loaded_and_published_by_two_officers() -> None:
    make_reference(MONDAY)
    make_office()
    report = run("load_policy", POLICY_FILE, "--publish", "--json")
    version = PolicyVersion.objects.get()
    assert (report["state"], report["created"]) == ("published", True)
    assert version.author != version.published_by
    assert run("load_policy", POLICY_FILE, "--json")["created"] is False


def test_a_policy_that_cannot_be_read_exits_2_and_failing_examples_exit_3(tmp_path: Path) -> None:
    assert fails("load_policy", written(tmp_path, {"schema": 1}), "--check") == 2
    assert fails("load_policy", tmp_path / "nowhere.json", "--check") == 2
    wrong = POLICY | {"examples": POLICY["examples"][:1]}
    assert fails("load_policy", written(tmp_path, wrong), "--check") == 3


def test_decide_says_what_why_and_by_what(tmp_path: Path) -> None:
    facts = written(tmp_path, {"certificate": FACTS["certificate"], "awards": []})
    answer = run(
        "decide", "--policy-file", POLICY_FILE, "--as-of", "2023-11-01", "--facts", facts, "--json"
    )
    assert (answer["outcome"], answer["amount_fen"]) == ("eligible", 300000)
    assert answer["lines"] == [
        {
            "award": "zhongwei-certificate/intermediate",
            "level": "intermediate",
            "period": "once",
            "amount_fen": 300000,
        }
    ]
    assert {"id", "verdict", "seen", "source", "article", "text"} <= set(answer["findings"][0])
    assert answer["policy_version"] == "zhongwei-2023/1"
    assert len(answer["facts_sha256"]) == 64


def test_decide_finds_the_version_that_governs_the_exam_year(tmp_path: Path) -> None:
    make_reference(MONDAY)
    make_policy(make_office())
    facts = written(tmp_path, FACTS)
    assert run("decide", "--policy", "zhongwei-2023", "--facts", facts, "--json")["lines"]
    assert fails("decide", "--policy", "nowhere", "--facts", facts) == 2


def test_decide_refuses_facts_that_it_cannot_read(tmp_path: Path) -> None:
    for facts in ({"as_of": "2023-11-01", "shoe_size": 42}, [], {}):
        path = written(tmp_path, facts)
        assert fails("decide", "--policy-file", POLICY_FILE, "--facts", path) == 2


def test_decide_says_in_words_that_a_file_is_not_json(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    arguments = ("decide", "--policy-file", POLICY_FILE, "--facts", path)
    for content, reason in ((b'{"as_of":', "is not JSON"), (b"\xff\xfe", "is not a text file")):
        path.write_bytes(content)
        with pytest.raises(CommandError, match=reason) as failed:
            run(*arguments)
        assert failed.value.returncode == 2
    path.unlink()
    with pytest.raises(CommandError, match="cannot be opened"):
        run(*arguments)


def test_decide_prints_yuan(tmp_path: Path) -> None:
    answer = run("decide", "--policy-file", POLICY_FILE, "--facts", written(tmp_path, FACTS))
    assert "eligible 3,000.00 yuan" in answer.splitlines()[0]


def test_a_batch_is_walked_from_open_to_closed_and_exported_twice_alike(tmp_path: Path) -> None:
    office, version = stage([SHAPOTOU, ZHONGNING])
    for claim in confirmed(office, version):
        make_account(claim.person)
    place = ("--region", "6405", "--year", "2023")
    run("batch", "allot", *place, "--amount", "180,000.00", "--reference", "卫财社1号")
    states = [run("batch", step, *place, "--json")["state"] for step in ("open", "lock", "approve")]
    assert states == ["draft", "locked", "approved"]
    batch = PayoutBatch.objects.across_regions().get()
    assert len({batch.opened_by_id, batch.locked_by_id, batch.approved_by_id}) == 3
    for out in ("one.xlsx", "two.xlsx"):
        run("export_payout", "--batch", batch.code, tmp_path / out)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    flat = [
        cell
        for row in openpyxl.load_workbook(tmp_path / "one.xlsx").worksheets[0].values
        for cell in row
    ]
    assert "人民币陆仟元整" in flat
    rest = [run("batch", step, *place, "--json")["state"] for step in ("export", "settle", "close")]
    assert rest == ["exported", "settled", "closed"]
    assert run("verify_books", "--json")["faults"] == []
    assert run("replay_decisions", "--json") == {"checked": 4, "different": 0, "decisions": []}


def test_an_unknown_account_that_takes_the_list_exits_2(tmp_path: Path) -> None:
    office, version = stage([SHAPOTOU])
    batch = batch_approved(office, version)
    out = tmp_path / "list.xlsx"
    assert fails("export_payout", "--batch", batch.code, "--as", "nobody", out) == 2
    run("export_payout", "--batch", batch.code, "--as", "finance", out)
    assert out.exists()


def test_a_step_that_nothing_waits_for_exits_2() -> None:
    stage([])
    for step in ("open", "lock", "approve", "export"):
        assert fails("batch", step, "--region", "6405", "--year", "2023") == 2
    assert fails("export_payout", "--batch", "6405-2023-01", "nowhere.xlsx") == 2


def test_without_made_up_people_the_officer_has_to_be_named(settings: Any) -> None:
    office, version = stage([SHAPOTOU])
    confirmed(office, version)
    settings.ALLOW_FICTIONAL_PEOPLE = False
    place = ("--region", "6405", "--year", "2023")
    assert fails("batch", "open", *place) == 2
    assert run("batch", "open", *place, "--as", "opener", "--json")["lines"] == 1


def test_faults_in_the_books_exit_3() -> None:
    office, version = stage([SHAPOTOU])
    for claim in confirmed(office, version):
        make_account(claim.person)
    run("batch", "open", "--region", "6405", "--year", "2023")
    run("batch", "lock", "--region", "6405", "--year", "2023")
    PayoutLine.objects.across_regions().update(amount_fen=1)
    assert fails("verify_books", "--json") == 3


def test_accounts_are_planned_without_being_written() -> None:
    make_reference(MONDAY)
    report = run("import_payees", "cms/demo/files/payees-2023.xlsx", "--plan", "--json")
    assert report["found"] == report["accepted"] + len(report["refused"]) == 19
    assert fails("import_payees", "docs/policy.schema.json") == 2
