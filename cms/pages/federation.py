"""How the federation that runs the site shows itself on every page: one small cached reading."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from wagtail.models import Site

from cms.pages.colours import SHIPPED
from cms.pages.models import GENERATION, ArticlePage, Federation

# A change made in one process is seen by the others within this time.
KEPT_S = 60


@dataclass(frozen=True)
class Shown:
    """What templates show; empty texts stand for what the federation has not said."""

    title: str = ""
    name: str = ""
    logo_url: str = ""
    theme_url: str = ""
    telephone: str = ""
    address: str = ""
    record_number: str = ""


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context: read only by pages that show it."""
    return {
        "federation": SimpleLazyObject(lambda: shown(request)),
        "articles": SimpleLazyObject(lambda: articles(request)),
    }


def shown(request: HttpRequest) -> Shown:
    return _kept("shown", request, _read) or Shown()


def articles(request: HttpRequest) -> Sequence[tuple[str, str]]:
    """Title and address of the articles that authors put into the menus: the foot of a page."""
    return _kept("articles", request, _articles) or ()


def _kept(what: str, request: HttpRequest, read: Callable[[Site], Any]) -> Any:
    """By host, so that a page that is warm asks the database for nothing here."""
    key = f"federation:{cache.get(GENERATION, 0)}:{what}:{request.get_host()}"
    found = cache.get(key)
    if found is None:
        site = Site.find_for_request(request)
        found = read(site) if site else None
        cache.set(key, found, KEPT_S)
    return found


def _read(site: Site) -> Shown:
    row = Federation.objects.select_related("logo").filter(site=site).first() or Federation()
    return Shown(
        title=row.site_title or site.site_name,
        name=row.name,
        logo_url=row.logo.get_rendition("fill-64x64|format-png").url if row.logo else "",
        theme_url="" if row.colour == SHIPPED else reverse("site:theme", args=[row.colour]),
        telephone=row.telephone,
        address=row.address,
        record_number=row.record_number,
    )


def _articles(site: Site) -> Sequence[tuple[str, str]]:
    pages = ArticlePage.objects.descendant_of(site.root_page).live().in_menu()
    return tuple((page.title, page.url) for page in pages)
