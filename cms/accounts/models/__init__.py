"""Accounts, persons, regions, roles, and the record of who did what.

An account (`User`) signs in; a person (`Person`) holds results, certificates and money. A person
may be known from a register long before an account exists.
"""

from cms.accounts.models.accounts import (
    Organisation,
    Person,
    PersonQuerySet,
    PersonRegion,
    Region,
    RoleGrant,
    User,
    normalise_phone,
)
from cms.accounts.models.joining import Consent, ConsentText, Invitation, LinkRequest
from cms.accounts.models.record import AuditEntry, Reveal

__all__ = [
    "AuditEntry",
    "Consent",
    "ConsentText",
    "Invitation",
    "LinkRequest",
    "Organisation",
    "Person",
    "PersonQuerySet",
    "PersonRegion",
    "Region",
    "Reveal",
    "RoleGrant",
    "User",
    "normalise_phone",
]
