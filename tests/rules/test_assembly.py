import random

from quizzes.papers.assembly import Candidate, SectionPlan, Selection, Shortfall, assemble
from quizzes.papers.states import MOVES, State

SINGLE, MULTIPLE = "single_choice", "multiple_response"
PLANS = [SectionPlan("单项选择题", SINGLE, 12), SectionPlan("多项选择题", MULTIPLE, 4)]


def chance(seed):
    return random.Random(seed)  # noqa: S311 -- papers are drawn, not secrets made


def pool(singles=24, multiples=8, chapters=6):
    rows = [Candidate(n, SINGLE, n % chapters) for n in range(singles)]
    return rows + [Candidate(1000 + n, MULTIPLE, n % chapters) for n in range(multiples)]


def chapters_of(selection, section, among):
    by_id = {candidate.id: candidate.chapter for candidate in among}
    return [by_id[id_] for id_ in selection.sections[section]]


def test_every_section_is_filled_with_its_type():
    chosen = assemble(PLANS, pool(), chance(1))
    assert [len(section) for section in chosen.sections] == [12, 4]
    assert all(id_ < 1000 for id_ in chosen.sections[0])
    assert all(id_ >= 1000 for id_ in chosen.sections[1])


def test_the_same_chance_gives_the_same_paper_and_another_another():
    first = assemble(PLANS, pool(), chance(1))
    assert assemble(PLANS, reversed(pool()), chance(1)) == first
    assert assemble(PLANS, pool(), chance(2)) != first


def test_chapters_are_spread_evenly():
    among = pool()
    chosen = assemble(PLANS, among, chance(3))
    seen = chapters_of(chosen, 0, among)
    assert all(seen.count(chapter) == 2 for chapter in range(6))


def test_a_pool_too_small_names_each_short_cell():
    short = assemble(PLANS, pool(singles=10, multiples=1), chance(1))
    assert isinstance(short, Shortfall)
    assert [(cell.section, cell.need, cell.have) for cell in short.cells] == [
        ("单项选择题", 12, 10),
        ("多项选择题", 4, 1),
    ]


def test_two_sections_of_one_type_never_share_a_question():
    plans = [SectionPlan("甲", SINGLE, 5), SectionPlan("乙", SINGLE, 5)]
    chosen = assemble(plans, pool(singles=10), chance(1))
    assert isinstance(chosen, Selection)
    assert len({*chosen.sections[0], *chosen.sections[1]}) == 10
    short = assemble(plans, pool(singles=9), chance(1))
    assert [(cell.section, cell.have) for cell in short.cells] == [("乙", 4)]


def test_a_question_without_chapter_can_be_chosen():
    chosen = assemble([SectionPlan("甲", SINGLE, 1)], [Candidate(1, SINGLE)], chance(1))
    assert chosen == Selection(((1,),))


def test_the_table_of_moves_covers_every_state():
    assert set(MOVES) == set(State)
    assert set().union(*MOVES.values()) | {State.DRAFT} == set(State)
