"""Claims: the list with acts on several, one claim with its reasons, objections."""

from collections import Counter
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from cms.accounts.gates import roles_required
from cms.accounts.roles import OFFICERS, REGIONAL
from cms.core.confirming import ask, is_confirmed
from cms.core.errors import say
from cms.core.scoping import region_q
from cohorts.subsidies import services
from cohorts.subsidies.models import (
    Claim,
    Decision,
    Objection,
    PayeeAccount,
    PolicyVersion,
    ReviewStep,
)
from cohorts.subsidies.requests import SignedInRequest
from cohorts.subsidies.services.authority import roles_over
from cohorts.subsidies.services.desk import in_order, waiting_for
from cohorts.subsidies.services.review import Moved, may, move, move_many, within_reach
from cohorts.subsidies.shown import action_text, area_names, counted, finding_rows, road
from cohorts.subsidies.transitions import (
    CHECKERS,
    CLAIM_STEPS,
    ClaimAction,
    ClaimState,
    claim_actions,
)
from cohorts.subsidies.views.questions import ASKED, about_claims
from courses.syllabus.models import Level

PAGE = 50
# Acts on several claims at once; those that need a reason of their own are done one by one.
BULK = (
    ClaimAction.SUBMIT,
    ClaimAction.REVIEW,
    ClaimAction.APPROVE,
    ClaimAction.PUT_ON_NOTICE,
)
SINGLE = (
    ClaimAction.SUBMIT,
    ClaimAction.REVIEW,
    ClaimAction.APPROVE,
    ClaimAction.RETURN,
    ClaimAction.REFUSE,
    ClaimAction.WITHDRAW,
    ClaimAction.REVOKE,
)


class FilterForm(forms.Form):
    """What the list of claims can be narrowed by; everything is optional."""

    state = forms.ChoiceField(
        required=False, choices=[("", gettext_lazy("All states")), *Claim.State.choices]
    )
    level = forms.ModelChoiceField(
        Level.objects.all(), required=False, empty_label=gettext_lazy("All levels")
    )
    name = forms.CharField(required=False, max_length=60)
    mine = forms.BooleanField(required=False)
    # What the annual report counts: awards of an exam year, or of the months of a year.
    award = forms.ChoiceField(required=False, choices=[("", ""), ("once", ""), ("monthly", "")])
    year = forms.IntegerField(required=False, min_value=2008, max_value=2100)
    region = forms.RegexField(r"^[0-9]{2,12}$", required=False)


@roles_required(*REGIONAL)
def claim_list(request: SignedInRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    mine = waiting_for(request.user)
    seen = mine if wanted.get("mine") else Claim.objects.visible_to(request.user)
    claims = _narrowed(seen, wanted)
    rows = in_order(claims, request.user).select_related(
        "person", "level", "region", "decision", "version__policy"
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    acts = _bulk_acts(claims, wanted.get("state", ""), request.user)
    shown = {
        "page": page,
        "form": form,
        "wanted": wanted,
        "counts": _state_counts(request.user),
        "mine_count": mine.count(),
        "acts": [(act.value, action_text(act)) for act in acts],
        "not_yours": ClaimAction.APPROVE not in acts and _own_hands(claims, request.user),
        "versions": PolicyVersion.objects.published().select_related("policy")
        if request.user.scope.roles & CHECKERS
        else (),
    }
    return render(request, "cohorts/subsidies/claims.html", shown)


def _bulk_acts(claims: Any, state: str, user: Any) -> list[ClaimAction]:
    """Acts that would move at least one claim of the list."""
    acts = [act for act in BULK if state and act in claim_actions(state, user.scope.roles)]
    return [act for act in acts if within_reach(claims, act, user).exists()]


def _own_hands(claims: Any, user: Any) -> bool:
    """Whether claims of the list wait for an approval that this officer's own step rules out."""
    touched = Q(reviewed_by=user) | Q(submitted_by=user)
    return bool(claims.filter(touched, state=ClaimState.REVIEWED).exists())


def _narrowed(claims: Any, wanted: dict[str, Any]) -> Any:
    if wanted.get("state"):
        claims = claims.filter(state=wanted["state"])
    if wanted.get("level"):
        claims = claims.filter(level=wanted["level"])
    if said := wanted.get("name", "").strip():
        claims = claims.filter(person__name__icontains=said)
    if (award := wanted.get("award")) and (year := wanted.get("year")):
        claims = claims.filter(_awarded(award, year, wanted.get("region") or ""))
    return claims


def _awarded(award: str, year: int, region: str) -> Q:
    here = region_q("award__region", [region]) if region else Q()
    if award == "once":
        return here & Q(award__period="once", award__exam_year=year)
    return here & Q(award__period__range=(f"{year}-01", f"{year}-12"))


def _state_counts(user: Any) -> list[tuple[str, Any, int]]:
    counts = Counter(Claim.objects.visible_to(user).values_list("state", flat=True))
    return [(value, label, counts[value]) for value, label in Claim.State.choices if counts[value]]


@require_POST
@roles_required(*OFFICERS)
def act_on_many(request: SignedInRequest) -> HttpResponse:
    """One act on the claims that were ticked, or on all of the filter."""
    form = FilterForm(request.POST)
    wanted = form.cleaned_data if form.is_valid() else {}
    action = request.POST.get("action", "")
    roles = CLAIM_STEPS[ClaimAction(action)].roles if action in BULK else frozenset()
    claims = _narrowed(Claim.objects.visible_to(request.user, *(roles or OFFICERS)), wanted)
    if "all" not in request.POST:
        claims = claims.filter(uuid__in=_ticked(request))
    chosen = list(claims.select_related("person", "version__policy", "certificate", "decision"))
    if not chosen or not roles:
        messages.warning(request, _("Tick at least one claim first."))
        return redirect("subsidies:claims")
    back = f"{reverse('subsidies:claims')}?{urlencode({'state': wanted.get('state', '')})}"
    question = _question(request, chosen, ClaimAction(action), back=back)
    return question or _act_on(request, chosen, ClaimAction(action))


def _question(
    request: SignedInRequest, claims: list[Claim], action: ClaimAction, *, back: str
) -> HttpResponse | None:
    """What has to be answered first; nothing where no claim would move, which the act will say."""
    movable = [claim for claim in claims if may(claim, action, request.user)]
    if action not in ASKED or not movable:
        return None
    question = about_claims(movable, action, back=back)
    return None if is_confirmed(request, question.stamp) else ask(request, question)


def _act_on(request: SignedInRequest, claims: list[Claim], action: ClaimAction) -> HttpResponse:
    now = timezone.now()
    if action is ClaimAction.PUT_ON_NOTICE:
        notice = services.open_notice(claims, actor=request.user, now=now)
        return redirect("subsidies:notice", uuid=notice.uuid)
    _report(request, move_many(claims, action, actor=request.user, now=now))
    return redirect("subsidies:claims")


def _ticked(request: SignedInRequest) -> list[UUID]:
    """The ticked claims by uuid; what is no uuid names no claim."""
    found = []
    for text in request.POST.getlist("claim"):
        with suppress(ValueError):
            found.append(UUID(text))
    return found


def _report(request: SignedInRequest, moved: Moved) -> None:
    if moved.done:
        text = ngettext("%(count)d claim moved on.", "%(count)d claims moved on.", len(moved.done))
        messages.success(request, text % {"count": len(moved.done)})
    for reason, count in Counter(say(why.message) for _claim, why in moved.refused).items():
        text = ngettext(
            "%(count)d claim stays: %(reason)s", "%(count)d claims stay: %(reason)s", count
        )
        messages.warning(request, text % {"count": count, "reason": reason})


@roles_required(*REGIONAL)
def claim_detail(request: SignedInRequest, uuid: Any) -> HttpResponse:
    claim = _claim(request, uuid)
    own = claim.person.user_id == request.user.pk
    open_acts = _open_acts(claim, request.user, own=own)
    acts = [act for act in SINGLE if act in open_acts]
    shown = {
        "claim": claim,
        "road": road(claim),
        "steps": _steps(claim, request.user),
        "objections": claim.objections.visible_to(request.user).select_related(
            "received_by", "settled_by"
        ),
        "account": PayeeAccount.objects.visible_to(request.user)
        .valid()
        .filter(person=claim.person)
        .first(),
        "acts": [(act.value, action_text(act), CLAIM_STEPS[act].asks_reason) for act in acts],
        "own": own,
        "not_yours": _own_hand_before(claim, request.user),
        "may_object": ClaimAction.OBJECT in open_acts,
        "may_settle": ClaimAction.DISMISS_OBJECTION in open_acts,
        **_reasons(claim),
    }
    return render(request, "cohorts/subsidies/claim.html", shown)


def _open_acts(claim: Claim, user: Any, *, own: bool) -> list[ClaimAction]:
    """What the roles held in the claim's area open; the holder's own acts have their own page."""
    held = roles_over(user, claim.region_id)
    return [
        act
        for act in claim_actions(claim.state, held, own=own)
        if CLAIM_STEPS[act].roles.intersection(held) and may(claim, act, user)
    ]


def _own_hand_before(claim: Claim, user: Any) -> bool:
    """Whether only the own earlier step keeps this officer from letting the claim through."""
    held = roles_over(user, claim.version.policy.region_id)
    approves = ClaimAction.APPROVE in claim_actions(claim.state, held)
    return approves and user.pk in {claim.reviewed_by_id, claim.submitted_by_id}


def _claim(request: SignedInRequest, uuid: Any, *roles: str) -> Claim:
    """A claim in sight; with roles, one that they may act on."""
    claims = Claim.objects.visible_to(request.user, *roles).select_related(
        "person",
        "level",
        "region",
        "version__policy",
        "certificate",
        "decision__snapshot",
        "notice",
        "submitted_by",
        "reviewed_by",
        "approved_by",
    )
    return get_object_or_404(claims, uuid=uuid)


def _reasons(claim: Claim) -> dict[str, Any]:
    """The findings of the decision that counts, in words."""
    decision: Decision | None = claim.decision
    if decision is None:
        return {"findings": [], "counts": {}}
    rows = finding_rows(decision.trace["findings"], claim.version.rulebook, area_names())
    return {"findings": rows, "counts": counted(rows), "trace": decision.trace}


def _steps(claim: Claim, user: Any) -> list[dict[str, Any]]:
    steps = ReviewStep.objects.visible_to(user).filter(claim=claim).select_related("by")
    return [{"step": step, "label": action_text(step.action)} for step in steps]


@require_POST
@roles_required(*OFFICERS)
def act(request: SignedInRequest, uuid: Any) -> HttpResponse:
    action = request.POST.get("action", "")
    roles = CLAIM_STEPS[ClaimAction(action)].roles if action in SINGLE else OFFICERS
    claim = _claim(request, uuid, *roles)
    back = reverse("subsidies:claim", args=[claim.uuid])
    if action in ASKED and (
        question := _question(request, [claim], ClaimAction(action), back=back)
    ):
        return question
    if action in SINGLE:
        move(
            claim,
            ClaimAction(action),
            actor=request.user,
            now=timezone.now(),
            reason=request.POST.get("reason", "")[:300],
        )
        messages.success(request, _("Done. The next step is somebody else's."))
    return redirect("subsidies:claim", uuid=claim.uuid)


@require_POST
@roles_required(*OFFICERS)
def object_to(request: SignedInRequest, uuid: Any) -> HttpResponse:
    claim = _claim(request, uuid, *CLAIM_STEPS[ClaimAction.OBJECT].roles)
    services.object_to(
        claim, text=request.POST.get("text", "")[:500], actor=request.user, now=timezone.now()
    )
    messages.success(request, _("The objection is recorded; the claim waits."))
    return redirect("subsidies:claim", uuid=claim.uuid)


@require_POST
@roles_required(*CHECKERS)
def settle_objection(request: SignedInRequest, pk: int) -> HttpResponse:
    objections = Objection.objects.visible_to(request.user, *CHECKERS).select_related("claim")
    objection = get_object_or_404(objections, pk=pk)
    services.settle_objection(
        objection,
        upheld=request.POST.get("upheld") == "1",
        answer=request.POST.get("answer", "")[:500],
        actor=request.user,
        now=timezone.now(),
    )
    messages.success(request, _("The objection is settled."))
    return redirect("subsidies:claim", uuid=objection.claim.uuid)
