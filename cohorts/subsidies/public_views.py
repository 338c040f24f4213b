"""公示 for everybody: what a notice holds, while it stands. Nothing here is about one visitor."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from cohorts.subsidies.services.notices import on_display
from cohorts.subsidies.shown import level_text


def notice_detail(request: HttpRequest, uuid: Any) -> HttpResponse:
    notice = get_object_or_404(on_display(), uuid=uuid)
    rows = [row | {"level_name": level_text(row["level"])} for row in notice.rows]
    shown = {"notice": notice, "rows": rows}
    return render(request, "cohorts/subsidies/public_notice.html", shown)
