"""Everybody of the story agreed to the terms when they signed in first, before the load."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from cms.accounts.models import ConsentText, User
from cms.accounts.services import give_consent, has_agreed
from cms.accounts.services.consent import TERMS

SIGNED_IN_FIRST = timedelta(days=45)  # before the load


def _terms() -> ConsentText | None:
    return ConsentText.objects.filter(purpose=TERMS).order_by("-version").first()


def _to_ask(text: ConsentText) -> list[User]:
    return [user for user in User.objects.order_by("pk") if not has_agreed(user, text)]


def all_have_agreed() -> bool:
    text = _terms()
    return text is None or not _to_ask(text)


def agree(now: datetime) -> None:
    """On the first day of the text at the earliest, at different minutes of the morning."""
    text = _terms()
    if text is None or text.in_force_from > timezone.localdate(now):
        return
    came_into_force = timezone.make_aware(datetime.combine(text.in_force_from, time(8)))
    first = max(now - SIGNED_IN_FIRST, came_into_force)
    for minute, user in enumerate(_to_ask(text)):
        give_consent(user, text, min(first + timedelta(minutes=minute), now))
