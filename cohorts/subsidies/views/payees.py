"""Accounts of payees: the last four digits, and the import of a workbook."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts.gates import roles_required
from cms.accounts.roles import REGIONAL
from cms.core.plans import ImportPlan
from cms.importing.web import ImportFlow
from cohorts.subsidies import services
from cohorts.subsidies.models import PayeeAccount
from cohorts.subsidies.requests import SignedInRequest
from cohorts.subsidies.services.payees import RECORDERS

PAGE = 50


@roles_required(*REGIONAL)
def payee_list(request: SignedInRequest) -> HttpResponse:
    accounts = PayeeAccount.objects.visible_to(request.user).valid().select_related("person")
    if said := request.GET.get("name", "").strip()[:60]:
        accounts = accounts.filter(person__name__icontains=said)
    page = Paginator(accounts, PAGE).get_page(request.GET.get("page"))
    may_import = request.user.has_role(*IMPORT.roles)
    shown = {"page": page, "name": said, "may_import": may_import}
    return render(request, "cohorts/subsidies/payees.html", shown)


def preview_rows(plan: ImportPlan) -> list[dict[str, Any]]:
    """Rows for the preview; of an account, the last four digits."""
    return [
        {
            _("Row"): row.line,
            _("Full name"): row.name,
            _("Bank"): row.bank,
            _("Payee account"): f"**** {row.account[-4:]}",
        }
        for row in plan.rows
    ]


IMPORT = ImportFlow(
    kind="payees",
    title=gettext_lazy("Import accounts"),
    hint=gettext_lazy(
        "One row a person: name, identity number, bank in full and account. The account has to be "
        "in the person's own name; keep the column as text."
    ),
    plan=services.plan_payees,
    apply=services.apply_payees,
    roles=tuple(RECORDERS),
    back="subsidies:payees",
    preview_rows=preview_rows,
)
