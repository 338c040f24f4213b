"""A paper meets its plan exactly, or the shortfall says exactly why not."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from quizzes.papers.assembly import Candidate, SectionPlan, Selection, assemble

TYPES = ["single_choice", "multiple_response"]
pools = st.lists(st.tuples(st.sampled_from(TYPES), st.none() | st.integers(1, 5)), max_size=40).map(
    lambda rows: [Candidate(n, type_, chapter) for n, (type_, chapter) in enumerate(rows)]
)
plans = st.lists(
    st.builds(
        SectionPlan, st.sampled_from(["甲", "乙"]), st.sampled_from(TYPES), st.integers(0, 15)
    ),
    min_size=1,
    max_size=3,
)


chances = st.randoms(use_true_random=False)


@given(plans, pools, chances)
def test_the_plan_is_met_or_the_shortfall_is_exact(plan, pool, chance):
    outcome = assemble(plan, pool, chance)
    need = Counter()
    for section in plan:
        need[section.type] += section.count
    have = Counter(candidate.type for candidate in pool)
    enough = all(have[type_] >= count for type_, count in need.items())
    assert isinstance(outcome, Selection) == enough
    if isinstance(outcome, Selection):
        assert [len(ids) for ids in outcome.sections] == [section.count for section in plan]
        chosen = [id_ for ids in outcome.sections for id_ in ids]
        assert len(set(chosen)) == len(chosen)
    else:
        assert all(cell.have < cell.need for cell in outcome.cells)


@given(pools.filter(bool), chances)
def test_no_chapter_is_used_twice_more_than_another_that_still_has_questions(pool, chance):
    singles = [candidate for candidate in pool if candidate.type == TYPES[0]]
    count = len(singles) // 2
    outcome = assemble([SectionPlan("甲", TYPES[0], count)], pool, chance)
    chapter_of = {candidate.id: candidate.chapter for candidate in singles}
    used = Counter(chapter_of[id_] for id_ in outcome.sections[0])
    held = Counter(chapter_of.values())
    with_rest = [used[chapter] for chapter in held if used[chapter] < held[chapter]]
    assert not with_rest or max(used.values(), default=0) <= min(with_rest) + 1
