"""Today: how long to the exam, what to do tonight, and what the class has to say."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cms.today.services import today_of
from cms.today.weeks import GOAL_MIN
from quizzes.practice.overview import REDONE_AT_ONCE


@login_required
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    page = {
        "today": today_of(request.user, now),
        "now": now,
        "goal_min": GOAL_MIN,
        "redo_size": REDONE_AT_ONCE,
    }
    return render(request, "today/today.html", page)
