"""What a decision may look at: one person, one certificate, one day.

A facts document is plain JSON (schemas/facts.schema.json). A key that is absent or null is *not
known*; an empty list or object is known to be empty. Nothing is guessed in between.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool | None"
Document: TypeAlias = Mapping[str, Any]

LEVELS: tuple[str, ...] = ("junior", "intermediate", "senior")


def canonical(document: object) -> str:
    """One text for one meaning: keys sorted, no spaces, characters unescaped."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(document: object) -> str:
    """SHA-256 of the canonical text, in hex."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


@dataclass(frozen=True)
class Registration:
    """登记 of a certificate, which is not sign-up for the exam."""

    done: bool | None
    area: str | None
    on: date | None


@dataclass(frozen=True)
class CertificateFacts:
    level: str | None = None
    exam_year: int | None = None
    state: str | None = None
    approved_on: date | None = None
    sign_up_area: str | None = None
    registration: Registration | None = None


@dataclass(frozen=True)
class PostFacts:
    """One appointment. `to_on` is the last day in post; None means still in post."""

    organisation_kind: str | None
    area: str | None
    appointed: bool | None
    from_on: date
    to_on: date | None

    def covers(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True)
class PaidAward:
    """An award already granted: `award` is family/level, `period` is once or 2024-05."""

    award: str
    period: str
    amount_fen: int

    @property
    def family(self) -> str:
        return self.award.rpartition("/")[0]


@dataclass(frozen=True)
class Facts:
    as_of: date
    applied_on: date | None
    award: str | None
    certificate: CertificateFacts
    other_certificates: tuple[CertificateFacts, ...] | None
    posts: tuple[PostFacts, ...] | None
    appraisals: Mapping[str, str | None] | None
    insurance_months: frozenset[str] | None
    awards: tuple[PaidAward, ...] | None
    awarded_elsewhere: bool | None
    household_area: str | None
    residence_area: str | None
    checks: Mapping[str, bool | None]
    sources: Mapping[str, str] = field(default_factory=dict)

    def source_of(self, name: str) -> str:
        """Where a fact comes from: the note for the fact itself or for what it belongs to."""
        while name and name not in self.sources:
            name = name.rpartition(".")[0]
        return self.sources.get(name, "")


def read_facts(document: Document) -> Facts:
    """Facts of a document that has passed its schema (rulebook.check_facts)."""
    return Facts(
        as_of=date.fromisoformat(document["as_of"]),
        applied_on=_day(document.get("applied_on")),
        award=document.get("award"),
        certificate=_certificate(document.get("certificate") or {}),
        other_certificates=_each(document.get("other_certificates"), _certificate),
        posts=_each(document.get("posts"), _post),
        appraisals=document.get("appraisals"),
        insurance_months=_months(document.get("insurance_months")),
        awards=_each(document.get("awards"), _award),
        awarded_elsewhere=document.get("awarded_elsewhere"),
        household_area=document.get("household_area"),
        residence_area=document.get("residence_area"),
        checks=document.get("checks") or {},
        sources=document.get("sources") or {},
    )


def _each(rows: list[Document] | None, read: Any) -> tuple[Any, ...] | None:
    return None if rows is None else tuple(read(row) for row in rows)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _months(rows: list[str] | None) -> frozenset[str] | None:
    return None if rows is None else frozenset(rows)


def _certificate(row: Document) -> CertificateFacts:
    return CertificateFacts(
        level=row.get("level"),
        exam_year=row.get("exam_year"),
        state=row.get("state"),
        approved_on=_day(row.get("approved_on")),
        sign_up_area=row.get("sign_up_area"),
        registration=_registration(row.get("registration")),
    )


def _registration(row: Document | None) -> Registration | None:
    if row is None:
        return None
    return Registration(done=row.get("done"), area=row.get("area"), on=_day(row.get("on")))


def _post(row: Document) -> PostFacts:
    return PostFacts(
        organisation_kind=row.get("organisation_kind"),
        area=row.get("area"),
        appointed=row.get("appointed"),
        from_on=date.fromisoformat(row["from"]),
        to_on=_day(row["to"]),
    )


def _award(row: Document) -> PaidAward:
    return PaidAward(award=row["award"], period=row["period"], amount_fen=row["amount_fen"])
