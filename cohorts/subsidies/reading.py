"""Findings in words: what was seen, as a sentence in the reader's language.

A stored decision holds values, not sentences, so that it replays byte for byte in any language.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from cms.core.wording import Message
from cohorts.subsidies.months import month_runs

Names: TypeAlias = Mapping[str, str]  # division code → name of the area
Seen: TypeAlias = Any

LEVELS: Mapping[str, Message] = {
    "junior": Message("junior level"),
    "intermediate": Message("intermediate level"),
    "senior": Message("senior level"),
}
KINDS: Mapping[str, Message] = {
    "community": Message("community"),
    "station": Message("township station"),
    "guidance_centre": Message("guidance centre"),
    "village_room": Message("village room"),
    "agency": Message("social work agency"),
    "government": Message("government"),
    "institution": Message("public institution"),
    "company": Message("company"),
    "school": Message("school"),
    "hospital": Message("hospital"),
    "other": Message("other"),
}
GRADES: Mapping[str, Message] = {
    "excellent": Message("excellent"),
    "qualified": Message("qualified"),
    "basically": Message("basically qualified"),
    "unqualified": Message("unqualified"),
}
CERTIFICATE_STATES: Mapping[str, Message] = {
    "expected": Message("The certificate has not been issued yet."),
    "recorded": Message("Number and approval date have not been checked yet."),
    "checked": Message("Number and approval date have been checked."),
    "revoked": Message("The certificate has been revoked."),
}
FACTS: Mapping[str, Message] = {
    "as_of": Message("day of the decision"),
    "applied_on": Message("day of application"),
    "certificate.level": Message("certificate level"),
    "certificate.exam_year": Message("exam year"),
    "certificate.state": Message("whether the certificate was checked"),
    "certificate.approved_on": Message("approval date"),
    "certificate.sign_up_area": Message("sign-up area"),
    "certificate.registration": Message("registration of the certificate"),
    "other_certificates": Message("other certificates"),
    "posts": Message("posts and appointments"),
    "insurance_months": Message("social insurance months"),
    "awards": Message("awards granted before"),
    "awarded_elsewhere": Message("awards of other places"),
    "household_area": Message("household area"),
    "residence_area": Message("residence permit"),
}
NOTHING_KNOWN = Message("This is not known yet.")


def fact_name(path: str) -> Message:
    if path.startswith("appraisals."):
        return Message("appraisal of %(year)s", year=path.rpartition(".")[2])
    return FACTS.get(path, Message("an answer of the officer in charge"))


def sentence(finding: Mapping[str, Any], names: Names) -> Message:
    """What a finding saw. `finding` is its JSON, from a live or a stored decision."""
    seen = finding["seen"]
    if seen is None:
        return Message("Not known yet: %(fact)s.", fact=fact_name(finding["fact"]))
    return SENTENCES.get(finding["type"], _plainly)(seen, names)


def joined(parts: Sequence[Message | str]) -> Message | str:
    """Several values in one sentence, with the separator of the reader's language."""
    if not parts:
        return "–"
    whole = parts[0]
    for part in parts[1:]:
        whole = Message("%(left)s; %(right)s", left=whole, right=part)
    return whole


def level_name(level: str) -> Message | str:
    return LEVELS.get(level, level)


def _area(code: str | None, names: Names) -> Message | str:
    return names.get(code, code) if code else Message("an unknown area")


def _kind(kind: str | None) -> Message | str:
    return KINDS.get(kind, kind) if kind else Message("an unknown employer")


def _plainly(seen: Seen, _names: Names) -> Message:
    return Message("Seen: %(seen)s.", seen=seen)


def _exam_year(seen: Seen, _names: Names) -> Message:
    return Message("Exam year %(year)s.", year=seen)


def _level(seen: Seen, _names: Names) -> Message:
    return Message("The certificate is of %(level)s.", level=level_name(seen))


def _state(seen: Seen, _names: Names) -> Message:
    return CERTIFICATE_STATES.get(seen, NOTHING_KNOWN)


def _approved(seen: Seen, _names: Names) -> Message:
    return Message("Approved on %(day)s.", day=seen)


def _sign_up_area(seen: Seen, names: Names) -> Message:
    return Message("Signed up for the exam in %(area)s.", area=_area(seen, names))


def _household(seen: Seen, names: Names) -> Message:
    return Message("Household registered in %(area)s.", area=_area(seen, names))


def _residence(seen: Seen, names: Names) -> Message:
    return Message("Residence permit of %(area)s.", area=_area(seen, names))


def _registration(seen: Seen, names: Names) -> Message:
    if not seen["done"]:
        return Message("The certificate is not registered yet.")
    return Message(
        "Registered in %(area)s on %(day)s.",
        area=_area(seen["area"], names),
        day=seen["on"] or Message("an unknown day"),
    )


def _earlier(seen: Seen, _names: Names) -> Message:
    if not seen:
        return Message("The register has no earlier certificate of this level.")
    years = joined([str(year) if year else Message("unknown") for year in seen])
    return Message("Earlier certificate of this level, exam year: %(years)s.", years=years)


def _workplace(seen: Seen, names: Names) -> Message:
    if not seen:
        return Message("No post on that day.")
    return Message("Works in: %(areas)s.", areas=joined([_area(code, names) for code in seen]))


def _appointed(seen: Seen, names: Names) -> Message:
    if not seen:
        return Message("No post on that day.")
    return Message("Posts: %(posts)s.", posts=joined([_post(post, names) for post in seen]))


def _post(post: Mapping[str, Any], names: Names) -> Message:
    seen = {
        "kind": _kind(post["organisation_kind"]),
        "area": _area(post["area"], names),
        "span": _span(post["from"], post["to"]),
    }
    if post["appointed"] is True:
        return Message("%(kind)s in %(area)s, %(span)s, appointed", **seen)
    if post["appointed"] is False:
        return Message("%(kind)s in %(area)s, %(span)s, not appointed", **seen)
    return Message("%(kind)s in %(area)s, %(span)s, appointment unknown", **seen)


def _span(first: str, last: str | None) -> Message:
    if last is None:
        return Message("%(first)s until now", first=first)
    return Message("%(first)s to %(last)s", first=first, last=last)


def _employer(seen: Seen, _names: Names) -> Message:
    if not seen:
        return Message("No post on that day.")
    return Message("Employers: %(kinds)s.", kinds=joined([_kind(kind) for kind in seen]))


def _months_in_post(seen: Seen, _names: Names) -> Message:
    return Message("In post for %(count)s full months without a break.", count=seen)


def _insurance(seen: Seen, _names: Names) -> Message:
    return Message("%(count)s months of social insurance in a row.", count=seen)


def _appraisal(seen: Seen, _names: Names) -> Message:
    if seen["grade"] is None:
        return Message("The appraisal of %(year)s is not known yet.", year=seen["year"])
    return Message(
        "Appraisal of %(year)s: %(grade)s.", year=seen["year"], grade=GRADES[seen["grade"]]
    )


def _window(seen: Seen, _names: Names) -> Message:
    return Message("Applied on %(day)s.", day=seen)


def _awarded(seen: Seen, _names: Names) -> Message:
    if not seen:
        return Message("The payment records of the whole city show none.")
    return Message("Granted before: %(awards)s.", awards=joined(seen))


def _elsewhere(seen: Seen, _names: Names) -> Message:
    if seen:
        return Message("The person says that another place has paid.")
    return Message("The person says that no other place has paid.")


def _checked_by_hand(seen: Seen, _names: Names) -> Message:
    return Message("The officer answered yes.") if seen else Message("The officer answered no.")


def _months(seen: Seen, _names: Names) -> Message:
    if isinstance(seen, str):
        return Message("No complete month is left to pay by %(day)s.", day=seen)
    if not seen:
        return Message("No month counts.")
    runs = [_run(first, last) for first, last in month_runs(seen)]
    return Message("%(months)s, %(count)s months.", months=joined(runs), count=len(seen))


def _run(first: str, last: str) -> Message | str:
    return first if first == last else Message("%(first)s to %(last)s", first=first, last=last)


SENTENCES: Mapping[str, Callable[[Seen, Names], Message]] = {
    "exam_year": _exam_year,
    "level": _level,
    "certificate_checked": _state,
    "certificate_held": _approved,
    "approved_on": _approved,
    "sign_up_area": _sign_up_area,
    "registration": _registration,
    "first_at_level": _earlier,
    "workplace_area": _workplace,
    "household_area": _household,
    "residence_area": _residence,
    "appointed_to": _appointed,
    "employer_class": _employer,
    "months_in_post": _months_in_post,
    "insurance_months": _insurance,
    "appraisal": _appraisal,
    "window": _window,
    "not_already_awarded": _awarded,
    "not_awarded_elsewhere": _elsewhere,
    "manual_check": _checked_by_hand,
    "upgrade": _awarded,
    "months": _months,
}
