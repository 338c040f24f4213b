"""One app, one migration history: the models of all features, gathered for Django."""

from cohorts.attendance.models import CheckIn, ClassSession
from cohorts.certificates.models import Certificate
from cohorts.enrolment.models import (
    ClassNotice,
    Cohort,
    CohortPlan,
    CohortStaff,
    Enrolment,
    EnrolmentStep,
)
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
    "CheckIn",
    "Claim",
    "ClassNotice",
    "ClassSession",
    "Cohort",
    "CohortPlan",
    "CohortStaff",
    "CutScore",
    "Decision",
    "Enrolment",
    "EnrolmentStep",
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
