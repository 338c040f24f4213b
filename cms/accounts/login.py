"""Signing in by user name or phone, and what a role may do in Wagtail's admin."""

import logging
import re
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import User, normalise_phone
from cms.accounts.roles import PERMISSIONS

MOBILE = re.compile(r"1\d{10}")


class PhoneField(forms.CharField):
    """A mainland mobile number: eleven digits, written with or without +86 and dashes."""

    def clean(self, value: Any) -> str:
        written = super().clean(value)
        if not written and not self.required:
            return ""
        number = normalise_phone(written)
        if not MOBILE.fullmatch(number):
            raise ValidationError(_("A phone number has 11 digits and begins with 1."))
        return number


class AccountAdapter(DefaultAccountAdapter):
    """Phones live encrypted on the account; look-ups go through their blind index."""

    def get_signup_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return reverse("welcome")

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.with_phone(phone).first()

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        return (user.phone.open(), True) if user.phone else None

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:  # noqa: ARG002, FBT001
        user.phone = phone
        user.save(update_fields=["phone", "phone_index"])

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return reverse("me:home")

    def set_phone_verified(self, user: Any, phone: str) -> None:
        self.set_phone(user, phone, verified=True)

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **_: Any) -> None:  # noqa: ARG002
        """No SMS contract: sign-up and phone change are closed, so no code is ever due."""
        logging.getLogger(__name__).error("An SMS code was asked for while no SMS port is set up.")


class RolePermissions(BaseBackend):
    """Answers Django's permission questions from the role grants of today."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:  # noqa: ARG002
        return perm in self.get_all_permissions(user_obj)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:  # noqa: ARG002
        if not user_obj.is_active or user_obj.is_anonymous:
            return set()
        return set().union(*(PERMISSIONS.get(role, frozenset()) for role in user_obj.scope.roles))
