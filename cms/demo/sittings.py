"""Sittings of the exam: made-up scores with a wanted outcome, certificates with made-up numbers."""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

Mark = float | str  # points, or a word for what is no score

PAPERS = {"junior": ("general", "practice"), "intermediate": ("general", "practice", "law")}
LEVEL_DIGIT = {"junior": "1", "intermediate": "2"}
# Last exam day of the year: the day the certificates are dated.
EXAM_DAYS = {
    2015: date(2015, 6, 14),
    2016: date(2016, 6, 19),
    2017: date(2017, 6, 18),
    2018: date(2018, 6, 10),
    2019: date(2019, 6, 23),
    2020: date(2020, 11, 1),
    2021: date(2021, 10, 17),
    2022: date(2022, 6, 19),
    2023: date(2023, 6, 11),
    2024: date(2024, 6, 16),
    2025: date(2025, 5, 25),
}
PASS, FULL = 60, 100


@dataclass(frozen=True)
class Held:
    """A certificate: number and approval date as printed on it."""

    level: str
    year: int
    number: str

    @property
    def approved_on(self) -> date:
        """Certificates are dated by the last day of the exam."""
        return EXAM_DAYS[self.year]


@dataclass(frozen=True)
class Sitting:
    """One year of one person; a paper that is not in `marks` was not signed up for."""

    year: int
    level: str
    county: str
    admission: str
    marks: Mapping[str, Mark]
    held: Held | None = None  # the certificate it led to


@dataclass
class ExamOffice:
    """Gives out admission and certificate numbers, each once."""

    rng: random.Random
    _issued: int = 0
    _admitted: int = 0

    def certificate(self, level: str, year: int, county: str) -> Held:
        """A number of the usual length that names the year, the level and the place."""
        self._issued += 1
        month = EXAM_DAYS[year].month
        serial = f"{self._issued:05d}{self.rng.randrange(100):02d}"
        return Held(level, year, f"{year}{month:02d}066{LEVEL_DIGIT[level]}{county}{serial}")

    def sat(self, level: str, year: int, county: str, marks: Mapping[str, Mark]) -> Sitting:
        """A sitting without a certificate."""
        return Sitting(year, level, county, self._admission(year, county), marks)

    def passed(self, level: str, year: int, county: str, marks: Mapping[str, Mark]) -> Sitting:
        """The sitting that completes the level."""
        held = self.certificate(level, year, county)
        return Sitting(year, level, county, self._admission(year, county), marks, held)

    def _admission(self, year: int, county: str) -> str:
        self._admitted += 1
        return f"66{county[2:]}{year % 100:02d}{self._admitted:05d}"


@dataclass
class Marker:
    """Draws marks; the exam's own steps of half a point."""

    rng: random.Random

    def passing(self) -> float:
        """60 and a little more, seldom much more."""
        return _half_steps(self.rng.triangular(PASS, 88, 66))

    def failing(self) -> float:
        """Below the line, and below any separate line there may be."""
        return _half_steps(self.rng.triangular(26, 49, 44))

    def near_miss(self) -> float:
        """Below the national line by a few answers."""
        return _half_steps(self.rng.triangular(54, 59.5, 58))

    def all_passed(self, papers: Collection[str]) -> dict[str, Mark]:
        """Every one of these papers passed."""
        return {paper: self.passing() for paper in papers}

    def all_but(self, papers: Collection[str], failed: Collection[str]) -> dict[str, Mark]:
        """These papers, of which some are failed."""
        return {paper: self.failing() if paper in failed else self.passing() for paper in papers}


def _half_steps(points: float) -> float:
    return int(points * 2) / 2
