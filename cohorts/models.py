"""One app, one migration history: the models of all features, gathered for Django."""

from cohorts.certificates.models import Certificate
from cohorts.posts.models import Appraisal, InsuranceMonth, Post
from cohorts.results.models import (
    CutScore,
    ExamSignUp,
    PassingRule,
    ResultImport,
    SubjectResult,
    ValidityExtension,
)
from cohorts.subsidies.models import (
    Award,
    Claim,
    Decision,
    FactSnapshot,
    Notice,
    Objection,
    PayeeAccount,
    PayoutBatch,
    PayoutLine,
    Policy,
    PolicyExample,
    PolicyVersion,
    ReviewStep,
    Transfer,
)

__all__ = [
    "Appraisal",
    "Award",
    "Certificate",
    "Claim",
    "CutScore",
    "Decision",
    "ExamSignUp",
    "FactSnapshot",
    "InsuranceMonth",
    "Notice",
    "Objection",
    "PassingRule",
    "PayeeAccount",
    "PayoutBatch",
    "PayoutLine",
    "Policy",
    "PolicyExample",
    "PolicyVersion",
    "Post",
    "ResultImport",
    "ReviewStep",
    "SubjectResult",
    "Transfer",
    "ValidityExtension",
]
