"""Who is who in the founding story: the people behind the published figures of 中卫市.

In 2023, 80 people passed 初级 and 19 passed 中级; at the end of that year 329 held 初级 and 101
中级 as their highest certificate. 260 people held 初级 only when the year began; 11 of them
passed 中级 (260 − 11 + 80 = 329). 82 people held 中级 already (82 + 19 = 101).
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from cms.demo.people import (
    MIDDLE_DOT_NAME,
    NAMESAKES,
    RARE_SIGN_NAME,
    TRAINEE_NAME,
    Person,
    Population,
)
from cms.demo.places import COUNTY_NAMES, HAIYUAN, SHAPOTOU, ZHONGNING, Employer, employers
from cms.demo.sittings import PAPERS, ExamOffice, Held, Marker, Sitting

EARLIER_JUNIOR = {SHAPOTOU: 134, ZHONGNING: 82, HAIYUAN: 44}  # 260
EARLIER_INTERMEDIATE = {SHAPOTOU: 45, ZHONGNING: 25, HAIYUAN: 12}  # 82
NEW_JUNIOR = {SHAPOTOU: 43, ZHONGNING: 24, HAIYUAN: 13}  # 80
RISEN = {SHAPOTOU: 7, ZHONGNING: 3, HAIYUAN: 1}  # 11 of those who held 初级 passed 中级
FRESH_INTERMEDIATE = {SHAPOTOU: 4, ZHONGNING: 3, HAIYUAN: 1}  # 8 passed 中级 without 初级
FAILED_JUNIOR = {SHAPOTOU: 20, ZHONGNING: 14, HAIYUAN: 7}
SHORT_OF_INTERMEDIATE = {SHAPOTOU: 33, ZHONGNING: 20, HAIYUAN: 11}  # hold 初级, missed 中级
SHORT_WITHOUT_CERTIFICATE = {SHAPOTOU: 3, ZHONGNING: 2, HAIYUAN: 1}

YEAR = 2023
REGISTER_YEARS = {2015: 1, 2016: 2, 2017: 2, 2018: 4, 2019: 6, 2020: 6, 2021: 7}
OF_2022 = 28  # of the 260, in the order of the register
INTERMEDIATE_OF_2022 = 9  # of the 82
WITH_BOTH = 45  # of the 82 also have a 初级 certificate on the register
BY_TWO_YEARS = {SHAPOTOU: 6, ZHONGNING: 3, HAIYUAN: 1}  # of the 19, with subjects of 2022
KIND_WEIGHTS = {
    "community": 60, "station": 24, "agency": 6, "government": 4, "guidance_centre": 3,
    "village_room": 3,
}  # fmt: skip
TITLES = {
    "community": ("社区工作者", "社区党支部委员", "社区网格员", "居委会委员", "居委会副主任"),
    "station": ("驻站社工", "站长", "督导助理"),
    "agency": ("项目社工", "项目主管"),
    "government": ("科员",),
    "guidance_centre": ("指导员",),
    "village_room": ("村社工",),
}


@dataclass(frozen=True)
class Job:
    """A post; `to_on` is the last day, None while it lasts."""

    employer: Employer
    title: str
    from_on: date
    to_on: date | None
    appointed: bool


@dataclass
class Member:
    """One person of the story with everything that is on record about them."""

    person: Person
    county: str
    jobs: list[Job] = field(default_factory=list)
    register: list[Held] = field(default_factory=list)
    sittings: list[Sitting] = field(default_factory=list)

    @property
    def employer(self) -> Employer:
        """Where the person works now."""
        return self.jobs[-1].employer

    def sitting(self, year: int) -> Sitting | None:
        """The sitting of a year, if there was one."""
        return next((s for s in self.sittings if s.year == year), None)


@dataclass
class Cast:
    """All members by the part they play."""

    earlier_junior: list[Member]
    earlier_intermediate: list[Member]
    new_junior: list[Member]
    new_intermediate: list[Member]
    failed_junior: list[Member]
    short_of_intermediate: list[Member]

    def everyone(self) -> list[Member]:
        """Each member once: those who rose from 初级 stand in two parts."""
        parts = (
            *self.earlier_junior,
            *self.earlier_intermediate,
            *self.new_junior,
            *self.new_intermediate,
            *self.failed_junior,
            *self.short_of_intermediate,
        )
        return list({id(member): member for member in parts}.values())

    def sat_in(self, year: int) -> list[Member]:
        """Those with a result in that year, county by county, 中级 first."""
        sat = [(m, s) for m in self.everyone() if (s := m.sitting(year))]
        sat.sort(key=lambda pair: (pair[1].county, pair[1].level, pair[1].admission))
        return [member for member, _sitting in sat]


@dataclass
class Casting:
    """Casts the story with one source of chance."""

    rng: random.Random

    def __post_init__(self) -> None:
        """Open the offices that give out people, numbers and marks."""
        self.population = Population(self.rng)
        self.office = ExamOffice(self.rng)
        self.marker = Marker(self.rng)
        self.units = {county: employers(county) for county in COUNTY_NAMES}

    def cast(self) -> Cast:
        """Return everybody, with the figures of the module's heading."""
        earlier_junior = self.earlier_junior()
        earlier_intermediate = self.earlier_intermediate()
        free = [m for m in earlier_junior if m.register[0].year < 2022]
        risen = _take(free, RISEN)
        short = _take([m for m in free if m not in risen], SHORT_OF_INTERMEDIATE)
        fresh = self.newcomers(FRESH_INTERMEDIATE)
        short += self.newcomers(SHORT_WITHOUT_CERTIFICATE)
        new_intermediate = [*fresh, *risen]
        for county in COUNTY_NAMES:
            own = [m for m in new_intermediate if m.county == county]
            for place, member in enumerate(own):
                self.pass_intermediate(member, by_two_years=place < BY_TWO_YEARS[county])
        for place, member in enumerate(short):
            self.miss_intermediate(member, place)
        cast = Cast(
            earlier_junior,
            earlier_intermediate,
            self.new_junior(),
            new_intermediate,
            self.failed_junior(),
            short,
        )
        _rename(cast)
        return cast

    # --- people and posts -------------------------------------------------------------------------
    def newcomers(self, numbers: dict[str, int]) -> list[Member]:
        """New people of each county, with a post."""
        return [self.newcomer(county) for county, many in numbers.items() for _ in range(many)]

    def newcomer(self, county: str) -> Member:
        """One new person; a few have changed units, a few work in another county."""
        member = Member(self.population.born(county), county)
        from_on = date(2015, 3, 1) + timedelta(days=31 * self.rng.randrange(94))
        from_on = from_on.replace(day=1)
        if self.rng.random() < 0.05:
            left_on = from_on - timedelta(days=1)
            member.jobs.append(self.job(county, from_on - timedelta(days=700), left_on))
        moved = self.rng.random() < 0.02
        workplace = self.rng.choice(list(COUNTY_NAMES)) if moved else county
        member.jobs.append(self.job(workplace, from_on, None))
        return member

    def job(self, county: str, from_on: date, to_on: date | None) -> Job:
        """A post in the county; communities appoint most of their people."""
        kind = self.rng.choices(list(KIND_WEIGHTS), weights=list(KIND_WEIGHTS.values()))[0]
        employer = self.rng.choice(self.units[county][kind])
        appointed = kind == "community" and self.rng.random() < 0.85
        return Job(employer, self.rng.choice(TITLES[kind]), from_on, to_on, appointed)

    # --- certificates of earlier years ------------------------------------------------------------
    def earlier_junior(self) -> list[Member]:
        """The 260 who held 初级 and nothing higher when 2023 began."""
        members = self.newcomers(EARLIER_JUNIOR)
        late = self.rng.sample(range(len(members)), OF_2022)
        for place, member in enumerate(members):
            year = 2022 if place in late else self._register_year()
            self._hold(member, "junior", year)
        return members

    def earlier_intermediate(self) -> list[Member]:
        """The 82 who held 中级 already; many hold 初级 of an earlier year as well."""
        members = self.newcomers(EARLIER_INTERMEDIATE)
        late = self.rng.sample(range(len(members)), INTERMEDIATE_OF_2022)
        both = self.rng.sample(range(len(members)), WITH_BOTH)
        for place, member in enumerate(members):
            year = 2022 if place in late else max(self._register_year(), 2017)
            if place in both:
                self._hold(member, "junior", year - 2)
            self._hold(member, "intermediate", year)
        return members

    def _register_year(self) -> int:
        return self.rng.choices(list(REGISTER_YEARS), weights=list(REGISTER_YEARS.values()))[0]

    def _hold(self, member: Member, level: str, year: int) -> None:
        """A certificate on the register; where it is of 2022, its results are known too."""
        if year < 2022:
            member.register.append(self.office.certificate(level, year, member.county))
            return
        marks = self.marker.all_passed(PAPERS[level])
        sitting = self.office.passed(level, year, member.county, marks)
        member.sittings.append(sitting)
        if sitting.held:
            member.register.append(sitting.held)

    # --- the exams of 2022 and 2023 ---------------------------------------------------------------
    def new_junior(self) -> list[Member]:
        """The 80: both subjects in 2023; some had failed in 2022."""
        members = self.newcomers(NEW_JUNIOR)
        for place, member in enumerate(members):
            if place % 7 == 3:
                self._fail_junior(member, 2022, place)
            marks = self.marker.all_passed(PAPERS["junior"])
            member.sittings.append(self.office.passed("junior", YEAR, member.county, marks))
        return members

    def failed_junior(self) -> list[Member]:
        """Failed, absent or excluded in 2023."""
        members = self.newcomers(FAILED_JUNIOR)
        for place, member in enumerate(members):
            if place % 5 == 2:
                self._fail_junior(member, 2022, place)
            self._fail_junior(member, YEAR, place)
        return members

    def _fail_junior(self, member: Member, year: int, place: int) -> None:
        marker = self.marker
        near = marker.failing() if member.county == HAIYUAN else marker.near_miss()
        marks = (
            {"general": marker.passing(), "practice": near},
            {"general": near, "practice": marker.failing()},
            {"general": marker.failing(), "practice": marker.passing()},
            {"general": -1, "practice": -1},
            {"general": marker.failing(), "practice": marker.failing()},
            {"general": marker.passing(), "practice": -1},
            {"general": -2, "practice": marker.failing()},
        )[place % 7]
        member.sittings.append(self.office.sat("junior", year, member.county, marks))

    def pass_intermediate(self, member: Member, *, by_two_years: bool) -> None:
        """Three subjects in 2023, or some in 2022 and the others in 2023 (rolling window)."""
        papers, marker, county = PAPERS["intermediate"], self.marker, member.county
        left = papers
        if by_two_years:
            left = tuple(self.rng.sample(papers, self.rng.choice((1, 2))))
            first = marker.all_but(papers, left)
            member.sittings.append(self.office.sat("intermediate", YEAR - 1, county, first))
        marks = marker.all_passed(left)
        member.sittings.append(self.office.passed("intermediate", YEAR, county, marks))

    def miss_intermediate(self, member: Member, place: int) -> None:
        """One paper is passed in neither year; of the others some count on into 2024."""
        papers, marker, county = PAPERS["intermediate"], self.marker, member.county
        never = self.rng.choice(papers)
        if place % 4 == 1:
            first = marker.all_but(papers, {never, self.rng.choice(papers)})
            member.sittings.append(self.office.sat("intermediate", YEAR - 1, county, first))
        also = {self.rng.choice(papers), never}
        marks = marker.all_but(papers, also)
        if place % 9 == 4:
            marks = dict.fromkeys(papers, -1)
        elif place % 9 == 7:
            marks[never] = -1
        elif place == 20:
            marks[never] = -2
        member.sittings.append(self.office.sat("intermediate", YEAR, county, marks))


def _take(members: Iterable[Member], numbers: dict[str, int]) -> list[Member]:
    """The first so many of each county."""
    left, taken = dict(numbers), []
    for member in members:
        if left[member.county]:
            left[member.county] -= 1
            taken.append(member)
    return taken


def _rename(cast: Cast) -> None:
    """The names that make lists difficult: two pairs of namesakes, a middle dot, a rare sign."""
    in_town, in_county = (
        [m for m in cast.new_intermediate if m.county == code and not m.person.is_male]
        for code in (SHAPOTOU, ZHONGNING)
    )
    women = [m for m in cast.new_junior if not m.person.is_male]
    men = [m for m in cast.new_junior if m.person.is_male]
    failed_men = [m for m in cast.failed_junior if m.person.is_male]
    for member, name in (
        (next(m for m in in_town if _is_appointed_at_home(m)), TRAINEE_NAME),
        (in_town[-1], NAMESAKES[0]),
        (in_county[-1], NAMESAKES[0]),
        (in_town[-2], RARE_SIGN_NAME),
        (women[0], MIDDLE_DOT_NAME),
        (men[0], NAMESAKES[1]),
        (failed_men[0], NAMESAKES[1]),
    ):
        member.person = replace(member.person, name=name)


def _is_appointed_at_home(member: Member) -> bool:
    return member.jobs[-1].appointed and member.employer.county == member.county
