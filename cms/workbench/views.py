"""The first page of the workbench and the activity record."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cms.accounts.gates import acting_scope, roles_required
from cms.accounts.models import AuditEntry
from cms.accounts.roles import OFFICERS, STAFF, Role
from cms.workbench import todo
from cms.workbench.agenda import WEEKDAYS, appointments
from cms.workbench.month import Month, month_of
from cms.workbench.words import action_words, target_words

PAGE = 50
AUDIT_READERS = OFFICERS | {Role.AUDITOR, Role.SITE_ADMIN}


@roles_required(*STAFF, Role.SITE_ADMIN)
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person, largest pile first, and what is set down for the month."""
    today = timezone.localdate()
    piles = todo.waiting(request.user)
    page = {
        "piles": piles,
        "waiting_count": sum(pile.count for pile in piles),
        "month": _month(request, today),
        "weekdays": WEEKDAYS,
        "today": today,
        "recent": recent(request),
        "may_audit": acting_scope(request.user).roles & AUDIT_READERS,
    }
    return render(request, "workbench/home.html", page)


def _month(request: HttpRequest, today: date) -> Month:
    """The month that was asked for (`?month=2026-04`), or this one."""
    try:
        first = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        first = today.replace(day=1)
    end = (first + timedelta(days=32)).replace(day=1)
    return month_of(first, appointments(request.user, first, end), today=today)


def recent(request: HttpRequest) -> list[dict[str, Any]]:
    entries = AuditEntry.objects.visible_to(request.user).select_related("actor", "region")
    return _in_words(entries[:8])


def _in_words(entries: Iterable[AuditEntry]) -> list[dict[str, Any]]:
    return [
        {"entry": e, "action": action_words(e.action), "target": target_words(e.target)}
        for e in entries
    ]


@roles_required(*AUDIT_READERS)
def audit_list(request: HttpRequest) -> HttpResponse:
    entries = AuditEntry.objects.visible_to(request.user).select_related("actor", "region")
    page = Paginator(entries, PAGE).get_page(request.GET.get("page"))
    return render(request, "workbench/audit.html", {"page": page, "rows": _in_words(page)})
