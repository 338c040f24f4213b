"""The exam of 2024, whose results are not all in: some candidates have told nobody yet, a few have
only said so themselves. In 海原县 results of less than 80 % are known.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from cms.demo.cast import YEAR, Cast, Casting, Member
from cms.demo.people import TRAINEE_NAME
from cms.demo.places import HAIYUAN, SHAPOTOU, ZHONGNING
from cms.demo.sittings import PAPERS, PASS, Held, Sitting

PARTLY_REPORTED = 2024


class Fate(StrEnum):
    """What is known of a candidate, and from whom."""

    PASSED = "passed"
    FAILED = "failed"
    ABSENT = "absent"
    OWN_WORD = "own_word"  # passed, as they say themselves
    SILENT = "silent"


@dataclass(frozen=True)
class Candidate:
    """One sign-up of the year."""

    member: Member
    sitting: Sitting
    fate: Fate


# How many of each fate: passed, failed, absent, own word, silent.
TURNOUT = {
    (SHAPOTOU, "junior"): (26, 14, 3, 1, 2),
    (ZHONGNING, "junior"): (15, 11, 2, 2, 2),
    (HAIYUAN, "junior"): (6, 7, 2, 2, 5),
    (SHAPOTOU, "intermediate"): (6, 14, 2, 1, 1),
    (ZHONGNING, "intermediate"): (3, 9, 1, 1, 2),
    (HAIYUAN, "intermediate"): (1, 6, 1, 0, 3),
}
# Those of them who had sat in 2023 and come again; nobody who sits again in 2025.
AGAIN = {
    (SHAPOTOU, "junior"): 8,
    (ZHONGNING, "junior"): 4,
    (HAIYUAN, "junior"): 3,
    (SHAPOTOU, "intermediate"): 14,
    (ZHONGNING, "intermediate"): 6,
    (HAIYUAN, "intermediate"): 5,
}
SAT_IN_2025 = {"junior": 4, "intermediate": 8}  # the first so many of 中宁县
WITHOUT_NUMBER = 5  # every fifth pass has no certificate number in the sheet yet


def candidates(casting: Casting, cast: Cast) -> list[Candidate]:
    """The sign-ups of 2024, county by county; chance goes on where the earlier years left it."""
    found: list[Candidate] = []
    for (county, level), numbers in TURNOUT.items():
        fates = [fate for fate, many in zip(Fate, numbers, strict=True) for _ in range(many)]
        casting.rng.shuffle(fates)
        own = _people(casting, cast, county, level, many=len(fates))
        found += [
            Candidate(member, _sitting(casting, member, level, fate), fate)
            for member, fate in zip(own, fates, strict=True)
        ]
    return found


def newcomers(found: list[Candidate], cast: Cast) -> list[Member]:
    """Those of whom no register, post or result of an earlier year knows."""
    known = {id(member) for member in cast.everyone()}
    return [one.member for one in found if id(one.member) not in known]


def _people(casting: Casting, cast: Cast, county: str, level: str, *, many: int) -> list[Member]:
    again = cast.failed_junior if level == "junior" else cast.short_of_intermediate
    own = (m for m in again if m.county == county and m.person.name != TRAINEE_NAME)
    first = SAT_IN_2025[level] if county == ZHONGNING else 0
    returning = list(islice(own, first, first + AGAIN[county, level]))
    fresh = [casting.newcomer(county) for _ in range(many - len(returning))]
    return [*returning, *fresh]


def _sitting(casting: Casting, member: Member, level: str, fate: Fate) -> Sitting:
    """The papers that are still to be passed, with marks that lead to the fate."""
    papers, marker, office = _papers_left(member, level), casting.marker, casting.office
    if fate in (Fate.PASSED, Fate.OWN_WORD):
        marks = marker.all_passed(papers)
    elif fate is Fate.FAILED:
        marks = marker.all_but(papers, {casting.rng.choice(papers), casting.rng.choice(papers)})
    else:
        marks = dict.fromkeys(papers, -1)
    if fate is not Fate.PASSED:
        return office.sat(level, PARTLY_REPORTED, member.county, marks)
    return _with_number(casting, office.passed(level, PARTLY_REPORTED, member.county, marks))


def _papers_left(member: Member, level: str) -> tuple[str, ...]:
    """中级 counts for two years: what was passed in 2023 need not be sat again."""
    before = member.sitting(YEAR)
    if level == "junior" or before is None or before.level != level:
        return PAPERS[level]
    passed = {p for p, mark in before.marks.items() if isinstance(mark, float) and mark >= PASS}
    return tuple(paper for paper in PAPERS[level] if paper not in passed)


def _with_number(casting: Casting, sitting: Sitting) -> Sitting:
    """A certificate that is not printed yet leaves its number blank in the sheet."""
    held = sitting.held
    if held is None or casting.rng.randrange(WITHOUT_NUMBER) or sitting.county == ZHONGNING:
        return sitting
    return Sitting(
        sitting.year, sitting.level, sitting.county, sitting.admission, sitting.marks, _blank(held)
    )


def _blank(held: Held) -> Held:
    return Held(held.level, held.year, "")
