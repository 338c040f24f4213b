"""Pages that belong to no feature: the way in after signing in, health."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe
from django.views.static import serve as serve_file
from wagtail.models import Site

from cms.accounts.gates import acting_scope
from cms.accounts.roles import AUTHORS, STAFF


@login_required
def welcome(request: HttpRequest) -> HttpResponse:
    """After signing in everybody lands where their work is."""
    roles = acting_scope(request.user).roles
    if roles & STAFF:
        return redirect("workbench:home")
    if roles & AUTHORS:
        return redirect("wagtailadmin_home")
    return redirect("today:home")


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """Pictures of pages in the sizes they are shown in. Originals and documents are not served:
    whoever uploads them decides in a page who may see what.
    """
    reply = serve_file(request, name, document_root=str(settings.MEDIA_ROOT / "images"))
    # Another size or crop gets another name.
    reply.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return reply


def health(_request: HttpRequest) -> HttpResponse:
    """200 when the database answers and the site is set up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": Site.objects.exists()})
