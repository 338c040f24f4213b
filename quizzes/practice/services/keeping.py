"""Bookmarks and notes on questions."""

from datetime import datetime

from django.db import transaction

from cms.accounts.models import User
from cms.core.errors import Refused
from cms.core.wording import Message
from quizzes.bank.models import Question
from quizzes.practice.models import QuestionBookmark, QuestionNote

LONGEST_NOTE = 2000


@transaction.atomic
def set_bookmark(question: Question, *, user: User, kept: bool, now: datetime) -> None:
    """Keep a question or let it go; what is so already stays so."""
    rows = QuestionBookmark.objects.across_regions().of(user)
    if kept:
        rows.get_or_create(user=user, question=question, defaults={"at": now})
    else:
        rows.filter(question=question).delete()


@transaction.atomic
def set_note(question: Question, text: str, *, user: User, now: datetime) -> None:
    """Write the own note on a question; an empty one takes it away."""
    text = text.strip()
    if len(text) > LONGEST_NOTE:
        raise Refused(
            "too_long",
            Message(
                "The note has %(length)s characters; %(most)s fit. Please shorten it.",
                length=len(text),
                most=LONGEST_NOTE,
            ),
        )
    rows = QuestionNote.objects.across_regions().of(user)
    if text:
        rows.update_or_create(user=user, question=question, defaults={"text": text, "at": now})
    else:
        rows.filter(question=question).delete()
