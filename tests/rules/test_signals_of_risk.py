"""Who falls behind: each rule at its threshold, and its evidence in words."""

from datetime import date, timedelta

import pytest

from cohorts.following.signals_of_risk import (
    RULE_NAMES,
    MockSat,
    Rule,
    Seen,
    Severity,
    findings,
    studied_lately,
)

TODAY, START = date(2026, 4, 14), date(2026, 3, 1)


def found(**seen):
    return {
        f.rule: f for f in findings(Seen(**{"last_on": TODAY, "counted_from": START} | seen), TODAY)
    }


def days_ago(n):
    return TODAY - timedelta(days=n)


def sat(score, on=TODAY, title="模拟一", total=200):
    return MockSat(title=title, score_half=score, total_half=total, on=on)


def test_nobody_is_listed_for_nothing():
    assert found() == {}


@pytest.mark.parametrize(
    ("days", "severity"),
    [(6, None), (7, Severity.WATCH), (13, Severity.WATCH), (14, Severity.ACT)],
)
def test_silence(days, severity):
    listed = found(last_on=days_ago(days)).get(Rule.SILENT)
    assert (listed.severity if listed else None) == severity


def test_silence_names_the_last_day_of_study_and_counts_the_days_after_it():
    listed = found(last_on=days_ago(9))[Rule.SILENT]
    assert str(listed.evidence) == "Last studied on 2026-04-05, nothing in the 9 days since"


def test_silence_counts_no_day_before_the_class_or_before_joining():
    assert found(last_on=None, counted_from=days_ago(6)) == {}
    listed = found(last_on=None, counted_from=days_ago(8))[Rule.SILENT]
    assert str(listed.evidence) == "Never studied, for 8 days since 2026-04-06"
    assert found(last_on=days_ago(30), counted_from=days_ago(6)) == {}
    listed = found(last_on=days_ago(30), counted_from=days_ago(8))[Rule.SILENT]
    assert "8 days" in str(listed.evidence)
    assert "2026-03-15" in str(listed.evidence)


@pytest.mark.parametrize(("days", "lately"), [(0, True), (6, True), (7, False), (None, False)])
def test_studied_lately_is_the_other_side_of_silence(days, lately):
    last_on = None if days is None else days_ago(days)
    assert studied_lately(last_on, TODAY) is lately
    assert (Rule.SILENT in found(last_on=last_on)) is not lately


def test_without_an_account_nobody_is_called_silent():
    assert found(last_on=None, counted_from=None) == {}


@pytest.mark.parametrize(
    ("lines", "severity"), [(2, None), (3, Severity.WATCH), (5, Severity.WATCH), (6, Severity.ACT)]
)
def test_lines_overdue(lines, severity):
    listed = found(overdue=tuple(f"第{n}课" for n in range(lines))).get(Rule.OVERDUE)
    assert (listed.severity if listed else None) == severity
    assert listed is None or "第0课" in str(listed.evidence)


@pytest.mark.parametrize(
    ("present", "held", "severity"),
    [
        (0, 0, None),
        (2, 3, None),
        (4, 6, None),
        (5, 8, Severity.WATCH),
        (1, 2, Severity.WATCH),
        (3, 8, Severity.ACT),
    ],
)
def test_attendance_under_two_thirds(present, held, severity):
    listed = found(present=present, held=held).get(Rule.ATTENDANCE)
    assert (listed.severity if listed else None) == severity


def test_a_missed_mock_is_named_and_two_are_grave():
    assert found(missed_mocks=("模拟一",))[Rule.MISSED_MOCK].severity == Severity.WATCH
    listed = found(missed_mocks=("模拟一", "模拟二"))[Rule.MISSED_MOCK]
    assert listed.severity == Severity.ACT
    assert str(listed.evidence) == "Planned mock exams not handed in: 模拟一、模拟二"


@pytest.mark.parametrize(
    ("score", "severity"),
    [(100, None), (99, Severity.WATCH), (80, Severity.WATCH), (79, Severity.ACT)],
)
def test_a_last_mock_under_half_the_marks(score, severity):
    listed = found(mocks=(sat(score),)).get(Rule.LOW_MOCK)
    assert (listed.severity if listed else None) == severity


def test_who_has_recovered_is_not_listed_for_an_earlier_mock():
    assert found(mocks=(sat(60, days_ago(20)), sat(130))) == {}
    assert Rule.LOW_MOCK in found(mocks=(sat(130, days_ago(20)), sat(60)))


def test_a_score_is_said_with_its_half_marks_and_its_day():
    listed = found(mocks=(sat(83, days_ago(2)),))[Rule.LOW_MOCK]
    assert str(listed.evidence) == "Last mock exam 41.5 of 100 on 2026-04-12: 模拟一"


def test_a_paper_of_another_length_counts_by_its_share():
    assert found(mocks=(sat(60, total=120),)) == {}
    assert Rule.LOW_MOCK in found(mocks=(sat(59, total=120),))


def test_the_gravest_stands_first():
    listed = findings(Seen(days_ago(8), START, present=0, held=4), TODAY)
    assert [f.rule for f in listed] == [Rule.ATTENDANCE, Rule.SILENT]


def test_every_rule_has_its_words():
    assert set(RULE_NAMES) == set(Rule)
