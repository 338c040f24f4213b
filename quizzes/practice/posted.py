"""What forms of practice send: an answer, and where to go afterwards."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from cms.core.errors import Refused
from cms.core.wording import Message


@dataclass(frozen=True)
class PostedAnswer:
    """An answer as the form sends it; `key` was made with the form."""

    key: UUID
    chosen: list[str]
    guessed: bool


def posted_answer(request: HttpRequest) -> PostedAnswer:
    """The answer; nothing chosen is refused, unless the key was asked for."""
    chosen = request.POST.getlist("option")
    gives_up = "give_up" in request.POST
    if not chosen and not gives_up:
        message = Message("Nothing is chosen yet. Choose an option, or tap “I do not know”.")
        raise Refused("nothing_chosen", message)
    return PostedAnswer(
        key=_key(request.POST.get("key", "")),
        chosen=[] if gives_up else chosen,
        guessed="guessed" in request.POST,
    )


def place_to_return(request: HttpRequest, otherwise: str) -> str:
    """Where the page asked to go back to, if that is on this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else otherwise


def _key(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError as fault:
        message = Message("The page was incomplete. Please load it again.")
        raise Refused("invalid", message, status=400) from fault
