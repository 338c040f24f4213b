"""Writes of every import on the web: a file is staged, then written once or dropped."""

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import transaction

from cms.core.errors import Refused
from cms.core.models import StagedImport
from cms.core.plans import ImportPlan
from cms.core.wording import Message

State = StagedImport.State


class Reader(Protocol):
    """`plan` reads only; `apply` writes in one transaction and returns what it wrote."""

    def __call__(
        self, content: bytes, filename: str, *, options: dict[str, Any], actor: Any, now: datetime
    ) -> ImportPlan: ...


def stage(
    *,
    kind: str,
    filename: str,
    content: bytes,
    options: dict[str, Any],
    actor: Any,
    now: datetime,
) -> StagedImport:
    """Keep an uploaded file, sealed, until its uploader has looked at the preview."""
    return StagedImport.objects.create(
        kind=kind,
        filename=filename[:255],
        sha256=hashlib.sha256(content).hexdigest(),
        content=base64.b64encode(content).decode(),
        options=options,
        by=actor,
        at=now,
    )


@transaction.atomic
def apply_staged(held: StagedImport, apply: Reader, *, actor: Any, now: datetime) -> ImportPlan:
    """Write the staged file once; a second press of the button is refused, not repeated."""
    _claim(held, State.APPLIED)
    plan = apply(held.file_bytes(), held.filename, options=held.options, actor=actor, now=now)
    # Counts alone: reasons may name people, and the file itself goes.
    held.outcome = {
        "found": plan.found,
        "accepted": plan.accepted,
        "unchanged": plan.unchanged,
        "refused": len(plan.refused),
        "warnings": len(plan.warnings),
        "changed": plan.changed,
    }
    held.content = None
    held.save(update_fields=["outcome", "content"])
    return plan


@transaction.atomic
def discard(held: StagedImport) -> None:
    """Forget the file; refused where it was written meanwhile."""
    _claim(held, State.DISCARDED)
    held.content = None
    held.save(update_fields=["content"])


def _claim(held: StagedImport, state: State) -> None:
    planned = StagedImport.objects.filter(pk=held.pk, state=State.PLANNED)
    if not planned.update(state=state):
        raise Refused("already_settled", Message("This import was already written or dropped."))
    held.state = state


def drop_forgotten(*, now: datetime, older_than_s: int = 86_400) -> int:
    """Forget files that nobody wrote within a day; returns how many."""
    old = StagedImport.objects.filter(
        state=State.PLANNED, at__lt=now - timedelta(seconds=older_than_s)
    )
    return old.update(state=State.DISCARDED, content=None)
