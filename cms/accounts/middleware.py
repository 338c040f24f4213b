"""Who may enter the authors' admin."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from cms.accounts.roles import AUTHORS

ADMIN = "/cms/"


class AuthorsOnlyMiddleware:
    """Turns away whoever is signed in without an author's role.

    Wagtail would send them to the login page, which sends a signed-in visitor back: a circle.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        if not request.path.startswith(ADMIN) or not request.user.is_authenticated:
            return
        if not request.user.has_role(*AUTHORS) and not request.user.is_superuser:
            raise PermissionDenied
