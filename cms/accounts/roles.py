"""Roles and what each opens; no database, no framework."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from cms.core.wording import Message


class Role(StrEnum):
    TRAINEE = "trainee"
    INSTRUCTOR = "instructor"
    EDITOR = "editor"
    ORGANISER = "organiser"
    TOWNSHIP_OFFICER = "township_officer"
    COUNTY_OFFICER = "county_officer"
    CITY_OFFICER = "city_officer"
    FINANCE_OFFICER = "finance_officer"
    AUDITOR = "auditor"
    SITE_ADMIN = "site_admin"


# Officers decide; finance pays; auditors read. Only these reach people by region: instructors and
# organisers reach them through their classes, authors not at all.
OFFICERS = frozenset({Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER, Role.CITY_OFFICER})
REGIONAL = OFFICERS | {Role.FINANCE_OFFICER, Role.AUDITOR}
AUTHORS = frozenset({Role.INSTRUCTOR, Role.EDITOR, Role.SITE_ADMIN})
STAFF = REGIONAL | {Role.ORGANISER, Role.INSTRUCTOR}
# Who has the first page of the workbench.
WORKBENCH = STAFF | {Role.SITE_ADMIN}

ROLE_WORDS: Mapping[Role, Message] = {
    Role.TRAINEE: Message("trainee"),
    Role.INSTRUCTOR: Message("instructor"),
    Role.EDITOR: Message("editor"),
    Role.ORGANISER: Message("class organiser"),
    Role.TOWNSHIP_OFFICER: Message("township officer"),
    Role.COUNTY_OFFICER: Message("county officer"),
    Role.CITY_OFFICER: Message("city officer"),
    Role.FINANCE_OFFICER: Message("finance officer"),
    Role.AUDITOR: Message("auditor"),
    Role.SITE_ADMIN: Message("site administrator"),
}

# Who may grant what. A site administrator grants everywhere, everybody else in the own area alone.
GRANTS: Mapping[Role, frozenset[Role]] = {
    Role.SITE_ADMIN: frozenset(Role),
    Role.CITY_OFFICER: frozenset(Role) - {Role.SITE_ADMIN},
}
GRANTERS = frozenset(GRANTS)
EVERYWHERE = frozenset({Role.SITE_ADMIN})
# Who settles whose account is whose, where a code could not.
LINKERS = frozenset({Role.COUNTY_OFFICER, Role.CITY_OFFICER})


def grantable(held: Iterable[tuple[str, str]]) -> frozenset[Role]:
    """Roles that somebody who holds these (role, area) pairs may grant somewhere."""
    return frozenset().union(*(GRANTS.get(Role(own), frozenset()) for own, _area in held))


def may_grant(held: Iterable[tuple[str, str]], role: str, area: str) -> bool:
    """Whether somebody who holds these (role, area) pairs may grant `role` over `area`.

    A grant without an area belongs to no city, so that only a site administrator may give it.
    """
    return any(
        role in GRANTS.get(Role(own), frozenset())
        and (own in EVERYWHERE or (own_area != "" and area.startswith(own_area)))
        for own, own_area in held
    )


_CONTENT_MODELS = (
    "quizzes.question",
    "quizzes.questionversion",
    "quizzes.paper",
    "courses.syllabusversion",
    "courses.knowledgepoint",
    "courses.examyear",
    "courses.subjectpaperscheme",
    "courses.lawedition",
)
_ACTIONS = ("view", "add", "change")


def _content_permissions(actions: tuple[str, ...]) -> frozenset[str]:
    names = [model.split(".") for model in _CONTENT_MODELS]
    codes = {f"{app}.{action}_{model}" for app, model in names for action in actions}
    return frozenset(codes | {"wagtailadmin.access_admin"})


# Django permissions by role, for Wagtail's admin alone. Nobody may delete bank content: versions
# are retired, because attempts point at them.
PERMISSIONS: dict[str, frozenset[str]] = {
    Role.EDITOR: _content_permissions(_ACTIONS),
    Role.INSTRUCTOR: _content_permissions(_ACTIONS),
    # How the federation presents itself: name, mark, colour, foot of the page.
    Role.SITE_ADMIN: _content_permissions(_ACTIONS) | {"pages.change_federation"},
}
