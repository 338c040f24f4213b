"""What holds of every choice item and every answer."""

from hypothesis import given
from hypothesis import strategies as st

from quizzes.attempts.scheme import Scheme, Section
from quizzes.attempts.scoring import KeyedItem, item_score, score_attempt

OPTIONS = "abcde"
options = st.sampled_from(OPTIONS)
keys = st.frozensets(options, min_size=2, max_size=4)
choices = st.frozensets(options)


def multiple(key: frozenset[str], number: int = 1) -> KeyedItem:
    return KeyedItem(number, 0, "multiple_response", 4, key)


@given(keys)
def test_a_blank_answer_scores_nothing(key):
    assert item_score(multiple(key), ()) == 0


@given(keys, choices, options)
def test_adding_a_wrong_option_never_raises_the_score(key, chosen, added):
    if added not in key:
        assert item_score(multiple(key), chosen | {added}) <= item_score(multiple(key), chosen)


@given(keys, choices)
def test_an_item_earns_whole_half_points_up_to_its_worth(key, chosen):
    assert item_score(multiple(key), chosen) in {0, 1, 2, 3, 4}


@given(keys, choices)
def test_full_marks_are_for_the_whole_key_alone(key, chosen):
    assert (item_score(multiple(key), chosen) == 4) is (chosen == key)


@given(keys, choices, st.permutations(OPTIONS))
def test_permuting_the_options_never_changes_a_score(key, chosen, order):
    renamed = dict(zip(OPTIONS, order, strict=True))
    moved = item_score(
        multiple(frozenset(renamed[option] for option in key)),
        frozenset(renamed[option] for option in chosen),
    )
    assert moved == item_score(multiple(key), chosen)


@given(keys, st.lists(options, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_choosing_never_changes_a_score(key, chosen, rng):
    turned = rng.sample(chosen, len(chosen))
    assert item_score(multiple(key), turned) == item_score(multiple(key), chosen)


@given(st.lists(st.tuples(keys, choices), max_size=12))
def test_sums_are_the_sums_of_the_items(pairs):
    scheme = Scheme((Section("多选", "multiple_response", len(pairs), 4),), 120, 1, len(pairs) * 4)
    items = [multiple(key, number) for number, (key, _) in enumerate(pairs, 1)]
    answers = {number: chosen for number, (_, chosen) in enumerate(pairs, 1)}
    score = score_attempt(items, answers, scheme)
    assert score.total_half == sum(score.packed) == score.sections[0].score_half
    assert score.whole.items == len(pairs)
    assert score.whole.answered == sum(1 for chosen in answers.values() if chosen)
