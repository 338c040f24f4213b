"""The inbox: what the platform or the staff of a class has to say to one account."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class InboxMessageQuerySet(models.QuerySet):
    def unread(self) -> "InboxMessageQuerySet":
        return self.filter(read_at__isnull=True)

    def of(self, user_id: int) -> "InboxMessageQuerySet":
        return self.filter(user=user_id)


class InboxMessage(models.Model):
    """One message to one account. `source` says what it came from, e.g. `class:<uuid>`.

    `link` is an address of this site, so that a message leads to where something can be done.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="inbox")
    subject = models.CharField(pgettext_lazy("message", "subject"), max_length=80)
    body = models.TextField(_("text"), max_length=2000)
    link = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = InboxMessageQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            # A notice that is delivered again (a late joiner, a repeated command) comes once.
            models.UniqueConstraint(
                fields=["user", "source"],
                condition=~models.Q(source=""),
                name="delivered_once_a_source",
            )
        ]
        indexes = [
            models.Index(
                fields=["user"], condition=models.Q(read_at__isnull=True), name="inbox_unread"
            )
        ]

    def __str__(self) -> str:
        return self.subject
