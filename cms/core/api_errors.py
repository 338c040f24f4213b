"""The API answers every error in one shape: `{code, message, detail}`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from cms.core.errors import Refused


def render_refusal(fault: Exception, context: dict[str, Any]) -> Response | None:
    """Exception handler of REST framework; None lets a programming fault become a 500."""
    if isinstance(fault, Refused):
        return Response(fault.as_json(), status=fault.status)
    response = exception_handler(fault, context)
    if response is not None:
        response.data = {
            "code": _code(fault),
            "message": _sentence(fault),
            "detail": _detail(fault),
        }
    return response


def _code(fault: Exception) -> str:
    if isinstance(fault, exceptions.ValidationError | exceptions.ParseError):
        return "invalid"
    if isinstance(fault, Http404):
        return "not_found"
    if isinstance(fault, PermissionDenied):
        return "permission_denied"
    return str(getattr(fault, "default_code", "error"))


def _sentence(fault: Exception) -> str:
    if isinstance(fault, exceptions.ValidationError):
        return _("Some of what was sent is missing or wrong.")
    if isinstance(fault, Http404):
        return _("This is not here, or not yours to see.")
    return str(getattr(fault, "detail", fault))


def _detail(fault: Exception) -> dict[str, Any]:
    if isinstance(fault, exceptions.ValidationError):
        found = fault.detail
        return found if isinstance(found, dict) else {"errors": found}
    return {}
