"""What trainees and organisers enter about classes."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.accounts.login import PhoneField
from cms.accounts.models import ConsentText, Person, Region
from cms.accounts.roles import Role
from cms.core.errors import say
from cms.core.identity import IdentityRefused, read_identity
from cohorts.enrolment.models import COHORT_STATE_NAMES, Cohort, CohortPlan
from cohorts.enrolment.overview import code_is_taken
from courses.pages.models import CoursePage, LessonPage
from courses.syllabus.models import ExamYear, Level
from quizzes.papers.models import Paper
from quizzes.papers.states import State as PaperState

COUNTY_DIGITS = 6
CODE_DAYS = (7, 14, 30, 90)


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def moment_field(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget)


class ApplicationForm(forms.Form):
    """Only what is not known yet: who was in a class before types next to nothing.

    The choice of county is shown with the unit, because two counties may have a unit of one name.
    """

    name = forms.CharField(label=_("Full name"), max_length=60)
    id_number = forms.CharField(label=_("Identity number"), max_length=30)
    phone = PhoneField(label=_("Phone"), max_length=20)
    county = forms.ModelChoiceField(
        Region.objects.none(), label=_("County of the work unit"), empty_label=_("Please choose")
    )
    unit = forms.CharField(label=_("Work unit"), max_length=120)
    code = forms.CharField(label=_("Enrolment code"), max_length=20)
    consent = forms.BooleanField(label=_("I have read this and agree."))

    def __init__(
        self,
        *args: Any,
        cohort: Cohort,
        person: Person | None,
        consent_text: ConsentText | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.consent_text = consent_text
        known = {"name", "id_number"} if person else set()
        known |= {"phone"} if person and person.phone else set()
        known |= set() if cohort.code_hash else {"code"}
        known |= set() if consent_text else {"consent"}
        for field in known:
            del self.fields[field]
        counties = Region.objects.filter(code__regex=rf"^\d{{{COUNTY_DIGITS}}}$")
        self.fields["county"].queryset = counties  # type: ignore[attr-defined]
        attrs = {
            "name": {"autocomplete": "name"},
            "id_number": {
                "autocomplete": "off",
                "inputmode": "text",
                "autocapitalize": "characters",
            },
            "phone": {"autocomplete": "tel", "inputmode": "tel"},
            "unit": {"autocomplete": "organization"},
            "code": {"autocomplete": "off", "autocapitalize": "characters"},
        }
        for field, extra in attrs.items():
            if field in self.fields:
                self.fields[field].widget.attrs.update(extra)

    def clean_id_number(self) -> str:
        try:
            identity = read_identity(self.cleaned_data["id_number"])
        except IdentityRefused as refused:
            raise forms.ValidationError(say(refused.message)) from None
        if identity.fictional and not settings.ALLOW_FICTIONAL_PEOPLE:
            raise forms.ValidationError(_("This identity number belongs to nobody."))
        return identity.number


class CohortForm(forms.ModelForm):
    """A class as its organiser describes it."""

    opens_at = moment_field(_("Enrolment opens"))
    closes_at = moment_field(_("Enrolment closes"))
    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"))

    class Meta:
        model = Cohort
        fields = (
            *("title", "code", "level", "exam_year", "region", "organiser", "capacity"),
            *("admission", "opens_at", "closes_at", "starts_on", "ends_on", "venue", "online"),
            *("courses", "description"),
        )
        labels = {
            "title": _("Name of the class"),
            "code": _("Short name in the address"),
            "level": _("Level"),
            "exam_year": _("Exam year"),
            "region": _("Region"),
            "organiser": _("Run by"),
            "capacity": _("Seats"),
            "admission": _("Admission"),
            "venue": _("Place"),
            "online": _("Sessions are online"),
            "courses": _("Courses"),
            "description": _("Description"),
        }
        help_texts = {"code": _("Letters, digits and hyphens, for example junior-2027-spring.")}
        widgets = {
            "courses": forms.CheckboxSelectMultiple,
            "description": forms.Textarea(attrs={"rows": 5}),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions_to_run_in(user)  # type: ignore[attr-defined]
        self.fields["courses"].queryset = CoursePage.objects.live()  # type: ignore[attr-defined]
        self.fields["admission"].choices = ADMISSION  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        entered: dict[str, Any] = super().clean() or {}
        opens, closes = entered.get("opens_at"), entered.get("closes_at")
        first, last = entered.get("starts_on"), entered.get("ends_on")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("This lies before the beginning."))
        if first and last and last < first:
            self.add_error("ends_on", _("This lies before the beginning."))
        return entered

    def validate_unique(self) -> None:
        """Django would look through the default queryset, which refuses to cross regions."""
        code = self.cleaned_data.get("code", "")
        if code_is_taken(code, by_other_than=self.instance.pk):
            self.add_error("code", _("Another class has this short name."))


ADMISSION = (
    (Cohort.Admission.APPROVAL.value, _("the staff approves each application")),
    (Cohort.Admission.OPEN.value, _("a seat at once, while seats are left")),
)


def regions_to_run_in(user: Any) -> Any:
    """Where this user may open a class; an organiser without an area works everywhere."""
    scope = user.scope
    areas = scope.areas(Role.ORGANISER, Role.COUNTY_OFFICER, Role.CITY_OFFICER)
    unbound = any(role == Role.ORGANISER and not area for role, area in scope.grants)
    if unbound:
        return Region.objects.all()
    codes = [
        code
        for code in Region.objects.values_list("code", flat=True)
        if any(code.startswith(area) for area in areas)
    ]
    return Region.objects.filter(code__in=codes)


class FilterForm(forms.Form):
    """What the list of classes can be narrowed by; everything is optional."""

    level = forms.ModelChoiceField(Level.objects.all(), required=False, empty_label=_("All levels"))
    year = forms.ModelChoiceField(
        ExamYear.objects.all(), required=False, empty_label=_("All years")
    )
    state = forms.ChoiceField(
        required=False,
        choices=[("", _("All states")), *[(s.value, n) for s, n in COHORT_STATE_NAMES.items()]],
    )


class PlanLineForm(forms.ModelForm):
    """One dated line; without a title it takes that of its lesson or paper."""

    due_on = day_field(_("To be done by"))
    title = forms.CharField(label=_("What is to be done"), max_length=120, required=False)

    class Meta:
        model = CohortPlan
        fields = ("due_on", "title", "lesson", "paper")
        labels = {"lesson": _("Lesson"), "paper": _("Paper")}

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.cohort = cohort
        self.aim_before = str(self.instance.lesson or self.instance.paper or "")
        lessons, papers = lessons_q(cohort), papers_q(cohort)
        # What the line asks for stays on offer, though it is no longer published or released: a
        # choice that is not offered would be lost with the next change of the date.
        lessons |= Q(pk=self.instance.lesson_id)
        papers |= Q(pk=self.instance.paper_id)
        lesson_field, paper_field = self.fields["lesson"], self.fields["paper"]
        lesson_field.queryset = LessonPage.objects.filter(lessons).order_by("path")  # type: ignore[attr-defined]
        paper_field.queryset = Paper.objects.filter(papers)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        entered: dict[str, Any] = super().clean() or {}
        lesson, paper = entered.get("lesson"), entered.get("paper")
        if lesson and paper:
            self.add_error("paper", _("A line asks for a lesson or a paper, not for both."))
        aim, title = str(lesson or paper or "")[:120], entered.get("title", "")
        if not title and not aim:
            self.add_error("title", _("Choose a lesson or a paper, or write what is to be done."))
        # A title taken from the lesson or paper before goes with it.
        entered["title"] = aim if aim and title in {"", self.aim_before[:120]} else title
        return entered


def lessons_q(cohort: Cohort) -> Q:
    """Published lessons of the class's courses, by the path of the page tree."""
    paths = cohort.courses.values_list("path", flat=True)
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(path__startswith=path)
    return found & Q(live=True)


def papers_q(cohort: Cohort) -> Q:
    """Released papers of the level: also those of earlier exam years, which one practises on."""
    return Q(
        state=PaperState.RELEASED,
        subject__level=cohort.level_id,
        exam_year__lte=cohort.exam_year_id,
    )


class NoticeForm(forms.Form):
    subject = forms.CharField(label=_("Subject line"), max_length=80)
    body = forms.CharField(
        label=_("Text"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6})
    )


class CodeForm(forms.Form):
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        choices=[(days, _("%(days)s days") % {"days": days}) for days in CODE_DAYS],
    )
