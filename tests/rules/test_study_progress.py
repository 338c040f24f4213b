"""How far somebody is, and where to go on."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from courses.study.bars import FOOT, HEAD, HEIGHT, chart_of
from courses.study.fold import Told, fold
from courses.study.progress import Event, Share, Step, advance, next_step, share_of

NOON = datetime(2026, 4, 14, 12, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))


def minutes(n: float) -> datetime:
    return NOON + timedelta(minutes=n)


def test_the_place_follows_the_reader_and_the_furthest_never_goes_back() -> None:
    first = advance(None, Event(minutes(0), 10))
    second = advance(first, Event(minutes(1), 70))
    third = advance(second, Event(minutes(2), 30))
    assert (third.place, third.furthest) == (30, 70)
    assert (third.opened_at, third.last_at) == (minutes(0), minutes(2))


def test_a_lesson_is_finished_once() -> None:
    done = advance(None, Event(minutes(0), 100, finished=True))
    again = advance(done, Event(minutes(5), 100, finished=True))
    assert again.finished_at == minutes(0)


def test_a_share_counts_what_is_not_optional_and_rounds_down() -> None:
    steps = [Step(1, finished=True), Step(2), Step(3), Step(4, optional=True, finished=True)]
    assert share_of(steps) == Share(1, 3)
    assert share_of(steps).percent == 33
    assert Share(199, 200).percent == 99
    assert not Share(199, 200).complete
    assert Share(200, 200).complete


def test_an_empty_course_is_no_finished_course() -> None:
    assert Share(0, 0).percent == 0
    assert not Share(0, 0).complete


def go_on(*steps: Step) -> Any:
    found = next_step(steps)
    return found and found.lesson


def test_the_lesson_begun_last_comes_first() -> None:
    assert go_on(Step(1, place=40, last_at=minutes(0)), Step(2, place=5, last_at=minutes(9))) == 2


def test_after_a_finished_lesson_comes_the_next_open_one() -> None:
    done = Step(2, finished=True, last_at=minutes(3))
    assert go_on(Step(1), done, Step(3, optional=True), Step(4)) == 4


def test_what_was_skipped_comes_when_nothing_later_is_open() -> None:
    assert go_on(Step(1), Step(2, finished=True, last_at=minutes(3))) == 1


def test_a_new_reader_begins_with_the_first_lesson_that_counts() -> None:
    assert go_on(Step(1, optional=True), Step(2), Step(3)) == 2


def test_nothing_is_next_where_all_that_counts_is_done() -> None:
    assert go_on(Step(1, finished=True, last_at=minutes(1)), Step(2, optional=True)) is None
    assert go_on() is None


def test_events_fold_into_standing_seconds_and_days() -> None:
    told = [
        Told(7, Event(minutes(0), 0)),
        Told(7, Event(minutes(0.5), 50)),
        Told(8, Event(minutes(1), 0)),
        Told(8, Event(minutes(1.25), 100, finished=True)),
    ]
    found = fold(told, CHINA)
    assert found.standing[7].furthest == 50
    assert found.standing[8].finished_at == minutes(1.25)
    assert dict(found.seconds) == {7: 60, 8: 15}
    assert dict(found.days) == {NOON.astimezone(CHINA).date(): 75}


def test_bars_begin_at_the_line_and_end_below_the_head() -> None:
    last = NOON.date()
    chart = chart_of({last: 45, last - timedelta(days=1): 90}, last=last, days=14)
    assert (chart.total, chart.days_studied, chart.top) == (135, 2, 90)
    assert len(chart.bars) == 14
    assert chart.bars[-2].y == HEAD
    assert all(round(bar.y + bar.height, 1) == HEIGHT - FOOT for bar in chart.bars)
    assert chart.bars[-1].height == (HEIGHT - FOOT - HEAD) / 2


def test_a_chart_of_nothing_still_has_a_scale() -> None:
    chart = chart_of({}, last=NOON.date(), days=14)
    assert (chart.total, chart.top) == (0, 30)
