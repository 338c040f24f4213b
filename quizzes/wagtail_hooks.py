"""Registers bank and papers in Wagtail's admin; everything else is said in their ViewSets."""

from django.templatetags.static import static
from django.urls import URLResolver, include, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from quizzes.bank.admin import BankViewSet
from quizzes.exchange.views import urls as import_urls
from quizzes.papers.admin import PaperViewSet


@hooks.register("register_admin_viewset")
def viewsets() -> list[BankViewSet | PaperViewSet]:
    return [BankViewSet(), PaperViewSet()]


@hooks.register("register_admin_urls")
def question_import() -> list[URLResolver]:
    return [path("bank/", include((import_urls(), "bank_import")))]


@hooks.register("insert_global_admin_css")
def styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("quizzes/cms.css"))
