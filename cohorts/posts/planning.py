"""What a posts workbook would change: its rows held against what is on record. Reads only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cms.accounts.models import PersonRegion
from cms.core.sheet_cells import CellRefused
from cohorts.posts.models import Appraisal, InsuranceMonth, Post
from cohorts.posts.sheet import AppraisalRow, InsuranceRow, PostRow, PostsRow
from cohorts.results.areas import Areas
from cohorts.results.effects import CHANGED, NEW, SAME
from cohorts.results.matching import Match
from cohorts.results.people import Assigned, Importer, batches


@dataclass(frozen=True)
class PlannedPost:
    """A row that would be taken. `known` is the post or appraisal it speaks of, where there is
    one; `news` the columns in which it says something else.
    """

    assigned: Assigned[PostsRow]
    effect: str
    known: Post | Appraisal | None = None
    news: dict[str, Any] = field(default_factory=dict)

    @property
    def line(self) -> int:
        return self.assigned.line

    @property
    def row(self) -> PostsRow:
        return self.assigned.row

    @property
    def writes_nothing(self) -> bool:
        return self.effect == SAME


@dataclass
class OnRecord:
    """What is known of the people of a file, each fact by what makes it one of its kind."""

    posts: dict[tuple[int, str, date], Post] = field(default_factory=dict)
    appraisals: dict[tuple[int, int], Appraisal] = field(default_factory=dict)
    months: dict[tuple[int, str], str] = field(default_factory=dict)  # to the area that said so
    ties: dict[int, set[str]] = field(default_factory=dict)

    def is_elsewhere(self, row: PostsRow, person: int | None, importer: Importer) -> bool:
        """Does the row speak of a fact that is kept where the importer is no officer?"""
        if person is None:
            return False
        if isinstance(row, PostRow):
            post = self.posts.get((person, row.unit, row.from_on))
            return post is not None and not importer.looks_after(str(post.organisation.region_id))
        if isinstance(row, InsuranceRow):
            areas = {self.months.get((person, month)) for month in row.months} - {None}
            return not all(importer.looks_after(str(area)) for area in areas)
        is_known = (person, row.year) in self.appraisals
        return is_known and not any(map(importer.looks_after, self._workplaces(person, row.year)))

    def _workplaces(self, person: int, year: int) -> set[str]:
        """Areas that an appraisal belongs to, which names none itself: those of the posts of the
        year; where no post is known, those that the person is tied to.
        """
        own = [post for (p, _, _), post in self.posts.items() if p == person]
        areas = {
            str(post.organisation.region_id)
            for post in own
            if post.from_on.year <= year and (post.to_on is None or post.to_on.year >= year)
        }
        return areas or self.ties.get(person, set())


def on_record(matches: Sequence[Match]) -> OnRecord:
    """Four statements for each thousand people."""
    record = OnRecord()
    for batch in batches(sorted({m.person for m in matches if m.person is not None})):
        posts = Post.objects.across_regions().filter(person__in=batch)
        for post in posts.select_related("organisation"):
            record.posts[post.person_id, post.organisation.name, post.from_on] = post
        for appraisal in Appraisal.objects.across_regions().filter(person__in=batch):
            record.appraisals[appraisal.person_id, appraisal.year] = appraisal
        months = InsuranceMonth.objects.across_regions().filter(person__in=batch)
        for person, month, area in months.values_list("person", "month", "region"):
            record.months[person, month] = area
        ties = PersonRegion.objects.filter(person__in=batch)
        for person, area in ties.values_list("person", "region"):
            record.ties.setdefault(person, set()).add(area)
    return record


@dataclass
class Places:
    """Where a row belongs that names no area: by its unit's name, an earlier post, or the
    appointment of the same person in the same file.
    """

    areas: Areas
    record: OnRecord
    in_file: dict[str, str] = field(default_factory=dict)

    def learn(self, rows: Iterable[PostsRow]) -> None:
        for row in rows:
            if isinstance(row, PostRow):
                place = row.area or self._by_name(row.unit)
                self.in_file.setdefault(row.id_number, place)

    def __call__(self, row: PostsRow, person: int | None) -> str:
        if isinstance(row, PostRow):
            known = self.record.posts.get((person or 0, row.unit, row.from_on))
            return str(known.organisation.region_id) if known else self._by_name(row.unit)
        own = [post for (p, _, _), post in self.record.posts.items() if p == person]
        newest = max(own, key=lambda post: post.from_on, default=None)
        earlier = str(newest.organisation.region_id) if newest else ""
        return self.in_file.get(row.id_number, "") or earlier

    def _by_name(self, unit: str) -> str:
        """中宁县宁安镇社工站 says where it is; most names do not."""
        try:
            return self.areas.code_of(unit) or ""
        except CellRefused:
            return ""


def plan_rows(rows: Iterable[Assigned[PostsRow]], record: OnRecord) -> list[PlannedPost]:
    """The effect of every row; a repeat inside the file has none."""
    seen: set[tuple[Any, ...]] = set()
    planned = []
    for assigned in rows:
        key = _key(assigned)
        found = _planned(assigned, record)
        planned.append(PlannedPost(assigned, SAME) if key in seen else found)
        seen.add(key)
    return planned


def _key(assigned: Assigned[PostsRow]) -> tuple[Any, ...]:
    who, row = assigned.holder, assigned.row
    if isinstance(row, PostRow):
        return (who, row.unit, row.from_on)
    return (who, row.year) if isinstance(row, AppraisalRow) else (who, row.months)


def _planned(assigned: Assigned[PostsRow], record: OnRecord) -> PlannedPost:
    row, person = assigned.row, assigned.person_id or 0
    if isinstance(row, InsuranceRow):
        paid = all((person, month) in record.months for month in row.months)
        return PlannedPost(assigned, SAME if paid else NEW)
    if isinstance(row, AppraisalRow):
        return _compared(assigned, record.appraisals.get((person, row.year)), grade=row.grade)
    known = record.posts.get((person, row.unit, row.from_on))
    found = _compared(
        assigned, known, title=row.title[:60], to_on=row.to_on, appointed=row.appointed
    )
    moved = known is not None and row.area and row.area != known.organisation.region_id
    return PlannedPost(assigned, CHANGED, known, found.news) if moved else found


def _compared(
    assigned: Assigned[PostsRow], known: Post | Appraisal | None, **said: Any
) -> PlannedPost:
    """A blank cell is no news: it erases nothing."""
    if known is None:
        return PlannedPost(assigned, NEW)
    news = {
        name: value
        for name, value in said.items()
        if value not in ("", None) and value != getattr(known, name)
    }
    return PlannedPost(assigned, CHANGED if news else SAME, known, news)
