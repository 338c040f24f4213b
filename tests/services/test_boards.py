"""Boards of areas and classes against the raw rows, counted another way."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cohorts.outcomes.board import FIGURES
from cohorts.outcomes.services import class_board, class_boards, people_behind, region_board
from cohorts.results.models import CutScore, ExamSignUp, SubjectResult
from tests.factories.outcomes import (
    BEGAN,
    check_in,
    enrol,
    make_class,
    make_class_staff,
    make_session,
    make_unit,
)
from tests.factories.people import (
    HAIYUAN,
    NOW,
    SHAPOTOU,
    TAISHUN,
    ZHONGNING,
    ZHONGWEI,
    make_certificate,
    make_organisation,
    make_person,
    make_post,
    make_reference,
    make_results,
    make_sign_up,
    pass_junior,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference() -> None:
    make_reference()


def a_year_of_three_counties() -> None:
    """12 pass, 5 fail, 2 stay away and 3 are silent in 沙坡头区; others elsewhere."""
    for n in range(1, 13):
        pass_junior(make_person(n))
    for n in range(13, 18):
        make_results(make_person(n), {"junior-general": 50, "junior-practice": 61}, year=2023)
    for n in (18, 19):
        states = {"junior-general": "absent", "junior-practice": "misconduct"}
        make_results(make_person(n), states, year=2023)
    for n in (20, 21, 22):
        make_sign_up(make_person(n), year=2023, level="junior")
    for n in range(30, 34):
        pass_junior(make_person(n, region=ZHONGNING), region=ZHONGNING)
    pass_junior(make_person(40, region=TAISHUN), region=TAISHUN)
    pass_junior(make_person(41), year=2022)


def raw_counts(area: str) -> dict[str, int]:
    """The same figures straight from the rows, one person at a time."""
    sign_ups = ExamSignUp.objects.across_regions().filter(
        exam_year=2023, level="junior", region__code__startswith=area
    )
    found = dict.fromkeys(("registered", "reported", "sat", "passed", "absent", "missing"), 0)
    for sign_up in sign_ups:
        rows = [
            row
            for row in SubjectResult.objects.across_regions().filter(
                person=sign_up.person, exam_year=2023
            )
            if row.state in {"evidenced", "checked"} and not hasattr(row, "superseded_by")
        ]
        scores = [row.score_half for row in rows if row.score_half is not None]
        found["registered"] += 1
        found["reported"] += bool(rows)
        found["sat"] += bool(scores)
        found["passed"] += len([score for score in scores if score >= 120]) == 2
        found["absent"] += bool(rows) and not scores
        found["missing"] += not rows
    return found


@pytest.mark.parametrize("area", [ZHONGWEI, SHAPOTOU, ZHONGNING, HAIYUAN])
def test_the_board_of_an_area_equals_its_raw_rows(area):
    a_year_of_three_counties()
    raw = raw_counts(area)
    found = region_board(area, 2023)
    if not raw["registered"]:
        assert found.levels == []
        return
    counts = found.levels[0].whole.counts
    assert {name: getattr(counts, name) for name in raw} == raw
    for figure, number in raw.items():
        assert len(people_behind(area, 2023, level="junior", figure=figure).people) == number
    for part in found.levels[0].parts:
        assert {name: getattr(part.counts, name) for name in raw} == raw_counts(part.code)


def test_the_years_equal_the_boards_of_the_years():
    a_year_of_three_counties()
    years = region_board(ZHONGWEI, 2023).levels[0].years
    assert [row.year for row in years] == [2022, 2023]
    for row in years:
        assert row.counts == region_board(ZHONGWEI, row.year).levels[0].whole.counts


def test_a_persons_own_word_is_no_result():
    person = make_person(1)
    make_sign_up(person, year=2023, level="junior")
    SubjectResult.objects.create(
        person=person, exam_year_id=2023, subject_id="junior-general", region_id=SHAPOTOU,
        score_half=130, state="self_reported", recorded_at=NOW,
    )  # fmt: skip
    counts = region_board(ZHONGWEI, 2023).levels[0].whole.counts
    assert (counts.registered, counts.reported, counts.passed) == (1, 0, 0)


def test_the_holders_behind_a_figure_stand_where_they_work():
    moved = make_person(1)
    make_certificate(moved, approved_on=date(2023, 6, 11))
    make_post(moved, make_organisation("石空社区", region=ZHONGNING))
    make_certificate(make_person(2), approved_on=date(2023, 6, 11))
    behind = people_behind(ZHONGWEI, 2023, level="junior", figure="holders")
    assert set(behind.areas.values()) == {SHAPOTOU, ZHONGNING}
    assert people_behind(ZHONGNING, 2023, level="junior", figure="holders").people == [moved.pk]
    assert region_board(ZHONGWEI, 2023).unplaced == 1


def test_every_figure_has_its_people_even_where_there_are_none():
    for figure in FIGURES:
        assert people_behind(ZHONGWEI, 2023, level="senior", figure=figure).people == []


def test_the_board_takes_as_many_statements_for_many_people_as_for_few(
    django_assert_max_num_queries,
):
    for n in range(1, 31):
        pass_junior(make_person(n), year=2022 + n % 2)
    with django_assert_max_num_queries(14):
        region_board(ZHONGWEI, 2023)


# --- classes --------------------------------------------------------------------------------------
def a_class_of_fourteen():
    """14 on the register: 6 passed, 4 failed, 1 was absent, 1 is silent, 2 did not sign up."""
    cohort = make_class()
    people = [make_person(n) for n in range(1, 15)]
    for person in people[:6]:
        pass_junior(person)
    for person in people[6:10]:
        make_results(person, {"junior-general": 40, "junior-practice": 61}, year=2023)
    make_results(people[10], {"junior-general": "absent", "junior-practice": "absent"}, year=2023)
    make_sign_up(people[11], year=2023, level="junior")
    return cohort, enrol(cohort, people)


def counts_of(board):
    return {stage.name: stage.count for stage in board.whole.stages}


def test_the_board_of_a_class_follows_its_people_to_the_pass():
    cohort, _enrolments = a_class_of_fourteen()
    found = class_board(cohort, NOW)
    assert counts_of(found) == {
        "register": 14, "attended": None, "signed_up": 12, "reported": 11, "sat": 10, "passed": 6,
    }  # fmt: skip
    assert found.is_frozen
    assert len(found.whole.people("missing")) == 1


def test_a_pass_of_another_year_or_level_is_none_of_the_class():
    cohort = make_class()
    people = [make_person(1), make_person(2)]
    pass_junior(people[0], year=2022)
    scores = {"intermediate-law": 61, "intermediate-general": 61, "intermediate-practice": 61}
    make_results(people[1], scores, year=2023)
    enrol(cohort, people)
    assert counts_of(class_board(cohort, NOW))["signed_up"] is None
    make_sign_up(people[0], year=2023, level="junior")
    assert counts_of(class_board(cohort, NOW))["passed"] == 0


def test_who_signed_up_in_another_province_still_belongs_to_the_class():
    cohort = make_class()
    person = make_person(1)
    pass_junior(person, region=TAISHUN)
    enrol(cohort, [person])
    assert counts_of(class_board(cohort, NOW))["passed"] == 1


def test_a_pass_by_the_separate_line_is_a_pass_of_the_class():
    cohort = make_class(exam_year_id=2025, region_id=HAIYUAN)
    person = make_person(1, region=HAIYUAN)
    make_results(person, {"junior-general": 53, "junior-practice": 60}, year=2025, region=HAIYUAN)
    enrol(cohort, [person])
    assert counts_of(class_board(cohort, NOW))["passed"] == 0
    CutScore.objects.filter(area=HAIYUAN).update(verified=True)
    assert counts_of(class_board(cohort, NOW))["passed"] == 1


def test_nobody_leaves_the_register_once_it_is_frozen():
    cohort = make_class()
    stays, leaves = make_person(1), make_person(2)
    enrol(cohort, [stays])
    enrol(cohort, [leaves], state="withdrawn")
    enrol(cohort, [make_person(3)], on_register=False)  # came after the freeze
    assert counts_of(class_board(cohort, NOW))["register"] == 2


def test_before_the_freeze_those_enrolled_are_counted_and_it_is_said():
    cohort = make_class(frozen_at=None)
    enrol(cohort, [make_person(1)])
    enrol(cohort, [make_person(2)], state="applied")
    enrol(cohort, [make_person(3)], state="withdrawn")
    found = class_board(cohort, NOW)
    assert counts_of(found)["register"] == 1
    assert not found.is_frozen


def test_attendance_takes_the_last_row_of_each_session_and_only_sessions_held():
    cohort = make_class()
    always, once, corrected = enrol(cohort, [make_person(n) for n in (1, 2, 3)])
    by = make_class_staff(cohort, "lehrerin")
    sessions = [make_session(cohort, day) for day in (1, 2, 3)]
    make_session(cohort, 4, starts_at=NOW + timedelta(days=1))
    for session in sessions:
        check_in(session, always, "present", by)
        check_in(session, corrected, "present", by)
    check_in(sessions[0], once, "present", by)
    for session in sessions[:2]:
        check_in(session, corrected, "absent", by)
    found = class_board(cohort, NOW)
    assert found.sessions_held == 3
    assert [one.person for one in found.whole.people("attended")] == [always.person_id]


def test_counties_and_units_are_those_of_the_work_and_else_of_the_sign_up():
    cohort = make_class()
    works, signed, unknown = (make_person(n) for n in (1, 2, 3))
    enrol(cohort, [works], organisation=make_unit("石空社区", ZHONGNING))
    enrol(cohort, [signed, unknown])
    sign_up = make_sign_up(signed, year=2023, level="junior", region=HAIYUAN)
    ExamSignUp.objects.across_regions().filter(pk=sign_up.pk).update(organisation="海城镇社工站")
    found = class_board(cohort, NOW)
    assert {name: part.count("register") for name, part in found.counties.items()} == {
        "": 1, "中宁县": 1, "海原县": 1,
    }  # fmt: skip
    assert set(found.units) == {"", "石空社区", "海城镇社工站"}


@pytest.mark.parametrize(
    ("now", "is_over", "are_out", "is_estimate"),
    [
        (datetime(2023, 5, 1, tzinfo=UTC), False, False, False),
        (datetime(2023, 7, 1, tzinfo=UTC), True, False, False),
        (datetime(2023, 8, 12, tzinfo=UTC), True, True, False),
    ],
)
def test_a_class_knows_when_its_results_come(now, is_over, are_out, is_estimate):
    outlook = class_board(make_class(), now).outlook
    assert (outlook.is_over, outlook.are_out, outlook.is_estimate) == (
        is_over, are_out, is_estimate,
    )  # fmt: skip
    assert outlook.results_on == date(2023, 8, 11)


def test_where_no_day_is_published_other_years_say_about_when():
    outlook = class_board(make_class(exam_year_id=2026), BEGAN).outlook
    assert outlook.is_estimate
    assert outlook.results_on == date(2026, 7, 24)


def test_many_classes_take_as_many_statements_as_one(django_assert_max_num_queries):
    cohorts = []
    for k in range(5):
        cohort = make_class(f"class-{k}")
        people = [make_person(10 * k + n) for n in range(1, 6)]
        for person in people:
            pass_junior(person)
        enrolments = enrol(cohort, people)
        by = make_class_staff(cohort, f"staff-{k}")
        check_in(make_session(cohort, 1), enrolments[0], "present", by)
        cohorts.append(cohort)
    with django_assert_max_num_queries(14):
        boards = class_boards(cohorts, NOW)
    assert [board.whole.count("passed") for board in boards] == [5] * 5
