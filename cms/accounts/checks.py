"""System checks of the door: codes reach phones, and are printed nowhere but in the demo."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

CONSOLE = "cms.accounts.codes.ConsoleSender"


@register
def codes_reach_phones(**_: Any) -> list[CheckMessage]:
    """A site without a port for codes says so; the console is for made-up people alone."""
    if not settings.SMS_BACKEND:
        said = "No code can be sent: officers settle every link."
        hint = "Set SMS_BACKEND to the dotted path of a sender (cms/accounts/codes.py)."
        return [Warning(said, hint=hint, id="accounts.W001")]
    if settings.SMS_BACKEND == CONSOLE and not settings.ALLOW_FICTIONAL_PEOPLE:
        hint = "The console sender is for demonstrations and tests."
        return [Error("Codes are printed on the server.", hint=hint, id="accounts.E001")]
    return []
