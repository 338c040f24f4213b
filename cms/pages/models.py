"""Pages of the public site that authors edit in Wagtail."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page


class HomePage(Page):
    """The first page: what the platform is for, and the way in for each kind of visitor."""

    lead = models.CharField(_("lead"), max_length=200, blank=True)
    body = RichTextField(_("text"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    max_count = 1
    template = "pages/home.html"

    class Meta:
        verbose_name = _("home page")
