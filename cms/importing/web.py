"""Every import on the web: upload → preview, which writes nothing → one transaction.

A feature describes its import as an `ImportFlow` and mounts `import_urls(flow)`. Between preview
and writing the file rests sealed in a `StagedImport` that only its uploader can open.
"""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms.accounts.gates import roles_required
from cms.core.errors import Refused, say
from cms.core.models import StagedImport
from cms.core.plans import FileRefused, ImportPlan
from cms.core.wording import Message

WEB_LIMIT_BYTES = 5 * 1024 * 1024
ROWS_SHOWN = 200


class Reader(Protocol):
    """`plan` reads only; `apply` writes in one transaction and returns what it wrote."""

    def __call__(
        self, content: bytes, filename: str, *, options: dict[str, Any], actor: Any, now: datetime
    ) -> ImportPlan: ...


@dataclass(frozen=True)
class ImportFlow:
    """`kind` names the import in the staging table; `back` is the URL name of the list page."""

    kind: str
    title: Any
    hint: Any
    plan: Reader
    apply: Reader
    roles: tuple[str, ...]
    back: str
    form: type["UploadForm"] | None = None
    base_template: str = "workbench/page.html"
    preview_rows: Callable[[ImportPlan], list[dict[str, Any]]] | None = None


class UploadForm(forms.Form):
    """Subclasses add options; every field but `file` is handed to the reader by name."""

    file = forms.FileField(label=gettext_lazy("Workbook (.xlsx, .xls, .csv)"))

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > WEB_LIMIT_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 5 MB; use the command line for it.")
            )
        return upload

    def options(self) -> dict[str, Any]:
        return {
            name: getattr(value, "pk", value)
            for name, value in self.cleaned_data.items()
            if name != "file"
        }


def import_urls(flow: ImportFlow) -> list[URLPattern]:
    """Two pages: `import` (upload) and `import_preview` (check, write or drop)."""
    gate = roles_required(*flow.roles)
    return [
        path("import/", gate(_upload_view(flow)), name="import"),
        path("import/<uuid:staged>/", gate(_preview_view(flow)), name="import_preview"),
    ]


def _upload_view(flow: ImportFlow) -> Callable[[HttpRequest], HttpResponse]:
    def upload(request: HttpRequest) -> HttpResponse:
        form = (flow.form or UploadForm)(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                staged = _stage(flow, form, request.user, timezone.now())
            except FileRefused as refused:
                form.add_error("file", say(refused.message))
            else:
                return redirect(f"{request.path}{staged.uuid}/")
        page = {"flow": flow, "form": form, "base_template": flow.base_template}
        status = 400 if form.errors else 200
        return render(request, "importing/upload.html", page, status=status)

    return upload


def _stage(flow: ImportFlow, form: UploadForm, user: Any, now: datetime) -> StagedImport:
    upload = form.cleaned_data["file"]
    content, options = upload.read(), form.options()
    plan = flow.plan(content, upload.name, options=options, actor=user, now=now)
    return StagedImport.objects.create(
        kind=flow.kind,
        filename=upload.name[:255],
        sha256=hashlib.sha256(content).hexdigest(),
        content=base64.b64encode(content).decode(),
        options=options,
        by=user,
        at=now,
        outcome=plan.report(say),
    )


def _preview_view(flow: ImportFlow) -> Callable[..., HttpResponse]:
    def preview(request: HttpRequest, staged: Any) -> HttpResponse:
        held = get_object_or_404(StagedImport, uuid=staged, kind=flow.kind, by=request.user)
        if request.method == "POST":
            return _settle(flow, held, request)
        return render(request, "importing/preview.html", _page(flow, held, request.user))

    return preview


def _page(flow: ImportFlow, held: StagedImport, user: Any) -> dict[str, Any]:
    page: dict[str, Any] = {
        "flow": flow,
        "held": held,
        "outcome": held.outcome,
        "base_template": flow.base_template,
        "step": 3 if held.state == StagedImport.State.APPLIED else 2,
    }
    if held.state == StagedImport.State.PLANNED:
        now = timezone.now()
        plan = flow.plan(
            held.file_bytes(), held.filename, options=held.options, actor=user, now=now
        )
        page["outcome"] = plan.report(say)
        if flow.preview_rows is not None:
            page["rows"] = flow.preview_rows(plan)[:ROWS_SHOWN]
        page["unmatched"] = plan.unmatched
    return page


def _settle(flow: ImportFlow, held: StagedImport, request: HttpRequest) -> HttpResponse:
    if request.POST.get("action") == "discard":
        _close(held, StagedImport.State.DISCARDED, held.outcome)
        messages.info(request, _("The import was dropped; nothing was written."))
        return redirect(flow.back)
    plan = apply_staged(flow, held, request.user, timezone.now())
    text = ngettext("%(count)d row written.", "%(count)d rows written.", plan.accepted)
    messages.success(request, text % {"count": plan.accepted})
    return redirect(flow.back)


@transaction.atomic
def apply_staged(flow: ImportFlow, held: StagedImport, actor: Any, now: datetime) -> ImportPlan:
    """Write the staged file once; a second press of the button is refused, not repeated."""
    claimed = StagedImport.objects.filter(pk=held.pk, state=StagedImport.State.PLANNED).update(
        state=StagedImport.State.APPLIED
    )
    if not claimed:
        raise Refused("already_settled", Message("This import was already written or dropped."))
    plan = flow.apply(held.file_bytes(), held.filename, options=held.options, actor=actor, now=now)
    _close(held, StagedImport.State.APPLIED, plan.report(say))
    return plan


def _close(held: StagedImport, state: str, outcome: dict[str, Any]) -> None:
    held.state, held.outcome, held.content = state, outcome, None
    held.save(update_fields=["state", "outcome", "content"])


def drop_forgotten(*, now: datetime, older_than_s: int = 86_400) -> int:
    """Forget files that nobody wrote within a day; returns how many."""
    old = StagedImport.objects.filter(
        state=StagedImport.State.PLANNED, at__lt=now - timedelta(seconds=older_than_s)
    )
    return old.update(state=StagedImport.State.DISCARDED, content=None)
