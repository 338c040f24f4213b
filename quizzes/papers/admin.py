"""Papers in /cms/: list, assemble one from the bank, look it through, release or withdraw it."""

import random
import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from cms.accounts.gates import RolesRequired, roles_required
from cms.accounts.roles import AUTHORS
from cms.core.errors import Refused, say
from courses.syllabus.models import ExamYear, Subject
from quizzes.bank.display import shown
from quizzes.bank.listing import ReadOnlyViewSet, Step, take_step
from quizzes.papers.models import Paper, PaperItem
from quizzes.papers.services import freeze_paper, release, withdraw
from quizzes.papers.states import MOVES, State

STEPS = {
    State.RELEASED: Step(release, gettext_lazy("The paper is released; trainees can sit it now.")),
    State.WITHDRAWN: Step(
        withdraw, gettext_lazy("The paper is withdrawn; attempts already begun go on.")
    ),
}


class PaperIndex(IndexView):
    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton(_("Assemble a paper"), url=reverse("paper:assemble"), icon_name="plus")
        ]


class PaperPreview(InspectView):
    """Every item as it stands in the paper, with its key."""

    page_title = gettext_lazy("Preview")
    template_name = "quizzes/papers/preview.html"

    @property
    def may(self) -> dict[str, bool]:
        moves = MOVES[State(self.object.state)]
        return {state.value: state in moves for state in STEPS}

    @property
    def sections(self) -> list[dict[str, Any]]:
        return _sections(self.object)


def _sections(paper: Paper) -> list[dict[str, Any]]:
    sections = [{**section, "items": []} for section in paper.scheme["sections"]]
    for item in paper.ordered_items():
        sections[item.section]["items"].append(_shown_item(item))
    return sections


def _shown_item(item: PaperItem) -> dict[str, Any]:
    version = item.question_version
    return {
        "number": item.number,
        "question": shown(version),
        "chapter": version.chapter,
        "version": version,
    }


class AssembleForm(forms.Form):
    subject = forms.ModelChoiceField(Subject.objects.all(), label=gettext_lazy("Subject"))
    exam_year = forms.ModelChoiceField(
        ExamYear.objects.all(),
        label=gettext_lazy("Exam year"),
        help_text=gettext_lazy(
            "Marks, minutes and the law date are those of this year. Questions whose law was "
            "checked only to an earlier day are left out."
        ),
    )
    title = forms.CharField(max_length=80, label=gettext_lazy("Title"))
    code = forms.SlugField(
        max_length=40,
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("Letters, digits and hyphens, such as junior-general-2027-1."),
    )
    seed = forms.IntegerField(
        required=False,
        label=gettext_lazy("Seed"),
        help_text=gettext_lazy("The same seed and bank draw the same questions. May stay empty."),
    )


class AssembleView(RolesRequired, WagtailAdminTemplateMixin, FormView):
    """Draw a paper from the bank; what the bank lacks is listed section by section."""

    roles = tuple(AUTHORS)
    form_class = AssembleForm
    template_name = "quizzes/papers/assemble.html"
    page_title = gettext_lazy("Assemble a paper")
    header_icon = "doc-full-inverse"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        papers = {"url": reverse("paper:index"), "label": _("Papers")}
        here = {"url": "", "label": self.get_page_title()}
        return [*self.breadcrumbs_items, papers, here]

    def get_initial(self) -> dict[str, Any]:
        """The latest year whose law date has come: for a later one no question can be checked."""
        settled = ExamYear.objects.filter(law_as_of__lte=timezone.localdate()).order_by("-year")
        return {"exam_year": settled.first(), "subject": Subject.objects.first()}

    def form_valid(self, form: AssembleForm) -> HttpResponse:
        wanted = dict(form.cleaned_data)
        seed = wanted.pop("seed")
        chance = random.Random(secrets.randbits(64) if seed is None else seed)  # noqa: S311 -- drawn, not secret
        try:
            paper = freeze_paper(**wanted, rng=chance, actor=self.request.user, now=timezone.now())
        except Refused as refused:
            form.add_error("code" if refused.code == "code_taken" else None, say(refused.message))
            shortfall = refused.detail.get("shortfall", [])
            return self.render_to_response(self.get_context_data(form=form, shortfall=shortfall))
        messages.success(
            self.request, _("The paper is assembled. Look it through, then release it.")
        )
        return redirect("paper:inspect", paper.pk)


@roles_required(*AUTHORS)
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Release or withdraw one paper; anything else is not found."""
    paper = get_object_or_404(Paper, pk=pk)
    take_step(request, paper, STEPS, now=timezone.now())
    return redirect("paper:inspect", pk)


class PaperViewSet(ReadOnlyViewSet):
    model = Paper
    name = "paper"
    icon = "doc-full-inverse"
    menu_label = gettext_lazy("Papers")
    menu_order = 220
    add_to_admin_menu = True
    index_view_class = PaperIndex
    inspect_view_class = PaperPreview
    inspect_template_name = PaperPreview.template_name
    list_filter = ["subject", "exam_year", "state"]
    search_fields = ["title", "code"]
    search_backend_name = None
    list_display = [
        TitleColumn(
            "title",
            label=gettext_lazy("Title"),
            get_url=lambda paper: reverse("paper:inspect", args=[paper.pk]),
        ),
        Column("code", label=gettext_lazy("Code")),
        Column("subject", label=gettext_lazy("Subject")),
        Column("exam_year", label=gettext_lazy("Exam year")),
        Column("state", label=gettext_lazy("State"), accessor="get_state_display"),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("assemble/", AssembleView.as_view(), name="assemble"),
            *super().get_urlpatterns(),
            path("<int:pk>/move/", move, name="move"),
        ]
