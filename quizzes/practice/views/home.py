"""The first page of practice."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cms.accounts.requests import SignedInRequest
from quizzes.practice import services
from quizzes.practice.home import home_of


@login_required
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """What to practise next, the four doors, and the chapters of one subject."""
    services.take_in_mocks(request.user)
    found = home_of(request.user, request.GET.get("subject", ""), timezone.localdate())
    return render(request, "quizzes/practice/home.html", {"home": found})
