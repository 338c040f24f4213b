"""Which part of the page tree a role may work on, and what it may do there; no database.

A part begins at every page of the named kind and holds all that lies below it. `publish` stands
here only where no second reader is wanted: lessons have no such row (docs/decisions/0012).
"""

from collections.abc import Iterable, Mapping

from cms.accounts.roles import Role

WRITE = frozenset({"add", "change"})
PUBLISH = WRITE | {"publish"}
TREES: Mapping[str, Mapping[str, frozenset[str]]] = {
    Role.EDITOR: {
        "courses.courseindexpage": WRITE,
        "pages.noticeindexpage": PUBLISH,
        "pages.caseindexpage": PUBLISH,
        "pages.honourindexpage": PUBLISH,
    },
    # Lessons and chapters of the courses there are; which courses there are is the editors' matter.
    Role.INSTRUCTOR: {"courses.coursepage": WRITE},
    Role.SITE_ADMIN: {
        "pages.homepage": PUBLISH | {"lock", "unlock", "bulk_delete"},
    },
}

# Pictures and files lie in collections, which Wagtail guards apart from pages. What one author
# uploaded is changed by that author alone (`add` carries so far); everybody may choose it.
FILES: Mapping[str, frozenset[str]] = {
    Role.EDITOR: frozenset({"add", "choose"}),
    Role.INSTRUCTOR: frozenset({"add", "choose"}),
    Role.SITE_ADMIN: frozenset({"add", "choose", "change"}),
}


def parts_of(roles: Iterable[str]) -> dict[str, frozenset[str]]:
    """Kind of page → what these roles together may do at and below it."""
    found: dict[str, frozenset[str]] = {}
    for role in roles:
        for kind, actions in TREES.get(role, {}).items():
            found[kind] = found.get(kind, frozenset()) | actions
    return found


def file_actions_of(roles: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(FILES.get(role, frozenset()) for role in roles))


def roles_that(actions: Iterable[str]) -> dict[str, set[str]]:
    """Role → kinds of page at and below which it may do any of these."""
    wanted = set(actions)
    found = {
        role: {kind for kind, allowed in parts.items() if allowed & wanted}
        for role, parts in TREES.items()
    }
    return {role: kinds for role, kinds in found.items() if kinds}
