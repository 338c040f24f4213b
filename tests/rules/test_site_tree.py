"""Who may work where in the page tree."""

from cms.accounts.roles import AUTHORS, Role
from cms.accounts.site_tree import (
    FILES,
    PUBLISH,
    TREES,
    WRITE,
    file_actions_of,
    parts_of,
    roles_that,
)

NEWS = {"pages.noticeindexpage", "pages.caseindexpage", "pages.honourindexpage"}


def test_only_authors_have_a_part_of_the_tree_or_files() -> None:
    assert set(TREES) == set(FILES) == set(AUTHORS)


def test_two_roles_reach_what_both_reach() -> None:
    both = parts_of([Role.INSTRUCTOR, Role.EDITOR])
    courses = {"courses.coursepage": WRITE, "courses.courseindexpage": WRITE}
    assert both == courses | dict.fromkeys(NEWS, PUBLISH)
    assert parts_of([Role.TRAINEE, Role.AUDITOR]) == {}
    assert file_actions_of([Role.TRAINEE]) == frozenset()
    assert "choose" in file_actions_of([Role.TRAINEE, Role.EDITOR])


def test_nobody_publishes_in_the_course_tree_by_role() -> None:
    publishers = roles_that({"publish"})
    assert publishers == {Role.SITE_ADMIN: {"pages.homepage"}, Role.EDITOR: NEWS}
    assert roles_that({"add"})[Role.INSTRUCTOR] == {"courses.coursepage"}
    assert roles_that({"fly"}) == {}
