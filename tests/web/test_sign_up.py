"""Opening an account oneself."""

import pytest
from django.test import Client

from cms.accounts.models import Person, User
from tests.factories.pages import text_of
from tests.factories.people import make_officer, make_reference

pytestmark = pytest.mark.django_db
NEW = {"first_name": "沙金雀", "username": "jinque", "password1": "dark horse 26"}


@pytest.fixture(autouse=True)
def reference() -> None:
    make_reference()


def sign_up(client: Client, **changes: str) -> tuple[int, str]:
    reply = client.post("/accounts/signup/", NEW | changes)
    return reply.status_code, reply.headers.get("Location", "")


def test_a_visitor_becomes_a_trainee_and_is_signed_in(client: Client) -> None:
    assert sign_up(client) == (302, "/welcome/")
    user = User.objects.get(username="jinque")
    assert user.display_name == "沙金雀"
    assert user.scope.roles == {"trainee"}
    assert client.get("/welcome/").headers["Location"] == "/today/"


def test_it_leads_back_to_the_class_that_was_wanted(client: Client) -> None:
    assert sign_up(client, next="/classes/sprint/enrol/") == (302, "/classes/sprint/enrol/")


def test_it_never_leads_to_another_site(client: Client) -> None:
    assert sign_up(client, next="https://evil.example/") == (302, "/welcome/")


def test_an_account_of_ones_own_is_no_person_yet(client: Client) -> None:
    sign_up(client)
    assert not Person.objects.across_regions().filter(user__username="jinque").exists()


@pytest.mark.parametrize(
    "wrong", [{"first_name": ""}, {"username": ""}, {"password1": "12345678"}, {"username": "bob"}]
)
def test_what_is_missing_weak_or_taken_is_refused_beside_its_field(
    client: Client, wrong: dict[str, str]
) -> None:
    make_officer("bob")
    before = User.objects.count()
    reply = client.post("/accounts/signup/", NEW | wrong)
    assert reply.status_code == 200
    assert 'class="error"' in text_of(reply)
    assert User.objects.count() == before


def test_the_sign_in_page_leads_there_and_keeps_where_one_wanted_to_go(client: Client) -> None:
    seen = text_of(client.get("/accounts/login/?next=/classes/sprint/enrol/"))
    assert "/accounts/signup/?next=/classes/sprint/enrol/" in seen
