"""Accounts of the staff: who holds which role where, since when and until when."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.accounts import services
from cms.accounts.forms import NO_ROLE, AccountFilter, GrantForm
from cms.accounts.gates import acting_scope, roles_required
from cms.accounts.models import RoleGrant, User
from cms.accounts.roles import GRANTERS, Role, may_grant
from cms.core.scoping import region_q

PAGE = 50


def actor_of(request: HttpRequest) -> User:
    """Who acts; the gate has turned everybody without a role away."""
    assert isinstance(request.user, User)  # noqa: S101 - narrows the type
    return request.user


@roles_required(*GRANTERS)
def account_list(request: HttpRequest) -> HttpResponse:
    scope = acting_scope(request.user)
    form = AccountFilter(request.GET, scope=scope)
    wanted = form.cleaned_data if form.is_valid() else {}
    accounts = _narrowed(User.administered_by(scope), wanted, request)
    shown = accounts.order_by("first_name", "username").prefetch_related(_own_grants(request))
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    for account in page:
        account.offices = [(grant, grant.period(today)) for grant in account.grants.all()]
    return render(request, "accounts/list.html", {"page": page, "form": form, "wanted": wanted})


def _own_grants(request: HttpRequest) -> Prefetch:
    grants = RoleGrant.objects.within(acting_scope(request.user))
    return Prefetch(
        "grants",
        grants.select_related("region", "organisation__region").order_by("-valid_from", "pk"),
    )


def _narrowed(accounts: Any, wanted: dict[str, Any], request: HttpRequest) -> Any:
    if name := wanted.get("name", "").strip():
        accounts = accounts.filter(Q(first_name__icontains=name) | Q(username__icontains=name))
    role = wanted.get("role", "")
    if role == NO_ROLE:
        return accounts.filter(grants=None)
    grants = RoleGrant.objects.within(acting_scope(request.user))
    grants = grants.filter(role=role) if role else grants.exclude(role=Role.TRAINEE)
    if region := wanted.get("region"):
        grants = grants.filter(
            region_q("region", [region.code]) | region_q("organisation__region", [region.code])
        )
    today = timezone.localdate()
    if wanted.get("when", "") == "ended":
        grants = grants.filter(valid_to__lte=today)
    elif wanted.get("when", "") == "":
        grants = grants.current(today)
    return accounts.filter(pk__in=grants.order_by().values("user"))


@roles_required(*GRANTERS)
def account(request: HttpRequest, uuid: Any) -> HttpResponse:
    return _shown(request, _visible(request, uuid))


def _visible(request: HttpRequest, uuid: Any) -> User:
    """The account, if it holds or held a role where this administrator grants; 404 otherwise."""
    reached = User.administered_by(acting_scope(request.user))
    return get_object_or_404(reached.prefetch_related(_own_grants(request)), uuid=uuid)


def _shown(request: HttpRequest, found: User, form: GrantForm | None = None) -> HttpResponse:
    scope, now = acting_scope(request.user), timezone.now()
    is_own = found.pk == scope.user_id
    rows = [
        {
            "grant": grant,
            "period": (period := grant.period(timezone.localdate(now))),
            "may_end": not is_own
            and period != "ended"
            and may_grant(scope.grants, grant.role, grant.area),
        }
        for grant in found.grants.all()
    ]
    page = {
        "account": found,
        "rows": rows,
        "is_own": is_own,
        "may_change": services.may_change(actor_of(request), found, now=now),
        "form": form or GrantForm(scope=scope, initial={"valid_from": timezone.localdate(now)}),
    }
    status = 400 if form is not None else 200
    return render(request, "accounts/account.html", page, status=status)


@roles_required(*GRANTERS)
@require_POST
def grant(request: HttpRequest, uuid: Any) -> HttpResponse:
    found = _visible(request, uuid)
    form = GrantForm(request.POST, scope=acting_scope(request.user))
    if not form.is_valid():
        return _shown(request, found, form)
    reason = form.cleaned_data["reason"]
    services.add_grant(
        found, form.office(), reason=reason, actor=actor_of(request), now=timezone.now()
    )
    messages.success(request, _("The role is granted."))
    return redirect("accounts:account", uuid=uuid)


@roles_required(*GRANTERS)
@require_POST
def end_grant(request: HttpRequest, pk: int) -> HttpResponse:
    grants = RoleGrant.objects.within(acting_scope(request.user)).select_related(
        "user", "organisation"
    )
    found = get_object_or_404(grants, pk=pk)
    reason = request.POST.get("reason", "")
    services.end_grant(found, reason=reason, actor=actor_of(request), now=timezone.now())
    messages.success(request, _("The role has ended; it opens nothing any more."))
    return redirect("accounts:account", uuid=found.user.uuid)


@roles_required(*GRANTERS)
@require_POST
def disable(request: HttpRequest, uuid: Any) -> HttpResponse:
    services.disable_account(
        _visible(request, uuid),
        reason=request.POST.get("reason", ""),
        actor=actor_of(request),
        now=timezone.now(),
    )
    messages.success(request, _("The account is closed; whoever was signed in with it is out."))
    return redirect("accounts:account", uuid=uuid)


@roles_required(*GRANTERS)
@require_POST
def enable(request: HttpRequest, uuid: Any) -> HttpResponse:
    services.enable_account(
        _visible(request, uuid),
        reason=request.POST.get("reason", ""),
        actor=actor_of(request),
        now=timezone.now(),
    )
    messages.success(request, _("The account is open again."))
    return redirect("accounts:account", uuid=uuid)
