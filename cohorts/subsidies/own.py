"""A person's own claim in words: what is missing and what to do, the way it goes and how long."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.core.errors import say
from cohorts.subsidies.models import Claim, PayeeAccount, PolicyVersion, ReviewStep
from cohorts.subsidies.pace import Pace
from cohorts.subsidies.remedies import advice, papers
from cohorts.subsidies.services.outlook import Outlook
from cohorts.subsidies.shown import area_names, counted, finding_rows, reached
from cohorts.subsidies.transitions import ClaimState
from cohorts.subsidies.window import due_on

STAGES = ("submit", "review", "approval", "notice", "payment")
# Where the seven states of the road stand among the five stages that the person is told of.
STAGE_OF_STATE = (0, 1, 2, 3, 3, 4, 4)
ENDS_STAGE = dict(
    zip(STAGES, ("submitted", "reviewed", "approved", "confirmed", "paid"), strict=True)
)
IN_HAND = frozenset({ClaimState.DRAFT, ClaimState.RETURNED})  # the person has the next move
SAYS_WHY = frozenset({ClaimState.RETURNED, ClaimState.REFUSED, ClaimState.LAPSED})


def own_findings(outlook: Outlook) -> list[dict[str, Any]]:
    """Every condition, each open one with what to do: in the policy's words, or in ours.

    The stored findings where a claim was decided, else those of today.
    """
    claim, version = outlook.claim, outlook.version
    found: Iterable[Mapping[str, Any]]
    if claim is not None and claim.decision is not None:
        found, version = claim.decision.trace["findings"], claim.version
    else:
        found = [finding.as_json() for finding in outlook.weighed.findings]
    leaves = {leaf.id: leaf for leaf in version.rulebook.leaves()}
    rows = finding_rows(found, version.rulebook, area_names())
    for row in rows:
        said = advice(row["type"], row["mark"])
        row["fix"] = row["fix"] or (say(said) if said else "")
        leaf = leaves.get(row["id"])
        row["due"] = due_on(leaf) if leaf and row["mark"] != "met" else None
    return rows


def headline(rows: Sequence[Mapping[str, Any]], outlook: Outlook) -> str:
    """How much is missing, in one line; a claim that was made says its state instead."""
    counts = counted(rows)
    if outlook.weighed.outcome == "eligible":
        return _("All conditions are met")
    said = []
    if counts["unmet"]:
        said.append(
            ngettext("%(n)d condition is not met", "%(n)d conditions are not met", counts["unmet"])
            % {"n": counts["unmet"]}
        )
    if counts["unknown"]:
        said.append(
            ngettext(
                "%(n)d condition has to be confirmed",
                "%(n)d conditions have to be confirmed",
                counts["unknown"],
            )
            % {"n": counts["unknown"]}
        )
    return _(", ").join(said)


def deadline(outlook: Outlook, today: date) -> dict[str, Any]:
    """Until when, for somebody who may still have to claim."""
    window = outlook.window
    if window is None:
        return {"kind": "none"}
    if window.is_over(today):
        return {"kind": "over", "day": window.closes_on}
    if not window.is_open(today):
        return {"kind": "not_yet", "day": window.opens_on}
    if window.closes_on is None:
        return {"kind": "waits" if window.waits else "none"}
    return {"kind": "open", "day": window.closes_on, "left": window.days_left(today)}


def paper_rows(rows: Sequence[Mapping[str, Any]], account: PayeeAccount | None) -> list[Any]:
    """What to hand in at the office, what is still needed first, and the bank card."""
    found = [
        {
            "text": say(paper.text),
            "needed": paper.needed,
            "note": _("for: %(conditions)s") % {"conditions": _("; ").join(paper.conditions)},
        }
        for paper in papers(rows)
    ]
    card = {"text": _("bank card in your own name"), "needed": account is None, "note": ""}
    if account is not None:
        card["note"] = f"{account.bank} **** {account.account_tail}"
    return sorted([*found, card], key=lambda row: not row["needed"])


def own_road(
    claim: Claim | None,
    version: PolicyVersion,
    steps: Sequence[ReviewStep],
    paces: Mapping[str, Pace],
) -> list[dict[str, Any]]:
    """The five stages of a claim: who does it and how long it takes, or when it was done."""
    at = reached(claim)
    now_at = STAGE_OF_STATE[at] if at < len(STAGE_OF_STATE) else len(STAGES)
    days = {step.to_state: timezone.localdate(step.at) for step in steps}
    return [
        {
            "label": _stage_text(stage),
            "who": _who(stage),
            "how_long": _how_long(stage, version, paces),
            "done_on": days.get(ENDS_STAGE[stage]) if place < now_at else None,
            "done": place < now_at,
            "current": place == now_at,
        }
        for place, stage in enumerate(STAGES)
    ]


def _stage_text(stage: str) -> str:
    return {
        "submit": _("Submit"),
        "review": _("Review"),
        "approval": _("Second review"),
        "notice": _("Public notice"),
        "payment": _("Payment"),
    }[stage]


def _who(stage: str) -> str:
    return {
        "submit": _("you, here; or the officer of your county for you"),
        "review": _("an officer of the county where you signed up"),
        "approval": _("another officer, of the area that issued the policy"),
        "notice": _("name, unit, level and amount are public; anybody may object"),
        "payment": _("finance, to your own account"),
    }[stage]


def _how_long(stage: str, version: PolicyVersion, paces: Mapping[str, Pace]) -> str:
    if stage == "submit":
        return ""
    if stage == "notice":
        days = version.rulebook.notice_working_days
        return ngettext("%(n)d working day", "%(n)d working days", days) % {"n": days}
    pace = paces.get(stage)
    if pace is None:
        return _("no experience yet how long it takes")
    if pace.working_days == 0:
        return _("mostly on the same day")
    return ngettext(
        "mostly within %(n)d working day so far", "mostly within %(n)d working days so far",
        pace.working_days,
    ) % {"n": pace.working_days}  # fmt: skip


def said_why(claim: Claim | None, steps: Sequence[ReviewStep]) -> str:
    """The reason with which a claim was returned, refused or let lapse."""
    if claim is None or claim.state not in SAYS_WHY:
        return ""
    own = [step.reason for step in steps if step.to_state == claim.state and step.reason]
    return own[-1] if own else ""


def is_in_hand(claim: Claim | None) -> bool:
    """Whether the person may still do something about the conditions."""
    return claim is None or claim.state in IN_HAND


def contact(version: PolicyVersion) -> dict[str, str]:
    """Whom to ask: who issued the policy, and the telephone it names."""
    return {
        "issuer": str(version.rules.get("issuer", "")),
        "telephone": version.rulebook.notice_telephone,
    }
