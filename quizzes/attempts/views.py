"""Pages of trainees: the papers, the player, the report."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from quizzes.attempts.frozen import scheme_of_paper
from quizzes.attempts.models import Attempt, Scoring
from quizzes.attempts.report import Show
from quizzes.attempts.reporting import report_of
from quizzes.attempts.states import State
from quizzes.papers.models import Paper

PAPERS_A_PAGE = 20
# Stands for the attempt that does not exist yet when the page is written.
PLACE = UUID(int=0)


@login_required
@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """Released papers, each with what this person made of it so far."""
    released = Paper.objects.released().select_related("subject", "exam_year")
    pages = Paginator(released.order_by("-released_at", "-pk"), PAPERS_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    mine = _sittings(request, [paper.pk for paper in page])
    cards = [_card(paper, mine.get(paper.pk, [])) for paper in page]
    if cards:
        # One primary button on a screen: what is open goes on first, then what was never sat.
        min(cards, key=lambda card: card["rank"])["is_next"] = True
    return render(request, "quizzes/papers/list.html", {"page": page, "cards": cards})


@login_required
@ensure_csrf_cookie
@require_safe
def sit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The rules of a paper and the way into it; an attempt that is open goes on."""
    paper = get_object_or_404(Paper.objects.released().select_related("subject"), uuid=uuid)
    mine = Attempt.objects.visible_to(request.user).open()
    going_on = mine.filter(paper=paper).first()
    if going_on is not None:
        return redirect("attempts:player", uuid=going_on.uuid)
    return _player(request, paper, attempt=None)


@login_required
@ensure_csrf_cookie
@require_safe
def player(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The exam player, for the person who sits the attempt alone."""
    mine = Attempt.objects.visible_to(request.user)
    attempt = get_object_or_404(mine.select_related("paper__subject"), uuid=uuid)
    if attempt.is_closed:
        return redirect("attempts:report", uuid=uuid)
    return _player(request, attempt.paper, attempt=attempt)


@login_required
@require_safe
def report(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The score of the own handed-in attempt, item by item with keys and rationales.

    While the same paper is being sat once more its keys rest, as in practice.
    """
    seen = Attempt.objects.visible_to(request.user).select_related("paper__subject", "submission")
    attempt = get_object_or_404(seen, uuid=uuid)
    if attempt.state == State.OPEN:
        return redirect("attempts:player", uuid=uuid)
    if not attempt.is_handed_in:
        return render(request, "quizzes/attempts/no_report.html", {"attempt": attempt}, status=404)
    found = report_of(attempt)
    wanted = request.GET.get("show", "")
    show = Show(wanted) if wanted in set(Show) else Show.ALL
    again = Attempt.objects.visible_to(request.user).open().filter(paper=attempt.paper_id).first()
    shown = {
        "report": found,
        "show": show.value,
        "lines": [] if again else found.listed(show),
        "again": again,
    }
    return render(request, "quizzes/attempts/report.html", shown)


def _card(paper: Paper, attempts: list[Attempt]) -> dict[str, Any]:
    is_open = any(attempt.state == State.OPEN for attempt in attempts)
    return {
        "paper": paper,
        "scheme": scheme_of_paper(paper),
        "attempts": attempts,
        "is_open": is_open,
        "is_next": False,
        "rank": 0 if is_open else 1 + bool(attempts),
    }


def _sittings(request: HttpRequest, papers_shown: list[int]) -> dict[int, list[Attempt]]:
    scorings = Prefetch("scorings", Scoring.objects.current(), to_attr="standing")
    mine = Attempt.objects.visible_to(request.user)
    found: dict[int, list[Attempt]] = {}
    for attempt in mine.filter(paper__in=papers_shown).prefetch_related(scorings):
        found.setdefault(attempt.paper_id, []).append(attempt)
    return found


def _player(request: HttpRequest, paper: Paper, *, attempt: Attempt | None) -> HttpResponse:
    scheme = scheme_of_paper(paper)
    rules = {"paper": paper, "scheme": scheme, "attempt": attempt}
    shown = {
        "paper": paper,
        "config": _island(request, paper, attempt),
        "rules": render_to_string("quizzes/attempts/rules.html", rules, request),
    }
    return render(request, "quizzes/attempts/player.html", shown)


def _island(request: HttpRequest, paper: Paper, attempt: Attempt | None) -> dict[str, Any]:
    """What the player is told once; no question, no key, nothing that names the person."""
    return {
        "paper": str(paper.uuid),
        "attempt": str(attempt.uuid) if attempt else None,
        "api": "/api/v1/",
        "user": salted_hmac("quizzes.attempts.journal", str(request.user.pk)).hexdigest()[:20],
        "reportUrl": _with_place("attempts:report"),
        "attemptUrl": _with_place("attempts:player"),
        "exitUrl": reverse("papers:list"),
        "loginUrl": reverse("account_login"),
        "lang": get_language(),
        "summary": {
            "title": paper.title,
            "duration_min": paper.scheme["duration_min"],
            "pass_half": paper.scheme["pass_half"],
            "total_half": paper.scheme["total_half"],
            "sections": [
                {name: section.get(name, "") for name in ("name", "count", "points_half", "hint")}
                for section in paper.scheme["sections"]
            ],
        },
    }


def _with_place(name: str) -> str:
    return reverse(name, args=[PLACE]).replace(str(PLACE), "{attempt}")
