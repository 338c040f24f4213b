"""Which files the public may fetch: those that a live page of the public site shows.

Wagtail serves every uploaded file to whoever knows its number. The files of lessons have their own
address, which asks for an account (`courses.pages.views.lesson_file`).
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest
from wagtail import hooks
from wagtail.models import Page, ReferenceIndex

from cms.accounts.roles import AUTHORS


@hooks.register("before_serve_document")
def only_what_a_public_page_shows(document: Any, request: HttpRequest) -> None:
    user = request.user
    if user.is_authenticated and (user.is_superuser or user.has_role(*AUTHORS)):
        return
    references = ReferenceIndex.get_references_to(document).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    shown_on = [int(pk) for pk in references.values_list("object_id", flat=True)]
    public = Page.objects.live().public().filter(content_type__app_label="pages")
    if not public.filter(pk__in=shown_on).exists():
        raise Http404
