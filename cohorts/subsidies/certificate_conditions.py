"""Leaves about the certificate a claim rests on: year, level, state, dates, areas, 登记."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

from cohorts.subsidies.conditions import OPPOSITE, Sight, Verdict, all_of, any_of, verdict_of
from cohorts.subsidies.facts import CertificateFacts, Facts, Json, Registration

Params: TypeAlias = Mapping[str, Any]

# A certificate that is only expected or recorded has not been looked up by anybody yet.
STATE_VERDICTS: Mapping[str, Verdict] = {"checked": Verdict.MET, "revoked": Verdict.NOT_MET}


def within(area: str | None, areas: list[str]) -> bool | None:
    """Whether a division code lies in one of the areas (a code begins with its parent's)."""
    return None if area is None else area.startswith(tuple(areas))


def between(day: date | None, params: Params) -> bool | None:
    """Whether a day lies in `from`…`through`, both included; either may be left open."""
    if day is None:
        return None
    first, last = params.get("from"), params.get("through")
    return (first is None or date.fromisoformat(first) <= day) and (
        last is None or day <= date.fromisoformat(last)
    )


def iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def exam_year(params: Params, facts: Facts) -> Sight:
    fact = "certificate.exam_year"
    year = facts.certificate.exam_year
    if year is None:
        return Sight(Verdict.UNKNOWN, None, fact)
    if "in" in params:
        return Sight(verdict_of(year in params["in"]), year, fact)
    met = params.get("from", year) <= year <= params.get("through", year)
    return Sight(verdict_of(met), year, fact)


def level(params: Params, facts: Facts) -> Sight:
    seen = facts.certificate.level
    met = None if seen is None else seen in params["in"]
    return Sight(verdict_of(met), seen, "certificate.level")


def certificate_checked(_params: Params, facts: Facts) -> Sight:
    state = facts.certificate.state
    verdict = STATE_VERDICTS.get(state or "", Verdict.UNKNOWN)
    return Sight(verdict, state, "certificate.state")


def approved_on(params: Params, facts: Facts) -> Sight:
    day = facts.certificate.approved_on
    return Sight(verdict_of(between(day, params)), iso(day), "certificate.approved_on")


def certificate_held(_params: Params, facts: Facts) -> Sight:
    """Approved on or before the day looked at."""
    day = facts.certificate.approved_on
    met = None if day is None else day <= facts.as_of
    return Sight(verdict_of(met), iso(day), "certificate.approved_on")


def sign_up_area(params: Params, facts: Facts) -> Sight:
    area = facts.certificate.sign_up_area
    return Sight(verdict_of(within(area, params["in"])), area, "certificate.sign_up_area")


def registration(params: Params, facts: Facts) -> Sight:
    """登记 done; where `areas` is given, in one of them; where `by` is given, by that day."""
    fact = "certificate.registration"
    row = facts.certificate.registration
    if row is None:
        return Sight(Verdict.UNKNOWN, None, fact)
    seen: Json = {"done": row.done, "area": row.area, "on": iso(row.on)}
    if row.done is not True:
        return Sight(verdict_of(row.done), seen, fact)
    return Sight(all_of(_registered(params, row)), seen, fact)


def _registered(params: Params, row: Registration) -> list[Verdict]:
    in_area = within(row.area, params["areas"]) if "areas" in params else True
    in_time = between(row.on, {"through": params["by"]}) if "by" in params else True
    return [verdict_of(in_area), verdict_of(in_time)]


def first_at_level(_params: Params, facts: Facts) -> Sight:
    """首次取得: no earlier certificate of the same level that still stands."""
    fact = "other_certificates"
    ours, others = facts.certificate, facts.other_certificates
    if others is None:
        return Sight(Verdict.UNKNOWN, None, fact)
    standing = [other for other in others if other.state != "revoked"]
    verdicts = [_earlier_at_level(other, ours) for other in standing]
    years: list[Json] = [
        other.exam_year
        for other, verdict in zip(standing, verdicts, strict=True)
        if verdict is not Verdict.NOT_MET
    ]
    return Sight(OPPOSITE[any_of(verdicts)], years, fact)


def _earlier_at_level(other: CertificateFacts, ours: CertificateFacts) -> Verdict:
    if other.level is None or ours.level is None:
        return Verdict.UNKNOWN
    return all_of([verdict_of(other.level == ours.level), verdict_of(_earlier(other, ours))])


def _earlier(other: CertificateFacts, ours: CertificateFacts) -> bool | None:
    if other.approved_on and ours.approved_on:
        return other.approved_on < ours.approved_on
    if other.exam_year is not None and ours.exam_year is not None:
        return other.exam_year < ours.exam_year
    return None
