"""A small site: the home page at the root, and pages below it."""

from datetime import date
from typing import Any

from wagtail.models import Page, Site

from cms.pages.models import HomePage, NoticeIndexPage, PolicyNoticePage


def make_home(title: str = "备考站") -> HomePage:
    """The home page as the root of the default site; made once a test."""
    known = HomePage.objects.first()
    if known is not None:
        return known
    home = HomePage(title=title, slug="start", lead="一起备考")
    Page.get_first_root_node().add_child(instance=home)
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": home}
    )
    return home


def make_page(parent: Page, page: Page) -> Any:
    parent.add_child(instance=page)
    return page


def make_notice(title: str = "关于报名的通知", **changes: Any) -> PolicyNoticePage:
    home = make_home()
    index = NoticeIndexPage.objects.first() or make_page(
        home, NoticeIndexPage(title="通知", slug="notices")
    )
    fields: dict[str, Any] = {
        "kind": "policy",
        "document_number": "卫社联发〔2026〕6号",
        "issuer": "中卫市社会组织联合会",
        "issued_on": date(2026, 3, 1),
        "body": "<p>正文</p>",
    }
    slug = f"notice-{PolicyNoticePage.objects.count() + 1}"
    page: PolicyNoticePage = make_page(
        index, PolicyNoticePage(title=title, slug=slug, **fields | changes)
    )
    return page
