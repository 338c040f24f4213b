"""Payout batches: what is due, the checks before money moves, the list for the bank."""

from itertools import groupby, zip_longest
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cms.accounts.gates import roles_required
from cms.accounts.models import Region, User
from cms.accounts.roles import REGIONAL
from cms.core.confirming import ask, is_confirmed
from cms.core.money import AmountRefused, parse_yuan, yuan_text
from cms.core.sheet_writer import CONTENT_TYPE
from cohorts.subsidies import services
from cohorts.subsidies.books import Account, short_code
from cohorts.subsidies.models import Claim, PayoutBatch, PayoutLine, Transfer
from cohorts.subsidies.requests import SignedInRequest
from cohorts.subsidies.services.authority import roles_over
from cohorts.subsidies.services.desk import is_issuer
from cohorts.subsidies.services.payout import hands_of, present_accounts
from cohorts.subsidies.services.units import units_of
from cohorts.subsidies.transitions import PAYERS, BatchAction, batch_actions
from cohorts.subsidies.views.questions import about_batch

PAGE = 50
ACTS = {
    BatchAction.LOCK: services.lock_batch,
    BatchAction.APPROVE: services.approve_batch,
    BatchAction.EXPORT: services.export_batch,
    BatchAction.SETTLE: services.settle_batch,
    BatchAction.CLOSE: services.close_batch,
}
DONE = {
    BatchAction.LOCK: gettext_lazy("The batch is locked."),
    BatchAction.UNLOCK: gettext_lazy("The batch is back with its maker."),
    BatchAction.APPROVE: gettext_lazy("The batch is approved."),
    BatchAction.EXPORT: gettext_lazy("The batch is sent to the bank."),
    BatchAction.SETTLE: gettext_lazy("The batch is settled."),
    BatchAction.CLOSE: gettext_lazy("The batch is on file."),
}
UNDECIDED = frozenset({PayoutBatch.State.DRAFT, PayoutBatch.State.LOCKED})


def _funded(user: Any) -> Any:
    """The areas whose money this officer looks after."""
    return Region.objects.filter(pk__in=user.scope.areas(*PAYERS))


class FundForm(forms.Form):
    """An area whose money the officer looks after, and a year."""

    region = forms.ModelChoiceField(
        Region.objects.none(), label=gettext_lazy("Area"), empty_label=None
    )
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2008, max_value=2100)

    ids = "open_%s"  # two of these forms stand on one page

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = self.ids
        self.fields["region"].queryset = _funded(user)  # type: ignore[attr-defined]


class BudgetForm(FundForm):
    ids = "budget_%s"
    amount = forms.CharField(label=gettext_lazy("Amount (yuan)"), max_length=20)
    reference = forms.CharField(label=gettext_lazy("Document that grants it"), max_length=120)

    def clean_amount(self) -> int:
        try:
            return parse_yuan(self.cleaned_data["amount"])
        except AmountRefused as refused:
            raise forms.ValidationError(_("This is not an amount in yuan.")) from refused


@roles_required(*REGIONAL)
def batch_list(request: SignedInRequest) -> HttpResponse:
    return _list_page(request, {})


def _list_page(request: SignedInRequest, forms_given: dict[str, forms.Form]) -> HttpResponse:
    batches = PayoutBatch.objects.visible_to(request.user).select_related("region")
    page = Paginator(batches, PAGE).get_page(request.GET.get("page"))
    year = _year_due(request.user) or timezone.localdate().year - 1
    pays = bool(request.user.scope.areas(*PAYERS))
    shown = {
        "page": page,
        "rows": [(batch, services.batch_totals(batch)) for batch in page],
        "pays": pays,
        "is_issuer": is_issuer(request.user),
        "funds": _funds(request.user),
        "due": [(area, row) for area in _funded(request.user) for row in _due(area)],
        "open_form": FundForm(user=request.user, initial={"year": year}) if pays else None,
        "budget_form": BudgetForm(user=request.user, initial={"year": year}) if pays else None,
    }
    status = 400 if forms_given else 200
    return render(request, "cohorts/subsidies/batches.html", shown | forms_given, status=status)


def _due(area: Region) -> list[services.Due]:
    return services.due_by_year(area.pk)


def _year_due(user: User) -> int | None:
    """The newest exam year with confirmed claims: what a batch would most likely be opened for."""
    due = Claim.objects.visible_to(user).in_state("confirmed").order_by("-exam_year")
    return due.values_list("exam_year", flat=True).first()


def _funds(user: Any) -> list[dict[str, Any]]:
    """The accounts of every fund in reach."""
    names = dict(Region.objects.values_list("code", "name"))
    funds = Transfer.objects.visible_to(user).values_list("region", "year").distinct()
    return [
        {"region": names[region], "year": year, **_accounts(services.balances_of((region, year)))}
        for region, year in funds.order_by("region", "-year")
    ]


def _accounts(held: Any) -> dict[str, int]:
    return {
        "budget": held[Account.BUDGET],
        "committed": held[Account.COMMITTED] + held[Account.PAYABLE],
        "paid": held[Account.PAID],
    }


@require_POST
@roles_required(*PAYERS)
def open_batch(request: SignedInRequest) -> HttpResponse:
    form = FundForm(request.POST, user=request.user)
    if not form.is_valid():
        return _list_page(request, {"open_form": form})
    batch = services.open_batch(
        region=form.cleaned_data["region"].pk,
        year=form.cleaned_data["year"],
        actor=request.user,
        now=timezone.now(),
    )
    held = services.batch_totals(batch)
    text = _("The batch is open. Payments: %(count)s; sum: %(amount)s yuan.")
    messages.success(request, text % {"count": held.count, "amount": yuan_text(held.total_fen)})
    return redirect("subsidies:batch", uuid=batch.uuid)


@require_POST
@roles_required(*PAYERS)
def allot(request: SignedInRequest) -> HttpResponse:
    form = BudgetForm(request.POST, user=request.user)
    if not form.is_valid():
        return _list_page(request, {"budget_form": form})
    wanted = form.cleaned_data
    services.allot_budget(
        region=wanted["region"].pk,
        year=wanted["year"],
        amount_fen=wanted["amount"],
        reference=wanted["reference"],
        actor=request.user,
        now=timezone.now(),
    )
    messages.success(request, _("The budget is recorded."))
    return redirect("subsidies:batches")


@roles_required(*REGIONAL)
def batch_detail(request: SignedInRequest, uuid: Any) -> HttpResponse:
    batch = _batch(request, uuid)
    lines = _lines(request, batch)
    hands = {act: hands_of(batch, act) for act in BatchAction}
    held = roles_over(request.user, batch.region_id)
    open_acts = batch_actions(batch.state, held)
    approver = request.user.pk if BatchAction.APPROVE in open_acts else None
    totals = services.batch_totals(batch)
    checks = services.batch_checks(batch, approver=approver)
    shown = {
        "batch": batch,
        "groups": _groups(lines),
        "count": totals.count,
        "total_fen": totals.total_fen,
        "code": short_code(batch.checksum) if batch.checksum else "",
        "checks": checks,
        "checks_passed": all(check.passed for check in checks),
        "ledger": _ledger(batch, totals.total_fen) if batch.state in UNDECIDED else [],
        "steps": _steps(batch),
        "undecided": batch.state in UNDECIDED,
        "acts": open_acts,
        "not_yours": [act for act in open_acts if request.user.pk in hands[act]],
        "may_export": batch.state in {"approved", "exported", "settled", "closed"}
        and bool(held & PAYERS),
    }
    return render(request, "cohorts/subsidies/batch.html", shown)


def _batch(request: SignedInRequest, uuid: Any, *roles: str) -> PayoutBatch:
    """A batch in sight; with roles, one that they may act on."""
    batches = PayoutBatch.objects.visible_to(request.user, *roles).select_related(
        "region", "opened_by", "locked_by", "approved_by"
    )
    return get_object_or_404(batches, uuid=uuid)


def _lines(request: SignedInRequest, batch: PayoutBatch) -> list[dict[str, Any]]:
    """Lines with what is frozen, or, in a draft, with what would be frozen now."""
    rows = PayoutLine.objects.visible_to(request.user).filter(batch=batch).live()
    lines = list(
        rows.select_related(
            "award__person", "award__level", "claim__certificate", "claim__region", "claim__notice"
        ).order_by("number", "pk")
    )
    frozen = batch.state != PayoutBatch.State.DRAFT
    seen = _as_locked(lines) if frozen else _as_of_today(lines)
    return [
        {
            "number": line.number if frozen else place,
            "claim": line.claim,
            "region": line.claim.region,
            "level": line.award.level.said_name,
            "certificate": line.claim.certificate.masked_number,
            "amount_fen": line.amount_fen,
            **held,
        }
        for place, (line, held) in enumerate(zip(lines, seen, strict=True), start=1)
    ]


def _as_locked(lines: list[PayoutLine]) -> list[dict[str, Any]]:
    return [{"name": line.name, "unit": line.unit, "account": line} for line in lines]


def _as_of_today(lines: list[PayoutLine]) -> list[dict[str, Any]]:
    """A line that was locked before may hold what is no longer true: a draft is read afresh."""
    accounts = present_accounts(lines)
    units = units_of((line.claim for line in lines), timezone.localdate())
    return [
        {"name": person.name, "unit": units.get(person.pk), "account": accounts.get(person.pk)}
        for person in (line.award.person for line in lines)
    ]


def _groups(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    groups = []
    for region, rows in groupby(lines, key=lambda line: line["region"]):
        own = list(rows)
        total = sum(line["amount_fen"] for line in own)
        groups.append({"region": region, "lines": own, "total_fen": total})
    return groups


def _ledger(batch: PayoutBatch, total_fen: int) -> list[dict[str, Any]]:
    """Each account now, what approving will change, and after it."""
    now = _accounts(services.balances_of((batch.region_id, batch.year)))
    labels = {"budget": _("Budget left"), "committed": _("Committed"), "paid": _("Paid out")}
    changes = {"budget": -total_fen, "committed": total_fen, "paid": 0}
    rows = [
        {"label": labels[name], "now": held, "change": changes[name], "after": held + changes[name]}
        for name, held in now.items()
    ]
    whole = sum(now.values())
    return [*rows, {"label": _("Sum"), "now": whole, "change": 0, "after": whole, "sum": True}]


def _steps(batch: PayoutBatch) -> list[dict[str, Any]]:
    """The acts of a batch in their order; none is shown as reached before it is done."""
    at = list(PayoutBatch.State).index(PayoutBatch.State(batch.state))
    verbs = (
        _("Draw up"),
        _("Lock"),
        _("Approve"),
        _("Send to bank"),
        _("Settle"),
        _("Put on file"),
    )
    hands = (batch.opened_by, batch.locked_by, batch.approved_by)
    return [
        {"label": verb, "done": place <= at, "hand": hand}
        for place, (verb, hand) in enumerate(zip_longest(verbs, hands))
    ]


@require_POST
@roles_required(*PAYERS)
def act(request: SignedInRequest, uuid: Any) -> HttpResponse:
    batch, action = _batch(request, uuid, *PAYERS), request.POST.get("action", "")
    now = timezone.now()
    if action == BatchAction.UNLOCK:
        reason = request.POST.get("reason", "")[:300]
        services.unlock_batch(batch, reason=reason, actor=request.user, now=now)
    elif action in ACTS:
        question = about_batch(batch, BatchAction(action), services.batch_totals(batch))
        if _is_open(request, batch, action) and not is_confirmed(request, question.stamp):
            return ask(request, question)
        ACTS[BatchAction(action)](batch, actor=request.user, now=now)
    if action in DONE:
        messages.success(request, DONE[BatchAction(action)])
    return redirect("subsidies:batch", uuid=batch.uuid)


def _is_open(request: SignedInRequest, batch: PayoutBatch, action: str) -> bool:
    """Whether the step would be taken; where it would not, the refusal comes without a question."""
    held = roles_over(request.user, batch.region_id)
    is_own_hand = request.user.pk in hands_of(batch, action)
    return BatchAction(action) in batch_actions(batch.state, held) and not is_own_hand


@require_POST
@roles_required(*PAYERS)
def export(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """The workbook; a POST, because taking it is written down."""
    batch = _batch(request, uuid, *PAYERS)
    content = services.export_payout(batch, actor=request.user, now=timezone.now())
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="payout-{batch.code}.xlsx"'
    return response
