"""How the federation that runs the site shows itself on every page: one small cached reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from wagtail.models import Site

from cms.pages.colours import SHIPPED
from cms.pages.models import ArticlePage, Federation

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
    articles: Sequence[tuple[str, str]] = ()


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context: read only by pages that show it."""
    return {"federation": SimpleLazyObject(lambda: shown(request))}


def shown(request: HttpRequest) -> Shown:
    site = Site.find_for_request(request)
    if site is None:
        return Shown()
    found = cache.get_or_set(f"federation:{site.pk}", lambda: _read(site), KEPT_S)
    return found or Shown()


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
        articles=_articles(site),
    )


def _articles(site: Site) -> Sequence[tuple[str, str]]:
    """Title and address of the articles that authors put into the menus."""
    pages = ArticlePage.objects.descendant_of(site.root_page).live().in_menu()
    return tuple((page.title, page.url) for page in pages)
