"""What the tests of staff pages do again and again: sign in, read a page, send a workbook."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories.people import SHAPOTOU, make_officer


def signed_in(
    client: Client, *, region: str | None = SHAPOTOU, role: str = "county_officer"
) -> Client:
    client.force_login(make_officer(f"{role}-{region}", region=region, role=role))
    return client


def text_of(reply: Any) -> str:
    return reply.content.decode()


def upload(client: Client, path: str, content: bytes, **fields: Any) -> str:
    """Send a file and follow to its preview."""
    file = SimpleUploadedFile("表.xlsx", content)
    reply = client.post(path, {"file": file, **fields})
    assert reply.status_code == 302, text_of(reply)
    return reply.headers["Location"]


def answer(client: Client, path: str, **fields: Any) -> Any:
    """Send from a list, and where a question comes back, answer it with its own figures."""
    headers = {"Referer": "http://testserver/workbench/subsidies/claims/"}
    reply = client.post(path, fields, headers=headers)
    question = reply.context and reply.context.get("question")
    if not question:
        return reply
    return client.post(path, fields | {"confirmed": "1", "stamp": question.stamp}, headers=headers)
