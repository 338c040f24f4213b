"""The reference of the exam: loaded once, never over what staff have corrected."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils.translation import override

from courses.models import (
    ExamYear,
    KnowledgePoint,
    LawEdition,
    Level,
    Subject,
    SubjectPaperScheme,
    SyllabusVersion,
)
from courses.syllabus.services import load_reference

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _reference() -> None:
    load_reference(NOW)


def chapters(subject: str) -> list[str]:
    points = KnowledgePoint.objects.of_newest_version().chapters().filter(subject=subject)
    return list(points.values_list("title", flat=True))


@pytest.mark.parametrize(
    ("subject", "count"),
    [
        ("junior-general", 12),
        ("junior-practice", 17),
        ("intermediate-general", 13),
        ("intermediate-practice", 18),
        ("intermediate-law", 19),
    ],
)
def test_every_subject_has_its_chapters(subject: str, count: int) -> None:
    assert len(chapters(subject)) == count


def test_chapters_keep_their_order() -> None:
    assert chapters("junior-general")[6] == "小组社会工作服务方法"


def test_titles_no_text_confirmed_are_flagged() -> None:
    unsure = KnowledgePoint.objects.filter(subject="intermediate-general", confirmed=False)
    assert set(unsure.values_list("number", flat=True)) == {"6", "10", "11", "12"}


def test_loading_again_changes_nothing_and_keeps_corrections() -> None:
    point = KnowledgePoint.objects.get(subject="intermediate-general", number="6")
    point.title, point.confirmed = "社会工作服务的理论", True
    point.save()
    ExamYear.objects.filter(pk=2026).update(result_on=date(2026, 7, 30))
    before = load_reference(NOW)
    assert load_reference(NOW) == before
    point.refresh_from_db()
    assert point.title == "社会工作服务的理论"
    assert ExamYear.objects.get(pk=2026).result_on == date(2026, 7, 30)


def test_the_scheme_of_a_junior_paper_is_that_of_the_exam() -> None:
    scheme = SubjectPaperScheme.objects.get(exam_year=2026, subject="junior-general").frozen()
    sections = [(s["type"], s["count"], s["points_half"]) for s in scheme["sections"]]
    assert sections == [("single_choice", 60, 2), ("multiple_response", 20, 4)]
    assert (scheme["duration_min"], scheme["pass_half"], scheme["total_half"]) == (120, 120, 200)


def test_the_next_exam_is_provisional_and_asks_the_law_of_the_year_before() -> None:
    upcoming = ExamYear.objects.get(year=2027)
    assert upcoming.provisional
    assert upcoming.law_as_of == date(2026, 12, 31)


def test_a_load_in_a_later_year_adds_the_exam_to_come() -> None:
    load_reference(datetime(2030, 9, 1, tzinfo=UTC))
    added = ExamYear.objects.get(pk=2031)
    assert (added.provisional, added.starts_on) == (True, date(2031, 5, 24))
    assert added.schemes.count() == Subject.objects.count()


def test_the_command_loads_regions_first(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_reference")
    said = capsys.readouterr().out
    assert said.index("Region") < said.index("Subject")


def test_a_chapter_number_stands_once_in_a_subject() -> None:
    version = SyllabusVersion.objects.get()
    parent = KnowledgePoint.objects.get(subject="junior-general", number="1", depth=1)
    twin = {"version": version, "subject_id": "junior-general", "title": "又一章", "order": 1}
    for depth, above in ((1, None), (2, parent)):
        with pytest.raises(IntegrityError), transaction.atomic():
            KnowledgePoint.objects.create(number="1", parent=above, depth=depth, **twin)


def test_depth_and_parent_agree() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        KnowledgePoint.objects.filter(depth=1).update(depth=2)


def test_dates_and_marks_stand_in_order() -> None:
    wrong = [
        (ExamYear.objects.all(), {"ends_on": date(2000, 1, 1)}),
        (SubjectPaperScheme.objects.all(), {"pass_half": 500}),
    ]
    for rows, change in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        LawEdition.objects.create(
            title="x", in_force_from=date(2021, 1, 1), superseded_on=date(2020, 1, 1)
        )


def test_a_year_has_one_scheme_for_a_subject() -> None:
    scheme = SubjectPaperScheme.objects.first()
    scheme.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        scheme.save()


def test_a_level_is_called_in_the_language_of_the_reader() -> None:
    junior = Level(code="junior", name="初级", title="助理社会工作师")
    with override("en"):
        assert (junior.said_name, junior.said_title) == ("Junior", "Assistant social worker")
        assert str(junior) == "Junior"
    with override("zh-hans"):
        assert (junior.said_name, junior.said_title) == ("初级", "助理社会工作师")


def test_a_level_that_only_the_data_knows_keeps_its_name() -> None:
    with override("en"):
        assert Level(code="honorary", name="荣誉级", title="荣誉").said_name == "荣誉级"
