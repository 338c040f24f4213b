"""Pages of the public site that authors edit in Wagtail, and how the federation presents itself."""

from typing import Any

from django.core.cache import cache
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page

from cms.pages.colours import SHIPPED
from courses.pages.models import CourseIndexPage

# Key of the cache: how often the federation has been changed; readers put it into their own keys.
GENERATION = "federation-generation"
FEATURES = ["h2", "h3", "bold", "ol", "ul", "link", "document-link"]
COLOUR_NAMES = {
    "azurite": _("azurite blue"),
    "pine": _("pine green"),
    "indigo": _("indigo"),
    "plum": _("plum"),
    "umber": _("umber"),
}


@register_setting(icon="site", order=1)
class Federation(BaseSiteSetting):
    """Who runs this site: names, mark, colour and how to reach them."""

    site_title = models.CharField(_("name of the site"), max_length=40, blank=True)
    name = models.CharField(_("name of the federation"), max_length=60, blank=True)
    logo = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
        help_text=_("Square, shown at 32 pixels; without one the mark of the platform stands."),
    )
    colour = models.CharField(
        _("colour"), max_length=10, choices=list(COLOUR_NAMES.items()), default=SHIPPED
    )
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=120, blank=True)
    record_number = models.CharField(
        _("record number of the site (ICP)"), max_length=60, blank=True
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("site_title"),
                FieldPanel("name"),
                FieldPanel("logo"),
                FieldPanel("colour"),
            ],
            heading=_("Look"),
        ),
        MultiFieldPanel(
            [FieldPanel("telephone"), FieldPanel("address"), FieldPanel("record_number")],
            heading=_("Foot of every page"),
        ),
    ]

    class Meta:
        verbose_name = _("federation")
        verbose_name_plural = _("federations")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """What every page shows of it is kept in the cache, and must not outlive a change here."""
        super().save(*args, **kwargs)
        cache.set(GENERATION, cache.get(GENERATION, 0) + 1, timeout=None)


class HomePage(Page):
    """The first page: what the platform is for, and the way in for each kind of visitor."""

    lead = models.CharField(_("lead"), max_length=200, blank=True)
    body = RichTextField(_("text"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    max_count = 1
    template = "pages/home.html"

    class Meta:
        verbose_name = _("home page")

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Lessons are asked for far more often than other pages: one statement finds their list,
        where Wagtail takes three.
        """
        indexes = CourseIndexPage.objects.child_of(self).filter(slug__in=path_components[:1])
        index = indexes.first() if path_components else None
        if index is not None:
            return index.route(request, path_components[1:])
        return super().route(request, path_components)


class ArticlePage(Page):
    """A page of running text: help, about, how to reach us."""

    lead = models.CharField(_("lead"), max_length=200, blank=True)
    body = RichTextField(_("text"), features=FEATURES)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    parent_page_types = ["pages.HomePage", "pages.ArticlePage"]
    template = "pages/article.html"

    class Meta:
        verbose_name = pgettext_lazy("page", "article")
        verbose_name_plural = pgettext_lazy("page", "articles")


class IndexPage(Page):
    """A list of pages of one kind; subclasses say of which."""

    lead = models.CharField(_("lead"), max_length=200, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead")]
    parent_page_types = ["pages.HomePage"]
    max_count = 1

    class Meta:
        abstract = True


class NoticeIndexPage(IndexPage):
    """Notices (通知), under `/notices/`; what is on public display (公示) stands above them."""

    subpage_types = ["pages.PolicyNoticePage"]
    template = "pages/notices.html"

    class Meta:
        verbose_name = _("list of notices")
        verbose_name_plural = _("lists of notices")


class PolicyNoticePage(Page):
    """A notice with what an office needs to cite it: number, issuer, dates, attachments, policy."""

    class Kind(models.TextChoices):
        POLICY = "policy", _("policy")
        CLASS = "class", _("class")
        EXAM = "exam", _("exam")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.POLICY)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    issuer = models.CharField(_("issuer"), max_length=80)
    issued_on = models.DateField(_("issued on"))
    effective_from = models.DateField(_("effective from"), null=True, blank=True)
    effective_to = models.DateField(_("effective until (exclusive)"), null=True, blank=True)
    policy = models.ForeignKey(
        "cohorts.Policy",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("policy"),
        help_text=_("The subsidy policy that carries this notice out."),
    )
    body = RichTextField(_("text"), features=FEATURES)

    content_panels = [
        *Page.content_panels,
        FieldPanel("kind"),
        MultiFieldPanel(
            [FieldPanel("document_number"), FieldPanel("issuer"), FieldPanel("issued_on")],
            heading=_("Head of the document"),
        ),
        MultiFieldPanel(
            [FieldPanel("effective_from"), FieldPanel("effective_to"), FieldPanel("policy")],
            heading=_("In force"),
        ),
        FieldPanel("body"),
        InlinePanel("attachments", heading=_("Attachments"), label=_("attachment")),
    ]
    parent_page_types = ["pages.NoticeIndexPage"]
    subpage_types: list[str] = []
    template = "pages/notice.html"

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True)
                | Q(effective_to__gt=F("effective_from"), effective_from__isnull=False),
                name="notice_ends_after_it_begins",
                violation_error_message=_("A notice that ends must begin, and before it ends."),
            )
        ]


class NoticeAttachment(Orderable):
    """A file that belongs to a notice."""

    page = ParentalKey(PolicyNoticePage, on_delete=models.CASCADE, related_name="attachments")
    document = models.ForeignKey(
        "wagtaildocs.Document", models.PROTECT, related_name="+", verbose_name=_("file")
    )

    panels = [FieldPanel("document")]

    def __str__(self) -> str:
        return str(self.document)


class CaseIndexPage(IndexPage):
    """Practice cases (案例), under `/cases/`."""

    subpage_types = ["pages.CaseStudyPage"]
    template = "pages/cases.html"

    class Meta:
        verbose_name = _("list of cases")
        verbose_name_plural = _("lists of cases")

    def entries(self) -> models.QuerySet["CaseStudyPage"]:
        found: models.QuerySet[CaseStudyPage] = CaseStudyPage.objects.child_of(self).live()
        return found.order_by("path")


class CaseStudyPage(Page):
    """What was done somewhere, and what can be learned from it; no private person is named."""

    place = models.CharField(_("place"), max_length=60, blank=True)
    summary = models.CharField(_("summary"), max_length=200)
    body = RichTextField(_("text"), features=FEATURES)

    content_panels = [
        *Page.content_panels,
        FieldPanel("place"),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]
    parent_page_types = ["pages.CaseIndexPage"]
    subpage_types: list[str] = []
    template = "pages/case.html"

    class Meta:
        verbose_name = _("case study")
        verbose_name_plural = _("case studies")


class HonourIndexPage(IndexPage):
    """People who were honoured (最美社工), under `/honours/`."""

    subpage_types = ["pages.HonourPage"]
    template = "pages/honours.html"

    class Meta:
        verbose_name = _("list of honours")
        verbose_name_plural = _("lists of honours")

    def entries(self) -> models.QuerySet["HonourPage"]:
        found: models.QuerySet[HonourPage] = HonourPage.objects.child_of(self).live()
        return found.select_related("region", "portrait").order_by("-year", "path")


class HonourPage(Page):
    """One person's honour; the title of the page is the person's name."""

    honour = models.CharField(_("honour"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    unit = models.CharField(_("unit"), max_length=80)
    region = models.ForeignKey(
        "accounts.Region", models.PROTECT, related_name="+", verbose_name=_("region")
    )
    portrait = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("portrait"),
    )
    quote = models.CharField(_("in the person's words"), max_length=120, blank=True)
    body = RichTextField(_("text"), features=FEATURES)

    content_panels = [
        *Page.content_panels,
        FieldPanel("honour"),
        FieldPanel("year"),
        FieldPanel("unit"),
        FieldPanel("region"),
        FieldPanel("portrait"),
        FieldPanel("quote"),
        FieldPanel("body"),
    ]
    parent_page_types = ["pages.HonourIndexPage"]
    subpage_types: list[str] = []
    template = "pages/honour.html"

    class Meta:
        verbose_name = _("honour")
        verbose_name_plural = _("honours")
