"""Roles and what each opens; no database, no framework."""

from enum import StrEnum


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
    Role.SITE_ADMIN: _content_permissions(_ACTIONS),
}
