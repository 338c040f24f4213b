"""The attempt API over HTTP: every reply, every error code, and no key before the submission."""

import json
import uuid
from datetime import UTC, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from quizzes.attempts import tokens, wire
from quizzes.attempts.journal import answers_sha256
from quizzes.attempts.lease import Lease
from quizzes.attempts.models import Attempt, AttemptEvent
from tests.factories.exam import (
    PHONE,
    SECRET_RATIONALE,
    TABLET,
    event,
    lease_of,
    make_paper,
    make_user,
    start_attempt,
)

pytestmark = pytest.mark.django_db
START = "/api/v1/attempts/"


class Trainee:
    """A browser with a device that speaks the protocol."""

    def __init__(self, username: str, device: uuid.UUID = PHONE, user: Any = None) -> None:
        self.user = user or make_user(username)
        self.device = device
        self.client = Client()
        self.client.force_login(self.user)
        self.opened: dict[str, Any] = {}

    def start(self, paper, key=None):
        reply = self.post(START, {"paper": str(paper.uuid), "device": str(self.device)}, key)
        if reply.status_code < 300:
            self.opened = reply.json()
        return reply

    def take_over(self, key=None):
        reply = self.post(self.at("takeover"), {"device": str(self.device)}, key)
        if reply.status_code == 200:
            self.opened = reply.json()
        return reply

    def post(self, address, body, key=None):
        return self.client.post(
            address,
            body,
            content_type="application/json",
            headers={"Idempotency-Key": str(key or uuid.uuid4())},
        )

    def journal(self, *events, **changes):
        return self.put("journal", {"events": list(events), **changes})

    def submit(self, answers, through, **changes):
        body = {"through": through, "answers_sha256": answers_sha256(answers), **changes}
        return self.put("submission", body)

    def put(self, name, body, token=None):
        usual = {"device": str(self.device), "epoch": self.opened["epoch"]}
        token = self.opened["token"] if token is None else token
        return Client().put(
            self.at(name),
            {**usual, **body} if isinstance(body, dict) else body,
            content_type="application/json",
            headers={"X-Attempt-Token": token},
        )

    def state(self, **query):
        return self.client.get(self.at("state"), query)

    def at(self, name):
        return reverse(f"attempts_api:{name}", args=[self.opened["attempt"]])


@pytest.fixture
def paper():
    return make_paper()


@pytest.fixture
def alice(paper):
    trainee = Trainee("alice")
    trainee.start(paper)
    return trainee


def code_of(reply):
    assert set(reply.json()) == {"code", "message", "detail"}
    assert reply.json()["message"]
    return reply.status_code, reply.json()["code"]


def extend(trainee, **span):
    """What an extension of the time does to the row."""
    row = Attempt.objects.across_regions().get(uuid=trainee.opened["attempt"])
    Attempt.objects.across_regions().filter(pk=row.pk).update(
        deadline_at=row.deadline_at + timedelta(**span),
        finalise_at=row.finalise_at + timedelta(**span),
    )


def started_ago(paper, **ago):
    """A trainee whose attempt began some time ago."""
    trainee = Trainee("alice")
    attempt = start_attempt(trainee.user, paper, now=timezone.now() - timedelta(**ago))
    trainee.opened = {
        "attempt": str(attempt.uuid),
        "epoch": 1,
        "token": tokens.issue(lease_of(attempt)),
    }
    return trainee


# --- start ----------------------------------------------------------------------------------------
def test_a_start_gives_all_that_the_player_needs(paper):
    trainee = Trainee("alice")
    reply = trainee.start(paper)
    assert reply.status_code == 201
    opened = reply.json()
    assert (opened["epoch"], opened["state"], opened["mode"]) == (1, "open", "mock")
    assert opened["paper"]["paper"] == str(paper.uuid)
    assert "items" not in opened["paper"]
    assert [item["item"] for item in opened["items"]] == [1, 2, 3, 4, 5]
    assert opened["items"][0]["options"][0] == {"id": "a", "text": "选项a"}
    assert (opened["answers"], opened["flags"], opened["acked_through"]) == ({}, [], 0)
    assert opened["grace_s"] == 30


def test_a_repeated_start_is_the_same_attempt(paper):
    trainee, key = Trainee("alice"), uuid.uuid4()
    first, again = trainee.start(paper, key), trainee.start(paper, key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["attempt"] == again.json()["attempt"]


def test_an_open_attempt_on_another_device_is_offered_for_take_over(alice, paper):
    tablet = Trainee("alice", TABLET, alice.user)
    reply = tablet.start(paper)
    assert code_of(reply) == (409, "lease_lost")
    assert reply.json()["detail"] == {"attempt": alice.opened["attempt"], "epoch": 1}


@pytest.mark.parametrize("key", ["", "start-1"])
def test_a_start_needs_an_idempotency_key(paper, key):
    trainee = Trainee("alice")
    body = {"paper": str(paper.uuid), "device": str(PHONE)}
    headers = {"Idempotency-Key": key} if key else {}
    reply = trainee.client.post(START, body, content_type="application/json", headers=headers)
    assert code_of(reply) == (400, "invalid")


@pytest.mark.parametrize("body", [{}, {"paper": "x", "device": str(PHONE)}, [], "x"])
def test_a_malformed_start_is_invalid(body):
    assert code_of(Trainee("alice").post(START, body)) == (400, "invalid")


def test_broken_json_is_invalid():
    reply = Trainee("alice").client.post(START, "{", content_type="application/json")
    assert code_of(reply) == (400, "invalid")


@pytest.mark.parametrize("released", [True, False])
def test_a_paper_that_is_not_out_cannot_be_found(released):
    wanted = make_paper(code="other", released=released)
    if released:
        wanted.uuid = uuid.uuid4()
    assert code_of(Trainee("alice").start(wanted)) == (404, "not_found")


def test_nobody_starts_without_signing_in(paper):
    reply = Client().post(START, {}, content_type="application/json")
    assert reply.status_code == 403


def test_a_start_from_elsewhere_is_refused_without_the_csrf_token(paper):
    trainee = Trainee("alice")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(trainee.user)
    body = {"paper": str(paper.uuid), "device": str(PHONE)}
    reply = strict.post(
        START,
        body,
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )
    assert reply.status_code == 403


# --- journal --------------------------------------------------------------------------------------
def test_a_journal_is_acknowledged(alice):
    reply = alice.journal(event(1, 1, "b"), event(2, 4, "ac"), event(3, 4, True))
    assert reply.status_code == 200
    acked = reply.json()
    assert (acked["acked_through"], acked["gaps"], acked["epoch"]) == (3, [], 1)
    assert acked["state"] == "open"
    assert acked["deadline_at"] == alice.opened["deadline_at"]
    state = alice.state().json()
    assert state["answers"] == {"1": {"options": ["b"]}, "4": {"options": ["a", "c"]}}
    assert (state["flags"], state["acked_through"]) == ([4], 3)
    assert "token" not in state


def test_a_heartbeat_brings_the_deadline(alice):
    extend(alice, minutes=10)
    reply = alice.journal()
    assert reply.status_code == 200
    assert reply.json()["deadline_at"] > alice.opened["deadline_at"]


def test_gaps_are_reported(alice):
    reply = alice.journal(event(1, 1, "b"), event(4, 1, "c"))
    assert (reply.json()["acked_through"], reply.json()["gaps"]) == (1, [[2, 3]])


def test_what_is_acknowledged_is_told_by_device(alice):
    alice.journal(event(1, 1, "b"))
    assert alice.state(device=str(TABLET)).json()["acked_through"] == 0
    assert alice.state(device=str(PHONE)).json()["acked_through"] == 1
    assert code_of(alice.state(device="phone")) == (400, "invalid")


def test_a_number_used_twice_is_a_conflict_and_the_rest_is_kept(alice):
    alice.journal(event(1, 1, "b"))
    reply = alice.journal(event(1, 1, "c"), event(2, 2, "a"))
    assert code_of(reply) == (409, "seq_conflict")
    assert reply.json()["detail"]["seq"] == [1]
    assert reply.json()["detail"]["acked_through"] == 2


def test_a_device_that_lost_the_lease_still_delivers(alice):
    tablet = Trainee("alice", TABLET, alice.user)
    tablet.opened = {"attempt": alice.opened["attempt"]}
    assert tablet.take_over().status_code == 200
    reply = alice.journal(event(1, 1, "b"), event(3, 2, "a"))
    assert code_of(reply) == (409, "lease_lost")
    detail = reply.json()["detail"]
    assert (detail["acked_through"], detail["gaps"], detail["epoch"]) == (1, [[2, 2]], 2)
    assert tablet.state().json()["answers"]["1"] == {"options": ["b"]}


def test_events_after_the_submission_are_kept_as_late(alice):
    alice.submit({}, {})
    reply = alice.journal(event(1, 1, "b"))
    assert code_of(reply) == (409, "closed")
    assert reply.json()["detail"] == {"acked_through": 1, "gaps": [], "epoch": 1}
    assert AttemptEvent.objects.get().late


def test_events_after_the_time_are_accepted_and_do_not_count(paper):
    alice = started_ago(paper, minutes=125)
    assert alice.journal(event(1, 1, "b")).status_code == 200
    assert alice.state().json()["answers"] == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"events": "none"},
        {"events": [event(1, 99, "a")]},
        {"events": [event(1, 1, "e")]},
        {"events": [event(1, 1, "ab")]},
        {"events": [event(seq, 1, "a") for seq in range(1, 52)]},
        {"events": [{"seq": 1}]},
        {"device": str(TABLET)},
        {"epoch": 2},
        {"epoch": "1"},
        {"device": None},
    ],
)
def test_a_malformed_journal_is_invalid_and_nothing_is_kept(alice, changes):
    assert code_of(alice.journal(**changes)) == (400, "invalid")
    assert not AttemptEvent.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "[" * 5000, "\x00"])
def test_a_journal_that_is_no_json_object_is_invalid(alice, body):
    assert code_of(alice.put("journal", body)) == (400, "invalid")


def test_a_journal_of_more_than_eight_kilobytes_is_invalid(alice):
    padded = json.dumps({"device": str(PHONE), "epoch": 1, "events": [], "pad": "x" * 8192})
    assert code_of(alice.put("journal", padded)) == (400, "invalid")


def test_fifty_events_fit_into_a_body(alice):
    assert alice.journal(*(event(seq, 5, "acde") for seq in range(101, 151))).status_code == 200


def test_a_device_writes_so_many_events_and_no_more(alice):
    assert alice.journal(event(wire.EVENTS_A_DEVICE, 1, "a")).status_code == 200
    reply = alice.journal(event(1, 1, "b"), event(wire.EVENTS_A_DEVICE + 1, 1, "b"))
    assert code_of(reply) == (400, "invalid")
    assert reply.json()["detail"] == {"reason": "too_many_events"}
    assert AttemptEvent.objects.count() == 1
    # What fills a gap below still comes in.
    assert alice.journal(event(1, 1, "b")).status_code == 200


def test_the_time_that_is_told_is_the_time_that_is_judged_by(alice):
    ahead = timezone.now() + timedelta(minutes=30)
    row = Attempt.objects.across_regions().filter(uuid=alice.opened["attempt"])
    row.update(last_server_at=ahead)
    told = [alice.journal(event(1, 1, "b")), alice.state(), alice.take_over()]
    assert {reply.json()["server_now"] for reply in told} == {ahead.astimezone(UTC).isoformat()}


def token_for(alice, **changes):
    usual = {
        "attempt": uuid.UUID(alice.opened["attempt"]),
        "device": PHONE,
        "epoch": 1,
        "expires_at": timezone.now() + timedelta(hours=1),
    }
    return tokens.issue(Lease(**{**usual, **changes}))


@pytest.mark.parametrize("name", ["journal", "submission"])
@pytest.mark.parametrize(
    "token",
    [
        lambda _: "",
        lambda alice: alice.opened["token"][:-1],
        lambda alice: token_for(alice, attempt=uuid.uuid4()),
        lambda alice: token_for(alice, expires_at=timezone.now() - timedelta(seconds=2)),
    ],
    ids=["none", "forged", "of another attempt", "too old"],
)
def test_a_token_that_is_not_good_is_dead(alice, name, token):
    reply = alice.put(name, {"events": []}, token=token(alice))
    assert code_of(reply) == (401, "token_dead")


def test_disabling_an_account_kills_its_tokens(alice):
    alice.user.is_active = False
    alice.user.save()
    assert code_of(alice.journal()) == (401, "token_dead")
    assert code_of(alice.submit({}, {})) == (401, "token_dead")


def test_a_journal_loads_neither_session_nor_user(alice):
    body = {"device": str(PHONE), "epoch": 1, "events": [event(1, 1, "b"), event(2, 2, "a")]}
    with CaptureQueriesContext(connection) as captured:
        reply = alice.client.put(
            alice.at("journal"),
            body,
            content_type="application/json",
            headers={"X-Attempt-Token": alice.opened["token"]},
        )
    assert reply.status_code == 200
    silent = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    asked = [q["sql"] for q in captured.captured_queries if not q["sql"].startswith(silent)]
    assert len(asked) <= 3
    assert not [sql for sql in asked if "django_session" in sql]


# --- take-over ------------------------------------------------------------------------------------
def test_taking_over_gives_a_new_token_and_epoch(alice):
    alice.journal(event(1, 1, "b"))
    tablet = Trainee("alice", TABLET, alice.user)
    tablet.opened = {"attempt": alice.opened["attempt"]}
    key = uuid.uuid4()
    taken = tablet.take_over(key).json()
    assert (taken["epoch"], taken["acked_through"]) == (2, 0)
    assert taken["answers"] == {"1": {"options": ["b"]}}
    assert tablet.take_over(key).json()["epoch"] == 2
    assert tablet.journal(event(1, 1, "c")).status_code == 200
    assert tablet.state().json()["answers"] == {"1": {"options": ["c"]}}


def test_a_closed_attempt_cannot_be_taken_over(alice):
    alice.submit({}, {})
    tablet = Trainee("alice", TABLET, alice.user)
    tablet.opened = alice.opened
    assert code_of(tablet.take_over()) == (409, "closed")


# --- submission and receipt -----------------------------------------------------------------------
def test_handing_in_gives_a_receipt_and_repeats_give_the_same(alice):
    alice.journal(event(1, 1, "b"), event(2, 4, "acd"))
    answers = {1: ("b",), 4: ("a", "c", "d")}
    reply = alice.submit(answers, {str(PHONE): 2})
    assert reply.status_code == 200
    receipt = reply.json()
    assert (receipt["answered"], receipt["items"], receipt["state"]) == (2, 5, "submitted")
    assert receipt["answers_sha256"] == answers_sha256(answers)
    assert receipt["report_url"] == f"/attempts/{alice.opened['attempt']}/report/"
    assert len(receipt["receipt"]) == 9
    assert alice.submit(answers, {str(PHONE): 2}).json() == receipt
    assert alice.client.get(alice.at("receipt")).json() == receipt


def test_there_is_no_receipt_before_the_submission(alice):
    assert code_of(alice.client.get(alice.at("receipt"))) == (404, "not_found")


def test_missing_events_are_asked_for(alice):
    alice.journal(event(1, 1, "b"))
    reply = alice.submit({1: ("b",)}, {str(PHONE): 3})
    assert code_of(reply) == (409, "gaps")
    assert reply.json()["detail"] == {"gaps": {str(PHONE): [[2, 3]]}}


def test_other_answers_are_a_digest_mismatch(alice):
    alice.journal(event(1, 1, "b"))
    reply = alice.submit({1: ("c",)}, {str(PHONE): 1})
    assert code_of(reply) == (409, "digest_mismatch")
    assert reply.json()["detail"] == {"server_sha256": answers_sha256({1: ("b",)})}


def test_a_device_without_the_lease_cannot_hand_in(alice):
    tablet = Trainee("alice", TABLET, alice.user)
    tablet.opened = {"attempt": alice.opened["attempt"]}
    tablet.take_over()
    assert code_of(alice.submit({}, {})) == (409, "lease_lost")


@pytest.mark.parametrize(
    "changes",
    [
        {"answers_sha256": "x"},
        {"answers_sha256": None},
        {"through": []},
        {"through": {"phone": 1}},
        {"through": {str(PHONE): -1}},
        {"through": {str(PHONE): "1"}},
        {"device": "phone"},
        {"epoch": 0},
    ],
)
def test_a_malformed_submission_is_invalid(alice, changes):
    assert code_of(alice.submit({}, **{"through": {}, **changes})) == (400, "invalid")


# --- whose, and what never travels ----------------------------------------------------------------
@pytest.mark.parametrize("name", ["state", "receipt"])
def test_another_trainees_attempt_is_not_here(alice, name):
    charlie = Trainee("charlie")
    assert code_of(charlie.client.get(alice.at(name))) == (404, "not_found")


def test_another_trainees_attempt_is_not_taken_over(alice):
    charlie = Trainee("charlie", TABLET)
    charlie.opened = alice.opened
    assert code_of(charlie.take_over()) == (404, "not_found")


def forbidden_in(part: Any) -> list[str]:
    """Names under which a key could travel, and the text of rationales, anywhere in a reply."""
    if isinstance(part, dict):
        names = [name for name in part if name in {"key", "keys", "rationale", "correct", "score"}]
        return names + [found for value in part.values() for found in forbidden_in(value)]
    if isinstance(part, list):
        return [found for value in part for found in forbidden_in(value)]
    return [part] if part == SECRET_RATIONALE else []


def test_no_key_travels_before_the_submission(paper):
    alice = Trainee("alice")
    tablet = Trainee("alice", TABLET, alice.user)
    replies = [alice.start(paper), alice.journal(event(1, 1, "b")), alice.state()]
    tablet.opened = {"attempt": alice.opened["attempt"]}
    replies += [tablet.start(paper), tablet.take_over(), tablet.journal(event(1, 1, "a"))]
    replies += [alice.journal(event(1, 2, "a")), tablet.submit({}, {str(TABLET): 9})]
    for reply in replies:
        assert forbidden_in(reply.json()) == []
        assert SECRET_RATIONALE not in reply.content.decode()


# --- the schema is exact --------------------------------------------------------------------------
@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def resolved(schema: dict, shape: dict) -> dict:
    while "$ref" in shape or "allOf" in shape:
        shape = shape["allOf"][0] if "allOf" in shape else shape
        shape = schema["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    return shape


def assert_matches(schema: dict, shape: dict, part: Any, where: str = "reply") -> None:
    shape = resolved(schema, shape)
    if not shape:
        return  # anything at all, as in the detail of a refusal
    if isinstance(part, dict):
        properties = shape.get("properties")
        assert set(shape.get("required", [])) <= set(part), where
        assert properties is None or set(part) <= set(properties), where
        for name, value in part.items():
            inner = properties[name] if properties else shape["additionalProperties"]
            assert_matches(schema, inner, value, f"{where}.{name}")
    elif isinstance(part, list):
        assert shape["type"] == "array", where
        for value in part:
            assert_matches(schema, shape["items"], value, f"{where}[]")
    else:
        assert_scalar(shape, part, where)


def assert_scalar(shape: dict, part: Any, where: str) -> None:
    if part is None:
        assert shape.get("nullable"), where
    elif "type" in shape:
        wanted = {"string": str, "integer": int, "boolean": bool}[shape["type"]]
        assert isinstance(part, wanted), where
    assert part in shape.get("enum", [part]), where


def test_replies_are_what_the_schema_says(schema, paper):
    alice = Trainee("alice")
    started = alice.start(paper)
    journal = alice.journal(event(1, 1, "b"), event(2, 1, True))
    replies = [
        ("/api/v1/attempts/", "post", started),
        ("/api/v1/attempts/{uuid}/journal/", "put", journal),
        ("/api/v1/attempts/{uuid}/", "get", alice.state()),
        ("/api/v1/attempts/{uuid}/takeover/", "post", alice.take_over()),
        ("/api/v1/attempts/{uuid}/submission/", "put", alice.submit({}, {str(PHONE): 9})),
        (
            "/api/v1/attempts/{uuid}/submission/",
            "put",
            alice.submit({1: ("b",)}, {str(PHONE): 2}),
        ),
        ("/api/v1/attempts/{uuid}/receipt/", "get", alice.client.get(alice.at("receipt"))),
    ]
    for address, method, reply in replies:
        described = schema["paths"][address][method]["responses"][str(reply.status_code)]
        shape = described["content"]["application/json"]["schema"]
        assert_matches(schema, shape, reply.json())


def test_every_operation_describes_its_refusals(schema):
    for address, methods in schema["paths"].items():
        if address.startswith("/api/v1/attempts/"):
            for operation in methods.values():
                assert {"400", "401", "403", "404", "409"} <= set(operation["responses"])
