"""What stands around every page: the ways between workbench, authoring and the own page."""

import json
import re

import pytest
from django.test import Client

from tests.factories.courses import make_author
from tests.factories.pages import signed_in, text_of
from tests.factories.people import make_officer, make_reference
from tests.factories.site import make_home

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reference() -> None:
    make_reference()


def at(role: str) -> Client:
    client = Client()
    client.force_login(make_officer(role, region=None, role=role))
    return client


def side_bar(page: str) -> str:
    found = re.search(r'<aside class="sidebar".*?</aside>', page, re.DOTALL)
    assert found
    return found[0]


def test_the_own_page_with_sign_out_and_language_is_one_step_away_on_a_phone(client):
    page = text_of(signed_in(client).get("/workbench/"))
    head = re.search(r'<div class="sidebar-head">.*?</div>', page, re.DOTALL)
    assert head
    assert 'href="/me/"' in head[0]


def test_a_site_administrator_works_for_the_whole_site_and_finds_every_place():
    page = text_of(at("site_admin").get("/workbench/"))
    assert "全站" in page
    assert "只看本人" not in page
    assert 'href="/workbench/"' in side_bar(page)
    assert 'href="/cms/"' in side_bar(page)


def test_who_writes_lessons_comes_to_authoring_from_the_workbench():
    assert 'href="/cms/"' in side_bar(text_of(at("instructor").get("/workbench/")))


def test_who_writes_nothing_is_not_led_to_authoring():
    assert 'href="/cms/"' not in side_bar(text_of(at("organiser").get("/workbench/")))


@pytest.mark.parametrize(("role", "is_led"), [("instructor", True), ("editor", False)])
def test_authoring_leads_back_to_the_workbench_who_has_one(client, role, is_led):
    client.force_login(make_author("luo", role))
    assert ('"url": "/workbench/"' in text_of(client.get("/cms/"))) is is_led


def test_authoring_offers_no_help_that_lies_elsewhere(client):
    client.force_login(make_author("luo"))
    assert "whats-new-in-wagtail" not in text_of(client.get("/cms/"))


def test_the_mark_takes_the_colour_of_the_site(client):
    make_home()
    page = text_of(client.get("/notices/"))
    assert '<rect width="32" height="32" rx="7" fill="var(--accent-fill)"/>' in page


def test_the_scripts_of_authoring_speak_chinese_too(client):
    client.force_login(make_author("luo"))
    in_chinese = json.dumps("写点什么，或输入“/”插入内容块")
    assert in_chinese in text_of(client.get("/cms/jsi18n/"))
