"""Tonight's list fits into the evening and begins with what is worth most."""

from dataclasses import replace
from datetime import date

import pytest

from cms.today.plan import (
    DoneToday,
    Kind,
    Lesson,
    Situation,
    WeakChapter,
    mock_is_due,
    plan,
)

TODAY = date(2026, 4, 14)
EXAM = date(2026, 5, 23)
INTAKE = Lesson("接案", "/l/1/", "实务第 1 章", minutes=15)
WEAK = WeakChapter("小组", "/p/7/", "综合第 7 章", percent=52, answered=30, questions=40)


def situation(**changes) -> Situation:
    return Situation(today=TODAY, exam_on=EXAM, **changes)


def kinds(found) -> list[Kind]:
    return [item.kind for item in found.items]


def test_mistakes_come_first_then_the_lesson_then_the_weakest_chapter() -> None:
    found = plan(situation(mistakes_to_redo=12, lessons=(INTAKE,), weak=(WEAK,)))
    assert kinds(found) == [Kind.MISTAKES, Kind.LESSON, Kind.DRILL]
    assert found.items[0].count == 12
    assert found.minutes == 9 + 15 + 10


def test_the_list_never_asks_for_more_than_the_evening_holds() -> None:
    found = plan(situation(mistakes_to_redo=12, lessons=(INTAKE,), weak=(WEAK,), evening_min=20))
    assert kinds(found) == [Kind.MISTAKES, Kind.DRILL]
    assert found.minutes <= 20


def test_an_evening_is_not_left_empty_by_one_long_lesson() -> None:
    long = Lesson("长课", "/l/2/", "实务第 2 章", minutes=60)
    assert kinds(plan(situation(lessons=(long,)))) == [Kind.LESSON]


def test_the_lesson_that_the_class_wants_first_comes_before_the_course_s_own_order() -> None:
    dated = Lesson("预估", "/l/3/", "实务第 1 章", minutes=10, due_on=date(2026, 4, 12))
    later = Lesson("介入", "/l/4/", "实务第 1 章", minutes=10, due_on=date(2026, 4, 20))
    found = plan(situation(lessons=(INTAKE, later, dated)))
    assert found.next is not None
    assert found.next.lesson == dated


def test_a_lesson_begun_asks_for_what_is_left_of_it() -> None:
    begun = Lesson("接案", "/l/1/", "实务第 1 章", minutes=15, place=60)
    assert plan(situation(lessons=(begun,))).minutes == 6


def test_what_is_done_stays_on_the_list_and_uses_up_the_evening() -> None:
    done = DoneToday(mistakes_redone=12, lessons=(INTAKE,))
    found = plan(situation(mistakes_to_redo=4, lessons=(INTAKE,), weak=(WEAK,), done=done))
    assert [(item.kind, item.is_done) for item in found.items] == [
        (Kind.LESSON, True),
        (Kind.MISTAKES, True),
        (Kind.DRILL, False),
    ]
    assert found.minutes_left == 10


def test_the_list_gets_shorter_by_what_is_done_and_never_longer() -> None:
    before = plan(situation(mistakes_to_redo=12, lessons=(INTAKE,), weak=(WEAK,)))
    next_one = Lesson("预估", "/l/2/", "实务第 1 章", minutes=15)
    done = DoneToday(lessons=(INTAKE,))
    after = plan(situation(mistakes_to_redo=12, lessons=(next_one,), weak=(WEAK,), done=done))
    assert after.minutes_left == before.minutes - INTAKE.minutes


def test_when_all_is_done_nothing_comes_next() -> None:
    found = plan(situation(done=DoneToday(lessons=(INTAKE,))))
    assert found.next is None
    assert found.minutes_left == 0


@pytest.mark.parametrize(("days", "lessons"), [(4, 1), (3, 0), (0, 0)])
def test_nothing_new_is_begun_in_the_last_three_days(days: int, lessons: int) -> None:
    exam = date.fromordinal(TODAY.toordinal() + days)
    found = plan(Situation(today=TODAY, exam_on=exam, lessons=(INTAKE,)))
    assert len(found.items) == lessons


@pytest.mark.parametrize(
    ("percent", "last", "due"),
    [
        (39, None, False),
        (40, None, True),
        (90, date(2026, 4, 1), False),
        (90, date(2026, 3, 31), True),
    ],
)
def test_a_mock_is_due_after_enough_reading_and_two_weeks(percent, last, due) -> None:
    assert mock_is_due(situation(course_percent=percent, last_mock_on=last)) is due


def test_no_mock_is_due_right_before_the_exam() -> None:
    near = Situation(today=TODAY, exam_on=date(2026, 4, 16), course_percent=90)
    assert not mock_is_due(near)


def test_a_chapter_is_practised_as_far_as_it_has_questions() -> None:
    short, empty = replace(WEAK, questions=4), replace(WEAK, questions=0)
    (item,) = plan(situation(weak=(short,))).items
    assert (item.count, item.minutes) == (4, 4)
    assert plan(situation(weak=(empty,))).items == ()
