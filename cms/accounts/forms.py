"""What people enter about accounts: roles with dates, invitations, who they are."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db.models.functions import Length
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.accounts.login import PhoneField
from cms.accounts.models import Organisation, Region, User
from cms.accounts.roles import EVERYWHERE, REGIONAL, ROLE_WORDS, Role, grantable
from cms.accounts.services.grants import Office
from cms.accounts.services.linking import Entered
from cms.accounts.tokens import CODE_DIGITS
from cms.core.errors import say
from cms.core.identity import IdentityRefused, read_identity
from cms.core.scoping import Scope, region_q
from cms.core.sheet_cells import name_text

COUNTY_DIGITS = 6
NO_ROLE = "none"


def role_choices(roles: frozenset[Role]) -> list[tuple[str, str]]:
    return [(role.value, say(ROLE_WORDS[role])) for role in Role if role in roles]


def regions_of(scope: Scope) -> Any:
    """Regions in which somebody grants roles."""
    if scope.roles & EVERYWHERE:
        return Region.objects.all()
    return Region.objects.filter(region_q("code", scope.areas(Role.CITY_OFFICER)))


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class UnitsByRegion(ModelChoiceIterator):
    """Units under the name of their region: a city has more than one list can show at a glance."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        units = self.queryset.select_related("region").order_by("region", "name")
        for region, group in groupby(units, key=lambda unit: unit.region.name):
            yield (region, [self.choice(unit) for unit in group])


class UnitField(forms.ModelChoiceField):
    iterator = UnitsByRegion


class AccountFilter(forms.Form):
    """What the list of accounts can be narrowed by; everything is optional."""

    WHEN = (("", _("with a role today")), ("ended", _("roles ended")), ("all", _("all times")))

    role = forms.ChoiceField(required=False, label=_("Role"))
    region = forms.ModelChoiceField(Region.objects.none(), required=False, label=_("Region"))
    when = forms.ChoiceField(required=False, choices=WHEN, label=_("Time span"))
    name = forms.CharField(required=False, max_length=60, label=_("Name or user name"))

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = cast("forms.ChoiceField", self.fields["role"])
        bare = [(NO_ROLE, _("no role at all"))] if scope.roles & EVERYWHERE else []
        roles.choices = [("", _("All staff roles")), *role_choices(frozenset(Role)), *bare]
        regions = cast("forms.ModelChoiceField", self.fields["region"])
        regions.queryset, regions.empty_label = regions_of(scope), _("All regions")


class OfficeForm(forms.Form):
    """A role, where it holds, and from when to when; only what the granter may grant is offered."""

    role = forms.ChoiceField(label=_("Role"))
    region = forms.ModelChoiceField(Region.objects.none(), required=False, label=_("Region"))
    organisation = UnitField(
        Organisation.objects.none(), required=False, label=_("or one organisation")
    )
    valid_from = forms.DateField(label=_("From"), widget=_day())
    last_day = forms.DateField(
        label=_("Last day"), required=False, widget=_day(), help_text=_("Empty: without an end.")
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = cast("forms.ChoiceField", self.fields["role"])
        roles.choices = [("", _("Please choose")), *role_choices(grantable(scope.grants))]
        regions = cast("forms.ModelChoiceField", self.fields["region"])
        regions.queryset, regions.empty_label = regions_of(scope), _("Please choose")
        units = cast("forms.ModelChoiceField", self.fields["organisation"])
        units.queryset = Organisation.objects.filter(region__in=regions_of(scope))
        units.empty_label = _("Please choose")

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        region, unit = entered.get("region"), entered.get("organisation")
        if region and unit:
            self.add_error("organisation", _("Choose a region or an organisation, not both."))
        if entered.get("role") in REGIONAL and not region and not unit:
            self.add_error("region", _("This role reaches people by region: choose one."))
        first, last = entered.get("valid_from"), entered.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day lies before the first."))
        return entered

    def office(self) -> Office:
        entered = self.cleaned_data
        last = entered["last_day"]
        return Office(
            role=Role(entered["role"]),
            valid_from=entered["valid_from"],
            valid_to=last and last + timedelta(days=1),
            region=entered["region"],
            organisation=entered["organisation"],
        )


class GrantForm(OfficeForm):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class InviteForm(OfficeForm):
    name = forms.CharField(label=_("Full name"), max_length=60)
    field_order = ("name",)


class AcceptForm(forms.Form):
    """What somebody who was invited chooses: how to sign in."""

    username = forms.CharField(
        label=_("User name"), max_length=150, validators=[UnicodeUsernameValidator()]
    )
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters; not a number, not a common word."),
    )
    again = forms.CharField(
        label=_("Password once more"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    phone = PhoneField(
        label=_("Phone"), required=False, help_text=_("If you want to sign in by phone too.")
    )

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(_("This user name is taken; choose another."))
        return name

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and User.with_phone(phone).exists():
            raise ValidationError(_("This phone belongs to another account; leave it empty."))
        return phone

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        password, again = entered.get("password"), entered.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords differ."))
        elif password:
            try:
                validate_password(password, User(username=entered.get("username", "")))
            except ValidationError as fault:
                self.add_error("password", fault)
        return entered


class LinkForm(forms.Form):
    """Who somebody says to be. The check digit is tried; whether it is on record is not told."""

    name = forms.CharField(label=_("Full name"), max_length=60)
    id_number = forms.CharField(
        label=_("Identity number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    region = forms.ModelChoiceField(
        Region.objects.none(),
        label=_("County"),
        empty_label=_("Choose"),
        help_text=_("Where you sign up for the exam or work: its office settles what is open."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField", self.fields["region"]).queryset = counties()

    def clean_name(self) -> str:
        return name_text(self.cleaned_data["name"])

    def clean_id_number(self) -> str:
        try:
            identity = read_identity(self.cleaned_data["id_number"])
        except IdentityRefused as refused:
            raise ValidationError(say(refused.message)) from None
        if identity.fictional and not settings.ALLOW_FICTIONAL_PEOPLE:
            raise ValidationError(_("This area code was never assigned; a digit may be wrong."))
        return identity.number

    def entered(self) -> Entered:
        said = self.cleaned_data
        return Entered(name=said["name"], id_number=said["id_number"], region=said["region"])


def counties() -> Any:
    return Region.objects.annotate(digits=Length("code")).filter(digits=COUNTY_DIGITS)


class CodeForm(forms.Form):
    code = forms.RegexField(
        rf"^\s*\d{{{CODE_DIGITS}}}\s*$",
        label=pgettext_lazy("by text message", "Code"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"invalid": _("The code has 6 digits.")},
    )


class LostPhoneForm(forms.Form):
    """The phone on record is gone: the new one, and what an officer can check."""

    phone = PhoneField(label=_("Your phone now"))
    statement = forms.CharField(
        label=_("What an officer can check"),
        max_length=300,
        help_text=_("For example: your unit and who there can confirm the new number."),
    )


class NewPhoneForm(LostPhoneForm):
    region = forms.ModelChoiceField(
        Region.objects.none(), label=_("County"), empty_label=_("Choose")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField", self.fields["region"]).queryset = counties()


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)
