"""Workbench: who works where, and the import of posts."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts.gates import roles_required
from cms.accounts.roles import OFFICERS, REGIONAL
from cms.core.plans import ImportPlan
from cms.importing.web import ImportFlow
from cohorts.posts import services
from cohorts.posts.models import Appraisal, Post
from cohorts.posts.planning import PlannedPost
from cohorts.posts.sheet import AppraisalRow, PostRow
from cohorts.results.effects import changes_first
from cohorts.results.lists import filtered
from cohorts.results.shown import effect_text


class FilterForm(forms.Form):
    """What the list of posts can be narrowed by; everything is optional."""

    text = forms.CharField(required=False, max_length=60)
    when = forms.ChoiceField(
        required=False,
        choices=[("", gettext_lazy("Posts of today")), ("all", gettext_lazy("All posts"))],
    )


@roles_required(*REGIONAL)
def post_list(request: HttpRequest) -> HttpResponse:
    posts = Post.objects.visible_to(request.user).select_related(
        "person", "organisation", "organisation__region"
    )
    page = filtered(request, posts, form=FilterForm(request.GET), narrowed=_narrowed)
    return render(request, "cohorts/posts/list.html", page)


def _narrowed(posts: Any, wanted: dict[str, Any]) -> Any:
    if wanted.get("when") != "all":
        posts = posts.on(timezone.localdate())
    if said := wanted.get("text", "").strip():
        posts = posts.filter(
            Q(person__name__icontains=said) | Q(organisation__name__icontains=said)
        )
    return posts


def preview_rows(plan: ImportPlan) -> list[dict[str, Any]]:
    """Rows for the preview, changes first."""
    rows: list[PlannedPost] = changes_first(plan)
    return [
        {
            _("Sheet"): planned.row.sheet,
            _("Row"): planned.line,
            _("Full name"): planned.row.name,
            _("What it says"): _said(planned),
            _("What happens"): effect_text(planned.effect),
        }
        for planned in rows
    ]


def _said(planned: PlannedPost) -> str:
    row = planned.row
    if isinstance(row, PostRow):
        return f"{row.unit} · {row.title or '–'} · {_span(row.from_on, row.to_on)}"
    if isinstance(row, AppraisalRow):
        return f"{row.year} · {Appraisal.Grade(row.grade).label}"
    return f"{row.months[0]} – {row.months[-1]}"


def _span(first: date, last: date | None) -> str:
    return f"{first:%Y-%m-%d} – {last:%Y-%m-%d}" if last else f"{first:%Y-%m-%d} –"


IMPORT = ImportFlow(
    kind="posts",
    title=gettext_lazy("Import posts"),
    list_title=gettext_lazy("Posts"),
    hint=gettext_lazy(
        "Three tables, on sheets of their own or below each other: appointments, yearly "
        "appraisals, months of social insurance."
    ),
    plan=services.plan_import,
    apply=services.apply_import,
    roles=tuple(OFFICERS),
    back="posts:list",
    preview_rows=preview_rows,
)
