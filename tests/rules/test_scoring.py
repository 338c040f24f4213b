"""The exam's rule for every case of the published comparison, and the sums built on it."""

import pytest

from quizzes.attempts.scheme import scheme_of, scheme_sha256
from quizzes.attempts.scoring import (
    Chapter,
    KeyedItem,
    UnscoredType,
    Verdict,
    item_score,
    score_attempt,
    summarise,
    verdict_of,
)

SCHEME = {
    "sections": [
        {"name": "单项选择题", "type": "single_choice", "count": 2, "points_half": 2},
        {"name": "多项选择题", "type": "multiple_response", "count": 3, "points_half": 4},
    ],
    "duration_min": 120,
    "pass_half": 10,
    "total_half": 16,
}
INTRO, METHODS = Chapter(1, "社会工作服务的内涵"), Chapter(7, "小组社会工作服务方法")


def single(number: int, key: str, chapter: Chapter = INTRO) -> KeyedItem:
    return KeyedItem(number, 0, "single_choice", 2, frozenset(key), chapter)


def multiple(number: int, key: str, chapter: Chapter | None = METHODS) -> KeyedItem:
    return KeyedItem(number, 1, "multiple_response", 4, frozenset(key), chapter)


@pytest.mark.parametrize(
    ("key", "chosen", "half_points"),
    [
        # right answers, chosen right, chosen wrong: the column "exam rule"
        ("ab", "a", 1),
        ("abc", "ab", 2),
        ("abc", "a", 1),
        ("abcd", "abc", 3),
        ("abc", "abd", 0),
        ("abc", "", 0),
        # the whole key is worth the item, however few options it has
        ("ab", "ab", 4),
        ("abc", "abc", 4),
        ("abcd", "abcd", 4),
        ("abcd", "a", 1),
        ("abcd", "ab", 2),
        # one wrong option takes everything
        ("ab", "abc", 0),
        ("ab", "e", 0),
        ("abcd", "abcde", 0),
    ],
)
def test_multiple_response_follows_the_rule_of_the_exam(key, chosen, half_points):
    assert item_score(multiple(1, key), chosen) == half_points


@pytest.mark.parametrize(("chosen", "half_points"), [("b", 2), ("a", 0), ("", 0), ("ab", 0)])
def test_single_choice_is_the_key_or_nothing(chosen, half_points):
    assert item_score(single(1, "b"), chosen) == half_points


def test_true_or_false_is_the_key_or_nothing():
    item = KeyedItem(1, 0, "true_false", 2, frozenset("a"))
    assert item_score(item, "a") == 2
    assert item_score(item, "b") == 0


def test_the_value_of_a_part_of_the_key_is_given_by_the_scheme():
    assert item_score(multiple(1, "abc"), "ab", partial_half=0) == 0


def test_a_part_of_the_key_never_earns_more_than_the_item():
    item = KeyedItem(1, 0, "multiple_response", 2, frozenset("abcde"))
    assert item_score(item, "abcd") == 2


def test_it_refuses_to_score_what_a_person_must_mark():
    with pytest.raises(UnscoredType, match="Item 9"):
        item_score(KeyedItem(9, 0, "constructed_response", 20, frozenset()), "a")


@pytest.mark.parametrize(
    ("item", "chosen", "verdict"),
    [
        (multiple(1, "abc"), "ab", Verdict.PARTIAL),
        (multiple(1, "abc"), "abd", Verdict.WRONG),
        (multiple(1, "abc"), "cba", Verdict.RIGHT),
        (multiple(1, "abc"), "", Verdict.BLANK),
        (single(1, "a"), "a", Verdict.RIGHT),
        (single(1, "a"), "d", Verdict.WRONG),
    ],
)
def test_partial_stands_apart_from_wrong(item, chosen, verdict):
    assert verdict_of(item, chosen) is verdict


ITEMS = [
    single(1, "b"),
    single(2, "c", METHODS),
    multiple(3, "ab"),
    multiple(4, "abcd"),
    multiple(5, "ace", None),
]
ANSWERS = {1: ("b",), 2: ("a",), 3: ("a", "b"), 4: ("a", "b", "c")}


def test_it_scores_a_whole_paper():
    score = score_attempt(ITEMS, ANSWERS, scheme_of(SCHEME))
    assert score.packed == [2, 0, 4, 3, 0]
    assert score.total_half == 9
    whole = score.whole
    assert (whole.right, whole.partial, whole.wrong, whole.blank) == (2, 1, 1, 1)
    assert (whole.items, whole.answered, whole.max_half) == (5, 4, 16)


def test_it_sums_by_section():
    single_choice, multiple_response = score_attempt(ITEMS, ANSWERS, scheme_of(SCHEME)).sections
    assert (single_choice.score_half, single_choice.max_half, single_choice.wrong) == (2, 4, 1)
    assert (multiple_response.score_half, multiple_response.max_half) == (7, 12)
    assert multiple_response.partial_lost_half == 1


def test_it_sums_by_chapter_in_the_order_of_the_syllabus():
    chapters = score_attempt(ITEMS, ANSWERS, scheme_of(SCHEME)).chapters
    assert [(chapter.order, tally.score_half, tally.max_half) for chapter, tally in chapters] == [
        (1, 2, 2),
        (7, 7, 10),
    ]


@pytest.mark.parametrize(("pass_half", "passed"), [(9, True), (10, False)])
def test_the_pass_mark_itself_passes(pass_half, passed):
    scheme = scheme_of({**SCHEME, "pass_half": pass_half})
    assert score_attempt(ITEMS, ANSWERS, scheme).passed is passed


def test_a_report_shows_stored_scores_and_does_not_score_again():
    score = summarise(ITEMS, ANSWERS, scores=[0, 0, 0, 0, 4], scheme=scheme_of(SCHEME))
    assert score.packed == [0, 0, 0, 0, 4]
    assert score.total_half == 4


def test_a_scheme_counts_to_its_total():
    scheme = scheme_of(SCHEME)
    assert sum(section.max_half for section in scheme.sections) == scheme.total_half


def test_the_hash_of_a_scheme_does_not_depend_on_the_order_of_its_keys():
    turned = dict(reversed(SCHEME.items()))
    assert scheme_sha256(turned) == scheme_sha256(SCHEME)
    assert scheme_sha256({**SCHEME, "pass_half": 120}) != scheme_sha256(SCHEME)
