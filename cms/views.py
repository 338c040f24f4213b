"""Pages that belong to no feature: the way in after signing in, health."""

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from wagtail.models import Site

from cms.accounts.gates import acting_scope
from cms.accounts.roles import AUTHORS, STAFF


@login_required
def welcome(request: HttpRequest) -> HttpResponse:
    """After signing in everybody lands where their work is."""
    roles = acting_scope(request.user).roles
    if roles & (STAFF - AUTHORS):
        return redirect("workbench:home")
    if roles & AUTHORS:
        return redirect("wagtailadmin_home")
    return redirect("papers:list")


def health(_request: HttpRequest) -> HttpResponse:
    """200 when the database answers and the site is set up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": Site.objects.exists()})
