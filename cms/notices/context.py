"""How many messages are unread, for the pages that show it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cms.notices.models import InboxMessage


def unread(request: HttpRequest) -> dict[str, Any]:
    """Counted by its own index, and only where a page asks."""
    return {"inbox_unread": SimpleLazyObject(lambda: _count(request.user))}


def _count(user: Any) -> int:
    return InboxMessage.objects.of(user.pk).unread().count() if user.is_authenticated else 0
