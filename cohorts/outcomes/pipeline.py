"""A class on its way: on the register → attended → signed up → reported → sat → passed.

The register is the frozen list (nobody leaves a denominator afterwards). What nobody has told us
yet is unknown and not zero: before the sign-ups of a class are known, no stage after them is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from cohorts.outcomes.rates import SMALLEST_N, Counts, Rate, pass_rate, share

STAGES = ("register", "attended", "signed_up", "reported", "sat", "passed")
AFTER_SIGN_UP = ("signed_up", "reported", "sat", "passed")
MISSING = "missing"  # signed up, and no result is known
FIGURES = (*STAGES, MISSING)


@dataclass(frozen=True)
class Member:
    """One person of a class. `attended` is None before the first session was held."""

    enrolment: int
    person: int
    county: str
    unit: str
    attended: bool | None = None
    signed_up: bool = False
    reported: bool = False
    sat: bool = False
    passed: bool = False

    def stands_at(self, figure: str) -> bool:
        if figure == MISSING:
            return self.signed_up and not self.reported
        return figure == "register" or bool(getattr(self, figure))


@dataclass(frozen=True)
class Stage:
    """How many came as far as this; `count` is None where it is not known yet."""

    name: str
    count: int | None


@dataclass(frozen=True)
class ClassRate:
    """A rate of a class with the two stages it divides; `rate` is None while one is unknown."""

    part: str
    whole: str
    rate: Rate | None


@dataclass(frozen=True)
class Pipeline:
    """The counts of some members of a class: of all, or of one county or unit."""

    members: Sequence[Member]
    sessions_held: int
    signed_up_known: bool

    def people(self, figure: str) -> list[Member]:
        return [member for member in self.members if member.stands_at(figure)]

    def count(self, name: str) -> int | None:
        if name == "attended" and not self.sessions_held:
            return None
        if name in AFTER_SIGN_UP and not self.signed_up_known:
            return None
        return len(self.people(name))

    @property
    def stages(self) -> list[Stage]:
        return [Stage(name, self.count(name)) for name in STAGES]

    @property
    def results(self) -> Counts:
        """Those who signed up, as the board of an area counts them."""
        return Counts(
            registered=len(self.people("signed_up")),
            reported=len(self.people("reported")),
            sat=len(self.people("sat")),
            passed=len(self.people("passed")),
        )

    @property
    def rates(self) -> list[ClassRate]:
        """Every rate with its named denominator; the headline, passed ÷ sat, first."""
        register, counts = len(self.members), self.results
        attended = self.count("attended")
        known = self.signed_up_known
        return [
            ClassRate("passed", "sat", pass_rate(counts) if known else None),
            ClassRate("passed", "signed_up", pass_rate(counts, "registered") if known else None),
            ClassRate(
                "passed",
                "register",
                share(counts.passed, register, missing=counts.missing) if known else None,
            ),
            ClassRate(
                "sat",
                "signed_up",
                share(counts.sat, counts.registered, missing=counts.missing) if known else None,
            ),
            ClassRate(
                "signed_up", "register", share(counts.registered, register) if known else None
            ),
            ClassRate(
                "attended", "register", None if attended is None else share(attended, register)
            ),
        ]

    def parted(self, by: Callable[[Member], str]) -> dict[str, "Pipeline"]:
        """The same figures for each county or each unit."""
        found: dict[str, list[Member]] = {}
        for member in self.members:
            found.setdefault(by(member), []).append(member)
        return {
            name: Pipeline(own, self.sessions_held, self.signed_up_known)
            for name, own in sorted(found.items())
        }


OTHERS = "…"  # the key of the parts that are too small to stand alone


def small_together(parts: Mapping[str, Pipeline]) -> dict[str, Pipeline]:
    """Parts of at least ten members; the smaller ones as one.

    Of three colleagues with one pass, everybody in the unit knows who failed. Where the small ones
    are fewer than ten even together, the smallest of the others joins them, or the difference to
    the whole would give them away.
    """
    by_size = sorted(parts.items(), key=lambda part: len(part[1].members))
    others: list[tuple[str, Pipeline]] = []
    while by_size and (len(by_size[0][1].members) < SMALLEST_N or 0 < _size(others) < SMALLEST_N):
        others.append(by_size.pop(0))
    found = dict(sorted(by_size))
    if others:
        first = others[0][1]
        members = [one for _name, part in others for one in part.members]
        found[OTHERS] = Pipeline(members, first.sessions_held, first.signed_up_known)
    return found


def _size(parts: Sequence[tuple[str, Pipeline]]) -> int:
    return sum(len(part.members) for _name, part in parts)


def has_attended(kinds: Mapping[int, str], sessions_held: int) -> bool | None:
    """At least half of the sessions held; `kinds` gives the row that counts, by session."""
    if not sessions_held:
        return None
    return 2 * sum(kind == "present" for kind in kinds.values()) >= sessions_held


def expected_on(exam_ends_on: date, earlier: Sequence[tuple[date, date]]) -> date | None:
    """When results may come: as many days after the exam as in the median of the years known.

    `earlier` gives the last exam day and the day of the results of those years.
    """
    if not earlier:
        return None
    days = median((out - ended).days for ended, out in earlier)
    return exam_ends_on + timedelta(days=round(days))
