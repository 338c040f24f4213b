"""The port through which a code reaches a phone; `SMS_BACKEND` names what stands behind it."""

import sys
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _


class CodeNotSent(Exception):
    """The code did not leave the house; an officer settles the question instead."""


class Sender(Protocol):
    def send(self, phone: str, text: str) -> None:
        """Hand the text over to be delivered; raises CodeNotSent where that fails."""


class ConsoleSender:
    """For machines with made-up people alone: writes what it should send to standard output."""

    def send(self, phone: str, text: str) -> None:
        sys.stdout.write(f"\n[SMS {phone}] {text}\n")
        sys.stdout.flush()


def send_code(phone: str, code: str) -> None:
    if not settings.SMS_BACKEND:
        raise CodeNotSent
    sender: Sender = import_string(settings.SMS_BACKEND)()
    text = _("Your code is %(code)s. It is valid for 10 minutes; tell it to nobody.")
    sender.send(phone, text % {"code": code})
