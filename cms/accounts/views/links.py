"""The queue of links: what an account says about itself beside what is on record."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.accounts import services
from cms.accounts.gates import roles_required
from cms.accounts.matching import same_name
from cms.accounts.models import LinkRequest, Person
from cms.accounts.roles import LINKERS
from cms.accounts.views.staff import PAGE, actor_of
from cms.core.errors import Refused

TABS = ("waiting", "linked", "refused")


@roles_required(*LINKERS)
def link_list(request: HttpRequest) -> HttpResponse:
    reached = LinkRequest.objects.visible_to(request.user, *LINKERS)
    asked = request.GET.get("state", "")
    state = asked if asked in TABS else "waiting"
    found = reached.filter(state=state).with_rivals().select_related("user", "region")
    order = "created_at" if state == "waiting" else "-decided_at"
    page = Paginator(found.order_by(order, "pk"), PAGE).get_page(request.GET.get("page"))
    tabs = [
        {
            "state": tab,
            "label": LinkRequest.State(tab).label,
            "count": reached.filter(state=tab).count(),
            "current": tab == state,
        }
        for tab in TABS
    ]
    return render(request, "accounts/links.html", {"page": page, "tabs": tabs, "state": state})


@roles_required(*LINKERS)
def link(request: HttpRequest, uuid: Any) -> HttpResponse:
    return _shown(request, _visible(request, uuid))


def _visible(request: HttpRequest, uuid: Any) -> LinkRequest:
    reached = LinkRequest.objects.visible_to(request.user, *LINKERS).with_rivals()
    return get_object_or_404(
        reached.select_related("user", "region", "person", "decided_by"), uuid=uuid
    )


def _shown(request: HttpRequest, found: LinkRequest, full_number: str = "") -> HttpResponse:
    person, out_of_reach = _on_record(request, found)
    rivals = LinkRequest.objects.visible_to(request.user, *LINKERS).open()
    page = {
        "found": found,
        "person": person,
        "out_of_reach": out_of_reach,
        "names_agree": person is not None and same_name(found.name, person.name),
        "ties": person.regions.select_related("region") if person else [],
        "holder": person.user if person and person.user_id != found.user_id else None,
        "rivals": rivals.filter(id_index=found.id_index)
        .exclude(pk=found.pk)
        .select_related("user"),
        "full_number": full_number,
        "is_own": found.user_id == actor_of(request).pk,
        "may_decide": found.state == LinkRequest.State.WAITING,
    }
    return render(request, "accounts/link.html", page)


def _on_record(request: HttpRequest, found: LinkRequest) -> tuple[Person | None, bool]:
    """The person under the number, and whether it is one of another area."""
    try:
        return services.reachable_person(found, actor_of(request)), False
    except Refused as refused:
        return None, refused.code == "out_of_reach"


@roles_required(*LINKERS)
@require_POST
def decide(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Link or refuse, with the reason; what is neither changes nothing."""
    found = _visible(request, uuid)
    reason, now, actor = request.POST.get("reason", ""), timezone.now(), actor_of(request)
    verdict = request.POST.get("verdict", "")
    if verdict == "link":
        services.decide_link(found, reason=reason, actor=actor, now=now)
        messages.success(request, _("Settled: the account belongs to this person."))
    elif verdict == "refuse":
        services.refuse_link(found, reason=reason, actor=actor, now=now)
        messages.success(request, _("Refused. The applicant reads your reason."))
    else:
        return redirect("accounts:link", uuid=uuid)
    return redirect("accounts:links")


@roles_required(*LINKERS)
@require_POST
def show_number(request: HttpRequest, uuid: Any) -> HttpResponse:
    """The whole number, to compare it with the card; the look is written down."""
    found = _visible(request, uuid)
    number = services.reveal_identity(
        found,
        reason=request.POST.get("reason", ""),
        actor=actor_of(request),
        now=timezone.now(),
    )
    return _shown(request, found, full_number=number)
