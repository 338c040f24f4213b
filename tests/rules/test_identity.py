from datetime import date

import pytest

from cms.core.identity import IdentityRefused, check_character, mask, normalise, read_identity

STANDARD_SAMPLE = "11010519491231002X"  # the sample of GB 11643-1999


def numbered(first_seventeen):
    return first_seventeen + check_character(first_seventeen)


def reason(text):
    with pytest.raises(IdentityRefused) as refused:
        read_identity(text)
    return str(refused.value.message)


def test_the_sample_of_the_standard_is_right():
    identity = read_identity(STANDARD_SAMPLE)
    assert identity.born_on == date(1949, 12, 31)
    assert identity.kind == "citizen"
    assert not identity.fictional
    assert not identity.is_male


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 1101051949 1231 002X ",
        "１１０１０５１９４９１２３１００２ｘ",
        "'11010519491231002X",
    ],
)
def test_it_reads_the_number_however_it_is_typed(typed):
    assert normalise(typed) == STANDARD_SAMPLE
    assert read_identity(typed).number == STANDARD_SAMPLE


def test_one_wrong_digit_never_passes():
    for place in range(17):
        for digit in "0123456789":
            changed = STANDARD_SAMPLE[:place] + digit + STANDARD_SAMPLE[place + 1 :]
            if changed != STANDARD_SAMPLE:
                reason(changed)


def test_two_neighbours_swapped_never_pass():
    number = numbered("66052119910203101")
    for place in range(16):
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        if swapped != number:
            reason(swapped)


def test_made_up_people_are_recognised():
    identity = read_identity(numbered("66052119910203101"))
    assert identity.fictional
    assert identity.warning is None


def test_an_old_card_is_refused_by_name():
    assert "15-digit" in reason("110105491231002")


def test_a_day_that_does_not_exist_is_refused():
    assert "date of birth" in reason(numbered("66052119910230101"))
    assert "date of birth" in reason(numbered("66052118990203101"))


def test_an_unknown_area_only_warns():
    identity = read_identity(numbered("99052119910203101".replace("99", "38", 1)))
    assert "380521" in str(identity.warning)


@pytest.mark.parametrize("area", ["810000", "820000", "830000"])
def test_residents_from_hong_kong_macao_and_taiwan_are_read(area):
    assert read_identity(numbered(f"{area}19910203101")).kind == "hong_kong_macao_taiwan"


def test_a_foreigners_card_is_read():
    identity = read_identity(numbered("91156119910203101"))
    assert identity.kind == "foreign_permanent_resident"
    assert identity.warning is None


@pytest.mark.parametrize(
    "text", ["", "1", "66052119910203101", "6605211991020310111", "66X52119910203101X"]
)
def test_wrong_lengths_and_signs_are_refused(text):
    reason(text)


def test_the_reason_never_repeats_the_number():
    wrong = "660521199102031019"
    wrong = wrong if wrong != numbered(wrong[:17]) else wrong[:17] + "0"
    assert "199102" not in reason(wrong)


def test_the_mask_keeps_three_and_four():
    assert mask("640521199001011234") == "640***********1234"
    assert mask("1234") == "****"
