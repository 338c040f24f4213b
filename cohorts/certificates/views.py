"""Workbench: certificates to record and to check, one certificate, the register of holders."""

import uuid as ids
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from cms.accounts.gates import roles_required
from cms.accounts.models import User
from cms.accounts.roles import OFFICERS, REGIONAL
from cms.core.confirming import Question, ask, is_confirmed
from cms.core.errors import say
from cms.core.plans import ImportPlan
from cms.importing.web import ImportFlow
from cohorts.certificates import services
from cohorts.certificates.forms import OPEN, FilterForm, ReasonForm, RecordForm
from cohorts.certificates.models import Certificate
from cohorts.certificates.number import masked
from cohorts.certificates.services import Outcome
from cohorts.results.effects import changes_first
from cohorts.results.lists import filtered, wanted_of
from cohorts.results.models import ExamSignUp
from cohorts.results.shown import effect_text
from courses.syllabus.models import Level

NAMES_SHOWN = 5
# What can be done with many at once, and the state that "all of this list" means.
VERBS = {
    "record": (services.record_numbers, Certificate.State.EXPECTED),
    "check": (services.confirm_many, Certificate.State.RECORDED),
}


def _actor(request: HttpRequest) -> User:
    """The officer who acts; the gate has turned everybody else away."""
    assert isinstance(request.user, User)  # noqa: S101 - narrows the type
    return request.user


@roles_required(*REGIONAL)
def certificate_list(request: HttpRequest) -> HttpResponse:
    visible = Certificate.objects.visible_to(request.user).select_related(
        "person", "level", "region"
    )
    page = filtered(request, visible, form=FilterForm(request.GET), narrowed=_narrowed)
    said = _said_numbers(page["page"], request.user)
    for certificate in page["page"]:
        certificate.said = said.get(certificate.pk, "")
    page["tabs"] = _tabs(visible, page["wanted"])
    page["verb"] = _verb_of(page["wanted"]) if page["may_write"] else ""
    return render(request, "cohorts/certificates/list.html", page)


def _verb_of(wanted: dict[str, Any]) -> str:
    """What can be done with many at once in the chosen tab; "" where that is nothing."""
    chosen = wanted.get("state") or ""
    return next((verb for verb, (_act, state) in VERBS.items() if state == chosen), "")


def _narrowed(rows: Any, wanted: dict[str, Any]) -> Any:
    if wanted.get("state") == OPEN:
        rows = rows.waiting()
    elif wanted.get("state"):
        rows = rows.filter(state=wanted["state"])
    if wanted.get("level"):
        rows = rows.filter(level=wanted["level"])
    if wanted.get("year"):
        rows = rows.filter(exam_year=wanted["year"])
    if name := wanted.get("name", "").strip():
        rows = rows.filter(person__name__icontains=name)
    return rows


def _tabs(visible: Any, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """One tab for each state with its count under the other filters."""
    rows = _narrowed(visible, wanted | {"state": ""})
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    waiting = counts.get(Certificate.State.EXPECTED, 0) + counts.get(Certificate.State.RECORDED, 0)
    tabs = [
        {"state": "", "label": _("all"), "count": sum(counts.values())},
        {"state": OPEN, "label": _("to record or check"), "count": waiting},
    ]
    for state, label in Certificate.State.choices:
        tabs.append({"state": state, "label": label, "count": counts.get(state, 0)})
    return [tab | {"current": tab["state"] == wanted.get("state", "")} for tab in tabs]


def _said_numbers(certificates: Page, user: Any) -> dict[int, str]:
    """Masked numbers that a results workbook gave, by certificate."""
    people = {c.person_id for c in certificates if c.state == Certificate.State.EXPECTED}
    sign_ups = ExamSignUp.objects.visible_to(user).filter(person__in=people)
    said = {
        (person, level, year): masked(number)
        for person, level, year, number in sign_ups.exclude(said_number="").values_list(
            "person", "level", "exam_year", "said_number"
        )
    }
    keys = {c.pk: (c.person_id, c.level_id, c.exam_year) for c in certificates}
    return {pk: said[key] for pk, key in keys.items() if key in said}


@roles_required(*OFFICERS)
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Record or check the chosen certificates, or all that the filter finds."""
    wanted = wanted_of(FilterForm(request.POST))
    action, _sep, reach = request.POST.get("action", "").partition("-")
    if action not in VERBS:
        return redirect("certificates:list")
    verb, from_state = VERBS[action]
    rows = Certificate.objects.visible_to(request.user, *OFFICERS).select_related("person")
    chosen = (
        _narrowed(rows, wanted).filter(state=from_state)
        if reach == "all"
        else rows.filter(uuid__in=_uuids(request.POST.getlist("certificate")))
    )
    if reach != "all" and not chosen:
        messages.info(request, _("Please choose certificates first."))
        return _back(request)
    outcome = verb(chosen, actor=_actor(request), now=timezone.now())
    _tell(request, action, outcome)
    return _back(request)


def _uuids(texts: list[str]) -> list[ids.UUID]:
    """The ids among them; anything else was not sent by our page and is passed over."""
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(ids.UUID(text))
    return found


def _tell(request: HttpRequest, action: str, outcome: Outcome) -> None:
    if action == "record":
        done = ngettext("%(n)d certificate recorded.", "%(n)d certificates recorded.", outcome.done)
    else:
        done = ngettext("%(n)d certificate checked.", "%(n)d certificates checked.", outcome.done)
    (messages.success if outcome.done else messages.info)(request, done % {"n": outcome.done})
    by_reason: dict[str, list[str]] = {}
    for certificate, reason in outcome.left:
        by_reason.setdefault(say(reason), []).append(certificate.person.name)
    for said, names in by_reason.items():
        messages.warning(request, _left(names, said))


def _left(names: list[str], reason: str) -> str:
    text = ngettext(
        "%(n)d certificate was left (%(names)s): %(reason)s",
        "%(n)d certificates were left (%(names)s): %(reason)s",
        len(names),
    )
    shown = "、".join(names[:NAMES_SHOWN]) + ("…" if len(names) > NAMES_SHOWN else "")
    return text % {"n": len(names), "names": shown, "reason": reason}


def _back(request: HttpRequest) -> HttpResponse:
    to = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()})
    return redirect(to if safe else "certificates:list")


@roles_required(*OFFICERS)
@require_POST
def expect(request: HttpRequest) -> HttpResponse:
    """Look for complete passes without a certificate, in the areas of this officer."""
    now = timezone.now()
    actor = _actor(request)
    areas = actor.scope.areas(*OFFICERS)
    found = sum([services.expect_due(now=now, actor=actor, region=area) for area in areas])
    text = ngettext(
        "%(n)d new certificate is expected.", "%(n)d new certificates are expected.", found
    )
    messages.success(request, text % {"n": found})
    return redirect("certificates:list")


@roles_required(*REGIONAL)
def detail(request: HttpRequest, uuid: Any) -> HttpResponse:
    return _detail(request, _visible(request, uuid))


def _visible(request: HttpRequest, uuid: Any, *roles: str) -> Certificate:
    """The certificate, if it may be read, or with `roles` acted on; 404 otherwise."""
    rows = Certificate.objects.visible_to(request.user, *roles).select_related(
        "person", "level", "region", "recorded_by", "checked_by"
    )
    return get_object_or_404(rows, uuid=uuid)


def _detail(
    request: HttpRequest,
    certificate: Certificate,
    *,
    form: RecordForm | None = None,
    full_number: str = "",
) -> HttpResponse:
    sign_up = (
        ExamSignUp.objects.visible_to(request.user)
        .filter(person=certificate.person, level=certificate.level)
        .filter(exam_year=certificate.exam_year)
        .first()
    )
    page = {
        "certificate": certificate,
        "form": form or RecordForm(),
        "reason_form": ReasonForm(),
        "said_number": masked(sign_up.said_number) if sign_up and sign_up.said_number else "",
        "said_on": sign_up.said_approved_on if sign_up else None,
        "full_number": full_number,
        "own_record": certificate.recorded_by_id == request.user.pk,
        "may_write": Certificate.objects.visible_to(request.user, *OFFICERS)
        .filter(pk=certificate.pk)
        .exists(),
    }
    status = 400 if form and form.errors else 200
    return render(request, "cohorts/certificates/detail.html", page, status=status)


@roles_required(*OFFICERS)
@require_POST
def record(request: HttpRequest, uuid: Any) -> HttpResponse:
    certificate = _visible(request, uuid, *OFFICERS)
    form = RecordForm(request.POST)
    if not form.is_valid():
        return _detail(request, certificate, form=form)
    entered = form.cleaned_data
    if (doubts := form.doubts()) and not is_confirmed(request, entered["number"]):
        return ask(request, _question_of_doubt(certificate, entered["number"], doubts))
    services.record(
        certificate,
        entered["number"],
        entered["approved_on"],
        actor=_actor(request),
        now=timezone.now(),
    )
    messages.success(request, _("Recorded. It counts once another officer has checked it."))
    return redirect("certificates:detail", uuid=uuid)


def _question_of_doubt(certificate: Certificate, number: str, doubts: list[str]) -> Question:
    """No rule fixes the form of a number, so an odd one is asked about and not refused."""
    return Question(
        heading=_("Is the number %(number)s right?") % {"number": number},
        consequences=[*doubts, _("Compare it with the certificate once more.")],
        verb=_("Record number and date"),
        back=reverse("certificates:detail", args=[certificate.uuid]),
        stamp=number,
    )


@roles_required(*OFFICERS)
@require_POST
def check(request: HttpRequest, uuid: Any) -> HttpResponse:
    certificate = _visible(request, uuid, *OFFICERS)
    services.confirm(certificate, actor=_actor(request), now=timezone.now())
    messages.success(request, _("Checked."))
    return redirect("certificates:detail", uuid=uuid)


@roles_required(*OFFICERS)
@require_POST
def revoke(request: HttpRequest, uuid: Any) -> HttpResponse:
    certificate = _visible(request, uuid, *OFFICERS)
    reason = request.POST.get("reason", "")
    services.revoke(certificate, reason=reason, actor=_actor(request), now=timezone.now())
    messages.success(request, _("The certificate is revoked."))
    return redirect("certificates:detail", uuid=uuid)


@roles_required(*OFFICERS)
@require_POST
def show_number(request: HttpRequest, uuid: Any) -> HttpResponse:
    """The whole number, to compare it with the paper; the look is written down."""
    certificate = _visible(request, uuid, *OFFICERS)
    reason = request.POST.get("reason", "")
    number = services.reveal_number(
        certificate, reason=reason, actor=_actor(request), now=timezone.now()
    )
    return _detail(request, certificate, full_number=number)


def preview_rows(plan: ImportPlan) -> list[dict[str, Any]]:
    """Rows for the preview, changes first; numbers masked."""
    levels = dict(Level.objects.values_list("code", "name"))
    return [
        {
            _("Row"): planned.line,
            _("Full name"): planned.row.name,
            _("Level"): levels[planned.row.level],
            _("Certificate number"): masked(planned.row.number),
            _("Approval date"): planned.row.approved_on or "–",
            _("State"): Certificate.State(planned.state).label,
            _("What happens"): effect_text(planned.effect),
        }
        for planned in changes_first(plan)
    ]


IMPORT = ImportFlow(
    kind="certificates",
    title=gettext_lazy("Import the register"),
    list_title=gettext_lazy("Certificates"),
    hint=gettext_lazy(
        "The register of earlier holders: name, identity number, level, certificate number, "
        "approval date. Complete rows count as checked: you attest that they are right."
    ),
    plan=services.plan_register,
    apply=services.apply_register,
    roles=tuple(OFFICERS),
    back="certificates:list",
    preview_rows=preview_rows,
)
