"""Who may enter the authors' admin, and nobody goes on without agreeing to the terms."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from cms.accounts.models import ConsentText
from cms.accounts.roles import AUTHORS
from cms.accounts.services.consent import TERMS, has_agreed
from cms.core.errors import Refused
from cms.core.wording import Message

ADMIN = "/cms/"
API = "/api/"
Next = Callable[[HttpRequest], HttpResponse]


class AuthorsOnlyMiddleware:
    """Turns away whoever is signed in without an author's role.

    Wagtail would send them to the login page, which sends a signed-in visitor back: a circle.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        guarded = request.path.startswith(ADMIN) and not _is_file(request)
        if not guarded or not request.user.is_authenticated:
            return
        if not request.user.has_role(*AUTHORS) and not request.user.is_superuser:
            raise PermissionDenied


def _is_file(request: HttpRequest) -> bool:
    found = request.resolver_match
    return found is not None and found.view_name == "wagtaildocs_serve"


class ConsentMiddleware:
    """Leads an account that has not agreed to the newest terms to the page that asks.

    The session remembers the version agreed to, so that a request costs no query; once an hour it
    is asked anew, because a later version may have come into force.
    """

    flag = "terms_agreed"
    remembered_s = 3600
    # Somebody in the middle of an exam is not interrupted; everything else here must stay open
    # to somebody who is being asked, or knows no account at all.
    exempt = frozenset(
        {"account_logout", "set_language", "health", "me:consent", "attempts:player"}
        | {"site:theme", "picture"}
        | {f"attempts_api:{name}" for name in ("state", "takeover", "journal", "submission")}
        | {"attempts_api:receipt"}
    )

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        found = request.resolver_match
        if found is None or found.view_name in self.exempt or not request.user.is_authenticated:
            return None
        if self._may_go_on(request, timezone.now()):
            return None
        return _refusal() if request.path.startswith(API) else _to_the_terms(request)

    def _may_go_on(self, request: HttpRequest, now: datetime) -> bool:
        _version, until = request.session.get(self.flag, (0, 0))
        if now.timestamp() < until:
            return True
        text = ConsentText.objects.in_force(timezone.localdate(now)).filter(purpose=TERMS).first()
        if text is not None and not has_agreed(request.user, text):  # type: ignore[arg-type]
            return False
        version = text.version if text else 0
        request.session[self.flag] = (version, int(now.timestamp()) + self.remembered_s)
        return True


def _refusal() -> HttpResponse:
    refused = Refused(
        "consent_needed", Message("Please read and agree to the terms first."), status=403
    )
    return JsonResponse(refused.as_json(), status=refused.status)


def _to_the_terms(request: HttpRequest) -> HttpResponse:
    """What was asked for is kept, as far as it can be asked for again."""
    kept = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    query = f"?{urlencode({'next': kept})}" if kept else ""
    return redirect(reverse("me:consent") + query)
