"""The nouns of the money side, by what they are about: policy, claim, notice, payment."""

from cohorts.subsidies.models.claim import Claim, Decision, FactSnapshot, ReviewStep
from cohorts.subsidies.models.notice import Notice, Objection
from cohorts.subsidies.models.payment import (
    Award,
    PayeeAccount,
    PayoutBatch,
    PayoutLine,
    Transfer,
)
from cohorts.subsidies.models.policy import Policy, PolicyExample, PolicyVersion

__all__ = [
    "Award",
    "Claim",
    "Decision",
    "FactSnapshot",
    "Notice",
    "Objection",
    "PayeeAccount",
    "PayoutBatch",
    "PayoutLine",
    "Policy",
    "PolicyExample",
    "PolicyVersion",
    "ReviewStep",
    "Transfer",
]
