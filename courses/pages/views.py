"""Files of lessons: recordings, captions and downloads, for who may read the lesson."""

import mimetypes
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.documents import get_document_model
from wagtail.models import Page, ReferenceIndex

from cms.accounts.gates import acting_scope
from cms.accounts.roles import AUTHORS
from courses.pages.byte_range import OutOfRange, part_of
from courses.pages.models import LessonPage

# What a page plays; everything else is handed out to be saved, never shown as a page of ours.
SHOWN = {"video/mp4", "video/webm", "audio/mpeg", "audio/mp4", "audio/x-m4a", "text/vtt"}
CHUNK = 64 * 1024


@require_safe
@login_required
def lesson_file(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """A file of a published lesson; authors also see the files of their drafts."""
    document = get_object_or_404(get_document_model(), pk=pk)
    if document.filename != name or not _may_open(request.user, document):
        raise Http404
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    kind = "text/vtt" if name.lower().endswith(".vtt") else kind
    if kind not in SHOWN:
        return FileResponse(document.file.open("rb"), as_attachment=True, filename=name)
    return _played(request, document.file, kind)


def _may_open(user: Any, document: Any) -> bool:
    if user.is_superuser or acting_scope(user).roles & AUTHORS:
        return True
    references = ReferenceIndex.get_references_to(document).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    users_of_it = references.values_list("object_id", flat=True)
    return LessonPage.objects.live().filter(pk__in=[int(pk) for pk in users_of_it]).exists()


def _played(request: HttpRequest, file: FieldFile, kind: str) -> HttpResponseBase:
    size = file.size
    try:
        part = part_of(request.headers.get("Range", ""), size)
    except OutOfRange:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = part or (0, size - 1)
    reply = StreamingHttpResponse(
        _bytes(file, first, last), status=206 if part else 200, content_type=kind
    )
    reply["Accept-Ranges"] = "bytes"
    reply["Content-Length"] = str(last - first + 1)
    if part:
        reply["Content-Range"] = f"bytes {first}-{last}/{size}"
    return reply


def _bytes(file: FieldFile, first: int, last: int) -> Iterator[bytes]:
    with file.open("rb") as content:
        content.seek(first)
        left = last - first + 1
        while left and (chunk := content.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
