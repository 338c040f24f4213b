"""A run: begin, answer question by question, read what came of it."""

import random
import uuid as uuids
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.accounts.requests import SignedInRequest
from cms.core.errors import Refused
from cms.core.wording import Message
from quizzes.bank.models import QuestionVersion
from quizzes.practice import services
from quizzes.practice.forms import StartForm
from quizzes.practice.models import Mistake, PracticeAnswer, PracticeRun
from quizzes.practice.notebook import clear_after_of
from quizzes.practice.pool import being_sat, in_practice
from quizzes.practice.posted import posted_answer
from quizzes.practice.shown import kept_beside, question_context
from quizzes.practice.summing import outcome_of


@require_POST
@login_required
def start(request: SignedInRequest) -> HttpResponse:
    """Begin a run of a chapter, of the notebook, of the bookmarks, or of a run's wrong ones."""
    form = StartForm(request.POST)
    if not form.is_valid():
        message = Message("The choice is not complete. Please choose chapter and number again.")
        raise Refused("invalid", message, status=400)
    named = form.cleaned_data["again"]
    again = _own(request, named) if named else None
    rng = random.SystemRandom()
    run = services.start(form.wanted(again), user=request.user, rng=rng, now=timezone.now())
    return redirect("practice:run", run.uuid, 1)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: SignedInRequest, uuid: UUID, number: int) -> HttpResponse:
    """Question n: to be answered, or with what became of the answer."""
    run = _own(request, uuid)
    if not 1 <= number <= run.size:
        raise Http404
    if request.method == "POST":
        return _turned(run, number) if run.is_recital else _answered(request, run, number)
    return render(request, "quizzes/practice/run.html", _page(request, run, number))


@login_required
@require_safe
def summary(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """What came of a run so far: right, partial, wrong, by chapter, question by question."""
    run = _own(request, uuid)
    return render(
        request, "quizzes/practice/summary.html", {"run": run, "outcome": outcome_of(run)}
    )


@require_POST
@login_required
def finish(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """End a run, also where questions are left."""
    run = _own(request, uuid)
    services.finish(run, now=timezone.now())
    return redirect("practice:summary", run.uuid)


def _own(request: SignedInRequest, uuid: UUID) -> PracticeRun:
    runs = PracticeRun.objects.visible_to(request.user).select_related("subject", "chapter")
    return get_object_or_404(runs, uuid=uuid)


def _page(request: SignedInRequest, run: PracticeRun, number: int) -> dict[str, Any]:
    versions = QuestionVersion.objects.select_related("question", "chapter")
    version = get_object_or_404(versions, pk=run.versions[number - 1])
    answers = PracticeAnswer.objects.visible_to(request.user)
    answer = answers.filter(run=run, version=version).first()
    rests = QuestionVersion.objects.filter(
        pk=version.pk, question__in=being_sat(request.user)
    ).exists()
    return {
        "run": run,
        "number": number,
        "key": uuids.uuid4(),
        "percent": 100 * number // run.size,
        "previous": number - 1,
        "next": number + 1 if number < run.size else None,
        "is_open": not rests and (answer is not None or _is_in_practice(request, version)),
        "rests": rests,
        "kept": kept_beside(request.user, [version.question_id])[version.question_id],
        **question_context(version, answer),
        **_standing(request, version, answer),
    }


def _is_in_practice(request: SignedInRequest, version: QuestionVersion) -> bool:
    return in_practice(request.user, timezone.localdate()).filter(pk=version.pk).exists()


def _answered(request: SignedInRequest, run: PracticeRun, number: int) -> HttpResponse:
    posted = posted_answer(request)
    pool = in_practice(request.user, timezone.localdate())
    version = pool.filter(pk=run.versions[number - 1]).first()
    if version is None:
        message = Message("This question has left practice. Please go on with the next one.")
        raise Refused("not_in_practice", message)
    services.answer(
        version,
        user=request.user,
        key=posted.key,
        chosen=posted.chosen,
        guessed=posted.guessed,
        run=run,
        now=timezone.now(),
    )
    return redirect(reverse("practice:run", args=[run.uuid, number]) + "#verdict")


def _turned(run: PracticeRun, number: int) -> HttpResponse:
    """Turn the page of a recital: beyond the last question it is over."""
    if number == run.size:
        services.finish(run, now=timezone.now())
        return redirect("practice:summary", run.uuid)
    services.turn(run, number + 1, now=timezone.now())
    return redirect("practice:run", run.uuid, number + 1)


def _standing(
    request: SignedInRequest, version: QuestionVersion, answer: PracticeAnswer | None
) -> dict[str, Any]:
    """How the question stands in the notebook now, for who has just answered it."""
    if answer is None:
        return {}
    mine = Mistake.objects.visible_to(request.user).filter(question=version.question_id)
    return {"mistake": mine.first(), "clear_after": clear_after_of(request.user)}
