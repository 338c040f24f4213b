"""Where an invitation leads: the invited person chooses how to sign in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from cms.accounts import services
from cms.accounts.forms import AcceptForm
from cms.accounts.models import Invitation
from cms.accounts.tokens import token_hash
from cms.core.errors import Refused


@sensitive_post_parameters("password", "again")
def join(request: HttpRequest, token: str) -> HttpResponse:
    """A link that was used, revoked, is too old or never was gets one and the same page.

    A form with mistakes comes back as 200: Django logs the address of every other reply, and the
    address of a link that still opens something belongs in no log.
    """
    now = timezone.now()
    usable = Invitation.objects.usable(now).filter(token_hash=token_hash(token))
    invitation = usable.select_related("region", "organisation").first()
    if invitation is None:
        return _dead(request)
    form = AcceptForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        shown = {"form": form, "invitation": invitation}
        return render(request, "joining/join.html", shown)
    entered = form.cleaned_data
    try:
        services.accept_invitation(
            token,
            username=entered["username"],
            password=entered["password"],
            phone=entered["phone"],
            now=now,
        )
    except Refused as refused:
        if refused.code == "link_dead":
            return _dead(request)
        raise
    messages.success(request, _("Your account is ready. Please sign in."))
    return redirect("account_login")


def _dead(request: HttpRequest) -> HttpResponse:
    return render(request, "joining/dead.html", status=404)
