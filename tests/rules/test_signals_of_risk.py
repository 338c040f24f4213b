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
)

TODAY = date(2026, 4, 14)


def found(**seen):
    return {f.rule: f for f in findings(Seen(**{"active_on": TODAY} | seen), TODAY)}


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
    listed = found(active_on=days_ago(days)).get(Rule.SILENT)
    assert (listed.severity if listed else None) == severity


def test_silence_says_since_when():
    listed = found(active_on=days_ago(9))[Rule.SILENT]
    assert str(listed.evidence) == "Nothing done since 2026-04-05, for 9 days"


def test_without_an_account_nobody_is_called_silent():
    assert found(active_on=None) == {}


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
    listed = findings(Seen(active_on=days_ago(8), present=0, held=4), TODAY)
    assert [f.rule for f in listed] == [Rule.ATTENDANCE, Rule.SILENT]


def test_every_rule_has_its_words():
    assert set(RULE_NAMES) == set(Rule)
