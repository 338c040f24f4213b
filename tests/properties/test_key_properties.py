"""Whatever the spelling, a key means the same options; whatever the text, nothing else happens."""

from string import ascii_lowercase

from hypothesis import given
from hypothesis import strategies as st

from quizzes.bank.content import QuestionType, letters, options_of
from quizzes.exchange.keys import KeyRefused, number_base, read_key

MULTIPLE = QuestionType.MULTIPLE_RESPONSE
OPTIONS = options_of([f"选项的文字{number}" for number in range(1, 9)])

chosen = st.sets(st.sampled_from(ascii_lowercase[:8]), min_size=1).map(
    lambda ids: tuple(sorted(ids))
)
separators = st.sampled_from(["", ",", "，", ";", "；", "、", " ", "/", "|", " , "])
dressings = st.sampled_from(["{}", "答案：{}", "【答案】{}。", " {} ", "正确答案：{}。"])


def full_width(text):
    return "".join(
        chr(ord(sign) + 0xFEE0) if sign.isalpha() and sign.isascii() else sign for sign in text
    )


@given(chosen, separators, dressings, st.booleans(), st.booleans(), st.randoms())
def test_letters_mean_the_same_in_every_spelling(ids, separator, dressing, wide, low, rng):
    order = [key.lower() if low else key.upper() for key in ids]
    rng.shuffle(order)
    written = dressing.format(separator.join(order))
    read = read_key(full_width(written) if wide else written, type_=MULTIPLE, options=OPTIONS)
    assert read == ids


@given(chosen, st.sampled_from([0, 1]), st.sampled_from([",", "、", " "]), st.booleans())
def test_numbers_mean_the_same_from_either_base(ids, base, separator, as_json):
    numbers = [str(ord(key) - ord("a") + base) for key in ids]
    written = f"[{', '.join(numbers)}]" if as_json else separator.join(numbers)
    assert read_key(written, type_=MULTIPLE, options=OPTIONS, base=base) == ids


@given(st.lists(st.integers(0, 3), min_size=1), st.sampled_from([0, 1]))
def test_the_base_of_a_file_is_found_or_left_open_but_never_wrong(places, base):
    found = number_base((str(place + base), 4) for place in places)
    assert found in {base, None}


@given(chosen)
def test_letters_written_read_back_the_same(ids):
    assert read_key(letters(ids, OPTIONS), type_=MULTIPLE, options=OPTIONS) == ids


@given(st.text(max_size=30))
def test_any_text_is_a_key_no_key_or_refused(written):
    try:
        read = read_key(written, type_=MULTIPLE, options=OPTIONS)
    except KeyRefused:
        return
    assert all(len(key) == 1 and key in ascii_lowercase for key in read)
