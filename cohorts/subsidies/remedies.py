"""What somebody can do about a condition, and which papers show that it is met.

A policy says it in its own words where it can (`fix`); this is what stands in for that, by the
kind of condition. What nobody can change any more is said too, so that nobody runs for nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cms.core.wording import Message

CERTIFICATE = Message("certificate, on paper or electronic, with number and approval date")
AT_WORK = Message("proof of your post, stamped by your unit")
PAPERS: Mapping[str, Message] = {
    "certificate_checked": CERTIFICATE,
    "certificate_held": CERTIFICATE,
    "approved_on": CERTIFICATE,
    "registration": Message("screenshot of the registration of your certificate"),
    "workplace_area": AT_WORK,
    "appointed_to": AT_WORK,
    "employer_class": AT_WORK,
    "months_in_post": AT_WORK,
    "insurance_months": Message("record of your social insurance months"),
    "appraisal": Message("result of the yearly appraisal, stamped by your unit"),
    "household_area": Message("household register, your own page"),
    "residence_area": Message("residence permit"),
    "not_awarded_elsewhere": Message("signed statement that no other place has paid"),
}
IF_WRONG = Message("If this is wrong, tell the office.")
UNCHANGEABLE: Mapping[str, Message] = {
    "exam_year": Message("This benefit is for other exam years; nothing can be done about it."),
    "level": Message("This benefit is for other levels; nothing can be done about it."),
    "sign_up_area": Message("The sign-up area cannot be changed. If it is wrong, tell the office."),
    "not_already_awarded": Message("Nobody is paid twice. If you were not paid, tell the office."),
    "first_at_level": Message("Only the first certificate of a level counts."),
    "certificate_checked": Message("The certificate was revoked. Ask the office for the reason."),
    "window": Message("The time for claims is over. Ask the office whether there will be another."),
    "months": Message("Nothing to do: the office draws up the next month by itself."),
    "upgrade": Message("What was paid before is taken off; nothing is left to pay."),
    "not_awarded_elsewhere": Message("Another place has paid for this certificate already."),
}


@dataclass(frozen=True)
class Paper:
    """Something to hand in; `needed` while one of its conditions is open."""

    text: Message | str
    needed: bool
    conditions: tuple[str, ...]


def advice(kind: str, mark: str) -> Message | None:
    """What to do about a condition of this kind; None where it is met."""
    if mark == "met":
        return None
    if mark == "unmet" and kind in UNCHANGEABLE:
        return UNCHANGEABLE[kind]
    paper = PAPERS.get(kind)
    if paper is None:
        return IF_WRONG if mark == "unmet" else Message("Ask the office; it confirms this.")
    if mark == "unmet":
        return Message("If this is wrong, bring to the office: %(paper)s.", paper=paper)
    return Message("Bring to the office: %(paper)s.", paper=paper)


def papers(findings: Iterable[Mapping[str, str]]) -> list[Paper]:
    """Each paper that the conditions ask for once, what is still needed first.

    A finding has `type`, `mark` and `title`; what an officer answers by hand asks for the evidence
    that its own words name.
    """
    found: dict[str, Paper] = {}
    for finding in findings:
        text = _paper(finding)
        if text is None:
            continue
        known = found.get(str(text), Paper(text, False, ()))
        needed = known.needed or finding["mark"] != "met"
        found[str(text)] = Paper(text, needed, (*known.conditions, finding["title"]))
    return sorted(found.values(), key=lambda paper: not paper.needed)


def _paper(finding: Mapping[str, str]) -> Message | None:
    if finding["mark"] == "unmet" and finding["type"] in UNCHANGEABLE:
        return None
    if finding["type"] == "manual_check":
        return Message("evidence for: %(condition)s", condition=finding["title"])
    return PAPERS.get(finding["type"])
