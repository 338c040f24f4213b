"""Who is behind in a class: from the raw rows to the reasons beside the name."""

import io
from datetime import date, timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.utils import timezone

from cms.accounts.models import AuditEntry
from cohorts.enrolment.models import Cohort
from cohorts.enrolment.overview import classes_of, plan_of, public_cohorts
from cohorts.following.reading import trainees_in, trainees_of
from cohorts.following.register import FILTERS, ORDERS, Choice, counts
from cohorts.following.services import behind, behind_in, export_register
from cohorts.following.signals_of_risk import Rule
from quizzes.practice.models import PracticeAnswer
from tests.factories.classes import (
    enrol,
    enrol_trainee,
    finish,
    lessons_of,
    make_account,
    make_cohort,
    make_course,
    make_session,
    make_staff,
    mark,
    plan_line,
    study,
)
from tests.factories.exam import STARTED, hand_in, make_paper, start_attempt
from tests.factories.people import NOW, make_person, make_reference

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
AFTER = STARTED + 2 * DAY


@pytest.fixture(autouse=True)
def _reference() -> None:
    make_reference()


@pytest.fixture
def cohort():
    made = make_cohort()
    made.courses.add(make_course())
    return made


def rules(cohort, now=NOW):
    return {
        row.enrolment.pk: {finding.rule for finding in row.findings} for row in behind(cohort, now)
    }


def practise(user, at) -> None:
    version = make_paper().items.first().question_version
    PracticeAnswer.objects.create(
        key=uuid4(),
        user=user,
        question=version.question,
        version=version,
        verdict="right",
        score_half=2,
        at=at,
    )


def test_who_did_nothing_since_joining_is_silent(cohort) -> None:
    _, enrolment = enrol_trainee(cohort, 1)
    assert rules(cohort) == {enrolment.pk: {Rule.SILENT}}


def test_reading_practising_or_sitting_ends_the_silence(cohort) -> None:
    reader, _ = enrol_trainee(cohort, 1)
    sitter, _ = enrol_trainee(cohort, 2)
    lesson = lessons_of(cohort.courses.get())[0]
    finish(reader, lesson, AFTER - DAY)
    hand_in(start_attempt(sitter, make_paper()), {1: "b", 2: "b", 3: "b", 4: "acd"})
    assert rules(cohort, AFTER) == {}


def test_who_just_joined_is_not_silent(cohort) -> None:
    person = make_person(1)
    type(person).objects.across_regions().filter(pk=person.pk).update(user=make_account())
    enrol(cohort, person, moved_at=NOW - 6 * DAY)
    assert rules(cohort) == {}


def test_nobody_is_behind_before_the_class_begins(cohort) -> None:
    enrol_trainee(cohort, 1)
    Cohort.objects.across_regions().update(starts_on=timezone.localdate(NOW) + DAY)
    cohort.refresh_from_db()
    assert rules(cohort) == {}


def test_studied_and_silent_add_up_to_those_with_an_account(cohort) -> None:
    (reader, _), (practiser, _) = enrol_trainee(cohort, 1), enrol_trainee(cohort, 2)
    enrol_trainee(cohort, 3)
    enrol(cohort, make_person(4))
    finish(reader, lessons_of(cohort.courses.get())[0], NOW - 6 * DAY)
    practise(practiser, NOW)
    found = counts(trainees_of(cohort, NOW))
    assert (found["studied"], found["silent"], found[""]) == (2, 1, 4)


def test_who_has_no_account_is_told_by_attendance_alone(cohort) -> None:
    enrolment = enrol(cohort, make_person(1))
    plan_line(cohort, date(2026, 3, 3), lesson=lessons_of(cohort.courses.get())[0])
    assert rules(cohort) == {}
    make_session(cohort, NOW - DAY)
    assert rules(cohort) == {enrolment.pk: {Rule.ATTENDANCE}}


def test_overdue_lines_and_a_missed_mock_are_evidence(cohort) -> None:
    user, enrolment = enrol_trainee(cohort, 1)
    first, *others = lessons_of(cohort.courses.get())
    for lesson in (first, *others):
        plan_line(cohort, date(2026, 3, 10), title=lesson.title, lesson=lesson)
    plan_line(cohort, date(2026, 3, 20), title="模拟一", paper=make_paper())
    plan_line(cohort, date(2026, 3, 20), title="自己复习")
    finish(user, first, NOW - DAY)
    assert rules(cohort) == {enrolment.pk: {Rule.OVERDUE, Rule.MISSED_MOCK}}
    (row,) = behind(cohort, NOW)
    assert {str(f.evidence) for f in row.findings} == {
        "3 lines of the plan overdue, the oldest: 课时 2",
        "Planned mock exams not handed in: 模拟一",
    }


def test_a_mock_under_half_the_marks_lists_by_the_scoring_that_counts(cohort) -> None:
    user, enrolment = enrol_trainee(cohort, 1)
    attempt = hand_in(start_attempt(user, make_paper()), {1: "b"})
    assert rules(cohort, AFTER) == {enrolment.pk: {Rule.LOW_MOCK}}
    first = attempt.scorings.get()
    attempt.scorings.create(
        total_half=12,
        item_scores=first.item_scores,
        answers=first.answers,
        scheme_sha256=first.scheme_sha256,
        paper_sha256=first.paper_sha256,
        supersedes=first,
        reason="改答案",
        by=make_staff(cohort, "teacher", "instructor"),
        at=AFTER,
    )
    assert rules(cohort, AFTER) == {}


def test_attendance_below_two_thirds_lists(cohort) -> None:
    user, enrolment = enrol_trainee(cohort, 1)
    finish(user, lessons_of(cohort.courses.get())[0])
    staff = make_staff(cohort, "teacher", "instructor")
    for n, kind in enumerate(("present", "present", "leave", "leave"), start=1):
        mark(make_session(cohort, NOW - n * DAY), enrolment, kind, staff)
    (row,) = behind(cohort, NOW)
    assert [str(f.evidence) for f in row.findings] == ["Present in 2 of 4 half-days held"]


def test_the_register_row_adds_up(cohort) -> None:
    user, enrolment = enrol_trainee(cohort, 1)
    lessons = lessons_of(cohort.courses.get())
    finish(user, lessons[0])
    elsewhere = make_course("别的课")
    finish(user, lessons_of(elsewhere)[0])
    study(user, NOW, 600)
    study(user, NOW - 6 * DAY, 300)
    study(user, NOW - 7 * DAY, 9000)
    (row,) = trainees_of(cohort, NOW)
    assert (row.lessons, row.lessons_done, row.minutes) == (3, 1, 15)
    assert row.last_at == NOW
    assert row.enrolment == enrolment


def test_practice_counts_as_having_been_seen(cohort) -> None:
    user, _ = enrol_trainee(cohort, 1)
    practise(user, NOW - DAY)
    (row,) = trainees_of(cohort, NOW)
    assert (row.last_at, row.findings) == (NOW - DAY, ())


@pytest.mark.parametrize("trainees", [1, 5])
def test_a_class_is_read_in_ten_statements_however_many_are_in_it(
    trainees, cohort, django_assert_num_queries
) -> None:
    second = make_cohort(code="second")
    second.courses.add(cohort.courses.get())
    paper = make_paper()
    plan_line(cohort, date(2026, 3, 10), paper=paper)
    for n in range(trainees):
        user, _ = enrol_trainee(cohort, n)
        enrol(second, user.person)
        finish(user, lessons_of(cohort.courses.get())[0])
        hand_in(start_attempt(user, paper))
    with django_assert_num_queries(10):
        found = trainees_in([cohort, second], AFTER)
        assert [len(rows) for rows in found.values()] == [trainees, trainees]


def test_several_classes_are_kept_apart(cohort) -> None:
    other = make_cohort(code="other")
    _, here = enrol_trainee(cohort, 1)
    _, there = enrol_trainee(other, 2)
    found = behind_in([cohort, other], NOW)
    assert [row.enrolment for row in found[cohort.pk]] == [here]
    assert [row.enrolment for row in found[other.pk]] == [there]


# --- the register ---------------------------------------------------------------------------------
def test_every_filter_and_order_works_on_who_has_nothing(cohort) -> None:
    enrol(cohort, make_person(1))
    enrol_trainee(cohort, 2)
    rows = trainees_of(cohort, NOW)
    for show in FILTERS:
        for order in ORDERS:
            assert len(Choice.of({"show": show, "order": order}).rows(rows)) <= 2
    assert Choice.of({"show": "nonsense", "order": "nonsense"}) == Choice("", "name")


def test_who_has_no_account_is_not_said_to_have_sat_no_mock(cohort) -> None:
    enrol(cohort, make_person(1))
    _, known = enrol_trainee(cohort, 2)
    rows = Choice("no_mock", "name").rows(trainees_of(cohort, NOW))
    assert [row.enrolment for row in rows] == [known]


def test_the_workbook_carries_the_rows_and_no_number_and_leaves_a_trace(cohort) -> None:
    _, enrolment = enrol_trainee(cohort, 1)
    staff = make_staff(cohort, "organiser")
    content = export_register(cohort, trainees_of(cohort, NOW), actor=staff, now=NOW)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert enrolment.person.name in cells
    assert enrolment.person.id_number.open() not in "".join(cells)
    entry = AuditEntry.objects.across_regions().get(action="export_class_register")
    assert (entry.actor, entry.detail) == (staff, {"rows": 1})


# --- what other pages ask -------------------------------------------------------------------------
def test_a_plan_says_what_this_account_has_done(cohort) -> None:
    user, _ = enrol_trainee(cohort, 1)
    first, second, _third = lessons_of(cohort.courses.get())
    paper = make_paper()
    today = timezone.localdate(AFTER)
    plan_line(cohort, today - DAY, title="一", lesson=first)
    plan_line(cohort, today - DAY, title="二", lesson=second)
    plan_line(cohort, today, title="三", paper=paper)
    plan_line(cohort, today + DAY, title="四")
    finish(user, first)
    hand_in(start_attempt(user, paper))
    found = [(row.line.title, row.done, row.overdue) for row in plan_of(cohort, user, AFTER)]
    assert found == [
        ("一", True, False),
        ("二", False, True),
        ("三", True, False),
        ("四", None, False),
    ]


def test_the_own_classes_are_those_with_a_seat_newest_first(cohort) -> None:
    user, here = enrol_trainee(cohort, 1)
    newer = enrol(make_cohort(code="newer", starts_on=date(2026, 4, 1)), user.person)
    enrol(make_cohort(code="asked"), user.person, "applied")
    assert classes_of(user) == [newer, here]


def test_the_public_list_has_what_is_published_and_not_over(cohort) -> None:
    make_cohort(code="draft", state="draft")
    make_cohort(code="closed", state="closed")
    make_cohort(code="over", ends_on=date(2026, 3, 31))
    late = make_cohort(code="late", closes_at=NOW, starts_on=date(2026, 1, 1))
    enrol(cohort, make_person(1))
    enrol(cohort, make_person(2), "waiting")
    found = public_cohorts(NOW)
    assert [(row.cohort, row.taken) for row in found] == [(cohort, 1), (late, 0)]
    assert str(found[0].seats) == "39 of 40 seats left"
