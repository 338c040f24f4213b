"""The question bank in /cms/: list with filters and search, preview, publish and retire."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.widgets.button import HeaderButton

from cms.accounts.gates import roles_required
from cms.accounts.roles import AUTHORS
from courses.syllabus.models import KnowledgePoint, Subject
from quizzes.bank.content import MOVES, State
from quizzes.bank.display import ShownQuestion, shown
from quizzes.bank.listing import ReadOnlyViewSet, Step, take_step
from quizzes.bank.models import STATE_NAMES, TYPE_NAMES, QuestionVersion
from quizzes.bank.services import publish, retire

STEPS = {
    State.PUBLISHED: Step(publish, gettext_lazy("The question is published.")),
    State.RETIRED: Step(
        retire, gettext_lazy("The question is retired. Papers and attempts keep it.")
    ),
}


def chapter_choices() -> list[tuple[int, str]]:
    """Chapters with their subject, because every subject has a first one."""
    chapters = KnowledgePoint.objects.of_newest_version().chapters().select_related("subject")
    return [(chapter.pk, f"{chapter.subject} · {chapter}") for chapter in chapters]


class QuestionFilter(WagtailFilterSet):
    subject = django_filters.ModelChoiceFilter(
        field_name="question__subject",
        queryset=lambda _request: Subject.objects.all(),
        label=gettext_lazy("Subject"),
    )
    type = django_filters.ChoiceFilter(
        choices=[(type_.value, name) for type_, name in TYPE_NAMES.items()],
        label=gettext_lazy("Question type"),
    )
    state = django_filters.ChoiceFilter(
        choices=[(state.value, name) for state, name in STATE_NAMES.items()],
        label=gettext_lazy("State"),
    )
    chapter = django_filters.ChoiceFilter(choices=chapter_choices, label=gettext_lazy("Chapter"))

    class Meta:
        model = QuestionVersion
        fields = ["subject", "type", "state", "chapter"]


class QuestionIndex(IndexView):
    page_title = gettext_lazy("Question bank")

    def get_base_queryset(self) -> QuerySet[QuestionVersion]:
        related = ("question__subject", "chapter")
        return super().get_base_queryset().select_related(*related)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        # By name: the import stands above the bank, which knows nothing of files.
        url = reverse("bank_import:import")
        return [HeaderButton(_("Import questions"), url=url, icon_name="upload")]


class QuestionPreview(InspectView):
    """The question as a trainee sees it, key and rationale below."""

    page_title = gettext_lazy("Preview")
    template_name = "quizzes/bank/preview.html"

    def get_object(self, queryset: Any = None) -> QuestionVersion:  # noqa: ARG002
        related = ("question__subject", "chapter", "author", "reviewer")
        return get_object_or_404(QuestionVersion.objects.select_related(*related), pk=self.pk)

    @cached_property
    def question(self) -> ShownQuestion:
        return shown(self.object)

    @property
    def may(self) -> dict[str, bool]:
        moves = MOVES[State(self.object.state)]
        return {state.value: state in moves for state in STEPS}

    @property
    def papers(self) -> QuerySet[Any]:
        items: QuerySet[Any] = self.object.paper_items.select_related("paper")
        return items


@roles_required(*AUTHORS)
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish or retire one version; anything else is not found."""
    version = get_object_or_404(QuestionVersion.objects.select_related("question"), pk=pk)
    take_step(request, version, STEPS, now=timezone.now())
    return redirect("bank:inspect", pk)


class BankViewSet(ReadOnlyViewSet):
    model = QuestionVersion
    name = "bank"
    icon = "list-ul"
    menu_label = gettext_lazy("Question bank")
    menu_order = 210
    add_to_admin_menu = True
    index_view_class = QuestionIndex
    inspect_view_class = QuestionPreview
    inspect_template_name = QuestionPreview.template_name
    filterset_class = QuestionFilter
    search_fields = ["gist", "rationale"]
    search_backend_name = None
    list_per_page = 25
    list_display = [
        TitleColumn(
            "gist",
            label=gettext_lazy("Stem"),
            accessor=str,
            get_url=lambda version: reverse("bank:inspect", args=[version.pk]),
        ),
        Column(
            "type",
            label=gettext_lazy("Question type"),
            accessor="get_type_display",
            classname="bank-short",
        ),
        Column("chapter", label=gettext_lazy("Chapter"), accessor="chapter"),
        Column("subject", label=gettext_lazy("Subject"), accessor="question.subject"),
        Column(
            "state",
            label=gettext_lazy("State"),
            accessor="get_state_display",
            classname="bank-short",
        ),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("<int:pk>/move/", move, name="move")]
