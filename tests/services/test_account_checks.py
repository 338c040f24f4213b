"""The system checks of the door, and the port that codes leave by."""

import pytest

from cms.accounts.checks import CONSOLE, codes_reach_phones
from cms.accounts.codes import CodeNotSent, ConsoleSender, send_code


def ids() -> list[str]:
    return [found.id for found in codes_reach_phones()]


def test_a_site_that_can_send_no_code_says_so(settings):
    settings.SMS_BACKEND = ""
    assert ids() == ["accounts.W001"]
    with pytest.raises(CodeNotSent):
        send_code("12800001111", "123456")


def test_codes_are_printed_only_where_people_are_made_up(settings):
    settings.SMS_BACKEND, settings.ALLOW_FICTIONAL_PEOPLE = CONSOLE, True
    assert ids() == []
    settings.ALLOW_FICTIONAL_PEOPLE = False
    assert ids() == ["accounts.E001"]


def test_the_console_shows_phone_and_code(capsys):
    ConsoleSender().send("12800001111", "code 123456")
    assert "[SMS 12800001111] code 123456" in capsys.readouterr().out
