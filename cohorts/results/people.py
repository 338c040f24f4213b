"""Whose rows a workbook holds, and where: the pure matching, asked with what is on record.

Shared by the importers of results, posts and certificates. A bounded number of statements,
however many rows.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Value
from django.db.models.functions import Replace
from django.utils import timezone

from cms.accounts import services as accounts
from cms.accounts.models import Person, PersonQuerySet, Region, RoleGrant, User
from cms.accounts.roles import OFFICERS, REGIONAL
from cms.core.plans import Caution, FileRefused, ImportPlan, Refusal, Unmatched
from cms.core.wording import Message
from cohorts.results.areas import Areas
from cohorts.results.effects import CHANGED
from cohorts.results.matching import Known, Match, Register, Wanted, name_key
from cohorts.results.models import ExamSignUp
from cohorts.results.people_rows import Reading

BATCH = 1000
Row = TypeVar("Row", bound=Any)
KnownPlace = Callable[[Any, int | None], str]


@dataclass(frozen=True)
class Importer:
    """Who writes a file: the areas where that account is an officer, and its own person.

    `areas` None is the command line, which works for the whole site.
    """

    areas: tuple[str, ...] | None = None
    person_id: int | None = None

    def looks_after(self, region: str) -> bool:
        return self.areas is None or region.startswith(self.areas)


IsElsewhere = Callable[[Any, int | None, Importer], bool]


@dataclass(frozen=True)
class Assigned(Generic[Row]):
    """A row with its person (None: new to the platform) and the division it counts in."""

    row: Row
    person_id: int | None
    region: str

    @property
    def line(self) -> int:
        return int(self.row.line)

    @property
    def holder(self) -> int | str:
        """Whose row it is: the person on record, or the identity number of a new one."""
        return self.person_id if self.person_id is not None else str(self.row.id_number)


@dataclass
class Assignment(Generic[Row]):
    """The rows of a file after matching."""

    rows: list[Assigned[Row]]
    refused: list[Refusal]
    unmatched: list[Unmatched]
    warnings: list[Caution]

    def plan(
        self,
        reading: Reading[Row],
        planned: Sequence[Any],
        *,
        kind: str,
        refused: Iterable[Refusal] = (),
        warnings: Iterable[Caution] = (),
    ) -> ImportPlan:
        """The plan of the file; `refused` and `warnings` are what planning found besides."""
        return ImportPlan(
            format=kind,
            found=reading.found,
            rows=tuple(planned),
            refused=tuple(sorted([*self.refused, *refused], key=lambda row: row.line)),
            warnings=tuple(sorted([*self.warnings, *warnings], key=lambda row: row.line)),
            lossy=tuple(reading.lossy),
            changed=sum(row.effect == CHANGED for row in planned),
            unmatched=tuple(self.unmatched),
            unchanged=sum(row.writes_nothing for row in planned),
        )


def known_areas() -> Areas:
    return Areas(dict(Region.objects.values_list("code", "name")))


def home_area(actor: User | None, *, chosen: str | None, now: datetime) -> str:
    """The division of rows that name none: the one that was chosen, else the one that the
    importer looks after; on the command line, the one that all officers together look after.
    Empty where that is not one division.
    """
    if chosen:
        if not Region.objects.filter(code=chosen).exists():
            raise FileRefused(Message("There is no area %(code)s here", code=chosen))
        return chosen
    if actor is not None:
        codes = set(actor.scope.areas(*OFFICERS))
    else:
        grants = RoleGrant.objects.current(timezone.localdate(now)).filter(role__in=REGIONAL)
        codes = {grant.area for grant in grants} - {""}
    shortest = min(codes, key=len, default="")
    return shortest if all(code.startswith(shortest) for code in codes) else ""


def assign(
    reading: Reading[Row],
    matches: Sequence[Match],
    *,
    actor: User | None,
    home: str,
    is_elsewhere: IsElsewhere,
    place: KnownPlace | None = None,
) -> Assignment[Row]:
    """Settle the person and the division of every row; what cannot be settled is refused.

    `is_elsewhere` says whether a row would change or contradict a record that the importer does
    not look after. `place` may know the division of a row that names none, e.g. from an earlier
    import.
    """
    importer = _importer(actor)
    found: Assignment[Row] = Assignment([], list(reading.refused), [], list(reading.warnings))
    at_home: list[int] = []
    for row, matched in zip(reading.rows, matches, strict=True):
        said = getattr(row, "area", "")
        region = said or (place(row, matched.person) if place else "") or home
        problem = (
            matched.reason
            or _barred(row, matched.person, importer, is_elsewhere)
            or _misplaced(region, importer)
        )
        if problem:
            found.refused.append(Refusal(row.line, problem, row.name))
        if matched.reason:
            found.unmatched.append(
                Unmatched(row.line, row.name, matched.candidates, matched.reason)
            )
        if not problem:
            found.rows.append(Assigned(row, matched.person, region))
            at_home += [row.line] if region == home and not said else []
    if at_home:
        found.warnings.append(_taken_home(at_home, home))
    return found


def _importer(actor: User | None) -> Importer:
    if actor is None:
        return Importer()
    return Importer(actor.scope.areas(*OFFICERS), actor.scope.person_id)


def _barred(
    row: Any, person: int | None, importer: Importer, is_elsewhere: IsElsewhere
) -> Message | None:
    """Why this importer may not write the row, whatever it says; with nothing of what is on
    record. Where the row itself names a foreign area, not even that there is a record.
    """
    if importer.areas is None:
        return None
    if person is not None and person == importer.person_id:
        return Message("Nobody imports a row about themselves")
    if said := getattr(row, "area", ""):
        misplaced = _misplaced(said, importer)
        if misplaced:
            return misplaced
    if is_elsewhere(row, person, importer):
        return Message("Another area has a record of this person; ask there")
    return None


def _misplaced(region: str, importer: Importer) -> Message | None:
    if not region:
        return Message("The row names no area: add the column, or choose an area for the file")
    if not importer.looks_after(region):
        return Message("This area is outside the one you look after")
    return None


def _taken_home(lines: Sequence[int], home: str) -> Caution:
    name = Region.objects.get(code=home).name
    reason = Message(
        "%(count)s rows name no area; %(area)s is recorded", count=len(lines), area=name
    )
    return Caution(lines[0], reason)


def match(rows: Sequence[Any], *, actor: User | None) -> list[Match]:
    """One match for each row, in order."""
    wanted = [_wanted(row) for row in rows]
    by_number = accounts.find_persons({row.id_number for row in rows if row.id_number})
    nameless = {name_key(row.name) for row in rows if not row.id_number}
    namesakes = _namesakes(nameless, actor) if nameless else []
    people = {person.pk: person for person in [*by_number.values(), *namesakes]}
    doubtful = _doubtful(rows, by_number) | {person.pk for person in namesakes}
    labels = _labels(doubtful, people, actor)
    admissions = _admissions(person.pk for person in namesakes)
    register = Register(
        Known(
            person=pk,
            name=person.name,
            index=person.id_index,
            label=labels.get(pk, ""),
            admissions=frozenset(admissions.get(pk, ())),
        )
        for pk, person in people.items()
    )
    return [register.find(one) for one in wanted]


def _wanted(row: Any) -> Wanted:
    index = accounts.identity_index(row.id_number) if row.id_number else None
    return Wanted(row.name, index=index, admission_no=getattr(row, "admission_no", ""))


def _reach(actor: User | None) -> PersonQuerySet:
    """The people whose names the importer may learn."""
    people: PersonQuerySet = Person.objects.all()
    return people.across_regions() if actor is None else people.visible_to(actor)


def _namesakes(keys: set[str], actor: User | None) -> list[Person]:
    bare = Replace("name", Value("·"), Value(""))
    return [
        person
        for batch in batches(sorted(keys))
        for person in _reach(actor).annotate(bare_name=bare).filter(bare_name__in=batch)
    ]


def _doubtful(rows: Sequence[Any], by_number: dict[str, Person]) -> set[int]:
    """People on record under another name than the row gives to their number."""
    found = ((by_number.get(row.id_number), row.name) for row in rows)
    return {p.pk for p, name in found if p is not None and name_key(p.name) != name_key(name)}


def _labels(pks: set[int], people: dict[int, Person], actor: User | None) -> dict[int, str]:
    """Name, unit and masked number, of those whom the importer may see."""
    if not pks:
        return {}
    visible = set(_reach(actor).filter(pk__in=pks).values_list("pk", flat=True))
    sign_ups = ExamSignUp.objects.all()
    sign_ups = sign_ups.across_regions() if actor is None else sign_ups.visible_to(actor)
    units = dict(
        sign_ups.filter(person__in=visible)
        .order_by("exam_year")
        .values_list("person", "organisation")
    )
    parts = {pk: (people[pk].name, units.get(pk, ""), people[pk].masked_identity) for pk in visible}
    return {pk: " · ".join(part for part in own if part) for pk, own in parts.items()}


def _admissions(pks: Iterable[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    sign_ups = ExamSignUp.objects.across_regions().exclude(admission_no="")
    for batch in batches(list(pks)):
        for pk, number in sign_ups.filter(person__in=batch).values_list("person", "admission_no"):
            found.setdefault(pk, set()).add(number)
    return found


def ensure_people(rows: Iterable[Assigned[Row]], *, source: str, now: datetime) -> dict[int, int]:
    """`id(assigned)` → person; people new to the platform are made, all are tied to the area."""
    assigned = list(rows)
    numbered = [
        accounts.PersonRow(id_number=a.row.id_number, name=a.row.name, region=a.region)
        for a in assigned
        if a.row.id_number
    ]
    people = accounts.ensure_persons(numbered, source=source, now=now)
    others = {a.person_id for a in assigned if not a.row.id_number}
    by_pk = Person.objects.across_regions().in_bulk([pk for pk in others if pk is not None])
    ties = [(by_pk[a.person_id], a.region) for a in assigned if a.person_id in by_pk]
    accounts.tie_persons_to_regions(ties, source=source)
    return {
        id(a): people[a.row.id_number].pk if a.row.id_number else int(a.person_id or 0)
        for a in assigned
    }


def batches(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Parts that fit into one statement."""
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]
