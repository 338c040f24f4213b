"""What stands in the side bar and the tab bar, by role; counts say what waits for this person."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts.models import Region
from cms.accounts.roles import (
    AUTHORS,
    EVERYWHERE,
    GRANTERS,
    LINKERS,
    OFFICERS,
    REGIONAL,
    STAFF,
    WORKBENCH,
    Role,
)
from cms.workbench import todo

Counter = Callable[[Any], int]
# Who sees boards of classes without being an officer: they have no board of an area.
CLASS_STAFF = frozenset({Role.ORGANISER, Role.INSTRUCTOR})


@dataclass(frozen=True)
class Entry:
    """`also` are addresses elsewhere that belong to this entry, so that it stays marked there."""

    url_name: str
    label: Any
    icon: str
    roles: frozenset[Role]
    count: Counter | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    label: Any
    entries: tuple[Entry, ...] = field(default_factory=tuple)


GROUPS = (
    Group("", (Entry("workbench:home", gettext_lazy("Workbench"), "inbox", WORKBENCH),)),
    Group(
        gettext_lazy("Training"),
        (
            Entry(
                "enrolment:list",
                gettext_lazy("Classes"),
                "users",
                STAFF,
                todo.applications_to_answer,
            ),
            Entry("attendance:list", gettext_lazy("Sessions"), "cal", STAFF),
            Entry("following:list", gettext_lazy("Who is behind"), "flag", STAFF),
            Entry("outcomes:classes", gettext_lazy("Pass rates by class"), "chart", CLASS_STAFF),
        ),
    ),
    Group(
        gettext_lazy("Results"),
        (
            Entry("results:list", gettext_lazy("Results"), "upload", REGIONAL),
            Entry(
                "certificates:list",
                gettext_lazy("Certificates"),
                "id",
                REGIONAL,
                todo.certificates_to_check,
            ),
            Entry("posts:list", gettext_lazy("Posts"), "users", REGIONAL),
            Entry("outcomes:board", gettext_lazy("Pass rates"), "chart", REGIONAL),
        ),
    ),
    Group(
        gettext_lazy("Subsidies"),
        (
            Entry(
                "subsidies:claims",
                gettext_lazy("Claims"),
                "shield",
                REGIONAL,
                todo.claims_to_decide,
            ),
            Entry("subsidies:notices", gettext_lazy("Public notices"), "send", REGIONAL),
            Entry(
                "subsidies:batches",
                gettext_lazy("Payout batches"),
                "wallet",
                REGIONAL,
                todo.batches_to_decide,
            ),
            Entry("subsidies:policies", gettext_lazy("Policies"), "scale", REGIONAL),
        ),
    ),
    Group(
        "",
        (
            Entry(
                "accounts:links",
                gettext_lazy("Accounts to be linked"),
                "id",
                LINKERS,
                todo.links_to_settle,
            ),
            Entry("accounts:list", gettext_lazy("Accounts and roles"), "users", GRANTERS),
            Entry(
                "workbench:audit",
                gettext_lazy("Activity record"),
                "history",
                OFFICERS | {Role.AUDITOR, Role.SITE_ADMIN},
            ),
            Entry("wagtailadmin_home", gettext_lazy("Authoring"), "pencil", AUTHORS),
        ),
    ),
)

TABS = (
    Entry("today:home", gettext_lazy("Today"), "home", frozenset(Role)),
    Entry("study:home", gettext_lazy("Study"), "book", frozenset(Role), also=("/courses/",)),
    Entry(
        "practice:home",
        gettext_lazy("Practice"),
        "pencil",
        frozenset(Role),
        also=("/papers/", "/mistakes/", "/attempts/"),
    ),
    Entry("classes:list", gettext_lazy("Class"), "users", frozenset(Role), also=("/check-in/",)),
    Entry("me:home", gettext_lazy("Me"), "user", frozenset(Role), todo.unread_messages),
)
# Pages of the public site; those that authors add stand at the foot of the page.
SITE_LINKS = (
    ("/", gettext_lazy("Start")),
    ("/courses/", gettext_lazy("Courses")),
    ("/classes/", gettext_lazy("Classes")),
    ("/notices/", gettext_lazy("Notices")),
    ("/cases/", gettext_lazy("Practice cases")),
    ("/honours/", gettext_lazy("Honours")),
)


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context: evaluated only by the pages that show it."""
    return {
        "navigation": SimpleLazyObject(lambda: side_bar(request)),
        "tabs": SimpleLazyObject(lambda: tab_bar(request)),
        "site_links": SimpleLazyObject(lambda: site_links(request)),
        "scope_words": SimpleLazyObject(lambda: scope_in_words(request.user)),
        "is_staff_member": SimpleLazyObject(lambda: _holds(request, WORKBENCH)),
        "is_author": SimpleLazyObject(lambda: _holds(request, AUTHORS)),
    }


def _holds(request: HttpRequest, roles: frozenset[Role]) -> bool:
    return request.user.is_authenticated and request.user.has_role(*roles)


def side_bar(request: HttpRequest) -> list[dict[str, Any]]:
    roles = request.user.scope.roles if request.user.is_authenticated else frozenset()
    shown = []
    for group in GROUPS:
        entries = [_drawn(e, request) for e in group.entries if e.roles & roles]
        if entries:
            shown.append({"label": group.label, "entries": entries})
    return shown


def tab_bar(request: HttpRequest) -> list[dict[str, Any]]:
    return [_drawn(entry, request) for entry in TABS]


def site_links(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {"url": url, "label": label, "current": _is_current(url, request)}
        for url, label in SITE_LINKS
    ]


def _is_current(url: str, request: HttpRequest, also: tuple[str, ...] = ()) -> bool:
    # Addresses below which other entries of the same bar lie.
    whole = url in {"/", "/workbench/", "/workbench/accounts/", "/workbench/outcomes/"}
    own = request.path == url if whole else request.path.startswith(url)
    return own or request.path.startswith(also)


def _drawn(entry: Entry, request: HttpRequest) -> dict[str, Any]:
    url = reverse(entry.url_name)
    return {
        "url": url,
        "label": entry.label,
        "icon": entry.icon,
        "current": _is_current(url, request, entry.also),
        "count": entry.count(request.user) if entry.count else 0,
    }


def scope_in_words(user: Any) -> str:
    codes: Iterable[str] = user.scope.regions if user.is_authenticated else ()
    names = list(Region.objects.filter(code__in=list(codes)).values_list("name", flat=True))
    if names:
        return "、".join(names)
    if user.is_authenticated and user.has_role(*EVERYWHERE):
        return _("the whole site")
    has_classes = user.is_authenticated and user.has_role(*CLASS_STAFF)
    return _("own classes") if has_classes else _("own records only")
