"""The inbox of whoever is signed in."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from cms.notices import services
from cms.notices.models import InboxMessage

PAGE = 30


@login_required
def inbox(request: Any) -> HttpResponse:
    """Unread first, then the newest."""
    rows = InboxMessage.objects.of(request.user.pk)
    rows = rows.order_by(F("read_at").desc(nulls_first=True), "-sent_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "inbox/list.html", {"page": page})


@login_required
def open_message(request: Any, uuid: Any) -> HttpResponse:
    """One message; from here its link leads on to where something can be done."""
    message = get_object_or_404(InboxMessage.objects.of(request.user.pk), uuid=uuid)
    services.mark_read(request.user.pk, uuid, now=timezone.now())
    return render(request, "inbox/message.html", {"message": message})


@require_POST
@login_required
def read_all(request: Any) -> HttpResponse:
    services.mark_all_read(request.user.pk, now=timezone.now())
    return redirect("inbox:list")
