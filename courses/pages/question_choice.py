"""Choosing a question of the bank for a lesson: by its identity, so that corrections follow.

Courses stand below the bank and may not import it: its tables are asked for by name.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import BaseChooser
from wagtail.blocks import FieldBlock

VERSION = "quizzes.QuestionVersion"
TITLE_LENGTH = 80


def published_versions() -> QuerySet[Any]:
    """The versions that practice would show, with what a list says of them."""
    model: type[Model] = apps.get_model(VERSION)
    versions = model._default_manager.filter(state="published")
    return versions.select_related("question__subject", "chapter")


class QuestionFilterForm(BaseFilterForm):
    """Searches in stems; the chapter stands in the list, so that its words find it too."""

    q = forms.CharField(label=gettext_lazy("Words of the stem"), required=False)

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        objects = super().filter(objects)
        self.search_query = self.cleaned_data.get("q", "").strip()
        self.is_searching = bool(self.search_query)
        for word in self.search_query.split():
            objects = objects.filter(gist__icontains=word)
        return objects


class PublishedQuestions:
    """Mixed into the views of the chooser."""

    filter_form_class = QuestionFilterForm

    def get_object_list(self) -> QuerySet[Any]:
        return published_versions()

    def can_create(self) -> bool:
        """Questions are written in the bank, with key and rationale."""
        return False


class ChooseQuestion(PublishedQuestions, ChooseView):
    pass


class ChooseQuestionResults(PublishedQuestions, ChooseResultsView):
    pass


class ChosenQuestion(ChosenView):
    def get_object(self, pk: str) -> Any:
        return published_versions().get(pk=pk)

    def get_object_id(self, instance: Any) -> str:
        return str(instance.question.uuid)

    def get_edit_item_url(self, instance: Any) -> None:
        """The bank has no edit view: a correction is a new version."""


class QuestionWidget(BaseChooser):
    """Holds the uuid of the question and shows the stem of its published version."""

    choose_one_text = gettext_lazy("Choose a question")
    choose_another_text = gettext_lazy("Choose another question")
    show_edit_link = False
    icon = "help"
    model = VERSION
    chooser_modal_url_name = "question_choice:choose"

    def get_instance(self, value: Any) -> Any:
        return published_versions().filter(question__uuid=value).first() if value else None

    def get_value_data(self, value: Any) -> dict[str, str] | None:
        """A question that was retired since keeps its place and says so."""
        if not value:
            return None
        instance = self.get_instance(value)
        title = str(instance)[:TITLE_LENGTH] if instance else _("(no longer published)")
        return {"id": str(value), "title": title, "edit_url": ""}


class QuestionField(forms.UUIDField):
    widget = QuestionWidget

    def clean(self, value: Any) -> UUID | None:
        chosen: UUID | None = super().clean(value)
        if chosen and not published_versions().filter(question__uuid=chosen).exists():
            raise ValidationError(_("This question is not published. Choose another one."))
        return chosen


class QuestionBlock(FieldBlock):
    """A question of the bank; the value is its uuid as text."""

    def __init__(self, *, required: bool = True, **kwargs: Any) -> None:
        self.field = QuestionField(required=required)
        super().__init__(**kwargs)

    def value_from_form(self, value: Any) -> str:
        return str(value or "")

    def get_form_state(self, value: Any) -> dict[str, str] | None:
        return QuestionWidget().get_value_data(value)

    class Meta:
        icon = "help"
        default = ""


class QuestionChoice(ChooserViewSet):
    name = "question_choice"
    url_prefix = "question-choice"
    model = VERSION
    icon = "help"
    choose_one_text = gettext_lazy("Choose a question")
    register_widget = False
    choose_view_class = ChooseQuestion
    choose_results_view_class = ChooseQuestionResults
    chosen_view_class = ChosenQuestion
