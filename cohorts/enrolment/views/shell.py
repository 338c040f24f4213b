"""What every page of a class in the workbench shows around its content."""

from typing import Any

from cohorts.enrolment.gates import powers
from cohorts.enrolment.models import Cohort, Enrolment


def around(user: Any, cohort: Cohort, tab: str) -> dict[str, Any]:
    """The class, what the visitor may do in it, and how many applications wait."""
    undecided = Enrolment.objects.visible_to(user).filter(cohort=cohort).undecided()
    return {
        "cohort": cohort,
        "powers": powers(user, cohort),
        "tab": tab,
        "undecided": undecided.count(),
    }
