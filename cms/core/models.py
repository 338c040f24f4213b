"""Facts are appended: base classes that say so in Python; `triggers` says it in the database."""

import base64
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.core.fields import EncryptedField
from cms.core.scoping import ScopedQuerySet


class FactIsFinal(TypeError):
    """An attempt to change or delete a row that is a fact."""


class FinalRows:
    """Mixed into the queryset of a fact: rows are neither changed nor deleted in bulk."""

    model: type[models.Model]

    def update(self, **_: Any) -> int:
        raise FactIsFinal(f"{self.model.__name__} rows are never changed; append a new one.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise FactIsFinal(f"{self.model.__name__} rows are never deleted.")


class AppendOnlyQuerySet(FinalRows, models.QuerySet):  # type: ignore[misc]
    """For facts that belong to no region."""


class ScopedFactQuerySet(FinalRows, ScopedQuerySet):  # type: ignore[misc]
    """For facts that are seen by region; subclasses say in `scope_q` by whom."""


class AppendOnly(models.Model):
    """Rows are inserted once. A correction is a new row that names the one it supersedes.

    Subclasses set `objects` from `AppendOnlyQuerySet` or `ScopedFactQuerySet`.
    """

    append_only: ClassVar[bool] = True

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise FactIsFinal(f"{type(self).__name__} rows are never changed; append a new one.")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> tuple[int, dict[str, int]]:
        raise FactIsFinal(f"{type(self).__name__} rows are never deleted.")


class FrozenFields(models.Model):
    """Rows whose `frozen_fields` never change and which are never deleted (a state may move)."""

    frozen_fields: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True


class StagedImport(models.Model):
    """A file between its preview and its writing; the bytes go when it is written or dropped."""

    class State(models.TextChoices):
        PLANNED = "planned", _("checked, not written")
        APPLIED = "applied", _("written")
        DISCARDED = "discarded", _("dropped")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    filename = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    # Sealed, because a roster is full of identity numbers; base64 of the file.
    content = EncryptedField(null=True)
    options = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    outcome = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["kind", "by", "-at"], name="staged_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.filename}"

    def file_bytes(self) -> bytes:
        return base64.b64decode(self.content.open()) if self.content else b""
