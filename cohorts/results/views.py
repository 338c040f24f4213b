"""Workbench: results by person, one person's record, the import of a workbook."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts.gates import roles_required
from cms.accounts.models import Person
from cms.accounts.roles import OFFICERS, REGIONAL
from cms.core.plans import ImportPlan
from cms.importing.web import ImportFlow, UploadForm
from cohorts.results import services
from cohorts.results.effects import CHANGED, SAME, changes_first
from cohorts.results.lists import PAGE, filtered, may_write
from cohorts.results.models import ExamSignUp, ResultImport, SubjectResult
from cohorts.results.passes import passes_of
from cohorts.results.planning import PlannedResult
from cohorts.results.shown import effect_text, score_text, shown
from courses.syllabus.models import ExamYear, Level, Subject


class ResultsForm(UploadForm):
    """Which exam the workbook is of: nothing is chosen beforehand, and only exams that have been
    held are offered.
    """

    year = forms.ModelChoiceField(
        ExamYear.objects.none(),
        label=gettext_lazy("Exam year"),
        empty_label=gettext_lazy("Please choose"),
    )

    field_order = ("year", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = ExamYear.objects.filter(starts_on__lte=timezone.localdate())
        self.fields["year"].queryset = held.order_by("-year")  # type: ignore[attr-defined]


class FilterForm(forms.Form):
    """What the list of results can be narrowed by; everything is optional."""

    year = forms.ModelChoiceField(
        ExamYear.objects.all(), required=False, empty_label=gettext_lazy("All years")
    )
    level = forms.ModelChoiceField(
        Level.objects.all(), required=False, empty_label=gettext_lazy("All levels")
    )
    name = forms.CharField(required=False, max_length=60)


@roles_required(*REGIONAL)
def result_list(request: HttpRequest) -> HttpResponse:
    """One row for each sign-up, with what is known of its subjects."""
    sign_ups = ExamSignUp.objects.visible_to(request.user).select_related(
        "person", "level", "region"
    )
    page = filtered(request, sign_ups, form=FilterForm(request.GET), narrowed=_narrowed)
    page["rows"] = _rows(page["page"], request.user)
    return render(request, "cohorts/results/list.html", page)


def _narrowed(sign_ups: Any, wanted: dict[str, Any]) -> Any:
    if wanted.get("year"):
        sign_ups = sign_ups.filter(exam_year=wanted["year"])
    if wanted.get("level"):
        sign_ups = sign_ups.filter(level=wanted["level"])
    if wanted.get("name"):
        sign_ups = sign_ups.filter(person__name__icontains=wanted["name"].strip())
    return sign_ups


def _rows(page: Page, user: Any) -> list[dict[str, Any]]:
    people = {sign_up.person_id for sign_up in page}
    results = SubjectResult.objects.visible_to(user).current().filter(person__in=people)
    scores: dict[tuple[int, int, str], list[SubjectResult]] = {}
    for result in results.select_related("subject").order_by("subject__order"):
        key = (result.person_id, result.exam_year_id, result.subject.level_id)
        scores.setdefault(key, []).append(result)
    complete = {
        (person, found.exam_year, found.level)
        for person, own in passes_of(people).items()
        for found in own
    }
    keys = [(sign_up.person_id, sign_up.exam_year_id, sign_up.level_id) for sign_up in page]
    return [
        {
            "sign_up": sign_up,
            "scores": [(row.subject.short_name, shown(row), row) for row in scores.get(key, [])],
            "passed": key in complete,
            "reported": any(row.counts for row in scores.get(key, [])),
        }
        for sign_up, key in zip(page, keys, strict=True)
    ]


@roles_required(*REGIONAL)
def person_record(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Everything that was ever recorded of one person's results, corrections included."""
    person = get_object_or_404(Person.objects.visible_to(request.user), uuid=uuid)
    results = SubjectResult.objects.visible_to(request.user).filter(person=person)
    rows = results.select_related(
        "subject__level", "region", "source_import", "recorded_by", "superseded_by"
    ).order_by("-exam_year_id", "subject__order", "-pk")
    levels = dict(Level.objects.values_list("code", "name"))
    passes = [
        {"found": found, "level": levels[found.level]}
        for found in passes_of({person.pk}).get(person.pk, [])
    ]
    page = {
        "person": person,
        "rows": [(row, shown(row)) for row in rows],
        "passes": passes,
        "unreported": _unreported(request.user, person, rows),
    }
    return render(request, "cohorts/results/person.html", page)


def _unreported(user: Any, person: Person, results: Iterable[SubjectResult]) -> list[ExamSignUp]:
    """Sign-ups of which no result is on record yet, not even the person's own word."""
    known = {(row.exam_year_id, row.subject.level_id) for row in results}
    sign_ups = ExamSignUp.objects.visible_to(user).filter(person=person)
    rows = sign_ups.select_related("level", "region").order_by("-exam_year_id", "level__order")
    return [row for row in rows if (row.exam_year_id, row.level_id) not in known]


@roles_required(*REGIONAL)
def import_list(request: HttpRequest) -> HttpResponse:
    """Workbooks that changed something."""
    imports = ResultImport.objects.visible_to(request.user).select_related("by", "region")
    page = Paginator(imports, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "may_write": may_write(request)}
    return render(request, "cohorts/results/imports.html", context)


def preview_rows(plan: ImportPlan) -> list[dict[str, Any]]:
    """Rows for the preview, changes first: they are what somebody should look at."""
    subjects = dict(Subject.objects.order_by("order").values_list("code", "short_name"))
    levels = dict(Level.objects.values_list("code", "name"))
    rows: list[PlannedResult] = changes_first(plan)
    return [
        {
            _("Row"): planned.line,
            _("Full name"): planned.row.name,
            _("Level"): levels[planned.row.level],
            _("Scores"): _scores(planned, subjects),
            _("Unit"): planned.row.unit or "–",
            _("What happens"): effect_text(_effect(planned)),
        }
        for planned in rows
    ]


def _effect(planned: PlannedResult) -> str:
    """Known scores with, say, a new certificate number beside them do change something."""
    is_news = planned.effect == SAME and planned.renews_sign_up
    return CHANGED if is_news else planned.effect


def _scores(planned: PlannedResult, subjects: dict[str, str]) -> str:
    """综合能力 58 → 61 · 实务 66, in the order of `subjects`."""
    parts = []
    order = list(subjects)
    for subject, score in sorted(planned.row.scores, key=lambda own: order.index(own[0])):
        said = score_text(score.half, score.special)
        known = planned.superseded.get(subject)
        if known is not None and planned.effects[subject] == CHANGED:
            said = f"{score_text(known.score_half, known.special)} → {said}"
        parts.append(f"{subjects[subject]} {said}")
    said = " · ".join(parts) or _("not reported")
    return _("%(scores)s (own word)") % {"scores": said} if planned.row.self_reported else said


IMPORT = ImportFlow(
    kind="results",
    title=gettext_lazy("Import results"),
    list_title=gettext_lazy("Results"),
    hint=gettext_lazy(
        "One row a person: name, identity number, level and scores. −1 is absent, −2 misconduct, "
        "−4 void; 未报 is signed up with no result known yet. Rows above the header, totals and "
        "signatures are skipped."
    ),
    plan=services.plan_import,
    apply=services.apply_import,
    roles=tuple(OFFICERS),
    back="results:list",
    form=ResultsForm,
    preview_rows=preview_rows,
)
