"""Invitations of staff: written, shown once as a link, revoked."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.accounts import services
from cms.accounts.forms import InviteForm
from cms.accounts.gates import acting_scope, roles_required
from cms.accounts.models import Invitation
from cms.accounts.roles import GRANTERS
from cms.accounts.tokens import new_token
from cms.accounts.views.staff import PAGE, actor_of


@roles_required(*GRANTERS)
def invitation_list(request: HttpRequest) -> HttpResponse:
    invitations = Invitation.objects.within(acting_scope(request.user)).select_related(
        "region", "organisation", "by", "accepted_by"
    )
    page = Paginator(invitations, PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    rows = [{"invitation": found, "stage": found.stage(now)} for found in page]
    return render(request, "accounts/invitations.html", {"page": page, "rows": rows})


@roles_required(*GRANTERS)
def invite(request: HttpRequest) -> HttpResponse:
    """The link is in the reply to this one request and nowhere else: only its hash is kept."""
    scope, now = acting_scope(request.user), timezone.now()
    if request.method != "POST":
        form = InviteForm(scope=scope, initial={"valid_from": timezone.localdate(now)})
        return render(request, "accounts/invite.html", {"form": form})
    form = InviteForm(request.POST, scope=scope)
    if not form.is_valid():
        return render(request, "accounts/invite.html", {"form": form}, status=400)
    token = new_token()
    invitation = services.invite(
        form.cleaned_data["name"], form.office(), token=token, actor=actor_of(request), now=now
    )
    link = request.build_absolute_uri(reverse("joining:join", args=[token]))
    shown = {"invitation": invitation, "link": link}
    return render(request, "accounts/invited.html", shown)


@roles_required(*GRANTERS)
@require_POST
def revoke(request: HttpRequest, uuid: Any) -> HttpResponse:
    reached = Invitation.objects.within(acting_scope(request.user)).select_related("organisation")
    invitation = get_object_or_404(reached, uuid=uuid)
    services.revoke_invitation(invitation, actor=actor_of(request), now=timezone.now())
    messages.success(request, _("The link opens nothing any more."))
    return redirect("accounts:invitations")
