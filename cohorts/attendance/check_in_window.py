"""When somebody may check in to a session by the code."""

from datetime import datetime, timedelta

from cms.core.wording import Message

OPENS_BEFORE = timedelta(minutes=30)


def opens_at(starts_at: datetime) -> datetime:
    return starts_at - OPENS_BEFORE


def closed_because(starts_at: datetime, ends_at: datetime, now: datetime) -> Message | None:
    """Return why nobody can check in at this moment; None while the window is open."""
    if now < opens_at(starts_at):
        return Message(
            "Checking in opens %(minutes)s minutes before the session begins.",
            minutes=int(OPENS_BEFORE.total_seconds()) // 60,
        )
    if now >= ends_at:
        return Message("This session is over. The staff of the class can still enter you by hand.")
    return None
