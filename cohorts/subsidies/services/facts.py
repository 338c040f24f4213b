"""Collect the facts of many claims at once: a bounded number of queries whatever their number.

What the platform does not know is left out, so that the rules say unknown; an empty list is given
only where the platform's own register is the whole truth (certificates and awards).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from cohorts.certificates.models import Certificate
from cohorts.posts.models import Appraisal, InsuranceMonth, Post
from cohorts.subsidies.models import Award

SOURCES = {
    "certificate": "register",
    "other_certificates": "register",
    "posts": "posts",
    "appraisals": "posts",
    "insurance_months": "posts",
    "awards": "ledger",
}


def collect_facts(
    certificates: Sequence[Certificate], *, as_of: date, applied_on: date | None = None
) -> dict[int, dict[str, Any]]:
    """A facts document (schemas/facts.schema.json) for each certificate, by its primary key."""
    persons = {row.person_id for row in certificates}
    others = _by_person(Certificate.objects.across_regions().filter(person__in=persons))
    posts = _by_person(
        Post.objects.across_regions().filter(person__in=persons).select_related("organisation")
    )
    appraisals = _by_person(Appraisal.objects.across_regions().filter(person__in=persons))
    months = _by_person(InsuranceMonth.objects.across_regions().filter(person__in=persons))
    awards = _by_person(Award.objects.across_regions().filter(person__in=persons))
    return {
        row.pk: _document(
            {
                "as_of": as_of.isoformat(),
                "applied_on": applied_on and applied_on.isoformat(),
                "certificate": _certificate(row),
                "other_certificates": [
                    _certificate(other) for other in others[row.person_id] if other.pk != row.pk
                ],
                "posts": [_post(post) for post in posts[row.person_id]] or None,
                "appraisals": {str(r.year): r.grade for r in appraisals[row.person_id]} or None,
                "insurance_months": [r.month for r in months[row.person_id]] or None,
                "awards": [_award(award) for award in awards[row.person_id]],
                "sources": SOURCES,
            }
        )
        for row in certificates
    }


def _document(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


def _by_person(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def _certificate(row: Certificate) -> dict[str, Any]:
    return {
        "level": row.level_id,
        "exam_year": row.exam_year,
        "state": row.state,
        "approved_on": row.approved_on and row.approved_on.isoformat(),
        "sign_up_area": row.region_id,
    }


def _post(row: Post) -> dict[str, Any]:
    return {
        "organisation_kind": row.organisation.kind,
        "area": row.organisation.region_id,
        "appointed": row.appointed,
        "from": row.from_on.isoformat(),
        "to": row.to_on and row.to_on.isoformat(),
    }


def _award(row: Award) -> dict[str, Any]:
    return {"award": row.award_key, "period": row.period, "amount_fen": row.amount_fen}
