"""No page of ours takes a change from elsewhere: every route, every writing method."""

from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from tests.factories.world import BACKEND, World, build_world
from tests.routes import all_routes
from tests.test_permissions import ACTORS, ROWS, address

METHODS = ("post", "put", "patch", "delete")
# Programs of the player come with the token of a lease, which no other site can know.
BY_TOKEN = {"/api/v1/attempts/<uuid:uuid>/journal/", "/api/v1/attempts/<uuid:uuid>/submission/"}
SECRET = "a" * 32


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def own_routes() -> list[str]:
    """All but the families that are Wagtail's own."""
    return [route for route in all_routes() if not route.endswith("*")]


def fitting(row: dict[str, Any]) -> str:
    """A visitor with an account whom the route lets in, as far as it lets in anybody."""
    expected = row.get("post") or row["get"]
    signed_in = [actor for actor in ACTORS if actor not in {"anonymous", "disabled"}]
    outcomes = {actor: expected.get(actor, expected["else"]) for actor in signed_in}
    ranked = ("enter", "hidden", "no_method", "login", "closed")
    return min(signed_in, key=lambda actor: ranked.index(outcomes[actor]))


def send(world: World, route: str, method: str, *, with_token: bool = False) -> int:
    """The status of an empty request that came with the cookies of the fitting visitor."""
    row = ROWS[route]
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(world.users[fitting(row)], BACKEND)
    client.cookies[settings.CSRF_COOKIE_NAME] = SECRET
    sent: dict[str, Any] = {"headers": {"X-CSRFToken": SECRET}} if with_token else {}
    if "/api/" in route:
        sent["content_type"] = "application/json"
    with transaction.atomic():
        status: int = getattr(client, method)(address(route, row, world), **sent).status_code
        transaction.set_rollback(True)
    return status


def test_nothing_is_written_without_the_csrf_token(world: World) -> None:
    asked = [(r, m) for r in own_routes() if r not in BY_TOKEN for m in METHODS]
    replies = {(route, method): send(world, route, method) for route, method in asked}
    assert len(replies) > 200
    assert {cell: status for cell, status in replies.items() if status != 403} == {}


def test_with_the_csrf_token_the_same_visitors_are_let_in(world: World) -> None:
    replies = {route: send(world, route, "post", with_token=True) for route in own_routes()}
    shut = {route for route, status in replies.items() if status in {401, 403}}
    assert shut == BY_TOKEN


def test_the_token_of_a_lease_stands_in_for_the_csrf_token_and_for_nothing_less(
    world: World,
) -> None:
    for route in BY_TOKEN:
        assert {method: send(world, route, method) for method in METHODS} == dict.fromkeys(
            METHODS, 401
        )
