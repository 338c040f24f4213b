"""Findings, steps and rules in words, for pages: what a template shows and nothing it computes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from cms.accounts.models import Region
from cms.core.errors import say
from cohorts.subsidies.conditions import Condition, Group, Leaf
from cohorts.subsidies.facts import LEVELS
from cohorts.subsidies.models import Claim
from cohorts.subsidies.reading import level_name, sentence
from cohorts.subsidies.rulebook import Rulebook
from cohorts.subsidies.transitions import ROAD, ClaimAction

MARKS = {"met": "met", "not_met": "unmet", "unknown": "unknown"}
ORDER = {"unmet": 0, "unknown": 1, "met": 2}


def area_names() -> dict[str, str]:
    return dict(Region.objects.values_list("code", "name"))


def level_text(level: str) -> str:
    return say(level_name(level))


def verdict_text(mark: str) -> str:
    return {"met": _("met"), "unmet": _("not met"), "unknown": _("to be confirmed")}[mark]


def source_text(source: str) -> str:
    """Where a fact comes from; a policy's examples may name sources of their own."""
    return {
        "register": _("certificate register"),
        "posts": _("posts and appointments"),
        "ledger": _("payment records"),
        "staff": _("an officer"),
        "self": _("the person's own word"),
    }.get(source, source)


def finding_rows(
    findings: Iterable[Mapping[str, Any]], rulebook: Rulebook, names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What stands in the way first, then what is open, then what is met."""
    leaves = {leaf.id: leaf for leaf in rulebook.leaves()}
    rows = [_finding_row(finding, leaves, names) for finding in findings]
    return sorted(rows, key=lambda row: ORDER[row["mark"]])


def _finding_row(
    finding: Mapping[str, Any], leaves: Mapping[str, Leaf], names: Mapping[str, str]
) -> dict[str, Any]:
    leaf, mark = leaves.get(finding["id"]), MARKS[finding["verdict"]]
    return {
        "id": finding["id"],
        "type": finding["type"],
        "mark": mark,
        "verdict": verdict_text(mark),
        "title": finding["text"],
        "said": say(sentence(finding, names)),
        "source": source_text(finding["source"]),
        "article": finding["article"],
        "fix": leaf.fix if leaf and mark != "met" else "",
        "assumed": bool(leaf and leaf.assumption),
    }


def counted(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    counts = {"met": 0, "unmet": 0, "unknown": 0}
    for row in rows:
        counts[row["mark"]] += 1
    return counts


def road(claim: Claim | None) -> list[dict[str, Any]]:
    """The claim's road: what is done, where it stands, what comes."""
    names = {
        "submitted": _("Submit"),
        "reviewed": _("Review"),
        "approved": _("Approval"),
        "on_notice": _("Public notice"),
        "confirmed": _("Confirmed"),
        "in_batch": _("Payout batch"),
        "paid": _("Paid"),
    }
    place_now = reached(claim)
    return [
        {"label": names[state], "done": place < place_now, "current": place == place_now}
        for place, state in enumerate(ROAD)
    ]


def reached(claim: Claim | None) -> int:
    """The place of the step that is due now."""
    if claim is None or claim.state in {"draft", "returned", "withdrawn", "refused", "lapsed"}:
        return 0
    states = {"objected": "on_notice", "payment_returned": "in_batch", "closed": "paid"}
    at = ROAD.index(states.get(claim.state, claim.state))
    waiting = claim.state in {"on_notice", "objected", "in_batch", "payment_returned"}
    return at if waiting else at + 1


def action_text(action: str) -> str:
    return {
        ClaimAction.SUBMIT: _("Submit"),
        ClaimAction.REVIEW: _("Pass review"),
        ClaimAction.RETURN: _("Return for completion"),
        ClaimAction.REFUSE: _("Refuse"),
        ClaimAction.APPROVE: _("Pass the second review"),
        ClaimAction.WITHDRAW: _("Withdraw the claim"),
        ClaimAction.REVOKE: _("End it: the certificate is revoked"),
        ClaimAction.PUT_ON_NOTICE: _("Put on public notice"),
        ClaimAction.OBJECT: _("Objection received"),
        ClaimAction.DISMISS_OBJECTION: _("Objection dismissed"),
        ClaimAction.UPHOLD_OBJECTION: _("Objection upheld"),
        ClaimAction.CONFIRM: _("Confirm"),
        ClaimAction.PUT_IN_BATCH: _("Put into a batch"),
        ClaimAction.TAKE_FROM_BATCH: _("Taken out of a batch"),
        ClaimAction.PAY: _("Paid"),
        ClaimAction.BOUNCE: _("Payment returned"),
        ClaimAction.LAPSE: _("Lapsed"),
        ClaimAction.CLOSE: _("Put on file"),
        "propose": _("Proposed"),
    }[action]


def condition_rows(condition: Condition, depth: int = 0) -> list[dict[str, Any]]:
    """A tree as indented lines: groups say all or any, leaves their requirement."""
    if isinstance(condition, Leaf):
        return [{"indent": "　" * depth, "leaf": condition, "text": condition.text}]
    if not condition.children:
        return []
    single = condition.op == "all" and depth == 0
    heading = _("any one of these:") if condition.op == "any" else _("all of these:")
    rows = [] if single else [{"indent": "　" * depth, "leaf": None, "text": heading}]
    below = depth if single else depth + 1
    return [*rows, *(row for child in condition.children for row in condition_rows(child, below))]


def policy_view(rulebook: Rulebook) -> list[dict[str, Any]]:
    """The benefits of a policy with their amounts and conditions in words."""
    shapes = {"one_off": _("once"), "monthly": _("every month")}
    return [
        {
            "title": benefit.title,
            "shape": shapes[benefit.shape],
            "amounts": [
                (level_text(level), benefit.amounts_fen[level])
                for level in LEVELS
                if level in benefit.amounts_fen
            ],
            "conditions": condition_rows(
                Group("all", (rulebook.common, benefit.conditions, *_holding(benefit.holding)))
            ),
            "months": benefit.months,
            "upgrade": benefit.upgrade if benefit.upgrade.text else None,
        }
        for benefit in rulebook.benefits
    ]


def _holding(condition: Condition | None) -> tuple[Condition, ...]:
    return () if condition is None else (condition,)
