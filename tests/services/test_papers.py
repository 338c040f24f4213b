"""Papers: frozen from the bank by the scheme of the year, then only their state moves."""

import random
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cms.core.errors import Refused
from courses.models import ExamYear, Subject
from courses.syllabus.services import load_reference
from quizzes.bank import services as bank
from quizzes.exchange.services import apply_import
from quizzes.models import Paper, PaperItem, QuestionVersion
from quizzes.papers.services import freeze_paper, release, withdraw
from tests.factories.questions import kaoshibao_file, single, whole_paper

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _reference() -> None:
    load_reference(NOW)


def fill_bank(content: bytes | None = None, **options: object) -> None:
    options = {"subject": "junior-general", **options}
    apply_import(content or whole_paper(), "a.xlsx", options=options, actor=None, now=NOW)


def freeze(code: str = "mock-1", seed: int = 1, year: int = 2026) -> Paper:
    return freeze_paper(
        subject=Subject.objects.get(pk="junior-general"),
        exam_year=ExamYear.objects.get(pk=year),
        title="综合能力（初级）模拟卷一",
        code=code,
        rng=random.Random(seed),  # noqa: S311 -- a paper is drawn, not a secret made
        actor=None,
        now=NOW,
    )


def test_a_paper_has_the_sections_and_marks_of_the_exam() -> None:
    fill_bank()
    paper = freeze()
    items = list(paper.ordered_items())
    assert [item.number for item in items] == list(range(1, 81))
    assert [item.section for item in items] == [0] * 60 + [1] * 20
    assert sum(item.points_half for item in items) == paper.scheme["total_half"] == 200
    assert {item.question_version.type for item in items[60:]} == {"multiple_response"}


def test_the_snapshot_holds_everything_to_answer_and_no_key() -> None:
    fill_bank()
    paper = freeze()
    snapshot = paper.snapshot()
    assert (snapshot["paper"], snapshot["sha256"]) == (str(paper.uuid), paper.content_sha256)
    assert (snapshot["duration_min"], snapshot["pass_half"]) == (120, 120)
    assert snapshot["sections"][1]["hint"].startswith("每题的备选项中")
    first = snapshot["items"][0]
    assert set(first) == {"item", "section", "type", "points_half", "stem", "options", "stimulus"}
    assert "key" not in str(snapshot)
    assert "解析" not in str(snapshot)


def test_the_snapshot_takes_two_statements() -> None:
    fill_bank()
    paper = freeze()
    with CaptureQueriesContext(connection) as statements:
        paper.snapshot()
    assert len(statements) <= 2


def test_equal_chance_draws_alike_and_another_otherwise() -> None:
    fill_bank(whole_paper())
    fill_bank(kaoshibao_file([single(n) for n in range(500, 560)]))
    first, twin, other = freeze("a", 1), freeze("b", 1), freeze("c", 2)
    assert first.content_sha256 == twin.content_sha256 != other.content_sha256
    assert first.seed == twin.seed != other.seed


def test_chapters_are_spread_over_the_paper() -> None:
    fill_bank()
    numbers = [item.question_version.chapter.number for item in freeze().ordered_items()]
    assert max(map(numbers.count, numbers)) - min(map(numbers.count, numbers)) <= 2


def test_a_bank_too_small_names_each_short_cell() -> None:
    fill_bank(kaoshibao_file([single(n) for n in range(10)]))
    with pytest.raises(Refused) as refused:
        freeze()
    assert refused.value.code == "shortfall"
    cells = refused.value.detail["shortfall"]
    assert [(c["section"], c["need"], c["have"]) for c in cells] == [
        ("单项选择题", 60, 10),
        ("多项选择题", 20, 0),
    ]
    assert not Paper.objects.exists()


def test_questions_on_older_law_and_retired_ones_are_not_drawn() -> None:
    fill_bank(exam_year=2025)
    with pytest.raises(Refused, match="shortfall"):
        freeze(year=2026)
    assert freeze("old", year=2025).items.count() == 80
    bank.retire(QuestionVersion.objects.first(), actor=None, now=NOW)
    with pytest.raises(Refused, match="shortfall"):
        freeze("next", year=2025)


def test_a_year_without_sections_has_no_paper() -> None:
    with pytest.raises(Refused, match="no_scheme"):
        freeze_paper(
            subject=Subject.objects.get(pk="senior-practice"),
            exam_year=ExamYear.objects.get(pk=2026),
            title="x",
            code="x",
            rng=random.Random(1),  # noqa: S311 -- a paper is drawn, not a secret made
            actor=None,
            now=NOW,
        )


def test_a_code_is_used_once() -> None:
    fill_bank()
    freeze()
    with pytest.raises(Refused, match="code_taken"):
        freeze()


def test_a_paper_is_released_once_and_may_be_withdrawn() -> None:
    fill_bank()
    paper = freeze()
    assert not Paper.objects.released().exists()
    release(paper, actor=None, now=NOW)
    assert Paper.objects.released().get().released_at == NOW
    with pytest.raises(Refused, match="wrong_state"):
        release(paper, actor=None, now=NOW)
    withdraw(paper, actor=None, now=NOW)
    assert not Paper.objects.released().exists()


def test_a_paper_with_a_question_retired_meanwhile_is_not_released() -> None:
    fill_bank()
    paper = freeze()
    item = paper.items.get(number=7)
    bank.retire(item.question_version, actor=None, now=NOW)
    with pytest.raises(Refused) as refused:
        release(paper, actor=None, now=NOW)
    assert (refused.value.code, refused.value.detail) == ("retired_items", {"items": [7]})


def test_a_correction_in_the_bank_leaves_the_paper_as_it_is() -> None:
    fill_bank()
    paper = freeze()
    before = paper.snapshot()
    bank.retire(paper.items.get(number=1).question_version, actor=None, now=NOW)
    paper.subject.schemes.update(pass_half=106)
    assert Paper.objects.get(pk=paper.pk).snapshot() == before


@pytest.mark.parametrize(
    ("model", "change"),
    [(Paper, {"scheme": {}}), (Paper, {"code": "x"}), (PaperItem, {"points_half": 9})],
)
def test_what_is_frozen_never_changes(model: type, change: dict[str, object]) -> None:
    fill_bank()
    freeze()
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(**change)


def test_the_database_refuses_a_released_paper_without_time_and_twice_placed_items() -> None:
    fill_bank()
    paper = freeze()
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(state="released")
    fill_bank(kaoshibao_file([single(900)]))
    placed = paper.items.get(number=1).question_version
    fresh = QuestionVersion.objects.exclude(paper_items__paper=paper).get()
    for number, version in ((1, fresh), (81, placed), (0, fresh)):
        with pytest.raises(IntegrityError), transaction.atomic():
            PaperItem.objects.create(
                paper=paper, number=number, section=0, points_half=2, question_version=version
            )
