"""What the list pages of the workbench share: a filter, a page of rows, who may import."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest

from cms.accounts.gates import acting_scope
from cms.accounts.roles import OFFICERS

PAGE = 50


def wanted_of(form: forms.Form) -> dict[str, Any]:
    """What the filter asks for; one that cannot be read narrows nothing."""
    return form.cleaned_data if form.is_valid() else {}


def filtered(
    request: HttpRequest,
    rows: Any,
    *,
    form: forms.Form,
    narrowed: Callable[[Any, dict[str, Any]], Any],
) -> dict[str, Any]:
    """The context of a list page: one page of the rows that the filter leaves."""
    wanted = wanted_of(form)
    return {
        "page": Paginator(narrowed(rows, wanted), PAGE).get_page(request.GET.get("page")),
        "form": form,
        "wanted": wanted,
        "may_write": may_write(request),
    }


def may_write(request: HttpRequest) -> bool:
    return bool(acting_scope(request.user).roles & OFFICERS)
