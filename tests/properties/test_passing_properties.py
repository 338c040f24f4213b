"""What must hold of complete passes whatever people sat, wherever and whenever."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cohorts.results.passing import (
    Cut,
    Extension,
    LevelRule,
    Result,
    Rulebook,
    complete_passes,
    covers,
)

YEARS = range(2018, 2027)
SUBJECTS = {
    "junior": ("junior-general", "junior-practice"),
    "intermediate": ("intermediate-law", "intermediate-general", "intermediate-practice"),
}
WINDOW = {"junior": 1, "intermediate": 2}
AREAS = ("640502", "640522", "640522101", "320300")
BOOK = Rulebook(
    rules=tuple(LevelRule(level, frozenset(own), WINDOW[level]) for level, own in SUBJECTS.items()),
    cuts=(
        *(Cut(year, level, 120) for year in YEARS for level in SUBJECTS),
        *(Cut(year, level, 108, area="640522") for year in YEARS for level in SUBJECTS),
    ),
)


@st.composite
def sittings(draw):
    """Results of one person: at most one of each subject and year, in any order."""
    keys = st.tuples(
        st.sampled_from([(level, s) for level, own in SUBJECTS.items() for s in own]),
        st.sampled_from(list(YEARS)),
    )
    chosen = draw(st.lists(keys, unique=True, max_size=16))
    scores = st.one_of(st.none(), st.integers(0, 200), st.sampled_from([107, 108, 119, 120]))
    return [
        Result(level, subject, year, draw(st.sampled_from(AREAS)), draw(scores))
        for (level, subject), year in chosen
    ]


def key(found):
    return (found.level, found.exam_year, found.area)


@given(sittings())
def test_every_subject_of_a_pass_was_passed_within_its_window(results):
    for found in complete_passes(results, BOOK):
        assert set(found.subjects) == set(SUBJECTS[found.level])
        first = found.exam_year - WINDOW[found.level] + 1
        assert all(first <= year <= found.exam_year for year in found.subjects.values())
        assert found.exam_year in found.subjects.values()


@given(sittings())
def test_every_subject_of_a_pass_meets_a_line_that_holds_there(results):
    by_key = {(r.subject, r.exam_year): r for r in results}
    for found in complete_passes(results, BOOK):
        for subject, year in found.subjects.items():
            result = by_key[subject, year]
            local = found.area is not None and covers(found.area, result.area)
            assert result.score_half >= (108 if local else 120)


@given(sittings(), st.randoms(use_true_random=False))
def test_the_order_of_the_results_does_not_matter(results, rng):
    shuffled = list(results)
    rng.shuffle(shuffled)
    assert complete_passes(shuffled, BOOK) == complete_passes(results, BOOK)


@given(sittings())
def test_no_subject_counts_for_two_passes_of_one_standing(results):
    spent = set()
    for found in complete_passes(results, BOOK):
        used = {(found.area, subject, year) for subject, year in found.subjects.items()}
        assert not used & spent
        spent |= used


@given(sittings())
def test_failing_or_missing_another_subject_never_helps_or_harms(results):
    """Results below every line, and states that are no score, change nothing."""
    real = [r for r in results if r.score_half is not None and r.score_half >= 108]
    assert complete_passes(real, BOOK) == complete_passes(results, BOOK)


@given(sittings())
def test_a_first_pass_never_comes_later_for_a_better_score(results):
    def first(of):
        return {
            level: min(p.exam_year for p in complete_passes(of, BOOK) if p.level == level)
            for level in {p.level for p in complete_passes(of, BOOK)}
        }

    better = [replace(r, score_half=200) if r.score_half is not None else r for r in results]
    before, after = first(results), first(better)
    assert all(after[level] <= year for level, year in before.items())


@given(sittings(), st.sampled_from(list(YEARS)))
def test_an_extension_never_delays_a_first_pass(results, year):
    longer = replace(BOOK, extensions=(Extension(year, 1),))
    first = {p.level: p.exam_year for p in reversed(complete_passes(results, BOOK))}
    for level, exam_year in first.items():
        later = [p.exam_year for p in complete_passes(results, longer) if p.level == level]
        assert min(later) <= exam_year


@given(sittings())
def test_outside_every_separate_area_only_the_national_line_matters(results):
    elsewhere = [replace(r, area="320300") for r in results]
    national = replace(BOOK, cuts=tuple(c for c in BOOK.cuts if c.area is None))
    assert complete_passes(elsewhere, BOOK) == complete_passes(elsewhere, national)
