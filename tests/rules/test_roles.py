"""Who may grant what, and when a code may settle whose account it is."""

import pytest

from cms.accounts.matching import OnRecord, doubt_about, same_name
from cms.accounts.roles import GRANTERS, ROLE_WORDS, Role, grantable, may_grant

CITY = {("city_officer", "6405")}
ADMIN = {("site_admin", "")}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SITE_ADMIN])
def test_a_city_officer_grants_every_role_but_one_in_the_own_city(role):
    assert may_grant(CITY, role, "6405")
    assert may_grant(CITY, role, "640502")


def test_a_city_officer_makes_no_site_administrator():
    assert not may_grant(CITY, Role.SITE_ADMIN, "6405")
    assert Role.SITE_ADMIN not in grantable(CITY)


@pytest.mark.parametrize("area", ["", "64", "6404", "640402", "330329"])
def test_a_city_officer_grants_nothing_outside_the_city(area):
    assert not may_grant(CITY, Role.COUNTY_OFFICER, area)


def test_a_city_officer_without_an_area_grants_nothing():
    assert not may_grant({("city_officer", "")}, Role.EDITOR, "6405")


@pytest.mark.parametrize("area", ["", "64", "330329"])
def test_a_site_administrator_grants_every_role_everywhere(area):
    assert all(may_grant(ADMIN, role, area) for role in Role)


@pytest.mark.parametrize("role", sorted(set(Role) - GRANTERS))
def test_nobody_else_grants_anything(role):
    held = {(role, "64")}
    assert grantable(held) == frozenset()
    assert not any(may_grant(held, other, "640502") for other in Role)


def test_the_role_of_one_area_does_not_borrow_the_area_of_another_role():
    held = {("city_officer", "6405"), ("auditor", "64")}
    assert not may_grant(held, Role.COUNTY_OFFICER, "640402")


def test_every_role_has_a_name():
    assert set(ROLE_WORDS) == set(Role)


@pytest.mark.parametrize(
    ("found", "doubt"),
    [
        (None, "unknown"),
        (OnRecord("丁一", has_phone=True, is_linked=False), ""),
        (OnRecord("丁二", has_phone=True, is_linked=False), "name_differs"),
        (OnRecord("丁一", has_phone=False, is_linked=False), "no_phone"),
        (OnRecord("丁一", has_phone=True, is_linked=True), "taken"),
        (OnRecord("丁二", has_phone=False, is_linked=True), "taken"),
    ],
)
def test_a_code_settles_it_only_where_everything_fits(found, doubt):
    assert doubt_about("丁一", found) == doubt


def test_padding_and_the_form_of_the_middle_dot_make_no_other_name():
    assert same_name("丁　一", "丁一")
    assert same_name("古丽娜尔•艾山", "古丽娜尔·艾山")
    assert not same_name("丁一", "丁一一")
