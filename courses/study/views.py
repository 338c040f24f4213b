"""Pages of one's own study, and the buttons of a lesson; all of them work without scripts."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.accounts.models import User
from courses.pages.models import CoursePage, LessonPage
from courses.study import services
from courses.study.bars import chart_of
from courses.study.models import LessonBookmark, LessonNote
from courses.study.overview import minutes_by_day, next_lesson
from courses.study.reading import cards_of, lesson_reading

DAYS = 14


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Where to go on, how far each course is, and the minutes of two weeks."""
    user = _reader(request)
    pages = list(CoursePage.objects.live().select_related("subject").order_by("path"))
    cards = cards_of(pages, user)
    begun = [card for card in cards if card.progress.last_at]
    last = timezone.localdate()
    minutes = minutes_by_day([user.pk], last - timedelta(days=DAYS - 1), last)
    shown = {
        "going_on": next_lesson(user, [card.page.pk for card in begun]),
        "cards": begun or cards,
        "begun": bool(begun),
        "chart": chart_of(minutes[user.pk], last=last, days=DAYS),
        "days": DAYS,
        "bookmarks": LessonBookmark.objects.filter(user=user, lesson__live=True).count(),
        "notes": LessonNote.objects.filter(user=user, lesson__live=True).count(),
    }
    return render(request, "courses/study/home.html", shown)


@require_safe
@login_required
def bookmarks(request: HttpRequest) -> HttpResponse:
    kept = _with_lesson(LessonBookmark.objects.filter(user=request.user.pk))
    return render(request, "courses/study/bookmarks.html", {"bookmarks": kept})


@require_safe
@login_required
def notes(request: HttpRequest) -> HttpResponse:
    written = _with_lesson(LessonNote.objects.filter(user=request.user.pk))
    return render(request, "courses/study/notes.html", {"notes": written})


def _with_lesson(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(lesson__live=True).select_related("lesson").defer("lesson__body")


def _reader(request: HttpRequest) -> User:
    """Behind `login_required` nobody else is here."""
    assert isinstance(request.user, User)  # noqa: S101 - narrows the type
    return request.user


def _lesson(pk: int) -> LessonPage:
    return get_object_or_404(LessonPage.objects.live(), pk=pk)


@require_POST
@login_required
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Done with this lesson: on to the next one, or back to the course."""
    lesson, user = _lesson(pk), _reader(request)
    services.finish_lesson(user=user, lesson=lesson, view=_view(request), now=timezone.now())
    following = lesson_reading(lesson, user).next
    if following is not None:
        return redirect(following.get_url(request))
    messages.success(request, _("That was the last lesson of this course."))
    return redirect(lesson.get_parent().get_parent().get_url(request))


def _view(request: HttpRequest) -> UUID:
    """The opening of the page that the button stands on; another one where it is not told."""
    try:
        return UUID(request.POST.get("view", ""))
    except ValueError:
        return uuid4()


@require_POST
@login_required
def bookmark(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the lesson, or with `keep=0` let it go."""
    lesson, user = _lesson(pk), _reader(request)
    if request.POST.get("keep") == "0":
        services.unbookmark(user=user, lesson=lesson)
        messages.success(request, _("The bookmark is gone."))
    else:
        services.bookmark(user=user, lesson=lesson, now=timezone.now())
        messages.success(request, _("The lesson is kept under your bookmarks."))
    return redirect(lesson.get_url(request))


@require_POST
@login_required
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the note and return to it: what is said of it stands beside it, not at the page's top,
    which is out of sight there.
    """
    lesson = _lesson(pk)
    text = request.POST.get("text", "")
    services.save_note(user=_reader(request), lesson=lesson, text=text, now=timezone.now())
    said = "saved" if text.strip() else "gone"
    return redirect(f"{lesson.get_url(request)}?note={said}#note")
