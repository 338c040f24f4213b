"""What officers are asked before money or names move: the figures, then what follows.

The stamp holds the figures of the question. Where they have changed by the time of the answer,
somebody else has acted meanwhile, and the question is asked anew.
"""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.core.confirming import Question
from cms.core.money import yuan_text
from cms.core.templatetags.look import in_capitals
from cohorts.subsidies.models import Claim, Notice, PayoutBatch
from cohorts.subsidies.services.payout import Totals
from cohorts.subsidies.shown import action_text
from cohorts.subsidies.transitions import BatchAction, ClaimAction

ASKED = frozenset({ClaimAction.APPROVE, ClaimAction.PUT_ON_NOTICE})


def about_claims(claims: Iterable[Claim], action: ClaimAction, *, back: str) -> Question:
    """Before approving, and before names become public. Claims come with decision and version."""
    rows = list(claims)
    figures = _claims_and_sum(rows)
    if action is ClaimAction.PUT_ON_NOTICE:
        heading = _("Put these claims on public notice?")
        follows = _on_notice(rows)
    else:
        heading = _("Pass the second review of these claims?")
        follows = [
            _("Amounts and reasons are final after that. The next step is the public notice."),
        ]
    return Question(
        heading=heading,
        consequences=[figures, *follows],
        verb=action_text(action),
        back=back,
        stamp=",".join(str(claim.pk) for claim in rows) + f"={_sum(rows)}",
    )


def _on_notice(rows: list[Claim]) -> list[str]:
    days = max((claim.version.rulebook.notice_working_days for claim in rows), default=0)
    said = ngettext(
        "Name, unit, level and amount of %(n)d person become public for %(days)d working days.",
        "Name, unit, level and amount of %(n)d people become public for %(days)d working days.",
        len({claim.person_id for claim in rows}),
    ) % {"n": len({claim.person_id for claim in rows}), "days": days}
    return [said, _("What the public has read is not changed any more.")]


def about_closing(notice: Notice, claims: Iterable[Claim], objected: int) -> Question:
    """Before a notice is taken down; `claims` are those that this will confirm."""
    rows = list(claims)
    consequences = [
        _("Confirmed and due for payment: %(figures)s") % {"figures": _claims_and_sum(rows)}
    ]
    if objected:
        text = ngettext(
            "%(n)d claim with an open objection stays as it is.",
            "%(n)d claims with an open objection stay as they are.",
            objected,
        )
        consequences.append(text % {"n": objected})
    consequences.append(_("The notice is no longer public. Neither can be taken back."))
    return Question(
        heading=_("Take the notice down and confirm its claims?"),
        consequences=consequences,
        verb=_("Take it down and confirm"),
        back=reverse("subsidies:notice", args=[notice.uuid]),
        stamp=f"{len(rows)}={_sum(rows)}+{objected}",
    )


def about_batch(batch: PayoutBatch, action: BatchAction, totals: Totals) -> Question:
    """Before a step of a batch; giving it back to its maker asks for a reason instead."""
    heading, verb, follows = _batch_words(action)
    text = ngettext(
        "%(n)d line, %(amount)s yuan (%(words)s).",
        "%(n)d lines, %(amount)s yuan (%(words)s).",
        totals.count,
    )
    figures = {
        "n": totals.count,
        "amount": yuan_text(totals.total_fen),
        "words": in_capitals(totals.total_fen),
    }
    return Question(
        heading=heading,
        consequences=[text % figures, follows],
        verb=verb,
        back=reverse("subsidies:batch", args=[batch.uuid]),
        stamp=f"{batch.state}:{totals.count}={totals.total_fen}",
    )


def _batch_words(action: BatchAction) -> tuple[str, str, str]:
    """Heading, verb, and what follows from the step."""
    return {
        BatchAction.LOCK: (
            _("Lock the batch?"),
            _("Lock the batch"),
            _("Names, units and accounts are fixed as they are now. Somebody else approves it."),
        ),
        BatchAction.APPROVE: (
            _("Approve the batch?"),
            _("Approve the batch"),
            _("The sum is committed from the budget. After approval nothing in it can be changed."),
        ),
        BatchAction.EXPORT: (
            _("Send the batch to the bank?"),
            _("Send to the bank"),
            _("The sum becomes payable. This cannot be taken back."),
        ),
        BatchAction.SETTLE: (
            _("Has the bank paid every line?"),
            _("The bank has paid everything"),
            _("Every claim of the batch becomes paid, and its person reads so. This is final."),
        ),
        BatchAction.CLOSE: (
            _("Put the batch on file?"),
            _("Put on file"),
            _("The batch and its claims are closed; nothing more is done with them."),
        ),
    }[action]


def _claims_and_sum(rows: list[Claim]) -> str:
    text = ngettext("%(n)d claim, %(amount)s yuan.", "%(n)d claims, %(amount)s yuan.", len(rows))
    return text % {"n": len(rows), "amount": yuan_text(_sum(rows))}


def _sum(rows: list[Claim]) -> int:
    return sum(claim.decision.amount_fen for claim in rows if claim.decision)
