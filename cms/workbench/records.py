"""The records that entries are about, by the names of the people behind them.

An entry keeps codes alone; a name is looked up when the entry is read, and only among what the
reader may see. One statement for each kind of record, whatever the number of entries.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from cms.accounts.models import AuditEntry, Person
from cohorts.certificates.models import Certificate
from cohorts.enrolment.models import Cohort
from cohorts.subsidies.models import Claim, Notice

PEOPLE_SEARCHED = 50  # who shares a name with more people is searched by the record itself
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def names_of(targets: Iterable[str], user: Any) -> dict[str, str]:
    """By target, what a reader calls it: 证书：马晓梅（初级）. Nothing for records out of sight."""
    asked: dict[str, set[str]] = {}
    for target in targets:
        noun, _space, rest = target.partition(" ")
        if noun in KINDS and rest:
            asked.setdefault(noun, set()).add(rest)
    found: dict[str, str] = {}
    for noun, keys in asked.items():
        found |= {f"{noun} {key}": said for key, said in KINDS[noun](keys, user).items()}
    return found


def _people(keys: set[str], user: Any) -> dict[str, str]:
    """Entries name a person by public id or by row."""
    rows = [key for key in keys if key.isdecimal()]
    people = Person.objects.visible_to(user).filter(Q(uuid__in=_uuids(keys)) | Q(pk__in=rows))
    found: dict[str, str] = {}
    for person in people:
        said = _("person: %(name)s") % {"name": person.name}
        found |= {str(person.uuid): said, str(person.pk): said}
    return {key: said for key, said in found.items() if key in keys}


def _certificates(keys: set[str], user: Any) -> dict[str, str]:
    rows = Certificate.objects.visible_to(user).filter(uuid__in=_uuids(keys))
    text = _("certificate: %(name)s (%(level)s)")
    return {
        str(row.uuid): text % {"name": row.person.name, "level": row.level.name}
        for row in rows.select_related("person", "level")
    }


def _claims(keys: set[str], user: Any) -> dict[str, str]:
    rows = Claim.objects.visible_to(user).filter(uuid__in=_uuids(keys)).select_related("person")
    text = _("claim: %(name)s (%(number)s)")
    return {str(row.uuid): text % {"name": row.person.name, "number": row.number} for row in rows}


def _notices(keys: set[str], user: Any) -> dict[str, str]:
    rows = Notice.objects.visible_to(user).filter(uuid__in=_uuids(keys))
    text = _("public notice: %(title)s")
    return {str(row.uuid): text % {"title": row.title} for row in rows}


def _classes(keys: set[str], user: Any) -> dict[str, str]:
    rows = Cohort.objects.visible_to(user).filter(code__in=keys)
    return {row.code: _("class: %(title)s") % {"title": row.title} for row in rows}


KINDS: Mapping[str, Callable[[set[str], Any], dict[str, str]]] = {
    "certificate": _certificates,
    "claim": _claims,
    "class": _classes,
    "notice": _notices,
    "person": _people,
}


def _uuids(keys: Iterable[str]) -> list[UUID]:
    return [UUID(key) for key in keys if _UUID.fullmatch(key)]


def targets_named(text: str, user: Any) -> list[str]:
    """Targets that are records of people in sight whose name holds this text."""
    people = Person.objects.visible_to(user).filter(name__icontains=text)
    known = dict(people.values_list("pk", "uuid")[:PEOPLE_SEARCHED])
    mine = {"person__in": list(known)}
    certificates = Certificate.objects.visible_to(user).filter(**mine)
    claims = Claim.objects.visible_to(user).filter(**mine)
    return [
        *(f"person {key}" for pair in known.items() for key in pair),
        *(f"certificate {key}" for key in certificates.values_list("uuid", flat=True)),
        *(f"claim {key}" for key in claims.values_list("uuid", flat=True)),
    ]


def members_of(entry: AuditEntry, user: Any) -> list[str]:
    """The single records of an entry about several, as targets, of those in sight."""
    certificates = Certificate.objects.visible_to(user).filter(
        uuid__in=_uuids(entry.detail.get("certificates") or ())
    )
    claims = _listed(entry.detail.get("claims"))
    own = Claim.objects.visible_to(user).filter(pk__in=claims)
    return [
        *(f"certificate {key}" for key in certificates.values_list("uuid", flat=True)),
        *(f"claim {key}" for key in own.values_list("uuid", flat=True)),
    ]


def _listed(claims: Any) -> list[int]:
    """Rows of claims; where an entry keeps their number alone, none."""
    return claims if isinstance(claims, list) else []
