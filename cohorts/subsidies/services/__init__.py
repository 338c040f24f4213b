"""Writes of the money side, by what they write: the only pen of every table of this feature."""

from cohorts.subsidies.services.batches import (
    Due,
    add_due,
    approve_batch,
    close_batch,
    due_by_year,
    export_batch,
    lock_batch,
    open_batch,
    settle_batch,
    unlock_batch,
)
from cohorts.subsidies.services.checks import batch_checks
from cohorts.subsidies.services.claims import Proposal, file_claim, propose_due, refresh
from cohorts.subsidies.services.facts import collect_facts
from cohorts.subsidies.services.ledger import allot_budget, balances_of
from cohorts.subsidies.services.notices import (
    close_notice,
    confirm_due,
    object_to,
    open_notice,
    settle_objection,
)
from cohorts.subsidies.services.payees import apply_payees, plan_payees
from cohorts.subsidies.services.payout import batch_totals, export_payout
from cohorts.subsidies.services.policies import (
    check_version,
    governing,
    load_policy,
    publish,
    retire,
)
from cohorts.subsidies.services.review import (
    Moved,
    approve,
    approve_many,
    refuse,
    return_claim,
    review,
    review_many,
    submit,
    submit_many,
    withdraw,
)
from cohorts.subsidies.services.verification import replay_decisions, verify_books

__all__ = [
    "Due",
    "Moved",
    "Proposal",
    "add_due",
    "allot_budget",
    "apply_payees",
    "approve",
    "approve_batch",
    "approve_many",
    "balances_of",
    "batch_checks",
    "batch_totals",
    "check_version",
    "close_batch",
    "close_notice",
    "collect_facts",
    "confirm_due",
    "due_by_year",
    "export_batch",
    "export_payout",
    "file_claim",
    "governing",
    "load_policy",
    "lock_batch",
    "object_to",
    "open_batch",
    "open_notice",
    "plan_payees",
    "propose_due",
    "publish",
    "refresh",
    "refuse",
    "replay_decisions",
    "retire",
    "return_claim",
    "review",
    "review_many",
    "settle_batch",
    "settle_objection",
    "submit",
    "submit_many",
    "unlock_batch",
    "verify_books",
    "withdraw",
]
