"""The browser lane: the system's Chromium, a live server, axe on every page walked."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.demo_site import served

ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "shegong-2026"  # of the demo's users, as `make demo` prints it
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
SMALLEST = {"width": 320, "height": 640}
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The journal is sent every five seconds, and the machine may be busy.
expect.set_options(timeout=20_000)
# Playwright's loop runs in this thread, and the tests prepare their rows in it too.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def chromium() -> str | None:
    """Path of the browser: CHROMIUM, or the first one found on the machine."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if chromium() is None and not os.environ.get("NOTHING_SKIPPED"):
        for item in items:
            if "e2e" in item.path.parts:
                item.add_marker(pytest.mark.skip(reason="browser lane: no Chromium found"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": chromium(), "args": QUIET}


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": PHONE, "locale": "zh-CN"}


@pytest.fixture
def sign_in(live_server: Any, page: Page) -> Callable[[str, str], None]:
    """Sign in through the page, as a person does; whoever was signed in is signed out first."""

    def enter(username: str, password: str) -> None:
        page.context.clear_cookies()
        page.goto(f"{live_server.url}/accounts/login/")
        page.get_by_label("用户名或手机号").fill(username)
        page.get_by_label("密码").fill(password)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: "/accounts/login/" not in url)

    return enter


@pytest.fixture
def axe(page: Page) -> Callable[[], None]:
    """Fails on serious or critical findings of axe on the page as it stands."""
    return axe_on(page)


def axe_on(page: Page) -> Callable[[], None]:
    source = AXE.read_text()

    def check() -> None:
        page.evaluate(source)
        found = page.evaluate("axe.run({resultTypes: ['violations']})")
        serious = [
            f"{v['id']} ({v['impact']}): {v['nodes'][0]['html'][:120]} ×{len(v['nodes'])}"
            for v in found["violations"]
            if v["impact"] in {"serious", "critical"}
        ]
        assert not serious, f"{page.url}: {serious}"
        assert not _wider_than_screen(page), f"{page.url} scrolls sideways"

    return check


def _wider_than_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


# --- the demo, served as `make demo` serves it ----------------------------------------------------
@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def demo(demo_folder: Path) -> Iterator[str]:
    """The address of the demo; loaded once, so its tests change little and only what is theirs."""
    with served(demo_folder) as address:
        yield address


@pytest.fixture(scope="session")
def passes(demo: str, browser: Browser) -> Callable[[str], Any]:
    """The cookies of a demo user, who signs in once."""
    kept: dict[str, Any] = {}

    def of(username: str) -> Any:
        if username not in kept:
            context = browser.new_context(locale="zh-CN")
            enter_demo(context.new_page(), demo, username)
            kept[username] = context.storage_state()
            context.close()
        return kept[username]

    return of


def enter_demo(page: Page, demo: str, username: str) -> None:
    page.goto(f"{demo}/accounts/login/")
    page.get_by_label("用户名或手机号").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


@pytest.fixture
def as_user(
    demo: str, browser: Browser, passes: Callable[[str], Any]
) -> Iterator[Callable[..., Page]]:
    """A page of a demo user ("" for a visitor) on a screen of the wanted size."""
    opened: list[BrowserContext] = []

    def enter(username: str, *, size: dict[str, int] = PHONE, scheme: str = "light") -> Page:
        context = browser.new_context(
            base_url=demo,
            locale="zh-CN",
            viewport=size,
            color_scheme=scheme,
            storage_state=passes(username) if username else None,
        )
        opened.append(context)
        return context.new_page()

    yield enter
    for context in opened:
        context.close()
