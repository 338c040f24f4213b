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

__all__ = [
    "Appraisal",
    "Certificate",
    "CutScore",
    "ExamSignUp",
    "InsuranceMonth",
    "PassingRule",
    "Post",
    "ResultImport",
    "SubjectResult",
    "ValidityExtension",
]
