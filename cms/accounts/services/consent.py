"""Agreement to versioned texts: rows are added, never changed; the last one counts."""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import nh3
from django.db import transaction
from django.utils import timezone

from cms.accounts.models import Consent, ConsentText, User
from cms.core.errors import Refused
from cms.core.wording import Message

TEXTS = Path(__file__).parent.parent / "reference" / "consent.toml"
TERMS = "terms"  # without agreement to these nobody goes on
SENSITIVE = "sensitive"  # identity numbers and bank accounts: asked for apart (PIPL, art. 29)
TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "h2", "h3", "h4"}


@transaction.atomic
def load_consent_texts(path: Path = TEXTS) -> int:
    """Add the versions that are new; safe to run again. Returns how many texts there are.

    A version that people may have agreed to is never reworded: Refused, where the file says
    otherwise than the database. A site whose folder holds no texts asks for no consent.
    """
    if not path.exists():
        return 0
    rows = tomllib.loads(path.read_text())["text"]
    for row in rows:
        _load(row)
    return len(rows)


def _load(row: dict[str, Any]) -> None:
    said = {
        "title": row["title"],
        "in_force_from": row["in_force_from"],
        "body": nh3.clean(row["body"], tags=TAGS, attributes={}).strip(),
    }
    text, created = ConsentText.objects.get_or_create(
        purpose=row["purpose"], version=row["version"], defaults=said
    )
    if not created and any(getattr(text, name) != value for name, value in said.items()):
        raise Refused(
            "text_reworded",
            Message(
                "Version %(version)s of the text %(purpose)s was changed; write a new version.",
                version=text.version,
                purpose=text.purpose,
            ),
        )


@transaction.atomic
def give_consent(user: User, text: ConsentText, now: datetime) -> None:
    """Refused where the text has been replaced since it was read; given twice is given once."""
    if not ConsentText.objects.in_force(timezone.localdate(now)).filter(pk=text.pk).exists():
        raise Refused(
            "text_replaced", Message("This text has been replaced. Please read the new one.")
        )
    last = _last(user, text.purpose)
    if last is None or not last.given or last.text_id != text.pk:
        Consent.objects.create(user=user, text=text, given=True, at=now)


@transaction.atomic
def withdraw_consent(user: User, purpose: str, now: datetime) -> None:
    if purpose == TERMS:
        raise Refused(
            "terms_needed",
            Message("Without the terms an account cannot be used; ask for it to be closed."),
        )
    last = _last(user, purpose)
    if last is not None and last.given:
        Consent.objects.create(user=user, text=last.text, given=False, at=now)


def has_consent(user: User, purpose: str) -> bool:
    """Whether the last word of this account on the purpose was yes, to whichever version."""
    last = _last(user, purpose)
    return last is not None and last.given


def has_agreed(user: User, text: ConsentText) -> bool:
    """Whether the last word was yes, and to this very text."""
    last = _last(user, text.purpose)
    return last is not None and last.given and last.text_id == text.pk


def consent_text(purpose: str, today: date) -> ConsentText | None:
    """The text of this purpose that is in force."""
    return ConsentText.objects.in_force(today).filter(purpose=purpose).first()


def text_to_agree(user: User, purpose: str, now: datetime) -> ConsentText | None:
    """The newest text of the purpose, if this account has not agreed to it yet."""
    text = consent_text(purpose, timezone.localdate(now))
    return None if text is None or has_agreed(user, text) else text


def _last(user: User, purpose: str) -> Consent | None:
    said = Consent.objects.filter(user=user, text__purpose=purpose)
    return said.select_related("text").order_by("-pk").first()
