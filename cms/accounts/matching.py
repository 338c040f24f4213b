"""May a code settle whose account this is, or does an officer have to look? Never guessed."""

from dataclasses import dataclass
from typing import Literal

from cms.core.sheet_cells import name_text

Doubt = Literal["", "unknown", "name_differs", "no_phone", "taken", "no_code"]


@dataclass(frozen=True)
class OnRecord:
    """What is on record under the identity number that was entered."""

    name: str
    has_phone: bool
    is_linked: bool


def same_name(entered: str, on_record: str) -> bool:
    """Padding, full width and the form of the middle dot do not make another name."""
    return name_text(entered).casefold() == name_text(on_record).casefold()


def doubt_about(name: str, found: OnRecord | None) -> Doubt:
    """Why a code to the phone on record cannot settle it; "" where it can."""
    if found is None:
        return "unknown"
    if found.is_linked:
        return "taken"
    if not same_name(name, found.name):
        return "name_differs"
    return "" if found.has_phone else "no_phone"
