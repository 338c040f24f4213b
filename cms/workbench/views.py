"""The first page of the workbench and the activity record."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cms.accounts.gates import roles_required
from cms.accounts.models import AuditEntry
from cms.accounts.roles import OFFICERS, STAFF, Role
from cms.workbench import todo

PAGE = 50


@roles_required(*STAFF, Role.SITE_ADMIN)
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person, most urgent first."""
    page = {"waiting": todo.waiting(request.user), "recent": recent(request)}
    return render(request, "workbench/home.html", page)


def recent(request: HttpRequest) -> list[AuditEntry]:
    entries = AuditEntry.objects.visible_to(request.user).select_related("actor", "region")
    return list(entries[:8])


@roles_required(*OFFICERS, Role.AUDITOR, Role.SITE_ADMIN)
def audit_list(request: HttpRequest) -> HttpResponse:
    entries = AuditEntry.objects.visible_to(request.user).select_related("actor", "region")
    page = Paginator(entries, PAGE).get_page(request.GET.get("page"))
    return render(request, "workbench/audit.html", {"page": page})
