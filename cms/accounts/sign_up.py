"""Opening an account oneself: a name, a user name, a password; nothing that says who one is.

Such an account can study and ask for a seat in a class. Results, certificates and money hang on the
person behind it, and an account comes to its person only by linking (docs/decisions/0013).
"""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.accounts.roles import Role
from cms.accounts.services import grant_role


class SignUpName(forms.Form):
    """What allauth's own form lacks; it becomes a base class of that form."""

    first_name = forms.CharField(
        label=_("Full name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ["first_name", "username", "password1"]

    def signup(self, _request: HttpRequest, user: Any) -> None:
        """Called by allauth once the account is saved: whoever opens one studies."""
        today = timezone.localdate(user.date_joined)
        grant_role(user=user, role=Role.TRAINEE, valid_from=today)
