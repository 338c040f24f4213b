"""Middleware of the whole site."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from cms.core.confirming import ASKED_FROM
from cms.core.errors import Refused, say

Next = Callable[[HttpRequest], HttpResponse]

PUBLIC_PREFIXES = ("/static/", "/healthz")


class PrivatePagesMiddleware:
    """Personal pages are never kept by a browser or proxy (ASVS 14.2.2)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(PUBLIC_PREFIXES):
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class RefusalMiddleware:
    """Says a refusal where it was asked: JSON for programs, a message on the page for people."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if not isinstance(fault, Refused):
            return None
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse(fault.as_json(), status=fault.status)
        came_from = request.POST.get(ASKED_FROM) or request.headers.get("Referer", "")
        if request.method == "POST" and url_has_allowed_host_and_scheme(
            came_from, {request.get_host()}
        ):
            messages.error(request, say(fault.message))
            return redirect(came_from)
        return render(request, "refused.html", {"refused": fault}, status=fault.status)
