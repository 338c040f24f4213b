"""Question workbooks into the bank: what is planned is written, once, in few statements."""

import json
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cms.accounts.models import AuditEntry, User
from cms.core.errors import Refused
from cms.core.plans import FileRefused
from courses.syllabus.services import load_reference
from quizzes.bank import services as bank
from quizzes.exchange.services import apply_import, export, plan_import
from quizzes.models import Question, QuestionVersion
from tests.factories.questions import kaoshibao_file, multiple, single, whole_paper

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
SUBJECT = "junior-general"


@pytest.fixture(autouse=True)
def _reference() -> None:
    load_reference(NOW)


def planned(content: bytes, filename: str = "a.xlsx", **options: Any) -> Any:
    options = {"subject": SUBJECT, **options}
    return plan_import(content, filename, options=options, actor=None, now=NOW)


def applied(content: bytes, filename: str = "a.xlsx", actor: Any = None, **options: Any) -> Any:
    options = {"subject": SUBJECT, **options}
    return apply_import(content, filename, options=options, actor=actor, now=NOW)


def said(cautions: Any) -> list[tuple[int, str]]:
    return [(caution.line, str(caution.reason)) for caution in cautions]


BROKEN = [
    single(1),
    single(2, key=""),
    single(3, key="AB"),
    single(4, key="E"),
    ["填空____。", "填空题", *[""] * 8, "社会"],
    multiple(5, chapter="第九十章"),
]


def test_a_plan_counts_every_row_and_writes_nothing() -> None:
    plan = planned(kaoshibao_file(BROKEN))
    assert (plan.format, plan.found, plan.accepted) == ("kaoshibao", 6, 2)
    assert [refused.line for refused in plan.refused] == [3, 4, 5, 6]
    assert said(plan.warnings) == [(7, "The syllabus has no chapter “第九十章”")]
    assert not Question.objects.exists()


def test_what_is_accepted_is_written_with_chapter_key_and_rationale() -> None:
    applied(kaoshibao_file(BROKEN), exam_year=2026)
    first, second = QuestionVersion.objects.order_by("pk")
    assert (first.type, first.state, first.number) == ("single_choice", "published", 1)
    assert first.content["options"][0] == {"id": "a", "text": "第1题的选项A"}
    assert first.content["stimulus"] is None
    assert (first.key, first.rationale) == (["a"], "第1题解析")
    assert first.chapter.title == "社会工作服务的内涵"
    assert (first.law_as_of, first.published_at) == (date(2025, 12, 31), NOW)
    asked, offered = first.gist.split("\n\n")
    assert asked == str(first) == "第1道单选题的题干是（　）。"
    assert offered.splitlines() == [option["text"] for option in first.content["options"]]
    assert (second.key, second.chapter) == (["a", "b", "c"], None)


def test_the_same_file_again_adds_nothing() -> None:
    content = kaoshibao_file([single(1), multiple(2), single(1)])
    assert applied(content).accepted == 3
    again = applied(content)
    assert Question.objects.count() == QuestionVersion.objects.count() == 2
    assert again.accepted == 3
    assert said(again.warnings) == [(4, "The same question stands in line 2")]
    assert (again.unchanged, again.to_write) == (3, 0)


def test_the_same_question_of_another_subject_is_another_question() -> None:
    applied(kaoshibao_file([single(1)]))
    applied(kaoshibao_file([single(1)]), subject="junior-practice")
    assert Question.objects.count() == 2


def test_a_draft_import_publishes_nothing() -> None:
    applied(kaoshibao_file([single(1)]), state="draft")
    version = QuestionVersion.objects.get()
    assert (version.state, version.published_at) == ("draft", None)


def test_eighty_questions_take_a_bounded_number_of_statements() -> None:
    content = whole_paper()
    with CaptureQueriesContext(connection) as statements:
        assert applied(content).accepted == 80
    assert len(statements) <= 20


def test_an_import_is_in_the_audit_chain() -> None:
    editor = User.objects.create(username="editor")
    applied(kaoshibao_file([single(1)]), actor=editor)
    entry = AuditEntry.objects.across_regions().get(action="import_questions")
    assert (entry.actor, entry.detail["added"]) == (editor, 1)


def test_markup_is_made_safe_on_the_way_in() -> None:
    applied(kaoshibao_file([single(1, stem='<p onclick="x()">题<script>alert(1)</script>干</p>')]))
    assert QuestionVersion.objects.get().content["stem"] == "<p>题干</p>"


@pytest.mark.parametrize(
    ("filename", "chapter", "subject"),
    [
        ("questions-junior-practice.xlsx", "第一章", "junior-practice"),
        ("社会工作实务(中级)题库.xlsx", "第一章", "intermediate-practice"),
        ("题库.xlsx", "医务社会工作服务", "junior-practice"),
        ("题库.xlsx", "婚姻家庭", "intermediate-law"),
        ("题库.xlsx", "第一章", "junior-general"),
    ],
)
def test_the_subject_is_told_by_name_or_chapters_and_said_when_guessed(
    filename: str, chapter: str, subject: str
) -> None:
    plan = applied(kaoshibao_file([single(1, chapter=chapter)]), filename, subject=None)
    assert Question.objects.get().subject_id == subject
    assert bool(plan.lossy) == (filename == "题库.xlsx")


@pytest.mark.parametrize("options", [{"subject": "nothing"}, {"exam_year": 1999}])
def test_an_unknown_subject_or_year_refuses_the_file(options: dict[str, Any]) -> None:
    with pytest.raises(FileRefused):
        planned(kaoshibao_file([single(1)]), **options)


def test_the_web_takes_fewer_rows_than_the_command_line() -> None:
    editor = User.objects.create(username="editor")
    content = ("题干,题型,选项A,选项B,正确答案\n" + "题,单选题,甲,乙,A\n" * 20_001).encode()
    with pytest.raises(FileRefused, match="20000 rows"):
        plan_import(content, "a.csv", options={"subject": SUBJECT}, actor=editor, now=NOW)
    assert planned(content, "a.csv").found == 20_001


def test_what_is_exported_imports_as_already_known() -> None:
    applied(whole_paper())
    content, count, lossy = export(subject=SUBJECT)
    assert (count, lossy) == (80, ())
    again = applied(content)
    assert (again.accepted, Question.objects.count()) == (80, 80)


def test_an_export_can_be_narrowed() -> None:
    applied(whole_paper())
    assert export(subject=SUBJECT, type_="multiple_response")[1] == 20
    assert export(subject=SUBJECT, chapter="1")[1] == 7
    assert export(subject="junior-practice")[1] == 0


# --- the commands ---------------------------------------------------------------------------------
def run(tmp_path: Path, content: bytes, *arguments: str) -> dict[str, Any]:
    path = tmp_path / "questions-junior-general.xlsx"
    path.write_bytes(content)
    out = StringIO()
    call_command("import_questions", str(path), *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_command_prints_one_json_object(tmp_path: Path) -> None:
    report = run(tmp_path, kaoshibao_file(BROKEN), "--plan")
    assert set(report) == {
        "format", "found", "accepted", "unchanged", "refused", "warnings", "lossy",
    }  # fmt: skip
    assert (report["found"], report["accepted"], len(report["refused"])) == (6, 2, 4)
    assert not Question.objects.exists()
    run(tmp_path, kaoshibao_file(BROKEN), "--format", "kaoshibao", "--year", "2026")
    assert Question.objects.count() == 2


def test_the_command_refuses_a_file_whole_with_exit_code_2(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        run(tmp_path, b"%PDF-1.7")
    assert refused.value.returncode == 2


def test_the_export_command_writes_the_template(tmp_path: Path) -> None:
    applied(kaoshibao_file([single(1)]))
    target, out = tmp_path / "out.xlsx", StringIO()
    call_command("export_questions", str(target), "--subject", SUBJECT, "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"format": "kaoshibao", "questions": 1, "lossy": []}
    assert planned(target.read_bytes()).format == "kaoshibao"


# --- the life of a version ------------------------------------------------------------------------
@pytest.fixture
def version() -> QuestionVersion:
    applied(kaoshibao_file([single(1)]), state="draft")
    return QuestionVersion.objects.get()


def test_publishing_a_version_retires_the_one_before(version: QuestionVersion) -> None:
    bank.publish(version, actor=None, now=NOW)
    version.pk, version.number, version.state, version.published_at = None, 2, "draft", None
    version.uuid = "6b0f0a52-6f0a-4d7c-9d2c-3f1b8f0a0001"
    version.save()
    bank.publish(version, actor=None, now=NOW)
    states = dict(QuestionVersion.objects.values_list("number", "state"))
    assert states == {1: "retired", 2: "published"}


def test_a_retired_version_is_not_published_again(version: QuestionVersion) -> None:
    bank.retire(version, actor=None, now=NOW)
    with pytest.raises(Refused, match="wrong_state"):
        bank.publish(version, actor=None, now=NOW)
    with pytest.raises(Refused, match="wrong_state"):
        bank.retire(version, actor=None, now=NOW)


@pytest.mark.parametrize("field", ["content", "key", "rationale", "type"])
def test_what_a_version_says_never_changes(version: QuestionVersion, field: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        QuestionVersion.objects.filter(pk=version.pk).update(**{field: '"x"'})


def test_a_question_is_never_deleted(version: QuestionVersion) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        QuestionVersion.objects.filter(pk=version.pk).delete()


def test_at_most_one_version_is_published(version: QuestionVersion) -> None:
    bank.publish(version, actor=None, now=NOW)
    version.pk, version.number = None, 2
    version.uuid = "6b0f0a52-6f0a-4d7c-9d2c-3f1b8f0a0001"
    with pytest.raises(IntegrityError), transaction.atomic():
        version.save()


def test_a_number_stands_once_and_a_published_version_has_its_time(
    version: QuestionVersion,
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionVersion.objects.filter(pk=version.pk).update(state="published")
    version.pk, version.uuid = None, "6b0f0a52-6f0a-4d7c-9d2c-3f1b8f0a0001"
    with pytest.raises(IntegrityError), transaction.atomic():
        version.save()


def test_a_header_without_questions_is_refused_whole() -> None:
    with pytest.raises(FileRefused, match="no rows under the header"):
        planned("题干,题型,选项A,选项B,正确答案\n".encode(), "a.csv")
