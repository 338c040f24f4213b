"""The own account: who I am, whose record it is, what I agreed to, and where I am signed in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.accounts import services, tasks
from cms.accounts.forms import CodeForm, LinkForm, LostPhoneForm, NewPhoneForm
from cms.accounts.gates import acting_scope
from cms.accounts.middleware import ConsentMiddleware
from cms.accounts.models import Consent, ConsentText, LinkRequest, Person, User
from cms.accounts.roles import AUTHORS, WORKBENCH, Role
from cms.accounts.services.consent import SENSITIVE, TERMS

# Features that this one may not import, by address.
STUDY, INBOX = "/study/", "/me/inbox/"


def _own(request: HttpRequest) -> User:
    """The account that is signed in; `login_required` has turned everybody else away."""
    assert isinstance(request.user, User)  # noqa: S101 - narrows the type
    return request.user


def _person(request: HttpRequest) -> Person | None:
    own = acting_scope(request.user).person_id or 0
    return Person.objects.visible_to(request.user).filter(pk=own).first()


@login_required
def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    grants = _own(request).grants.exclude(role=Role.TRAINEE).unended(today)
    roles = acting_scope(request.user).roles
    page = {
        "person": _person(request),
        "grants": [
            (grant, grant.period(today))
            for grant in grants.select_related("region", "organisation").order_by("valid_from")
        ],
        "has_workbench": bool(roles & WORKBENCH),
        "has_authoring": bool(roles & AUTHORS),
        "display": {"lang": get_language()},
        "study_url": STUDY,
        "inbox_url": INBOX,
    }
    return render(request, "me/home.html", page)


@login_required
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    user = _own(request)
    services.end_sessions(user, actor=user, now=timezone.now())
    logout(request)
    messages.success(request, _("You are signed out on every device."))
    return redirect("home")


# --- consent --------------------------------------------------------------------------------------
@login_required
def consent(request: HttpRequest) -> HttpResponse:
    """First the terms, alone, until they are agreed to; then all texts with their dates."""
    if request.method == "POST":
        return _consent_said(request)
    now = timezone.now()
    if terms := services.text_to_agree(_own(request), TERMS, now):
        asked = {"text": terms, "next": request.GET.get("next", "")}
        return render(request, "me/terms.html", asked)
    in_force = list(ConsentText.objects.in_force(timezone.localdate(now)))
    said = Consent.objects.filter(user=_own(request)).select_related("text")
    page = {"rows": [_row(text, said) for text in in_force], "said": said.order_by("-pk")}
    return render(request, "me/consents.html", page)


def _row(text: ConsentText, said: Any) -> dict[str, Any]:
    """The last word on the purpose of one text, and whether it was about this version."""
    last = next((row for row in reversed(said) if row.text.purpose == text.purpose), None)
    return {
        "text": text,
        "last": last,
        "is_given": last is not None and last.given,
        "is_newest": last is not None and last.text_id == text.pk,
        "is_terms": text.purpose == TERMS,
    }


def _consent_said(request: HttpRequest) -> HttpResponse:
    user, now = _own(request), timezone.now()
    number = request.POST.get("text", "")
    if not number.isdecimal():
        return redirect("me:consent")
    text = get_object_or_404(ConsentText, pk=int(number))
    request.session.pop(ConsentMiddleware.flag, None)
    if request.POST.get("say") == "withdraw":
        services.withdraw_consent(user, text.purpose, now)
        messages.success(request, _("Taken back. What was done before stays lawful."))
        return redirect("me:consent")
    services.give_consent(user, text, now)
    to = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()})
    return redirect(to if safe else "welcome" if text.purpose == TERMS else "me:consent")


# --- whose record this is -------------------------------------------------------------------------
@login_required
def link(request: HttpRequest) -> HttpResponse:
    """Name, number and county; or how the question stands that was asked."""
    asked = _last_request(request)
    if _person(request) is not None or (asked is not None and asked.state in _OPEN):
        return _link_page(request)
    form = LinkForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _link_page(request, form=form)
    opened = services.ask_for_link(_own(request), form.entered(), now=timezone.now())
    tasks.send_link_code.enqueue(opened.pk)
    return redirect("me:link")


_OPEN = frozenset({LinkRequest.State.CODE_SENT, LinkRequest.State.WAITING})


def _last_request(request: HttpRequest) -> LinkRequest | None:
    mine = LinkRequest.objects.visible_to(request.user).filter(user=_own(request))
    return mine.select_related("region").order_by("-created_at").first()


def _link_page(request: HttpRequest, **forms: Any) -> HttpResponse:
    """The same page for a number that is on record and for one that is not."""
    asked = _last_request(request)
    page = {
        "person": _person(request),
        "asked": asked,
        "is_open": asked is not None and asked.state in _OPEN,
        "sensitive": services.text_to_agree(_own(request), SENSITIVE, timezone.now()),
        "form": LinkForm(),
        "code_form": CodeForm(),
        "lost_form": LostPhoneForm(),
        **forms,
    }
    wrong = any(form.is_bound and form.errors for form in forms.values())
    return render(request, "me/link.html", page, status=400 if wrong else 200)


@login_required
@require_POST
def link_code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _link_page(request, code_form=form)
    if services.confirm_code(_own(request), form.cleaned_data["code"], now=timezone.now()):
        messages.success(request, _("Linked. Your results and claims are here now."))
    else:
        messages.error(
            request,
            _("This code does not fit or is no longer valid. After five tries an officer decides."),
        )
    return redirect("me:link")


@login_required
@require_POST
def lost_phone(request: HttpRequest) -> HttpResponse:
    form = LostPhoneForm(request.POST)
    if not form.is_valid():
        return _link_page(request, lost_form=form)
    services.give_up_phone(_own(request), **form.cleaned_data)
    return redirect("me:link")


@login_required
@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    services.take_back_request(_own(request), now=timezone.now())
    messages.success(request, _("Taken back. You can enter it anew."))
    return redirect("me:link")


@login_required
def phone(request: HttpRequest) -> HttpResponse:
    """Another phone on record: an officer of the county looks at it first."""
    if _person(request) is None:
        return redirect("me:link")
    form = NewPhoneForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 400 if form.is_bound else 200
        return render(request, "me/phone.html", {"form": form}, status=status)
    services.ask_for_phone(_own(request), **form.cleaned_data, now=timezone.now())
    return redirect("me:link")
