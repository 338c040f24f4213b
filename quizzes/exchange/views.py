"""The page of /cms/ that brings question files into the bank."""

from typing import Any

from django import forms
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts.roles import AUTHORS
from cms.core.plans import ImportPlan
from cms.importing.web import ImportFlow, UploadForm, import_urls
from courses.syllabus.models import ExamYear, Subject
from quizzes.bank.content import State
from quizzes.bank.markup import as_plain
from quizzes.bank.models import TYPE_NAMES
from quizzes.exchange.services import IMPORT_FORMATS, apply_import, plan_import

FORMAT_NAMES = {
    "auto": gettext_lazy("found out from the file"),
    "kaoshibao": gettext_lazy("the 考试宝 template"),
    "table": gettext_lazy("any table with a header"),
}
GIST_LENGTH = 60


class QuestionUpload(UploadForm):
    """Where the questions go, and the law they were checked against."""

    subject = forms.ModelChoiceField(Subject.objects.all(), label=gettext_lazy("Subject"))
    exam_year = forms.ModelChoiceField(
        ExamYear.objects.all(),
        required=False,
        label=gettext_lazy("Law checked for the exam of"),
        help_text=gettext_lazy("Papers of later years leave these questions out."),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State after the import"),
        choices=[
            (State.PUBLISHED.value, gettext_lazy("published at once")),
            (State.DRAFT.value, gettext_lazy("draft, to be looked through")),
        ],
    )
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=[(name, FORMAT_NAMES[name]) for name in IMPORT_FORMATS],
    )


def preview_rows(plan: ImportPlan) -> list[dict[str, Any]]:
    """The new questions as the preview lists them."""
    return [
        {
            _("Row"): row.line,
            _("Stem"): as_plain(row.question.content.stem or row.question.content.stimulus)[
                :GIST_LENGTH
            ],
            _("Question type"): TYPE_NAMES[row.question.content.type],
            _("Key"): "".join(row.question.content.key).upper(),
            _("Chapter"): row.chapter or "–",
        }
        for row in plan.rows
        if not row.known
    ]


FLOW = ImportFlow(
    kind="questions",
    title=gettext_lazy("Import questions"),
    hint=gettext_lazy(
        "The 考试宝 template and tables like it are read. Types the bank does not know are refused."
    ),
    plan=plan_import,
    apply=apply_import,
    roles=tuple(AUTHORS),
    back="bank:index",
    form=QuestionUpload,
    base_template="quizzes/cms_page.html",
    preview_rows=preview_rows,
)


def urls() -> list[URLPattern]:
    return import_urls(FLOW)
