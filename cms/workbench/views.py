"""The first page of the workbench and the activity record."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cms.accounts.gates import acting_scope, roles_required
from cms.accounts.models import AuditEntry, User
from cms.accounts.roles import OFFICERS, WORKBENCH, Role
from cms.accounts.services import audit, verify_stretch
from cms.workbench import todo
from cms.workbench.agenda import WEEKDAYS, appointments
from cms.workbench.audit import AuditFilter, ends_of, in_words, workbook_of
from cms.workbench.classes import classes_in_progress
from cms.workbench.month import Month, month_of
from cms.workbench.records import members_of, names_of
from cms.workbench.words import action_words, target_url, target_words

PAGE = 50
AUDIT_READERS = OFFICERS | {Role.AUDITOR, Role.SITE_ADMIN}
VERIFIERS = frozenset({Role.AUDITOR, Role.SITE_ADMIN})
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@roles_required(*WORKBENCH)
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person, largest pile first, and what is set down for the month."""
    now = timezone.now()
    today, piles = timezone.localdate(now), todo.waiting(request.user, now)
    page = {
        "piles": piles,
        "waiting_count": sum(pile.count for pile in piles),
        "classes": classes_in_progress(request.user, now),
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
    return in_words(_entries(request)[:8], request.user)


def _entries(request: HttpRequest) -> Any:
    """Newest first by their time: what tells of older facts is written later."""
    rows = AuditEntry.objects.visible_to(request.user).select_related("actor", "region")
    return rows.order_by("-at", "-pk")


@roles_required(*AUDIT_READERS)
def audit_list(request: HttpRequest) -> HttpResponse:
    entries, roles = _entries(request), acting_scope(request.user).roles
    form = AuditFilter(request.GET, entries=entries)
    found = form.narrowed(entries, request.user)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "rows": in_words(page, request.user),
        "form": form,
        "asked": request.GET.urlencode(),
        "may_verify": bool(roles & VERIFIERS),
    }
    return render(request, "workbench/audit.html", shown)


@roles_required(*AUDIT_READERS)
def audit_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry, and the single records of one that is about several."""
    entry = get_object_or_404(_entries(request), pk=pk)
    targets = members_of(entry, request.user)
    names, roles = names_of(targets, request.user), acting_scope(request.user).roles
    shown = {
        "entry": entry,
        "action": action_words(entry.action),
        "target": names_of([entry.target], request.user).get(entry.target)
        or target_words(entry.target),
        "members": [(names[target], target_url(target, roles)) for target in targets],
    }
    return render(request, "workbench/audit_entry.html", shown)


def _asked(request: HttpRequest) -> tuple[str, Any]:
    """The filter of the page that the button stood on, and the entries it leaves."""
    asked = QueryDict(request.POST.get("asked", ""))
    entries = _entries(request)
    return asked.urlencode(), AuditFilter(asked, entries=entries).narrowed(entries, request.user)


@roles_required(*AUDIT_READERS)
@require_POST
def audit_export(request: HttpRequest) -> HttpResponse:
    """The shown entries as a workbook; that they left the house is an entry itself."""
    now = timezone.now()
    _query, entries = _asked(request)
    content, count = workbook_of(entries, request.user)
    actor = request.user
    assert isinstance(actor, User)  # noqa: S101 - narrows the type
    region = next(iter(acting_scope(actor).regions), None)
    audit(actor=actor, action="export_audit", target=f"{count} entries", region=region, now=now)
    name = f"audit-{timezone.localdate(now):%Y%m%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


@roles_required(*VERIFIERS)
@require_POST
def audit_verify(request: HttpRequest) -> HttpResponse:
    """Compute the seals between the first and the last of the shown entries anew."""
    query, entries = _asked(request)
    ends = ends_of(entries)
    found = verify_stretch(*ends) if ends else None
    if found is None:
        messages.info(request, _("There is nothing to verify here."))
    elif found.broken:
        text = ngettext(
            "%(broken)d of %(checked)d entries does not fit its seal: tell the administrator.",
            "%(broken)d of %(checked)d entries do not fit their seals: tell the administrator.",
            found.broken,
        )
        messages.error(request, text % {"broken": found.broken, "checked": found.checked})
    else:
        first, last = (f"{timezone.localtime(at):%Y-%m-%d %H:%M}" for at in _ends(found))
        text = _("%(checked)d entries from %(first)s to %(last)s: every seal fits the one before.")
        values = {"checked": found.checked, "first": first, "last": last}
        messages.success(request, text % values)
    return redirect(f"{reverse('workbench:audit')}?{query}")


def _ends(found: Any) -> tuple[Any, Any]:
    return found.first_at, found.last_at
