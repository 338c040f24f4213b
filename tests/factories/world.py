"""Three counties with people, results, certificates, claims and money, and everybody who may look.

What stands under `objects` belongs to 沙坡头区 (640502) and to the trainee `trainee_owner`.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.test import Client

from cms.accounts.models import Person, User
from cms.core.models import StagedImport
from cohorts.subsidies import services as money
from tests.factories import exam, people
from tests.factories.people import CANARY, NOW, SHAPOTOU, TAISHUN, ZHONGNING, ZHONGWEI

POLICY = Path(__file__).parents[2] / "cohorts/subsidies/policies/zhongwei-2023.json"
OFFICERS = {
    "county_own": ("county_officer", SHAPOTOU),
    "township": ("township_officer", SHAPOTOU),
    "county_sibling": ("county_officer", ZHONGNING),
    "county_far": ("county_officer", TAISHUN),
    "city": ("city_officer", ZHONGWEI),
    "finance": ("finance_officer", ZHONGWEI),
    "auditor": ("auditor", ZHONGWEI),
    "organiser": ("organiser", None),
    "instructor": ("instructor", None),
    "editor": ("editor", None),
    "site_admin": ("site_admin", None),
}
# Whose people each visitor may read about; everybody else may read about nobody.
MAY_READ = {
    "county_own": {SHAPOTOU},
    "township": {SHAPOTOU},
    "county_sibling": {ZHONGNING},
    "county_far": {TAISHUN},
    "city": {SHAPOTOU, ZHONGNING},
    "finance": {SHAPOTOU, ZHONGNING},
    "auditor": {SHAPOTOU, ZHONGNING},
}


@dataclass
class World:
    users: dict[str, User] = field(default_factory=dict)
    objects: dict[str, Any] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    public: set[str] = field(default_factory=set)
    own_names: dict[str, set[str]] = field(default_factory=dict)

    def client(self, actor: str) -> Client:
        client = Client(raise_request_exception=True)
        if actor in self.users:
            client.force_login(self.users[actor], "allauth.account.auth_backends.AuthenticationBackend")
        if actor == "disabled":
            User.objects.filter(pk=self.users[actor].pk).update(is_active=False)
        return client

    def not_for(self, actor: str) -> set[str]:
        """Names and numbers that no page may show to this visitor."""
        regions = MAY_READ.get(actor, set())
        names = {sign for region, sign in CANARY.items() if region not in regions}
        allowed = self.public | self.own_names.get(actor, set())
        return {name for name in names if not any(name in text for text in allowed)} | set(
            self.secrets
        )


def build_world() -> World:
    world = World()
    people.make_reference()
    for name, (role, region) in OFFICERS.items():
        world.users[name] = people.make_officer(name, region=region, role=role)
    for offset, region in enumerate((SHAPOTOU, ZHONGNING, TAISHUN)):
        _settle(world, region, 10 * offset)
    _money(world)
    _exam(world)
    return world


def _settle(world: World, region: str, start: int) -> None:
    """Two people of one county: results, certificates, a post; the first has an account."""
    unit = people.make_organisation(f"{CANARY[region]}社区", region=region)
    for n in (start + 1, start + 2):
        person = people.make_person(n, region=region)
        people.pass_junior(person, region=region)
        people.make_post(person, unit)
        certificate = people.make_certificate(person, level_id="intermediate", region_id=region)
        world.secrets += [person.id_number.open()]
        if region == SHAPOTOU:
            world.objects |= {"person": person.uuid, "certificate": certificate.uuid}
    role = {SHAPOTOU: "trainee_owner", ZHONGNING: "trainee_other", TAISHUN: "disabled"}[region]
    first = Person.objects.across_regions().get(name=f"{CANARY[region]}{start + 1}")
    world.users[role] = people.make_trainee(role, first)
    world.own_names[role] = {first.name}


def _money(world: World) -> None:
    city = world.users["city"]
    second = people.make_officer("city_second", region=ZHONGWEI, role="city_officer")
    version, _ = money.load_policy(json.loads(POLICY.read_text()), actor=city, now=NOW)
    money.publish(version, actor=second, now=NOW)
    proposal = money.propose_due(version, now=NOW, actor=city)
    own = next(c for c in proposal.created if c.region_id == SHAPOTOU)
    world.objects |= {"claim": own.uuid, "policy": version.policy.code, "policy_version": version.pk}


def _exam(world: World) -> None:
    paper = exam.make_paper()
    attempt = exam.start_attempt(world.users["trainee_owner"], paper)
    staged = StagedImport.objects.create(
        kind="results", filename="x.csv", sha256="0" * 64, by=world.users["county_own"], at=NOW,
        options={"year": 2023}, outcome={}, state=StagedImport.State.DISCARDED,
    )
    world.objects |= {"paper": paper.uuid, "attempt": attempt.uuid, "staged": staged.uuid}

