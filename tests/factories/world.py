"""Three counties with people, results, certificates, claims and money, and everybody who may look.

What stands under `objects` belongs to 沙坡头区 (640502) and to the trainee `trainee_owner`.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.test import Client
from django.utils import timezone

from cms.accounts.models import AuditEntry, Person, User
from cms.core.models import StagedImport
from cohorts.subsidies import services as money
from cohorts.subsidies.models import Claim, Notice, PayeeAccount, PolicyVersion
from courses.syllabus.models import KnowledgePoint, SubjectPaperScheme, SyllabusVersion
from tests.factories import classes, courses, exam, joining, people, practice
from tests.factories.people import CANARY, NOW, SHAPOTOU, TAISHUN, ZHONGNING, ZHONGWEI

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
POLICY = Path(__file__).parents[2] / "cohorts/subsidies/policies/zhongwei-2023.json"
ACCOUNT = "6228480402564890018"
OFFICERS = {
    "county_own": ("county_officer", SHAPOTOU),
    "township": ("township_officer", SHAPOTOU),
    "county_sibling": ("county_officer", ZHONGNING),
    "county_far": ("county_officer", TAISHUN),
    "city": ("city_officer", ZHONGWEI),
    "city_second": ("city_officer", ZHONGWEI),
    "finance": ("finance_officer", ZHONGWEI),
    "auditor": ("auditor", ZHONGWEI),
    "organiser": ("organiser", None),
    "instructor": ("instructor", None),
    "editor": ("editor", None),
    "site_admin": ("site_admin", None),
}
# Whose people each visitor may read about; everybody else may read about nobody.
CITY = {SHAPOTOU, ZHONGNING}
MAY_READ = {
    "county_own": {SHAPOTOU},
    "township": {SHAPOTOU},
    "county_sibling": {ZHONGNING},
    "county_far": {TAISHUN},
    "city": CITY,
    "finance": CITY,
    "auditor": CITY,
}


@dataclass
class World:
    """`names`: person → county. `secrets`: numbers and accounts that no page ever shows."""

    users: dict[str, User] = field(default_factory=dict)
    objects: dict[str, Any] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    own_names: dict[str, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)

    def client(self, actor: str) -> Client:
        client = Client(raise_request_exception=False)
        if actor in self.users:
            client.force_login(self.users[actor], BACKEND)
        if actor == "disabled":
            User.objects.filter(pk=self.users[actor].pk).update(is_active=False)
        return client

    def not_for(self, actor: str) -> set[str]:
        """Names and numbers that no page may show to this visitor."""
        regions = MAY_READ.get(actor, set())
        hidden = {name for name, region in self.names.items() if region not in regions}
        return (hidden - {self.own_names.get(actor, "")}) | self.secrets


def build_world() -> World:
    world = World()
    people.make_reference()
    for name, (role, region) in OFFICERS.items():
        world.users[name] = people.make_officer(name, region=region, role=role)
    for tens, region in enumerate((SHAPOTOU, ZHONGNING, TAISHUN), start=1):
        _settle(world, region, 10 * tens)
    _money(world)
    _exam(world)
    _practice(world)
    classes.settle_class(world)
    _accounts(world)
    _courses(world)
    return world


def _accounts(world: World) -> None:
    """An officer's account with its role, an invitation, and somebody of the county who asks to
    be linked under a name that differs from the one on record.
    """
    officer, city = world.users["county_own"], world.users["city"]
    invitation, token = joining.make_invitation(city)
    asks = joining.make_waiting(joining.make_account("asks"), people.make_person(92, name="马登记"))
    world.names |= {"马登记": SHAPOTOU, asks.name: SHAPOTOU}
    world.secrets.add(asks.id_number.open())
    world.objects |= {
        "account": officer.uuid,
        "grant": officer.grants.get().pk,
        "invitation": invitation.uuid,
        "token": token,
        "link": asks.uuid,
        "audit_entry": AuditEntry.objects.across_regions().filter(region=SHAPOTOU).latest("pk").pk,
    }


def _settle(world: World, region: str, start: int) -> None:
    """Two people of one county: results, certificates, a post; the first has an account."""
    unit = people.make_organisation(f"{region}的社区", region=region)
    for n in (start, start + 1):
        person = people.make_person(n, region=region)
        people.pass_junior(person, region=region)
        people.make_post(person, unit)
        certificate = people.make_certificate(person, level_id="intermediate", region_id=region)
        world.names[person.name] = region
        world.secrets.add(person.id_number.open())
        world.objects.setdefault("person", person.uuid)
        world.objects.setdefault("certificate", certificate.uuid)
    role = {SHAPOTOU: "trainee_owner", ZHONGNING: "trainee_other", TAISHUN: "disabled"}[region]
    first = Person.objects.across_regions().get(name=f"{CANARY[region]}{start}")
    world.users[role] = people.make_trainee(role, first)
    world.own_names[role] = first.name


def _money(world: World) -> None:
    """A draft claim of the owner's; and one of 王公示, who is on public notice and in a batch."""
    city, second = world.users["city"], world.users["city_second"]
    version, _ = money.load_policy(json.loads(POLICY.read_text()), actor=city, now=NOW)
    money.publish(version, actor=second, now=NOW)
    shown = people.make_person(90, name="王公示", region=SHAPOTOU)
    people.make_certificate(shown, level_id="intermediate")
    PayeeAccount.objects.create(
        person=shown, bank="中卫农商行", account=ACCOUNT, holder=shown.name, recorded_at=NOW
    )
    world.secrets |= {shown.id_number.open(), ACCOUNT}
    claims = money.propose_due(version, now=NOW, actor=city).created
    own = next(c for c in claims if str(c.certificate.uuid) == str(world.objects["certificate"]))
    noticed = next(c for c in claims if c.person_id == shown.pk)
    world.objects["claim"] = own.uuid
    notice = _on_notice(world, noticed, NOW)
    _to_batch(world, notice)
    _on_display(world, version)


def _on_notice(world: World, claim: Claim, now: datetime) -> Notice:
    county, second = world.users["county_own"], world.users["city_second"]
    claim = money.submit(claim, actor=county, now=now)
    claim = money.review(claim, actor=county, now=now)
    claim = money.approve(claim, actor=second, now=now)
    return money.open_notice([claim], actor=second, now=now)


def _on_display(world: World, version: PolicyVersion) -> None:
    """A notice that hangs out today, whenever the test runs."""
    shown = people.make_person(91, name="李公示", region=SHAPOTOU)
    people.make_certificate(shown, level_id="intermediate")
    now = timezone.now()
    claim = money.propose_due(version, now=now, actor=world.users["city"]).created[0]
    world.objects["notice_on_display"] = _on_notice(world, claim, now).uuid


def _to_batch(world: World, notice: Notice) -> None:
    city = world.users["city"]
    later = NOW + timedelta(days=30)
    money.confirm_due(now=later)
    money.allot_budget(
        region=ZHONGWEI, year=2023, amount_fen=900_000, reference="预算", actor=city, now=later
    )
    finance = world.users["finance"]
    batch = money.open_batch(region=ZHONGWEI, year=2023, actor=finance, now=later)
    world.objects |= {"notice": notice.uuid, "batch": batch.uuid}


def _exam(world: World) -> None:
    owner = world.users["trainee_owner"]
    paper, other = exam.make_paper(), exam.make_paper(code="mock-2")
    attempt, handed_in = exam.start_attempt(owner, paper), exam.start_attempt(owner, other)
    exam.hand_in(handed_in)
    item = paper.items.first()
    world.objects |= {
        "paper": paper.uuid,
        "paper_pk": paper.pk,
        "version": item.question_version_id,
        "attempt": attempt.uuid,
        "handed_in": handed_in.uuid,
        "knowledge_point": KnowledgePoint.objects.values_list("pk", flat=True)[0],
        "scheme": SubjectPaperScheme.objects.values_list("pk", flat=True)[0],
        "syllabus": SyllabusVersion.objects.values_list("pk", flat=True)[0],
    }
    _staged(world)


def _practice(world: World) -> None:
    """A question of its own: those of the paper rest while the owner sits it."""
    question = practice.make_single().question
    run = practice.make_run(world.users["trainee_owner"])
    world.objects |= {"practice_question": question.uuid, "practice_run": run.uuid}


def _courses(world: World) -> None:
    course = courses.make_course(chapters=1, lessons=1)
    world.objects["lesson"] = courses.lessons_of(course)[0].pk


def _staged(world: World) -> None:
    by = {"questions": "editor"}
    for kind in ("results", "certificates", "posts", "payees", "questions"):
        staged = StagedImport.objects.create(
            kind=kind,
            filename="x.csv",
            sha256="0" * 64,
            by=world.users[by.get(kind, "county_own")],
            at=NOW,
            options={"year": 2023},
            outcome={"found": 0, "accepted": 0, "refused": [], "warnings": [], "lossy": []},
            state=StagedImport.State.DISCARDED,
        )
        world.objects[f"staged_{kind}"] = staged.uuid
