"""What the tests of accounts begin with: invitations, texts to agree to, requests to be linked."""

from datetime import date, datetime
from pathlib import Path

from django.utils import timezone

from cms.accounts.models import ConsentText, Invitation, LinkRequest, Person, Region, User
from cms.accounts.roles import Role
from cms.accounts.services import Entered, Office, ask_for_link, invite, open_account
from cms.accounts.tokens import new_token
from tests.factories.numbers import fictional_phone
from tests.factories.people import NOW, PASSWORD, SHAPOTOU, make_person

TERMS_TOML = """
[[text]]
purpose = "terms"
version = 1
title = "服务协议"
in_force_from = 2026-01-01
body = '''<p>第一版 <strong>全文</strong></p><script>alert(1)</script>'''

[[text]]
purpose = "survey"
version = 1
title = "回访"
in_force_from = 2026-01-01
body = '''<p>回访说明</p>'''
"""


class KeptSender:
    """A port that keeps what it was given: (phone, text)."""

    sent: list[tuple[str, str]] = []

    def send(self, phone: str, text: str) -> None:
        self.sent.append((phone, text))


def texts_file(folder: Path, content: str = TERMS_TOML) -> Path:
    path = folder / "consent.toml"
    path.write_text(content)
    return path


def make_text(
    purpose: str = "terms", version: int = 1, in_force_from: date = date(2026, 1, 1)
) -> ConsentText:
    return ConsentText.objects.create(
        purpose=purpose,
        version=version,
        title=f"{purpose}{version}",
        body=f"<p>{purpose} 第{version}版</p>",
        in_force_from=in_force_from,
    )


def make_office(role: Role = Role.COUNTY_OFFICER, region: str | None = SHAPOTOU) -> Office:
    found = Region.objects.get(code=region) if region else None
    return Office(role=role, valid_from=timezone.localdate(NOW), region=found)


def make_invitation(
    actor: User, *, now: datetime | None = None, office: Office | None = None
) -> tuple[Invitation, str]:
    """An invitation with its token; valid for seven days from `now`, which is the real one."""
    token = new_token()
    invitation = invite(
        "新来的",
        office or make_office(),
        token=token,
        actor=actor,
        now=now or timezone.now(),
    )
    return invitation, token


def make_account(username: str = "applicant") -> User:
    return open_account(username=username, name=username, password=PASSWORD)[0]


def with_phone(n: int, *, name: str = "", region: str = SHAPOTOU) -> Person:
    """The n-th made-up person, with a phone on record."""
    person = make_person(n, name=name, region=region)
    person.phone = fictional_phone(n)
    person.save(update_fields=["phone", "phone_index"])
    return person


def entered(person: Person, *, name: str = "", region: str = SHAPOTOU) -> Entered:
    """What somebody enters who claims to be this person."""
    return Entered(
        name=name or person.name,
        id_number=person.id_number.open(),
        region=Region.objects.get(code=region),
    )


def make_waiting(user: User, person: Person, *, now: datetime = NOW) -> LinkRequest:
    """A request that an officer has to look at, because the name differs."""
    return ask_for_link(user, entered(person, name="另一名"), now=now)
