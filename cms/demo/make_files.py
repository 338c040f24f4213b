"""Write the workbooks of the founding story: `python -m cms.demo.make_files [FOLDER]`.

The same seed gives the same bytes; the files are kept in the repository, because they are also
what a person uploads to try the imports by hand.
"""

import random
import sys
from collections.abc import Mapping
from pathlib import Path

from cms.demo.cast import Cast, Casting, Member
from cms.demo.places import ZHONGNING
from cms.demo.sittings import PAPERS, Sitting
from cms.demo.turnout import PARTLY_REPORTED, candidates, newcomers
from cms.demo.workbooks import Clerk
from cms.demo.workbooks_later import LaterClerk

SEED = 2023
FILES = Path(__file__).parent / "files"
LATER_YEAR = 2025


def make(rng: random.Random) -> Mapping[str, bytes]:
    """Return every workbook of the story by file name."""
    casting = Casting(rng)
    cast = casting.cast()
    later = later_sittings(casting, cast)
    clerk, later_clerk = Clerk(rng), LaterClerk(rng)
    files = {
        "certificates-2022.xlsx": clerk.register(cast),
        "results-2022.xlsx": clerk.results(cast, 2022),
        "results-2023.xlsx": clerk.results_with_mess(cast, 2023),
        "posts-2023.xlsx": later_clerk.posts(cast),
        "payees-2023.xlsx": later_clerk.payees(cast),
        "results-2025-zhongning.xlsx": clerk.later_results(later, LATER_YEAR),
    }
    # After all others, so that what was there before 2024 was added stays as it was.
    turnout = candidates(casting, cast)
    files["results-2024.xlsx"] = clerk.partly_reported(turnout, PARTLY_REPORTED)
    files["posts-2024.xlsx"] = later_clerk.new_posts(newcomers(turnout, cast))
    return files


def later_sittings(casting: Casting, cast: Cast) -> list[tuple[Member, Sitting]]:
    """中宁县 in 2025: three pass 中级, two pass 初级; their certificates are still to come."""
    short = [m for m in cast.short_of_intermediate if m.county == ZHONGNING]
    failed = [m for m in cast.failed_junior if m.county == ZHONGNING]
    new = [casting.newcomer(ZHONGNING) for _ in range(2)]
    return [
        *_sat_again(casting, short[:3], "intermediate", passing=True),
        *_sat_again(casting, short[3:8], "intermediate", passing=False),
        *_sat_again(casting, failed[:2], "junior", passing=True),
        *_sat_again(casting, [*failed[2:4], *new], "junior", passing=False),
    ]


def _sat_again(
    casting: Casting, members: list[Member], level: str, *, passing: bool
) -> list[tuple[Member, Sitting]]:
    papers = PAPERS[level]
    failed = () if passing else papers[:1]
    return [
        (m, casting.office.sat(level, LATER_YEAR, m.county, casting.marker.all_but(papers, failed)))
        for m in members
    ]


def main(folder: Path = FILES) -> None:
    """Write the files into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in make(random.Random(SEED)).items():  # noqa: S311 -- nothing secret
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
