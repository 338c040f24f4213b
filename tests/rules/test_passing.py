"""Complete passes: the vectors of the published rule, and the cases around them."""

from dataclasses import replace

import pytest

from cohorts.results.passing import (
    Cut,
    Extension,
    LevelRule,
    Result,
    Rulebook,
    complete_passes,
    missing_subjects,
)

SHAPOTOU, HAIYUAN, HAIYUAN_TOWN = "640502", "640522", "640522101"
LAW, GENERAL, PRACTICE = "intermediate-law", "intermediate-general", "intermediate-practice"
LETTERS = {"A": LAW, "B": GENERAL, "C": PRACTICE}
JUNIOR = LevelRule("junior", frozenset({"junior-general", "junior-practice"}), 1)
INTERMEDIATE = LevelRule("intermediate", frozenset(LETTERS.values()), 2)
SENIOR = LevelRule("senior", frozenset({"senior-practice"}), 1, "pass_document", 3)
YEARS = range(2019, 2027)
NATIONAL = [
    Cut(year, level, 120) for year in YEARS for level in ("junior", "intermediate", "senior")
]
SEPARATE = [
    Cut(2025, "junior", 106, area=HAIYUAN),
    Cut(2025, "intermediate", 116, area=HAIYUAN),
]
BOOK = Rulebook((JUNIOR, INTERMEDIATE, SENIOR), (*NATIONAL, *SEPARATE))


def sat(text, *, score=130, area=SHAPOTOU):
    """`"2022:AB 2023:C"` → results of the intermediate subjects, all with the same score."""
    return [
        Result("intermediate", LETTERS[letter], int(part[:4]), area, score)
        for part in text.split()
        for letter in part[5:]
    ]


def junior(general, practice, *, year=2023, area=SHAPOTOU):
    return [
        Result("junior", "junior-general", year, area, general),
        Result("junior", "junior-practice", year, area, practice),
    ]


def years_passed(results, book=BOOK):
    return [p.exam_year for p in complete_passes(results, book)]


@pytest.mark.parametrize(
    ("sittings", "passed_in"),
    [
        ("2022:ABC", [2022]),
        ("2022:AB 2023:C", [2023]),
        ("2022:A 2023:BC", [2023]),
        ("2022:A 2023:B 2024:C", []),
        ("2022:A 2023:B 2024:AC", [2024]),
        ("2022:A 2023:B 2024:C 2025:A", []),
        ("2022:A 2023:B 2024:C 2025:AB", [2025]),
        ("2022:AB 2024:C", []),  # a year not sat still counts
        ("2022:A 2023:AB 2024:C", [2024]),
        ("2022:ABC 2023:A", [2022]),  # the subjects of a certified pass are spent
        ("2022:ABC 2023:ABC", [2022, 2023]),
        ("2022:AB 2023:ABC 2024:AB", [2023]),
        ("", []),
    ],
)
def test_intermediate_takes_three_subjects_within_two_consecutive_years(sittings, passed_in):
    assert years_passed(sat(sittings)) == passed_in


def test_a_pass_names_the_year_of_each_subject():
    [found] = complete_passes(sat("2022:AB 2023:C"), BOOK)
    assert found.subjects == {GENERAL: 2022, LAW: 2022, PRACTICE: 2023}


def test_a_resit_of_a_live_subject_renews_nothing_where_the_rule_says_so():
    strict = replace(BOOK, rules=(replace(INTERMEDIATE, resit_renews=False),))
    sittings = sat("2022:A 2023:AB 2024:C")
    assert years_passed(sittings) == [2024]
    assert years_passed(sittings, strict) == []
    assert years_passed(sat("2022:A 2024:ABC"), strict) == [2024]


def test_a_failed_resit_does_not_end_an_earlier_pass():
    results = [*sat("2022:AB"), *sat("2023:A", score=80), *sat("2023:C")]
    assert years_passed(results) == [2023]


def test_junior_takes_both_subjects_in_one_year():
    assert years_passed(junior(120, 120)) == [2023]
    assert years_passed(junior(119, 200)) == []
    assert years_passed([*junior(130, 90, year=2022), *junior(90, 130, year=2023)]) == []


def test_absence_misconduct_and_void_results_never_pass():
    assert years_passed(junior(None, 130)) == []


def test_no_pass_without_a_published_cut_score():
    assert years_passed(junior(200, 200, year=2031)) == []


def test_a_separate_line_passes_only_inside_its_area():
    [found] = complete_passes(junior(110, 106, year=2025, area=HAIYUAN), BOOK)
    assert (found.area, found.exam_year) == (HAIYUAN, 2025)
    assert years_passed(junior(110, 106, year=2025, area=SHAPOTOU)) == []
    assert years_passed(junior(110, 105, year=2025, area=HAIYUAN)) == []
    assert years_passed(junior(110, 106, year=2024, area=HAIYUAN)) == []


def test_a_separate_line_covers_the_towns_below_its_area():
    [found] = complete_passes(junior(110, 110, year=2025, area=HAIYUAN_TOWN), BOOK)
    assert found.area == HAIYUAN
    assert found.sign_up_area == HAIYUAN_TOWN


def test_the_national_line_met_in_a_separate_area_gives_a_national_pass():
    [found] = complete_passes(junior(120, 130, year=2025, area=HAIYUAN), BOOK)
    assert found.area is None


def test_one_subject_below_the_national_line_makes_the_whole_pass_local():
    [found] = complete_passes(junior(118, 200, year=2025, area=HAIYUAN), BOOK)
    assert found.area == HAIYUAN


def test_a_local_pass_may_lean_on_a_subject_passed_nationally_the_year_before():
    results = [*sat("2024:AB"), *sat("2025:C", score=116, area=HAIYUAN)]
    [found] = complete_passes(results, BOOK)
    assert (found.area, found.exam_year) == (HAIYUAN, 2025)


def test_a_later_national_pass_stands_beside_the_local_one():
    results = [*sat("2024:AB 2026:C"), *sat("2025:C", score=116, area=HAIYUAN), *sat("2025:AB")]
    assert [(p.exam_year, p.area) for p in complete_passes(results, BOOK)] == [
        (2025, HAIYUAN),
        (2026, None),
    ]


def test_a_line_for_one_subject_wins_over_the_line_for_all():
    stricter = replace(BOOK, cuts=(*BOOK.cuts, Cut(2023, "junior", 140, subject="junior-general")))
    assert years_passed(junior(139, 120), stricter) == []
    assert years_passed(junior(140, 120), stricter) == [2023]


def test_an_extension_lengthens_results_of_its_year_and_area_only():
    book = replace(BOOK, extensions=(Extension(2020, 1, area="6405"),))
    assert years_passed(sat("2020:AB 2022:C"), book) == [2022]
    assert years_passed(sat("2020:AB 2023:C"), book) == []
    assert years_passed(sat("2021:AB 2023:C"), book) == []
    assert years_passed(sat("2020:AB 2022:C", area="320300"), book) == []
    nationwide = replace(BOOK, extensions=(Extension(2020, 1),))
    assert years_passed(sat("2020:AB 2022:C", area="320300"), nationwide) == [2022]


def test_senior_earns_a_pass_document_for_three_years():
    [found] = complete_passes([Result("senior", "senior-practice", 2023, SHAPOTOU, 120)], BOOK)
    assert (found.document, found.valid_through) == ("pass_document", 2026)


def test_levels_are_judged_apart():
    results = [*junior(130, 130), *sat("2023:ABC")]
    assert {(p.level, p.exam_year) for p in complete_passes(results, BOOK)} == {
        ("junior", 2023),
        ("intermediate", 2023),
    }


def test_a_newer_rule_governs_from_its_first_exam_year():
    later = replace(JUNIOR, window_years=2, first_exam_year=2024)
    book = replace(BOOK, rules=(*BOOK.rules, later))
    halves = [*junior(130, 90, year=2023), *junior(90, 130, year=2024)]
    assert years_passed(halves) == []
    assert years_passed(halves, book) == [2024]


def test_missing_subjects_are_those_no_live_pass_covers():
    results = sat("2022:A 2023:B")
    assert missing_subjects(results, BOOK, level="intermediate", year=2023) == {PRACTICE}
    assert missing_subjects(results, BOOK, level="intermediate", year=2024) == {LAW, PRACTICE}
    assert missing_subjects([], BOOK, level="unheard-of", year=2024) == frozenset()
