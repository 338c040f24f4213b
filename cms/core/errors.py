"""One shape for every refusal: `{code, message, detail}` for programs, a sentence for people."""

from typing import Any

from django.utils.translation import gettext

from cms.core.wording import Message


def say(message: Message | str) -> str:
    """The message in the language of the request."""
    return message if isinstance(message, str) else message.said(gettext)


class Refused(Exception):
    """A request that the rules turn down: an expected outcome, not a fault of the program.

    `code` is for programs and stays English; `message` is for the person who asked.
    """

    def __init__(
        self,
        code: str,
        message: Message | str,
        detail: dict[str, Any] | None = None,
        *,
        status: int = 409,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.detail = detail or {}
        self.status = status

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "message": say(self.message), "detail": self.detail}
