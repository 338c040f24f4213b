"""Single questions: the self-check of a lesson without script, bookmarks, notes."""

import uuid as uuids
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.accounts.requests import SignedInRequest
from quizzes.bank.models import Question, QuestionVersion
from quizzes.practice import services
from quizzes.practice.models import Mistake, PracticeAnswer, QuestionBookmark, QuestionNote
from quizzes.practice.pool import being_sat, by_question, of_questions
from quizzes.practice.posted import place_to_return, posted_answer
from quizzes.practice.shown import kept_beside, line_of, noted, question_context

BOOKMARKS_A_PAGE = 30
NOTES_A_PAGE = 30


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """One question by itself. `?answer=` names the answer whose feedback is shown."""
    version = by_question(request.user, timezone.localdate(), uuid)
    if version is None:
        raise Http404
    back = place_to_return(request, "")
    if request.method == "POST":
        return _answered(request, version, back)
    answer = _named_answer(request, version)
    shown = {
        "key": uuids.uuid4(),
        "back": back,
        "kept": kept_beside(request.user, [version.question_id])[version.question_id],
        **question_context(version, answer),
    }
    return render(request, "quizzes/practice/question.html", shown)


@login_required
@require_safe
def bookmarks(request: SignedInRequest) -> HttpResponse:
    """The bookmarked questions that are in practice, with key, rationale and the own note."""
    kept = QuestionBookmark.objects.visible_to(request.user)
    questions = list(kept.values_list("question_id", flat=True))
    pool = of_questions(request.user, timezone.localdate(), questions)
    ordered = pool.select_related("question__subject", "chapter").order_by(
        "question__subject__order", "chapter__order", "pk"
    )
    page = Paginator(ordered, BOOKMARKS_A_PAGE).get_page(request.GET.get("page"))
    beside = kept_beside(request.user, (version.question_id for version in page))
    shown = {
        "page": page,
        "resting": len(questions) - page.paginator.count,
        "subjects": _subjects(ordered),
        "entries": [
            {"version": version, "line": line_of(version, ()), "kept": beside[version.question_id]}
            for version in page
        ],
    }
    return render(request, "quizzes/practice/bookmarks.html", shown)


@login_required
@require_safe
def notes(request: SignedInRequest) -> HttpResponse:
    """The own notes on questions, the newest first; notes on lessons have the tab beside."""
    mine = QuestionNote.objects.visible_to(request.user)
    written = mine.exclude(question__in=being_sat(request.user)).select_related("question__subject")
    page = Paginator(written, NOTES_A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "entries": noted(request.user, page, timezone.localdate()),
        "resting": mine.count() - page.paginator.count,
    }
    return render(request, "quizzes/practice/notes.html", shown)


@require_POST
@login_required
def bookmark(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Keep a question, or let it go."""
    kept = request.POST.get("kept") == "1"
    services.set_bookmark(_known(request, uuid), user=request.user, kept=kept, now=timezone.now())
    return redirect(place_to_return(request, reverse("practice:bookmarks")))


@require_POST
@login_required
def note(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Write the own note on a question."""
    text = request.POST.get("text", "")
    services.set_note(_known(request, uuid), text, user=request.user, now=timezone.now())
    return redirect(place_to_return(request, reverse("practice:bookmarks")))


def _answered(request: SignedInRequest, version: QuestionVersion, back: str) -> HttpResponse:
    posted = posted_answer(request)
    answer = services.answer(
        version,
        user=request.user,
        key=posted.key,
        chosen=posted.chosen,
        guessed=posted.guessed,
        now=timezone.now(),
    )
    query = {"answer": str(answer.key)} | ({"next": back} if back else {})
    address = reverse("practice:question", args=[version.question.uuid])
    return redirect(f"{address}?{urlencode(query)}#verdict")


def _named_answer(request: SignedInRequest, version: QuestionVersion) -> PracticeAnswer | None:
    try:
        key = UUID(request.GET.get("answer", ""))
    except ValueError:
        return None
    mine = PracticeAnswer.objects.visible_to(request.user)
    return mine.filter(key=key, version=version).first()


def _known(request: SignedInRequest, uuid: UUID) -> Question:
    """A question this person has before them: in practice, in the notebook, or kept already."""
    question = get_object_or_404(Question, uuid=uuid)
    own: tuple[Any, ...] = (Mistake, PracticeAnswer, QuestionBookmark)
    met = any(
        model.objects.visible_to(request.user).filter(question=question).exists() for model in own
    )
    if not met and by_question(request.user, timezone.localdate(), uuid) is None:
        raise Http404
    return question


def _subjects(versions: Any) -> list[Any]:
    """The subjects of the bookmarked questions, for a button each that begins a run."""
    found = {version.question.subject_id: version.question.subject for version in versions}
    return list(found.values())
