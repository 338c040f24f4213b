"""The mistakes notebook (错题本)."""

from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.accounts.requests import SignedInRequest
from courses.syllabus.models import Subject
from quizzes.practice import services
from quizzes.practice.mistakes import MOST_IN_A_ROW
from quizzes.practice.models import MistakeQuerySet
from quizzes.practice.notebook import (
    Show,
    Tab,
    chapter_counts,
    chapters_of,
    clear_after_of,
    counts_of,
    listed,
    resting_in_notebook,
    subjects_with_mistakes,
)
from quizzes.practice.overview import REDONE_AT_ONCE
from quizzes.practice.pool import of_questions
from quizzes.practice.posted import place_to_return

A_PAGE = 30
A_PRINT = 200
SECONDS_A_QUESTION = 45

Choice = TypeVar("Choice", Tab, Show)


@login_required
@require_safe
def mistake_list(request: SignedInRequest) -> HttpResponse:
    """The mistakes of one subject by chapter; `?print=1` lays all of them open for paper."""
    services.take_in_mocks(request.user)
    subjects = subjects_with_mistakes(request.user)
    subject = _chosen_subject(request, subjects)
    tab = _read(Tab, request.GET.get("tab"), Tab.OPEN)
    show = _read(Show, request.GET.get("show"), Show.ALL)
    rows = listed(request.user, subject, tab, show)
    shown = {
        "subjects": subjects,
        "subject": subject,
        "tab": tab.value,
        "show": show.value,
        "today": timezone.localdate(),
        "counts": counts_of(request.user, subject, tab),
        "clear_after": clear_after_of(request.user),
        "choices": range(MOST_IN_A_ROW + 1),
        "resting": resting_in_notebook(request.user),
        **_paged(request, rows),
        **_redo(request, rows, tab),
    }
    return render(request, "quizzes/practice/mistakes.html", shown)


@require_POST
@login_required
def setting(request: SignedInRequest) -> HttpResponse:
    """After how many right answers in a row a mistake is overcome."""
    written = request.POST.get("clear_after", "")
    times = int(written) if written.isascii() and written.isdigit() else -1
    services.set_clear_after(request.user, times)
    messages.success(request, _("Changed. The notebook is sorted anew by it."))
    return redirect(place_to_return(request, "/mistakes/"))


def _paged(request: SignedInRequest, rows: MistakeQuerySet) -> dict[str, Any]:
    to_print = "print" in request.GET
    page = Paginator(rows, A_PRINT if to_print else A_PAGE).get_page(request.GET.get("page"))
    chapters = chapters_of(request.user, page, chapter_counts(rows))
    return {"to_print": to_print, "page": page, "chapters": chapters}


def _redo(request: SignedInRequest, rows: MistakeQuerySet, tab: Tab) -> dict[str, int]:
    """How many of the listed mistakes can be done again at once, and how long that takes."""
    if tab is not Tab.OPEN:
        return {"redo_count": 0, "redo_minutes": 0}
    questions = list(rows.values_list("question_id", flat=True))
    found = of_questions(request.user, timezone.localdate(), questions).count()
    count = min(found, REDONE_AT_ONCE)
    return {
        "redo_count": count,
        "redo_size": REDONE_AT_ONCE,
        "redo_minutes": max(1, round(count * SECONDS_A_QUESTION / 60)),
    }


def _chosen_subject(request: SignedInRequest, subjects: list[Subject]) -> Subject | None:
    wanted = request.GET.get("subject")
    return next((s for s in subjects if s.pk == wanted), subjects[0] if subjects else None)


def _read(kind: type[Choice], written: str | None, usual: Choice) -> Choice:
    return kind(written) if written in set(kind) else usual
