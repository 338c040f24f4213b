"""Public notices as the office sees them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cms.accounts.gates import roles_required
from cms.accounts.roles import REGIONAL
from cms.core.confirming import Question, ask, is_confirmed
from cohorts.subsidies import services
from cohorts.subsidies.models import Claim, Notice
from cohorts.subsidies.requests import SignedInRequest
from cohorts.subsidies.services.authority import roles_over
from cohorts.subsidies.services.desk import is_issuer
from cohorts.subsidies.transitions import CHECKERS
from cohorts.subsidies.views.questions import about_closing

PAGE = 50


@roles_required(*REGIONAL)
def notice_list(request: SignedInRequest) -> HttpResponse:
    notices = Notice.objects.visible_to(request.user).annotate(
        claim_count=Count("claims", distinct=True),
        open_objections=Count("objections", filter=Q(objections__state="open"), distinct=True),
    )
    page = Paginator(notices.order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    waiting = Claim.objects.visible_to(request.user).in_state("approved").count()
    shown = {"page": page, "waiting": waiting, "today": timezone.localdate()}
    shown["is_issuer"] = is_issuer(request.user)
    return render(request, "cohorts/subsidies/notices.html", shown)


@roles_required(*REGIONAL)
def notice_detail(request: SignedInRequest, uuid: Any) -> HttpResponse:
    notice = _notice(request, uuid)
    claims = Claim.objects.visible_to(request.user).filter(notice=notice)
    today = timezone.localdate()
    shown = {
        "notice": notice,
        "claims": claims.select_related("person", "level", "decision"),
        "is_over": today > notice.closes_on,
        "may_close": notice.is_open
        and today > notice.closes_on
        and bool(roles_over(request.user, notice.region_id) & CHECKERS),
    }
    return render(request, "cohorts/subsidies/notice.html", shown)


def _notice(request: SignedInRequest, uuid: Any, *roles: str) -> Notice:
    """A notice in sight; with roles, one that they may act on."""
    notices = Notice.objects.visible_to(request.user, *roles)
    return get_object_or_404(
        notices.select_related("region", "opened_by", "closed_by", "version__policy"), uuid=uuid
    )


@require_POST
@roles_required(*CHECKERS)
def close(request: SignedInRequest, uuid: Any) -> HttpResponse:
    notice = _notice(request, uuid, *CHECKERS)
    question = _question_of_closing(request, notice)
    if timezone.localdate() > notice.closes_on and not is_confirmed(request, question.stamp):
        return ask(request, question)
    awards = services.close_notice(notice, now=timezone.now(), actor=request.user)
    text = ngettext("%(count)d claim confirmed.", "%(count)d claims confirmed.", len(awards))
    messages.success(request, text % {"count": len(awards)})
    if not awards:
        messages.info(request, _("Claims under objection wait for an answer."))
    return redirect("subsidies:notice", uuid=notice.uuid)


def _question_of_closing(request: SignedInRequest, notice: Notice) -> Question:
    """Claims whose certificate was revoked meanwhile are not confirmed."""
    claims = Claim.objects.visible_to(request.user).filter(notice=notice).select_related("decision")
    waiting = claims.in_state("on_notice").filter(certificate__state="checked")
    objected = claims.in_state("objected").count()
    return about_closing(notice, waiting.without_open_objection(), objected)
