"""What officers enter about certificates."""

from django import forms
from django.utils.translation import gettext_lazy

from cms.core.errors import say
from cohorts.certificates.models import Certificate
from cohorts.certificates.number import LONGEST, cleaned, doubts, refusal
from courses.syllabus.models import Level

OPEN = "open"  # expected or recorded: somebody still has to do something


class FilterForm(forms.Form):
    """What the list of certificates can be narrowed by; everything is optional."""

    state = forms.ChoiceField(
        required=False, choices=[("", ""), (OPEN, ""), *Certificate.State.choices]
    )
    level = forms.ModelChoiceField(
        Level.objects.all(), required=False, empty_label=gettext_lazy("All levels")
    )
    year = forms.IntegerField(required=False, min_value=2008, max_value=2100)
    name = forms.CharField(required=False, max_length=60)


class RecordForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Certificate number"),
        max_length=2 * LONGEST,
        help_text=gettext_lazy(
            "As printed on the certificate: usually 15 to 32 digits or letters with the year of "
            "approval in them. Spaces are dropped."
        ),
    )
    approved_on = forms.DateField(
        label=gettext_lazy("Approval date"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean_number(self) -> str:
        number = cleaned(self.cleaned_data["number"])
        if reason := refusal(number):
            raise forms.ValidationError(say(reason))
        return number

    def doubts(self) -> list[str]:
        """What is odd about a number that is taken all the same."""
        entered = self.cleaned_data
        return [say(d) for d in doubts(entered["number"], year=entered["approved_on"].year)]


class ReasonForm(forms.Form):
    """Why a certificate is revoked, or its whole number looked at."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)
