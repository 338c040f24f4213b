"""Every import on the web: upload → preview, which writes nothing → one transaction.

A feature describes its import as an `ImportFlow` and mounts `import_urls(flow)`. Between preview
and writing the file rests sealed in a `StagedImport` that only its uploader can open.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
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
from cms.importing import services
from cms.importing.services import Reader

WEB_LIMIT_BYTES = 5 * 1024 * 1024
ROWS_SHOWN = 200


@dataclass(frozen=True)
class ImportFlow:
    """`kind` names the import in the staging table; `back` is the URL name of the list page, and
    `list_title` what that page is called.
    """

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
    list_title: Any = ""


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
                staged = _stage(flow, form, request.user)
            except FileRefused as refused:
                form.add_error("file", say(refused.message))
            else:
                return redirect(f"{request.path}{staged.uuid}/")
        page = {"flow": flow, "form": form, "base_template": flow.base_template}
        status = 400 if form.errors else 200
        return render(request, "importing/upload.html", page, status=status)

    return upload


def _stage(flow: ImportFlow, form: UploadForm, user: Any) -> StagedImport:
    upload, now = form.cleaned_data["file"], timezone.now()
    content, options = upload.read(), form.options()
    flow.plan(content, upload.name, options=options, actor=user, now=now)
    return services.stage(
        kind=flow.kind,
        filename=upload.name,
        content=content,
        options=options,
        actor=user,
        now=now,
    )


def _preview_view(flow: ImportFlow) -> Callable[..., HttpResponse]:
    def preview(request: HttpRequest, staged: Any) -> HttpResponse:
        held = get_object_or_404(StagedImport, uuid=staged, kind=flow.kind, by=request.user)
        try:
            if request.method == "POST":
                return _settle(flow, held, request)
            return render(request, "importing/preview.html", _page(flow, held, request.user))
        except FileRefused as refused:
            # The rules may have changed since the upload; the file is read anew each time.
            raise Refused("file_refused", refused.message) from refused

    return preview


def _page(flow: ImportFlow, held: StagedImport, user: Any) -> dict[str, Any]:
    page: dict[str, Any] = {"flow": flow, "held": held, "base_template": flow.base_template}
    if held.state != StagedImport.State.PLANNED:
        outcome = held.outcome or {}
        written = outcome.get("accepted", 0) - outcome.get("unchanged", 0)
        return page | {"step": 3, "written": written}
    plan = flow.plan(
        held.file_bytes(), held.filename, options=held.options, actor=user, now=timezone.now()
    )
    rows = flow.preview_rows(plan)[:ROWS_SHOWN] if flow.preview_rows else []
    refused = [
        {"line": row.line, "name": row.name, "reason": say(row.reason)} for row in plan.refused
    ]
    shown = {"report": plan.report(say), "rows": rows, "refused": refused, "plan": plan}
    return page | {"step": 2, **shown}


def _settle(flow: ImportFlow, held: StagedImport, request: HttpRequest) -> HttpResponse:
    if request.POST.get("action") == "discard":
        services.discard(held)
        messages.info(request, _("The import was dropped; nothing was written."))
        return redirect(flow.back)
    plan = services.apply_staged(held, flow.apply, actor=request.user, now=timezone.now())
    messages.success(request, " ".join(_outcome(plan)))
    return redirect(flow.back)


def _outcome(plan: ImportPlan) -> Iterator[str]:
    written = ngettext("%(count)d row written.", "%(count)d rows written.", plan.to_write)
    yield written % {"count": plan.to_write}
    if plan.unchanged:
        same = ngettext("%(count)d row unchanged.", "%(count)d rows unchanged.", plan.unchanged)
        yield same % {"count": plan.unchanged}
