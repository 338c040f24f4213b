"""Writes to study: events as they arrive, what they come to, bookmarks and notes."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cms.accounts.models import User
from cms.core.errors import Refused
from cms.core.wording import Message
from courses.pages.models import LessonPage
from courses.study.fold import Studied, Told, fold
from courses.study.hours import Arrival, credit_between, is_too_soon, within_day
from courses.study.models import (
    LessonBookmark,
    LessonNote,
    LessonProgress,
    StudyDay,
    StudyEvent,
)
from courses.study.progress import WHOLE, Event, Standing, advance

Kind = StudyEvent.Kind
NOTE_LENGTH = 4000
STANDING = ("opened_at", "last_at", "place", "furthest", "finished_at")


@dataclass(frozen=True)
class Rebuilt:
    """How many derived rows there ought to be, and how many stood otherwise."""

    rows: int
    different: int


# --- events ---------------------------------------------------------------------------------------
@transaction.atomic
def record_event(
    *, user: User, lesson: LessonPage, kind: str, view: UUID, place: int, now: datetime
) -> LessonProgress:
    """Keep one event and credit the time since the one before; returns where the lesson stands.

    A device may repeat itself: a view is opened once, and beats in quick succession change
    nothing. Events of one account are stored one after the other, and their moments never go
    back, so the same rows come out of a rebuild.
    """
    _hold(user)
    last = StudyEvent.objects.filter(user=user).order_by("-pk").first()
    if _says_nothing_new(user, last, kind=kind, view=view, now=now):
        known = LessonProgress.objects.filter(user=user, lesson=lesson).first()
        if known is not None:
            return known
    at = max(now, last.at) if last else now
    event = StudyEvent.objects.create(
        user=user, lesson=lesson, kind=kind, view=view, place=place, at=at
    )
    if last is not None:
        _credit(user, _arrival(last), _arrival(event))
    return _advance(event)


def finish_lesson(*, user: User, lesson: LessonPage, view: UUID, now: datetime) -> LessonProgress:
    """The reader says that the lesson is done; a second time changes nothing."""
    known = LessonProgress.objects.filter(user=user, lesson=lesson).first()
    if known is not None and known.finished_at is not None:
        return known
    return record_event(
        user=user, lesson=lesson, kind=Kind.FINISHED, view=view, place=WHOLE, now=now
    )


def _hold(user: User) -> None:
    """One writer for an account at a time (PostgreSQL); on SQLite the transaction sees to it."""
    list(User.objects.select_for_update().filter(pk=user.pk).values_list("pk"))


def _says_nothing_new(
    user: User, last: StudyEvent | None, *, kind: str, view: UUID, now: datetime
) -> bool:
    if last is None or kind == Kind.FINISHED:
        return False
    if kind == Kind.OPENED:
        return StudyEvent.objects.filter(user=user, view=view, kind=kind).exists()
    return last.view == view and is_too_soon(last.at, now)


def _arrival(event: StudyEvent) -> Arrival:
    return Arrival(event.at, event.lesson_id, ends=event.kind == Kind.FINISHED)


def _credit(user: User, earlier: Arrival, later: Arrival) -> None:
    for part in credit_between(earlier, later, timezone.get_default_timezone()):
        day, _created = StudyDay.objects.get_or_create(user=user, day=part.day)
        seconds = within_day(day.credited_s, part.seconds)
        if seconds:
            StudyDay.objects.filter(pk=day.pk).update(credited_s=F("credited_s") + seconds)
            LessonProgress.objects.filter(user=user, lesson=part.lesson).update(
                credited_s=F("credited_s") + seconds
            )


def _advance(event: StudyEvent) -> LessonProgress:
    known = LessonProgress.objects.filter(user=event.user, lesson=event.lesson_id).first()
    standing = Standing(*(getattr(known, name) for name in STANDING)) if known else None
    moved = advance(standing, _event(event))
    progress, _created = LessonProgress.objects.update_or_create(
        user=event.user,
        lesson_id=event.lesson_id,
        defaults={name: getattr(moved, name) for name in STANDING},
    )
    return progress


def _event(event: StudyEvent) -> Event:
    return Event(event.at, event.place, finished=event.kind == Kind.FINISHED)


# --- bookmarks and notes --------------------------------------------------------------------------
def bookmark(*, user: User, lesson: LessonPage, now: datetime) -> None:
    LessonBookmark.objects.get_or_create(user=user, lesson=lesson, defaults={"at": now})


def unbookmark(*, user: User, lesson: LessonPage) -> None:
    LessonBookmark.objects.filter(user=user, lesson=lesson).delete()


def save_note(*, user: User, lesson: LessonPage, text: str, now: datetime) -> None:
    """Keep the note beside a lesson; an empty one is taken away."""
    written = text.strip()
    if len(written) > NOTE_LENGTH:
        said = Message(
            "The note has %(length)s characters; %(most)s fit. Shorten it and save again.",
            length=len(written),
            most=NOTE_LENGTH,
        )
        raise Refused("note_too_long", said)
    if not written:
        LessonNote.objects.filter(user=user, lesson=lesson).delete()
        return
    LessonNote.objects.update_or_create(
        user=user, lesson=lesson, defaults={"text": written, "at": now}
    )


# --- many at once ---------------------------------------------------------------------------------
@transaction.atomic
def take_in(events: Sequence[StudyEvent]) -> None:
    """Store events that were kept elsewhere and fold the progress of their accounts anew.

    For accounts without later events: the order of arrival is the order of the rows.
    """
    StudyEvent.objects.bulk_create(
        sorted(events, key=lambda event: (event.user_id, event.at)), batch_size=500
    )
    zone = timezone.get_default_timezone()
    for user_id, told in _told_by_user({event.user_id for event in events}):
        _write(user_id, fold(told, zone))


# --- rebuilding -----------------------------------------------------------------------------------
@transaction.atomic
def rebuild(*, check: bool) -> Rebuilt:
    """Make the derived rows from the events again; with `check` only say how many differ."""
    zone = timezone.get_default_timezone()
    rows = different = 0
    kept: set[int] = set()
    for user_id, told in _told_by_user():
        studied = fold(told, zone)
        kept.add(user_id)
        rows += len(studied.standing) + len(studied.days)
        stale = _stale(user_id, studied)
        different += stale
        if stale and not check:
            _write(user_id, studied)
    for model in (LessonProgress, StudyDay):
        orphans = model._default_manager.exclude(user__in=kept)
        different += orphans.count()
        if not check:
            orphans.delete()
    return Rebuilt(rows, different)


def _told_by_user(users: Collection[int] | None = None) -> Iterator[tuple[int, list[Told]]]:
    """What each account told, in order of arrival; None for all accounts."""
    events = StudyEvent.objects.order_by("user_id", "pk")
    wanted = events if users is None else events.filter(user__in=users)
    for user_id, own in groupby(wanted.iterator(chunk_size=5000), key=lambda e: e.user_id):
        yield user_id, [Told(event.lesson_id, _event(event)) for event in own]


def _stale(user_id: int, studied: Studied) -> int:
    """How many rows of one account are missing, wrong or too many."""
    wanted: dict[Any, Any] = {
        lesson: (*(getattr(standing, name) for name in STANDING), studied.seconds.get(lesson, 0))
        for lesson, standing in studied.standing.items()
    }
    wanted |= dict(studied.days)
    progress = LessonProgress.objects.filter(user=user_id)
    found: dict[Any, Any] = {
        row[0]: row[1:] for row in progress.values_list("lesson", *STANDING, "credited_s")
    }
    found |= _days_of(user_id)
    return sum(wanted.get(key) != found.get(key) for key in wanted.keys() | found.keys())


def _days_of(user_id: int) -> dict[date, int]:
    """Days with something credited; a day that was begun and credited nothing is no row."""
    days = StudyDay.objects.filter(user=user_id, credited_s__gt=0)
    return dict(days.values_list("day", "credited_s"))


def _write(user_id: int, studied: Studied) -> None:
    LessonProgress.objects.filter(user=user_id).delete()
    StudyDay.objects.filter(user=user_id).delete()
    LessonProgress.objects.bulk_create(
        [
            LessonProgress(
                user_id=user_id,
                lesson_id=lesson,
                credited_s=studied.seconds.get(lesson, 0),
                **{name: getattr(standing, name) for name in STANDING},
            )
            for lesson, standing in studied.standing.items()
        ],
        batch_size=500,
    )
    StudyDay.objects.bulk_create(
        [StudyDay(user_id=user_id, day=day, credited_s=s) for day, s in studied.days.items()],
        batch_size=500,
    )
