"""Who may enter: gates for views and API by role. What they then see is a matter of scope."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.mixins import AccessMixin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from cms.core.scoping import Scope

View = Callable[..., HttpResponse]


def acting_scope(user: Any) -> Scope:
    return user.scope if user.is_authenticated else Scope()


def _holds(user: Any, roles: tuple[str, ...]) -> bool:
    return bool(acting_scope(user).roles.intersection(roles))


def roles_required(*roles: str) -> Callable[[View], View]:
    """Anonymous visitors are sent to sign in; a wrong role is 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not _holds(request.user, roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


class RolesRequired(AccessMixin):
    """The same gate for class-based views: set `roles`."""

    roles: tuple[str, ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not _holds(request.user, self.roles):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
