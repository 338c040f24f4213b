"""The closed vocabulary: every type of condition a policy may name, and how it is judged.

There is no expression language and no script: an odd rule is a `manual_check`, a question that a
person answers with yes or no. A name that is not in this table does not load.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias

from cohorts.subsidies import certificate_conditions as certificates
from cohorts.subsidies import post_conditions as posts
from cohorts.subsidies.certificate_conditions import Params, between, iso, within
from cohorts.subsidies.conditions import (
    Finding,
    Leaf,
    Sight,
    Verdict,
    all_of,
    finding_of,
    verdict_of,
)
from cohorts.subsidies.facts import Facts, Json
from cohorts.subsidies.months import add_months

Judge: TypeAlias = Callable[[Params, Facts], Sight]


def judge(leaf: Leaf, facts: Facts) -> Finding:
    """Weigh one leaf; `facts.award` names the award under decision, e.g. zhongwei/intermediate."""
    return finding_of(leaf, VOCABULARY[leaf.type](leaf.params, facts), facts)


def household_area(params: Params, facts: Facts) -> Sight:
    area = facts.household_area
    return Sight(verdict_of(within(area, params["in"])), area, "household_area")


def residence_area(params: Params, facts: Facts) -> Sight:
    """居住证 of one of the areas."""
    area = facts.residence_area
    return Sight(verdict_of(within(area, params["in"])), area, "residence_area")


def window(params: Params, facts: Facts) -> Sight:
    """Applied in `from`…`through`, and within so many months of the approval date."""
    day = facts.applied_on
    verdicts = [verdict_of(between(day, params))]
    if "months_from_approval" in params:
        verdicts.append(_in_time(day, facts, params["months_from_approval"]))
    missing = day is not None and Verdict.UNKNOWN in verdicts
    return Sight(all_of(verdicts), iso(day), "certificate.approved_on" if missing else "applied_on")


def _in_time(day: date | None, facts: Facts, months: int) -> Verdict:
    approved = facts.certificate.approved_on
    if day is None or approved is None:
        return Verdict.UNKNOWN
    return verdict_of(day <= add_months(approved, months))


def not_already_awarded(params: Params, facts: Facts) -> Sight:
    """Not granted before: this very award, or with scope `family` any award of its family."""
    if facts.awards is None:
        return Sight(Verdict.UNKNOWN, None, "awards")
    award = facts.award or ""
    family = award.rpartition("/")[0]
    same = [
        row
        for row in facts.awards
        if (row.family == family if params["scope"] == "family" else row.award == award)
    ]
    seen: list[Json] = [f"{row.award} {row.period}" for row in same]
    return Sight(verdict_of(not same), seen, "awards")


def not_awarded_elsewhere(_params: Params, facts: Facts) -> Sight:
    """No other public scheme has paid for the same certificate (the person's own declaration)."""
    seen = facts.awarded_elsewhere
    return Sight(verdict_of(None if seen is None else not seen), seen, "awarded_elsewhere")


def manual_check(params: Params, facts: Facts) -> Sight:
    """A question that an officer answers after looking at the evidence."""
    answer = facts.checks.get(params["check"])
    return Sight(verdict_of(answer), answer, f"checks.{params['check']}")


VOCABULARY: Mapping[str, Judge] = {
    "exam_year": certificates.exam_year,
    "level": certificates.level,
    "certificate_checked": certificates.certificate_checked,
    "certificate_held": certificates.certificate_held,
    "approved_on": certificates.approved_on,
    "sign_up_area": certificates.sign_up_area,
    "registration": certificates.registration,
    "first_at_level": certificates.first_at_level,
    "workplace_area": posts.workplace_area,
    "household_area": household_area,
    "residence_area": residence_area,
    "appointed_to": posts.appointed_to,
    "employer_class": posts.employer_class,
    "months_in_post": posts.months_in_post,
    "insurance_months": posts.insurance_months,
    "appraisal": posts.appraisal,
    "window": window,
    "not_already_awarded": not_already_awarded,
    "not_awarded_elsewhere": not_awarded_elsewhere,
    "manual_check": manual_check,
}
