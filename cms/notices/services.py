"""The only writer of the inbox."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cms.notices.models import InboxMessage


@transaction.atomic
def deliver(
    user_ids: Iterable[int], *, subject: str, body: str, source: str, now: datetime, link: str = ""
) -> None:
    """Put one message into each inbox; what came from this source before stays as it is."""
    messages = [
        InboxMessage(user_id=pk, subject=subject, body=body, source=source, link=link, sent_at=now)
        for pk in sorted(set(user_ids))
    ]
    InboxMessage.objects.bulk_create(messages, ignore_conflicts=True, batch_size=500)


def mark_read(user_id: int, uuid: UUID, *, now: datetime) -> None:
    """Mark one message of this account as read; reading it again changes nothing."""
    InboxMessage.objects.of(user_id).unread().filter(uuid=uuid).update(read_at=now)


def mark_all_read(user_id: int, *, now: datetime) -> None:
    InboxMessage.objects.of(user_id).unread().update(read_at=now)
