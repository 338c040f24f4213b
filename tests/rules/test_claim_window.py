"""Until when a benefit can be claimed, and what may be done about each condition."""

from datetime import date

import pytest

from cms.core.workdays import WorkCalendar
from cohorts.subsidies.conditions import read_condition
from cohorts.subsidies.pace import Pace, Reached, pace
from cohorts.subsidies.remedies import PAPERS, UNCHANGEABLE, advice, papers
from cohorts.subsidies.vocabulary import VOCABULARY
from cohorts.subsidies.window import Window, claim_window, due_on


def window(**params):
    return {"id": "w", "type": "window", "text": "在申领期内", **params}


def of(*documents, approved_on=None):
    return claim_window([read_condition(document) for document in documents], approved_on)


LEVEL = {"id": "l", "type": "level", "in": ["junior"], "text": "初级"}


def test_a_policy_without_a_window_sets_no_last_day():
    assert of({"all": [LEVEL]}) is None


def test_the_window_is_read_from_what_every_way_asks_for():
    found = of({"all": [LEVEL, window(**{"from": "2026-04-01", "through": "2026-04-30"})]})
    assert found == Window(date(2026, 4, 1), date(2026, 4, 30))


def test_a_window_that_can_be_gone_around_is_no_deadline():
    assert of({"any": [LEVEL, window(through="2026-04-30")]}) is None
    assert of({"any": [window(through="2026-04-30")]}) is not None


def test_the_months_after_the_approval_end_on_its_day():
    asked = window(months_from_approval=12)
    assert of(asked, approved_on=date(2024, 2, 29)).closes_on == date(2025, 2, 28)
    unknown = of(asked)
    assert (unknown.closes_on, unknown.waits) == (None, True)


def test_of_two_windows_the_narrower_counts():
    found = of(window(through="2026-06-30"), window(through="2026-05-31"))
    assert found.closes_on == date(2026, 5, 31)


@pytest.mark.parametrize(
    ("today", "is_open", "is_over", "left"),
    [
        (date(2026, 3, 31), False, False, 30),
        (date(2026, 4, 1), True, False, 29),
        (date(2026, 4, 14), True, False, 16),
        (date(2026, 4, 30), True, False, 0),  # the last day counts in full
        (date(2026, 5, 1), False, True, None),
        (date(2026, 3, 1), False, False, None),  # far away: nobody counts days yet
    ],
)
def test_the_last_day_counts_and_days_are_counted_when_they_are_few(today, is_open, is_over, left):
    found = Window(date(2026, 4, 1), date(2026, 4, 30))
    assert (found.is_open(today), found.is_over(today)) == (is_open, is_over)
    assert found.days_left(today) == left


def test_a_registration_may_have_a_day_of_its_own():
    leaf = read_condition(
        {"id": "r", "type": "registration", "by": "2026-04-30", "text": "已首次登记"}
    )
    assert due_on(leaf) == date(2026, 4, 30)
    assert due_on(read_condition(LEVEL)) is None


# --- what to do -----------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [*sorted(VOCABULARY), "months", "upgrade"])
def test_every_open_condition_has_something_to_say_and_a_met_one_nothing(kind):
    assert advice(kind, "met") is None
    assert str(advice(kind, "unmet"))
    assert str(advice(kind, "unknown"))


def test_what_nobody_can_change_is_said_and_asks_for_no_paper():
    assert "other exam years" in str(advice("exam_year", "unmet"))
    finding = {"type": "certificate_checked", "mark": "unmet", "title": "证书已核验"}
    assert papers([finding]) == []


def test_the_vocabulary_knows_every_kind_that_papers_and_advice_name():
    assert set(PAPERS) | set(UNCHANGEABLE) <= set(VOCABULARY) | {"months", "upgrade"}


def test_a_paper_is_asked_for_once_with_all_it_is_for():
    found = papers(
        [
            {"type": "level", "mark": "met", "title": "初级"},
            {"type": "certificate_checked", "mark": "met", "title": "证书已核验"},
            {"type": "appointed_to", "mark": "unknown", "title": "聘任到社区"},
            {"type": "months_in_post", "mark": "met", "title": "满一年"},
            {"type": "manual_check", "mark": "unknown", "title": "参加过志愿服务"},
        ]
    )
    assert [(str(one.text), one.needed, one.conditions) for one in found] == [
        ("proof of your post, stamped by your unit", True, ("聘任到社区", "满一年")),
        ("evidence for: 参加过志愿服务", True, ("参加过志愿服务",)),
        (str(PAPERS["certificate_checked"]), False, ("证书已核验",)),
    ]


# --- how long it takes ----------------------------------------------------------------------------
WEEKENDS = WorkCalendar(frozenset(), frozenset(), frozenset({2026}))


def walked(claim, submitted, reviewed):
    return [
        Reached(claim, "submitted", date.fromisoformat(submitted)),
        Reached(claim, "reviewed", date.fromisoformat(reviewed)),
    ]


def test_the_pace_is_the_median_in_working_days():
    steps = [
        *walked(1, "2026-04-03", "2026-04-06"),  # Friday to Monday: one working day
        *walked(2, "2026-04-06", "2026-04-08"),
        *walked(3, "2026-04-06", "2026-04-09"),
        *walked(4, "2026-04-06", "2026-04-20"),
        *walked(5, "2026-04-07", "2026-04-07"),
    ]
    assert pace(steps, WEEKENDS) == {"review": Pace(2, 5)}


def test_a_few_claims_say_nothing_of_the_next():
    steps = [step for n in range(4) for step in walked(n, "2026-04-06", "2026-04-08")]
    assert pace(steps, WEEKENDS) == {}


def test_a_claim_that_was_returned_counts_from_its_first_day():
    again = [*walked(1, "2026-04-06", "2026-04-07"), *walked(1, "2026-04-13", "2026-04-15")]
    others = [step for n in range(2, 6) for step in walked(n, "2026-04-06", "2026-04-15")]
    assert pace([*again, *others], WEEKENDS) == {"review": Pace(7, 5)}


def test_a_stage_that_is_not_over_is_not_counted():
    waiting = [Reached(n, "submitted", date(2026, 4, 6)) for n in range(9)]
    assert pace(waiting, WEEKENDS) == {}
