"""Whose row: exact or a question to a person, never a guess."""

import pytest

from cohorts.results.matching import Known, Match, Register, Wanted, name_key

ZHANG = Known(1, "张伟", index="aa", label="张伟 · 朱营村", admissions=frozenset({"2305"}))
NAMESAKE = Known(2, "张伟", index="bb", label="张伟 · 社工站", admissions=frozenset({"2306", ""}))
ELI = Known(3, "买买提·艾力", label="买买提·艾力 · 新堡镇", admissions=frozenset({"2307"}))
REGISTER = Register([ZHANG, NAMESAKE, ELI])


@pytest.mark.parametrize(
    ("one", "other"),
    [("张  三", "张三"), ("张　三", "张三"), ("买买提·艾力", "买买提艾力"), ("阿·依", "阿•依")],
)
def test_padding_and_middle_dots_do_not_make_another_name(one, other):
    assert name_key(one) == name_key(other)


def test_different_names_stay_different():
    assert name_key("张三") != name_key("张山")


def test_an_identity_number_on_record_settles_it():
    assert REGISTER.find(Wanted("张伟", index="bb")) == Match(person=2)


def test_an_identity_number_not_on_record_is_a_new_person_even_with_a_namesake():
    assert REGISTER.find(Wanted("张伟", index="zz")) == Match(is_new=True)


def test_an_identity_number_under_another_name_is_a_question():
    found = REGISTER.find(Wanted("张卫", index="aa"))
    assert (found.person, found.is_new) == (None, False)
    assert found.candidates == ("张伟 · 朱营村",)


def test_admission_number_and_name_settle_it():
    assert REGISTER.find(Wanted("张伟", admission_no="2306")) == Match(person=2)
    assert REGISTER.find(Wanted("买买提艾力", admission_no="2307")) == Match(person=3)


def test_an_admission_number_under_another_name_settles_nothing():
    found = REGISTER.find(Wanted("张卫", admission_no="2305"))
    assert found.person is None
    assert found.candidates == ()


def test_a_name_alone_is_never_enough_even_when_only_one_has_it():
    found = REGISTER.find(Wanted("买买提·艾力"))
    assert found.person is None
    assert found.candidates == ("买买提·艾力 · 新堡镇",)


def test_an_empty_admission_number_is_no_admission_number():
    found = REGISTER.find(Wanted("张伟", admission_no=""))
    assert found.person is None
    assert found.candidates == ("张伟 · 朱营村", "张伟 · 社工站")


def test_two_holders_of_one_admission_number_are_a_question():
    register = Register([ZHANG, Known(4, "张伟", label="x", admissions=frozenset({"2305"}))])
    found = register.find(Wanted("张伟", admission_no="2305"))
    assert found.person is None
    assert len(found.candidates) == 2


def test_people_an_importer_may_not_see_are_not_named():
    register = Register([Known(9, "李四", index="cc", label="")])
    assert register.find(Wanted("李五", index="cc")).candidates == ()
