"""Every route × every kind of visitor: who enters, who is turned away, and what nobody sees.

The rows stand in `permissions.yaml`. A route of the resolver without a row fails, and so does a
row whose route is gone.
"""

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from tests.factories.world import World, build_world
from tests.routes import all_routes

TABLE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "permissions.yaml").read_text())
ROWS: dict[str, dict[str, Any]] = TABLE["routes"]
ACTORS: list[str] = TABLE["actors"]
CONVERTER = re.compile(r"<[^>]+>")


def test_every_route_has_its_row_and_every_row_its_route() -> None:
    routes = set(all_routes())
    assert sorted(routes - set(ROWS)) == []
    assert sorted(set(ROWS) - routes) == []


@pytest.mark.django_db
def test_every_route_lets_in_whom_it_should_and_shows_nobody_elses_people() -> None:
    world = build_world()
    cells, faults = 0, []
    for route, row in ROWS.items():
        clients = {actor: world.client(actor) for actor in ACTORS}
        for method in ("get", "post"):
            expected = row.get(method)
            for actor in ACTORS if expected else ():
                cells += 1
                url = address(route, row, world)
                reply = ask(clients[actor], method, url, row.get("body", ""))
                faults += faults_of(reply, f"{method} {route} as {actor}", expected, actor, world)
    print(f"{cells} cells of the permission matrix")  # noqa: T201
    assert not faults, "\n".join(faults)
    assert cells >= TABLE["floor"]


def address(route: str, row: dict[str, Any], world: World) -> str:
    if "address" in row:
        return str(row["address"]).format(**world.objects)
    if row.get("object") == "own_benefit":
        route = route.replace("<slug:benefit>", "one-off")
        return CONVERTER.sub(str(world.objects["certificate"]), route)
    return CONVERTER.sub(lambda _: str(world.objects[row["object"]]), route)


def ask(client: Client, method: str, url: str, body: str) -> HttpResponseBase:
    """The reply; what the request wrote is rolled back, so no cell changes the next."""
    with transaction.atomic():
        sent: dict[str, Any] = {"content_type": "application/json"} if "/api/" in url else {}
        if body and method == "post":
            sent |= {"data": body, "headers": {"Idempotency-Key": str(uuid.uuid4())}}
        reply: HttpResponseBase = getattr(client, method)(url, **sent)
        transaction.set_rollback(True)
    return reply


def faults_of(
    reply: HttpResponseBase, cell: str, expected: dict[str, str], actor: str, world: World
) -> list[str]:
    wanted = expected.get(actor, expected["else"])
    seen = outcome(reply)
    found = [] if seen == wanted else [f"{cell}: {seen} ({reply.status_code}), not {wanted}"]
    body = b"".join(reply.streaming_content) if reply.streaming else reply.content
    text = body.decode(errors="replace")
    found += [f"{cell}: shows {name}" for name in world.not_for(actor) if name in text]
    return found


def outcome(reply: Any) -> str:
    """One word for a reply: login, closed (403), hidden (404), no_method (405), fault, enter."""
    location = reply.headers.get("Location", "")
    if reply.status_code == 302 and location.startswith("/accounts/login/"):
        return "login"
    asked = reply.request["PATH_INFO"]
    if reply.status_code == 302 and location == "/cms/" and asked.startswith("/cms/"):
        return "closed"
    words = {401: "login", 403: "closed", 404: "hidden", 405: "no_method"}
    if reply.status_code >= 500:
        return "fault"
    return words.get(reply.status_code, "enter")
