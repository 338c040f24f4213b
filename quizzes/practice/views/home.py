"""The first page of practice."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cms.accounts.requests import SignedInRequest
from courses.syllabus.models import KnowledgePoint
from quizzes.practice import services
from quizzes.practice.home import home_of


@login_required
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """What to practise next, the four doors, and the chapters of one subject.

    `?chapter=` opens on a chapter, which is where other pages lead; `?subject=` on a subject.
    """
    services.take_in_mocks(request.user)
    wanted = request.GET.get("subject", "")
    found = home_of(request.user, wanted, _chapter(request), timezone.localdate())
    return render(request, "quizzes/practice/home.html", {"home": found})


def _chapter(request: SignedInRequest) -> KnowledgePoint | None:
    written = request.GET.get("chapter", "")
    if not (written.isascii() and written.isdigit()):
        return None
    chapters = KnowledgePoint.objects.chapters().select_related("subject")
    return chapters.filter(pk=int(written[:9])).first()
