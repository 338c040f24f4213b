"""The page behind the QR code of a classroom: one button."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cohorts.attendance import services
from cohorts.attendance.overview import door


@login_required
def check_in(request: Any, uuid: Any, code: str) -> HttpResponse:
    now = timezone.now()
    if request.method == "POST":
        if services.check_in(uuid, code, user=request.user, now=now) is None:
            raise Http404
        return redirect("check_in:session", uuid=uuid, code=code)
    found = door(uuid, code, user=request.user, now=now)
    if found is None:
        raise Http404
    status = 409 if found.refusal and not found.mark else 200
    return render(request, "cohorts/attendance/check_in.html", {"door": found}, status=status)
