"""What the staff enters about a session."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.attendance.models import ClassSession
from cohorts.enrolment.forms import moment_field


class SessionForm(forms.ModelForm):
    starts_at = moment_field(_("Begins"))
    ends_at = moment_field(_("Ends"))
    join_url = forms.URLField(label=_("Link to join"), required=False, assume_scheme="https")

    class Meta:
        model = ClassSession
        fields = ("title", "kind", "starts_at", "ends_at", "units", "venue", "join_url")
        labels = {
            "title": _("Subject of the session"),
            "kind": _("Kind"),
            "units": _("Half-day units"),
            "venue": _("Place"),
        }

    def clean(self) -> dict[str, Any]:
        entered: dict[str, Any] = super().clean() or {}
        begins, ends = entered.get("starts_at"), entered.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("This lies before the beginning."))
        return entered
