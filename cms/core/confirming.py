"""Asking before what cannot be undone, without script: the first POST shows what will happen, the
second one, from the page shown, does it.

    if not is_confirmed(request):
        return ask(request, Question(
            heading=_("Take this session back?"),
            consequences=[ngettext(…), _("It cannot be brought back.")],
            verb=_("Take back"),
            back=reverse("attendance:session", args=[uuid]),
        ))
    services.drop_session(…)

What the first POST sent (also the button that was pressed) is sent again by the second; files are
not, so ask before an upload, not with it. A refusal after the question leads to `back`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

CONFIRMED = "confirmed"
STAMP = "stamp"
# Where a refusal after the question leads: the address of the question answers no GET.
ASKED_FROM = "asked_from"
STAFF, PHONE = "workbench/page.html", "site.html"


@dataclass(frozen=True)
class Question:
    """`heading` names the thing and ends with a question mark; `consequences` say the figures
    first and then what follows; `verb` is the word of the button that was pressed.

    `dangerous` draws the button in red: something is lost. Freezing or publishing loses nothing.
    `stamp` holds the figures that were shown: an answer to other figures is no answer.
    """

    heading: str
    consequences: Sequence[str]
    verb: str
    back: str
    dangerous: bool = False
    stamp: str = ""
    shell: str = STAFF


def is_confirmed(request: HttpRequest, stamp: str = "") -> bool:
    """Whether the question was answered, and with these figures."""
    return request.POST.get(CONFIRMED) == "1" and request.POST.get(STAMP, "") == stamp


def ask(request: HttpRequest, question: Question) -> HttpResponse:
    """The page between the two POSTs; nothing has been written yet."""
    own = {"csrfmiddlewaretoken", CONFIRMED, ASKED_FROM, STAMP}
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in own
        for value in values
    ]
    shown = {"question": question, "sent": sent, "on_phone": question.shell == PHONE}
    return render(request, "look/confirm.html", shown)
