"""The pages of the public site, from text files, as pages that editors can change in Wagtail."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.utils.text import slugify
from wagtail.documents.models import Document
from wagtail.models import Locale, Page, Site

from cms.demo.workbooks import Clerk
from cms.pages.models import (
    ArticlePage,
    CaseIndexPage,
    CaseStudyPage,
    Federation,
    HomePage,
    HonourIndexPage,
    HonourPage,
    NoticeAttachment,
    NoticeIndexPage,
    PolicyNoticePage,
)
from cohorts.subsidies.models import Policy

TEXTS = Path(__file__).parent / "site"
FEDERATION = {
    "site_title": "社工备考平台",
    "name": "中卫市社会组织联合会",
    "telephone": "0955-000 0000",
    "address": "宁夏回族自治区中卫市沙坡头区",
}


def home_page_is_up() -> bool:
    """Return whether the default site begins with a home page of ours."""
    pages = HomePage.objects.values("pk")
    return Site.objects.filter(is_default_site=True, root_page__in=pages).exists()


def publish_home_page() -> HomePage:
    """The home page, made and set as the root of the site where there is none."""
    page = HomePage.objects.first() or _new_home()
    site = Site.objects.filter(is_default_site=True).first()
    if site is None or site.root_page_id != page.pk:
        site = site or Site(hostname="localhost", port=80, is_default_site=True)
        site.root_page, site.site_name = page, FEDERATION["site_title"]
        site.save()
        Federation.objects.update_or_create(site=site, defaults=FEDERATION)
        _drop_welcome_pages(page)
    return page


def site_is_told() -> bool:
    return HonourPage.objects.exists()


def tell_site() -> None:
    """Notices, cases, honours and the page about the platform, below the home page."""
    home = HomePage.objects.get()
    _tell_notices(_index(home, NoticeIndexPage, "通知公示", "notices"))
    _tell_cases(_index(home, CaseIndexPage, "实务案例", "cases"))
    _tell_honours(_index(home, HonourIndexPage, "最美社工", "honours"))
    _tell_articles(home)


def _new_home() -> HomePage:
    text = _read("home.toml")
    page = HomePage(title=text["title"], slug="zhongwei", lead=text["lead"], body=text["body"])
    return _publish(_root(), page)


def _tell_notices(index: Page) -> None:
    policies = {policy.code: policy for policy in Policy.objects.all()}
    for number, text in enumerate(_read("notices.toml")["notice"], start=1):
        notice = PolicyNoticePage(
            title=text["title"],
            slug=f"{text['issued_on']}-{number}",
            kind=text["kind"],
            document_number=text.get("doc_no", ""),
            issuer=text["issuer"],
            issued_on=text["issued_on"],
            effective_from=text.get("effective_from"),
            effective_to=text.get("effective_to"),
            policy=policies.get(text.get("policy", "")),
            body=text["body"],
        )
        if "attachment" in text:
            notice.attachments.add(NoticeAttachment(document=_attachment(text["attachment"])))
        _publish(index, notice)


def _attachment(name: str) -> Document:
    """A file that offices download with a notice; `results-blank` is the only one so far."""
    title, content = {"results-blank": ("成绩册（样表）", Clerk.blank_results)}[name]
    document = Document(title=title, file=ContentFile(content(), name=f"{name}.xlsx"))
    document.save()
    return document


def _tell_cases(index: Page) -> None:
    for text in _read("cases.toml")["case"]:
        _publish(index, CaseStudyPage(**text))


def _tell_honours(index: Page) -> None:
    for text in _read("honours.toml")["honour"]:
        honour = HonourPage(
            title=text["name"],
            slug=_slug(f"{text['year']}-{text['name']}"),
            honour=text["title"],
            year=text["year"],
            unit=text["unit"],
            region_id=text["region"],
            quote=text.get("quote", ""),
            body=text["body"],
        )
        _publish(index, honour)


def _tell_articles(home: Page) -> None:
    for text in _articles():
        _publish(home, ArticlePage(show_in_menus=True, **text))


def _articles() -> Iterable[dict[str, Any]]:
    path = TEXTS / "articles.toml"
    return _read(path.name)["article"] if path.exists() else ()


def _index(home: Page, kind: type[Page], title: str, slug: str) -> Page:
    return kind.objects.first() or _publish(home, kind(title=title, slug=slug))


def _publish(parent: Page, page: Page) -> Any:
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def _slug(title: str) -> str:
    return slugify(title, allow_unicode=True)[:60]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((TEXTS / name).read_text(encoding="utf-8"))


def _root() -> Page:
    root = Page.get_first_root_node()
    if root is not None:
        return root
    # A database made without Wagtail's own first rows (the tests) has no tree yet.
    Locale.objects.get_or_create(language_code="zh-hans")
    return Page.add_root(title="Root", slug="root")


def _drop_welcome_pages(page: HomePage) -> None:
    """Wagtail greets a fresh database with a page of its own; nothing hangs below it."""
    for other in _root().get_children().exclude(pk=page.pk):
        if other.specific_class is Page and not other.get_children().exists():
            other.delete()
