"""Lists and pages in Wagtail's admin for rows that services alone write."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.urls import URLPattern, path
from django.utils.functional import Promise
from wagtail.admin.viewsets.model import ModelViewSet

FORM_VIEWS = ("add", "edit", "delete", "history", "usage")


@dataclass(frozen=True)
class Step:
    """A move of a row to another state: the service that makes it, and what is said then."""

    take: Callable[..., Any]
    done: Promise


def take_step(request: HttpRequest, row: Any, steps: Mapping[Any, Step], *, now: datetime) -> None:
    """Move the row to the state that was posted; one that has no step is not found."""
    step = steps.get(request.POST.get("to", ""))
    if step is None:
        raise Http404
    step.take(row, actor=request.user, now=now)
    messages.success(request, str(step.done))


class ReadOnlyViewSet(ModelViewSet):
    """Index and preview. There is no form that writes a row: a version never changes."""

    inspect_view_enabled = True
    copy_view_enabled = False
    add_to_reference_index = False

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        common: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        return common | {f"{view}_url_name": None for view in FORM_VIEWS}

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", self.inspect_view, name="inspect"),
        ]

    def register_admin_url_finder(self) -> None:
        """There is no edit page to be found."""
