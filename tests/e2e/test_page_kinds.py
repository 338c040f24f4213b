"""Every kind of page of the demo: axe finds nothing serious, nothing scrolls sideways at 320 px."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import DESK, PHONE, SMALLEST, axe_on

pytestmark = pytest.mark.browser

# User → pages by address; `list → pattern` is the first link of that shape on the list.
KINDS: dict[str, tuple[str, ...]] = {
    "": (
        "/",
        "/courses/",
        "/courses/ → /courses/[a-z-]+/",
        "/courses/junior-general/ → /courses/junior-general/chapter-[0-9]+/",
        "/classes/",
        "/classes/ → /classes/[a-z0-9-]+/",
        "/notices/",
        "/notices/ → /notices/20[^/]+/",
        "/cases/",
        "/cases/ → /cases/[^/]+/",
        "/honours/",
        "/honours/ → /honours/[^/]+/",
        "/accounts/login/",
        "/join/not-a-link/",
    ),
    "trainee": (
        "/today/",
        "/study/",
        "/study/bookmarks/",
        "/study/notes/",
        "/courses/junior-practice/chapter-1/ → /courses/junior-practice/chapter-1/[^/]+/",
        "/practice/",
        "/practice/bookmarks/",
        "/mistakes/",
        "/papers/",
        "/papers/ → /attempts/[0-9a-f-]+/report/",
        "/classes/ → /classes/[a-z0-9-]+/mine/",
        "/me/",
        "/me/results/",
        "/me/claims/",
        "/me/claims/ → /me/claims/[0-9a-f-]+/[a-z-]+/",
        "/me/consent/",
        "/me/link/",
        "/me/inbox/",
        "/accounts/password/change/",
    ),
    "organiser": (
        "/workbench/",
        "/workbench/classes/",
        "/workbench/classes/new/",
        "/workbench/classes/ → /workbench/classes/[0-9a-f-]{36}/",
        "RUNNING people/",
        "RUNNING applications/",
        "RUNNING plan/",
        "RUNNING notices/",
        "RUNNING edit/",
        "RUNNING staff/",
        "RUNNING code/",
        "RUNNING people/ → /workbench/classes/[0-9a-f-]{36}/people/[0-9a-f-]{36}/",
        "/workbench/sessions/",
        "/workbench/sessions/ → /workbench/sessions/[0-9a-f-]{36}/",
        "/workbench/sessions/ → /workbench/sessions/[0-9a-f-]{36}/ + screen/",
        "/workbench/following/",
        "/workbench/outcomes/classes/",
        "/workbench/outcomes/classes/?year=2023",
        "/workbench/outcomes/classes/?year=2023 → /workbench/outcomes/classes/[0-9a-f-]{36}/",
    ),
    "city": (
        "/workbench/",
        "/workbench/outcomes/?year=2023",
        "/workbench/outcomes/?year=2024",
        "/workbench/outcomes/rows/?level=junior&figure=passed&year=2023",
        "/workbench/outcomes/annual/?year=2023",
        "/workbench/outcomes/annual/?year=2026",
        "/workbench/outcomes/?year=2025&of=registered",
        "/workbench/results/",
        "/workbench/certificates/",
        "/workbench/posts/",
        "/workbench/subsidies/claims/",
        "/workbench/subsidies/notices/",
        "/workbench/subsidies/batches/",
        "/workbench/subsidies/policies/",
        "/workbench/accounts/",
        "/workbench/accounts/ → /workbench/accounts/[0-9a-f-]{36}/",
        "/workbench/accounts/invite/",
        "/workbench/accounts/invitations/",
        "/workbench/accounts/links/",
        "/workbench/accounts/links/ → /workbench/accounts/links/[0-9a-f-]{36}/",
        "/workbench/audit/",
        "/workbench/audit/ → /workbench/audit/[0-9]+/",
    ),
}
SCREENS = ((PHONE, "light"), (DESK, "light"), (PHONE, "dark"), (DESK, "dark"))


def address(page: Page, kind: str) -> str:
    """The address of a page kind; follows `list → pattern` and `+ tail`."""
    whole, _plus, tail = kind.partition(" + ")
    start, _arrow, pattern = whole.partition(" → ")
    if start.startswith("RUNNING "):
        start = _running_class(page) + start.removeprefix("RUNNING ")
    if not pattern:
        return start
    page.goto(start)
    links = page.locator("main a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    found = next((link for link in links if re.fullmatch(pattern, link or "")), None)
    assert found, f"{start} has no link like {pattern}"
    return found + tail


def _running_class(page: Page) -> str:
    page.goto("/workbench/")
    link = page.get_by_role("link", name=re.compile("年初级考前班")).first
    return str(link.get_attribute("href"))


@pytest.mark.parametrize("username", KINDS)
def test_every_kind_of_page_is_accessible_on_phone_and_desk_in_light_and_dark(
    username: str, as_user: Callable[..., Page]
) -> None:
    faults: list[str] = []
    first = as_user(username)
    addresses = [address(first, kind) for kind in KINDS[username]]
    for size, scheme in SCREENS:
        page = as_user(username, size=size, scheme=scheme)
        check = axe_on(page)
        for found in addresses:
            reply = page.goto(found)
            assert reply is not None
            assert reply.status == (404 if "not-a-link" in found else 200), found
            faults += _fault_of(check, f"{size['width']} {scheme}")
    assert not faults, "\n".join(faults)


def _fault_of(check: Callable[[], None], screen: str) -> list[str]:
    try:
        check()
    except AssertionError as fault:
        return [f"{screen}: {fault}"]
    return []


@pytest.mark.parametrize("username", KINDS)
def test_no_page_scrolls_sideways_on_the_smallest_phone(
    username: str, as_user: Callable[..., Page]
) -> None:
    page = as_user(username, size=SMALLEST)
    wide = []
    for kind in KINDS[username]:
        page.goto(address(page, kind))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(page.url)
    assert not wide
