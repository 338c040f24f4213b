"""Who is in the classes of the story: people of the earlier exams, and some who are new."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from cms.accounts.models import Organisation, Person, User
from cms.accounts.services import (
    PersonRow,
    ensure_persons,
    grant_role,
    link_account,
    open_account,
)
from cms.demo.people import TRAINEE_NAME, Population
from cms.demo.places import HAIYUAN, SHAPOTOU, ZHONGNING
from cohorts.certificates.models import Certificate
from cohorts.posts.models import Post
from cohorts.results.models import ExamSignUp

COMING_BACK = {SHAPOTOU: 22, ZHONGNING: 15, HAIYUAN: 9}
NEW = {SHAPOTOU: 14, ZHONGNING: 11, HAIYUAN: 8}
OPEN_COUNTIES = (SHAPOTOU, ZHONGNING, HAIYUAN)


@dataclass(frozen=True)
class Member:
    """Somebody of a class with the county and unit they come from."""

    person: Person
    county: str
    unit: Organisation | None
    user: User | None = None


def signed_up(year: int, level: str, county: str = "") -> list[Member]:
    """Everybody who signed up for that exam, in the order of the records."""
    rows = ExamSignUp.objects.across_regions().filter(exam_year=year, level=level)
    if county:
        rows = rows.filter(region=county)
    people = [(row.person, str(row.region_id)) for row in rows.select_related("person")]
    return _with_units(people)


def still_without(level: str, years: Iterable[int], county: str) -> list[Member]:
    """Those who tried in one of these years and hold no certificate of any level."""
    holders = Certificate.objects.across_regions().values("person")
    rows = ExamSignUp.objects.across_regions().filter(
        exam_year__in=list(years), level=level, region=county
    )
    tried = rows.exclude(person__in=holders).select_related("person").order_by("-exam_year", "pk")
    people = {row.person_id: (row.person, county) for row in tried}
    return _with_units([pair for pair in people.values() if pair[0].user_id is None])


def newcomers(rng: random.Random, *, now: datetime) -> list[Member]:
    """People of whom no register knows yet, working in units of their county."""
    population = Population(rng)
    found: list[Member] = []
    for county, many in NEW.items():
        born = [population.born(county) for _ in range(many)]
        rows = [
            PersonRow(id_number=p.id_number, name=p.name, region=county, phone=p.phone)
            for p in born
        ]
        known = ensure_persons(rows, source="staff", now=now)
        units = list(Organisation.objects.filter(region=county, kind__in=["community", "station"]))
        found += [
            Member(known[row.id_number], county, rng.choice(units) if units else None)
            for row in rows
        ]
    return found


def trainee() -> Member:
    """The person behind the demo's own trainee."""
    person = Person.objects.across_regions().get(name=TRAINEE_NAME)
    member = _with_units([(person, SHAPOTOU)])[0]
    return Member(person, _county_of(member), member.unit, person.user)


def with_account(member: Member, number: int, *, actor: User, now: datetime) -> Member:
    """The same person with an account of their own; nobody knows its password."""
    user, _created = open_account(username=f"xueyuan-{number:03d}", name=member.person.name)
    grant_role(user=user, role="trainee", valid_from=timezone.localdate(now))
    link_account(person=member.person, user=user, actor=actor, now=now)
    return Member(member.person, member.county, member.unit, user)


def _county_of(member: Member) -> str:
    return str(member.unit.region_id) if member.unit else member.county


def _with_units(people: list[tuple[Person, str]]) -> list[Member]:
    """The unit is that of the last post on record."""
    persons = [person.pk for person, _county in people]
    posts = Post.objects.across_regions().filter(person__in=persons).order_by("from_on", "pk")
    units = {post.person_id: post.organisation for post in posts.select_related("organisation")}
    return [Member(person, county, units.get(person.pk)) for person, county in people]
