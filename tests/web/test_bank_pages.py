"""The pages of authors in /cms/: bank, import of questions, papers, syllabus."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cms.accounts.models import User
from cms.accounts.services import grant_role
from cms.core.models import StagedImport
from courses.models import KnowledgePoint
from courses.syllabus.services import load_reference
from quizzes.exchange.services import apply_import
from quizzes.models import Paper, Question, QuestionVersion
from tests.factories.questions import kaoshibao_file, multiple, single, whole_paper

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
OTHERS = ["trainee", "county_officer", "finance_officer", "organiser", "auditor"]


@pytest.fixture(autouse=True)
def _reference() -> None:
    load_reference(NOW)


def signed_in(role: str) -> Client:
    user = User.objects.create(username=f"a-{role}")
    grant_role(user=user, role=role, valid_from=date(2020, 1, 1))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor() -> Client:
    return signed_in("editor")


def fill_bank(content: bytes | None = None, **options: Any) -> None:
    options = {"subject": "junior-general", **options}
    apply_import(content or whole_paper(), "a.xlsx", options=options, actor=None, now=NOW)


def page_text(client: Client, url: str, **query: Any) -> str:
    response = client.get(url, query, headers={"accept-language": "en"})
    assert response.status_code == 200, response.status_code
    return response.content.decode()


PAGES = ["bank:index", "bank_import:import", "paper:index", "paper:assemble"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", ["editor", "instructor"])
def test_authors_open_every_page(name: str, role: str) -> None:
    assert signed_in(role).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_opens_them(name: str, role: str) -> None:
    response = signed_in(role).get(reverse(name))
    assert response.status_code in {302, 403}
    assert "题干" not in response.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_a_visitor_is_sent_to_sign_in(name: str) -> None:
    response = Client().get(reverse(name))
    assert response.status_code == 302
    assert "/accounts/login/" in response["location"]


# --- the bank -------------------------------------------------------------------------------------
def test_the_list_shows_filters_and_finds(editor: Client) -> None:
    fill_bank(kaoshibao_file([single(1), single(2, chapter="第三章"), multiple(3)]))
    index = reverse("bank:index")
    assert page_text(editor, index).count("题的题干") >= 3 or "第1道单选题" in page_text(
        editor, index
    )
    chapter = KnowledgePoint.objects.get(subject="junior-general", number="3", depth=1)
    found = {
        "only multiple": page_text(editor, index, type="multiple_response"),
        "only the third chapter": page_text(editor, index, chapter=chapter.pk),
        "only what was searched": page_text(editor, index, q="第2道"),
    }
    assert "第3道多选题" in found["only multiple"]
    assert "第1道单选题" not in found["only multiple"]
    for name in ("only the third chapter", "only what was searched"):
        assert "第2道单选题" in found[name], name
        assert "第1道单选题" not in found[name], name
    assert "第1道单选题" not in page_text(editor, index, state="draft")
    assert "3 questions" in page_text(editor, index)
    assert "第1道单选题" not in page_text(editor, index, subject="junior-practice")


def test_a_question_is_found_by_an_option_or_by_its_rationale(editor: Client) -> None:
    fill_bank(kaoshibao_file([single(1), single(2)]))
    version = QuestionVersion.objects.order_by("pk").last()
    option = version.content["options"][2]["text"]
    assert option in version.gist
    assert option not in str(version)
    for wanted in (option, version.rationale):
        assert str(version) in page_text(editor, reverse("bank:index"), q=wanted)
    assert str(version) not in page_text(editor, reverse("bank:index"), q="没有这样的话")


def test_the_list_takes_a_bounded_number_of_statements(
    editor: Client, django_assert_max_num_queries: Any
) -> None:
    fill_bank()
    with django_assert_max_num_queries(25):
        editor.get(reverse("bank:index"))


def test_there_is_no_form_that_writes_a_question(editor: Client) -> None:
    fill_bank(kaoshibao_file([single(1)]))
    version = QuestionVersion.objects.get()
    for path in ("new/", f"edit/{version.pk}/", f"delete/{version.pk}/", f"copy/{version.pk}/"):
        assert editor.get(reverse("bank:index") + path).status_code == 404


def test_the_preview_shows_the_question_then_key_and_rationale(editor: Client) -> None:
    fill_bank(kaoshibao_file([multiple(7, key="ABD")]))
    page = page_text(editor, reverse("bank:inspect", args=[QuestionVersion.objects.get().pk]))
    seen, hidden = page.split('id="key"')
    assert "第7题的选项E" in seen
    assert "第7题解析" not in seen
    assert "ABD" in hidden
    assert "第7题解析" in hidden


def test_a_case_is_previewed_with_its_questions(editor: Client) -> None:
    header = ["题目标识", "父题标识", "题型", "题干", "选项A", "选项B", "正确答案"]
    rows = [
        ["c", "", "案例题", "小明转学后……", "", "", ""],
        ["q", "c", "单选题", "小明怎么办", "甲", "乙", "B"],
    ]
    fill_bank(kaoshibao_file(rows, header))
    page = page_text(editor, reverse("bank:inspect", args=[QuestionVersion.objects.get().pk]))
    assert page.index("小明转学后") < page.index("小明怎么办")


def test_markup_that_reached_the_bank_unsafe_is_made_safe_on_the_page(editor: Client) -> None:
    fill_bank(kaoshibao_file([single(1)]))
    version = QuestionVersion.objects.get()
    version.pk, version.number, version.state, version.published_at = None, 2, "draft", None
    version.uuid = "6b0f0a52-6f0a-4d7c-9d2c-3f1b8f0a0001"
    version.content["stem"] = '题干<img src=x onerror="alert(9)">'
    version.save()
    page = page_text(editor, reverse("bank:inspect", args=[version.pk]))
    assert "onerror" not in page


def test_a_draft_is_published_and_a_published_question_retired(editor: Client) -> None:
    fill_bank(kaoshibao_file([single(1)]), state="draft")
    version = QuestionVersion.objects.get()
    url = reverse("bank:move", args=[version.pk])
    for to in ("published", "retired"):
        assert editor.post(url, {"to": to}).status_code == 302
        version.refresh_from_db()
        assert version.state == to
    assert version.reviewer.username == "a-editor"
    assert editor.post(url, {"to": "published"}).status_code == 409
    assert editor.post(url, {"to": "draft"}).status_code == 404
    assert editor.get(url).status_code == 405


def test_only_authors_move_a_question() -> None:
    fill_bank(kaoshibao_file([single(1)]), state="draft")
    version = QuestionVersion.objects.get()
    for role in OTHERS:
        response = signed_in(role).post(
            reverse("bank:move", args=[version.pk]), {"to": "published"}
        )
        assert response.status_code in {302, 403}
    version.refresh_from_db()
    assert version.state == "draft"


# --- the import -----------------------------------------------------------------------------------
def upload(client: Client, content: bytes, name: str = "题库.xlsx", **fields: Any) -> Any:
    form = {"subject": "junior-general", "state": "published", "format": "auto", "exam_year": 2026}
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("bank_import:import"), {**form, **fields, "file": file})


def test_an_upload_is_previewed_and_written_only_when_confirmed(editor: Client) -> None:
    rows = [single(1), single(2, key=""), multiple(3, chapter="第九十章")]
    response = upload(editor, kaoshibao_file(rows))
    assert response.status_code == 302
    page = page_text(editor, response["location"])
    assert "第1道单选题" in page
    assert "第九十章" in page
    assert not Question.objects.exists()
    assert editor.post(response["location"], {"action": "apply"})["location"] == reverse(
        "bank:index"
    )
    assert Question.objects.count() == 2
    assert QuestionVersion.objects.first().law_as_of == date(2025, 12, 31)
    assert editor.post(response["location"], {"action": "apply"}).status_code == 409


def test_a_dropped_upload_writes_nothing(editor: Client) -> None:
    preview = upload(editor, kaoshibao_file([single(1)]))["location"]
    editor.post(preview, {"action": "discard"})
    assert StagedImport.objects.get().state == "discarded"
    assert not Question.objects.exists()


def test_a_file_that_is_no_workbook_is_refused_on_the_form(editor: Client) -> None:
    response = upload(editor, b"%PDF-1.7", "题库.pdf")
    assert response.status_code == 400
    assert not StagedImport.objects.exists()


def test_nobody_opens_the_upload_of_another(editor: Client) -> None:
    preview = upload(editor, kaoshibao_file([single(1)]))["location"]
    assert signed_in("instructor").get(preview).status_code == 404


# --- papers ---------------------------------------------------------------------------------------
PAPER = {"subject": "junior-general", "exam_year": 2026, "title": "模拟卷一", "code": "mock-1"}


def test_a_paper_is_assembled_looked_through_and_released(editor: Client) -> None:
    fill_bank()
    made = editor.post(reverse("paper:assemble"), {**PAPER, "seed": 1})
    paper = Paper.objects.get()
    assert made["location"] == reverse("paper:inspect", args=[paper.pk])
    page = page_text(editor, made["location"])
    assert page.count("q-item") == 80
    assert "第1题解析" in page
    assert "模拟卷一" in page_text(editor, reverse("paper:index"))
    for to in ("released", "withdrawn"):
        assert editor.post(reverse("paper:move", args=[paper.pk]), {"to": to}).status_code == 302
        paper.refresh_from_db()
        assert paper.state == to
    assert editor.post(reverse("paper:move", args=[paper.pk]), {"to": "draft"}).status_code == 404


def test_what_the_bank_lacks_is_listed_section_by_section(editor: Client) -> None:
    fill_bank(kaoshibao_file([single(n) for n in range(10)]))
    response = editor.post(reverse("paper:assemble"), PAPER)
    assert response.context["shortfall"] == [
        {"section": "单项选择题", "type": "single_choice", "need": 60, "have": 10},
        {"section": "多项选择题", "type": "multiple_response", "need": 20, "have": 0},
    ]
    assert "单项选择题" in response.content.decode()
    assert not Paper.objects.exists()


def test_a_code_in_use_is_said_beside_the_field(editor: Client) -> None:
    fill_bank()
    editor.post(reverse("paper:assemble"), PAPER)
    response = editor.post(reverse("paper:assemble"), PAPER)
    assert response.context["form"].errors["code"]
    assert Paper.objects.count() == 1


def test_a_paper_page_takes_a_bounded_number_of_statements(
    editor: Client, django_assert_max_num_queries: Any
) -> None:
    fill_bank()
    editor.post(reverse("paper:assemble"), PAPER)
    with django_assert_max_num_queries(25):
        editor.get(reverse("paper:inspect", args=[Paper.objects.get().pk]))


# --- the syllabus ---------------------------------------------------------------------------------
def test_an_editor_puts_a_title_right(editor: Client) -> None:
    point = KnowledgePoint.objects.get(subject="intermediate-general", number="6")
    url = reverse("knowledgepoint:edit", args=[point.pk])
    form = editor.get(url).context["form"].initial | {
        "title": "社会工作服务的理论",
        "confirmed": "on",
    }
    response = editor.post(url, {name: value or "" for name, value in form.items()})
    assert response.status_code == 302
    point.refresh_from_db()
    assert (point.title, point.confirmed) == ("社会工作服务的理论", True)
    delete = reverse("knowledgepoint:delete", args=[point.pk])
    assert editor.post(delete).status_code == 302
    assert KnowledgePoint.objects.filter(pk=point.pk).exists()
