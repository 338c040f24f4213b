"""Folding events into answers, counting gaps, digests, leases and the wire format."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from quizzes.attempts import lease, wire
from quizzes.attempts.journal import (
    Event,
    Kind,
    acked_through,
    answers_sha256,
    content_hash,
    fold,
    gaps,
)
from quizzes.attempts.receipt import ALPHABET, receipt_code
from quizzes.attempts.states import MOVES, State, before, may_move

PHONE = UUID("00000000-0000-4000-8000-000000000001")
TABLET = UUID("00000000-0000-4000-8000-000000000002")
KEY = UUID("00000000-0000-4000-8000-0000000000aa")
OTHER_KEY = UUID("00000000-0000-4000-8000-0000000000bb")


def chose(seq: int, item: int, value: str, epoch: int = 1, late: bool = False) -> Event:
    return Event(epoch, seq, item, Kind.OPTIONS, value, late)


def flagged(seq: int, item: int, value: str) -> Event:
    return Event(1, seq, item, Kind.FLAG, value)


def test_the_last_event_of_an_item_stands():
    events = [chose(2, 7, "b"), chose(1, 7, "a"), chose(3, 3, "a,c")]
    assert fold(events).answers == {3: ("a", "c"), 7: ("b",)}


def test_a_cleared_answer_is_blank():
    assert fold([chose(1, 7, "a"), chose(2, 7, "")]).answers == {}


def test_flags_and_answers_share_the_numbers_and_stay_apart():
    projection = fold([chose(1, 7, "a"), flagged(2, 7, "1"), flagged(3, 9, "1"), flagged(4, 9, "")])
    assert projection.answers == {7: ("a",)}
    assert projection.flags == (7,)


def test_a_newer_epoch_wins_over_a_greater_seq():
    assert fold([chose(90, 7, "a", epoch=1), chose(1, 7, "b", epoch=2)]).answers == {7: ("b",)}


def test_events_of_an_old_device_fill_what_the_new_one_left_alone():
    projection = fold([chose(90, 8, "a", epoch=1), chose(1, 7, "b", epoch=2)])
    assert projection.answers == {7: ("b",), 8: ("a",)}


def test_late_events_count_only_if_somebody_decided_so():
    events = [chose(1, 7, "a"), chose(2, 7, "b", late=True)]
    assert fold(events).answers == {7: ("a",)}
    assert fold(events, late_counts=True).answers == {7: ("b",)}


@pytest.mark.parametrize(
    ("seqs", "through", "expected"),
    [
        ([], 0, []),
        ([], 3, [(1, 3)]),
        ([1, 2, 3], 3, []),
        ([1, 4, 7], 7, [(2, 3), (5, 6)]),
        ([1, 2], 5, [(3, 5)]),
        ([2, 9], 4, [(1, 1), (3, 4)]),
        ([3, 1, 1, 2], 3, []),
    ],
)
def test_gaps_are_the_missing_runs(seqs, through, expected):
    assert gaps(seqs, through) == expected


@pytest.mark.parametrize(("seqs", "through"), [([], 0), ([2, 3], 0), ([1, 2, 4], 2), ([2, 1], 2)])
def test_everything_up_to_the_acknowledged_number_is_there(seqs, through):
    assert acked_through(seqs) == through


def test_the_digest_is_that_of_the_agreed_lines():
    # printf '1:b\n3:a,c\n' | sha256sum
    expected = "9a62d367d9b4b11903e62748f2214c60001faa85cddd48f807328144aa458f03"
    assert answers_sha256({3: ("c", "a"), 1: ("b",), 2: ()}) == expected


def test_content_is_told_apart_by_item_kind_and_value():
    same = content_hash(item=7, kind=Kind.OPTIONS, value="a")
    assert same == content_hash(item=7, kind=Kind.OPTIONS, value="a")
    others = {
        content_hash(item=8, kind=Kind.OPTIONS, value="a"),
        content_hash(item=7, kind=Kind.OPTIONS, value="b"),
        content_hash(item=7, kind=Kind.FLAG, value="1"),
        content_hash(item=7, kind=Kind.OPTIONS, value="1"),
    }
    assert same not in others
    assert len(others) == 4
    assert -(2**63) <= same < 2**63


def checks_out(code):
    """Luhn's check over the receipt's alphabet, from the right: every second value is doubled."""
    values = [ALPHABET.index(character) for character in reversed(code.replace("-", ""))]
    doubled = [sum(divmod(2 * value, len(ALPHABET))) for value in values[1::2]]
    return (sum(values[::2]) + sum(doubled)) % len(ALPHABET) == 0


def test_a_receipt_is_eight_characters_in_two_groups():
    code = receipt_code(PHONE, "ab" * 32)
    assert (len(code), code[4]) == (9, "-")
    assert checks_out(code)


def test_a_receipt_with_one_wrong_character_is_noticed():
    code = receipt_code(PHONE, "ab" * 32)
    for place, character in enumerate(code):
        for wrong in set(ALPHABET) - {character} if character != "-" else ():
            assert not checks_out(code[:place] + wrong + code[place + 1 :])


def test_different_submissions_have_different_receipts():
    assert receipt_code(PHONE, "ab" * 32) != receipt_code(TABLET, "ab" * 32)
    assert receipt_code(PHONE, "ab" * 32) != receipt_code(PHONE, "cd" * 32)


def test_devices_are_numbered_in_the_order_they_came():
    leases = lease.with_lease([], device=PHONE, key=KEY)
    leases = lease.with_lease(leases, device=TABLET, key=OTHER_KEY)
    leases = lease.with_lease(leases, device=PHONE, key=TABLET)
    assert lease.device_number(leases, PHONE) == 1
    assert lease.device_number(leases, TABLET) == 2
    assert lease.device_number(leases, KEY) is None
    assert [lease.epoch_held(leases, device=PHONE, epoch=epoch) for epoch in (0, 1, 2, 3, 4)] == [
        False,
        True,
        False,
        True,
        False,
    ]
    assert lease.epoch_of_key(leases, OTHER_KEY) == 2
    assert lease.epoch_of_key(leases, PHONE) is None


def test_a_token_lives_one_day_beyond_the_grace():
    ends = datetime(2026, 4, 12, 11, 0, tzinfo=UTC)
    expiry = lease.token_expiry(ends, 30)
    assert expiry == datetime(2026, 4, 13, 11, 0, 30, tzinfo=UTC)
    held = lease.Lease(PHONE, TABLET, 1, expiry)
    assert held.is_live(expiry)
    assert not held.is_live(datetime(2026, 4, 13, 11, 0, 31, tzinfo=UTC))
    assert held.claims() == [PHONE.hex, TABLET.hex, 1, int(expiry.timestamp())]


def test_every_state_is_in_the_table_and_can_be_reached():
    assert set(MOVES) == set(State)
    assert {there for targets in MOVES.values() for there in targets} == set(State) - {State.OPEN}
    assert may_move(State.OPEN, State.EXPIRED)
    assert not may_move(State.SUBMITTED, State.OPEN)
    assert before(State.EXPIRED) == {State.OPEN}


def event(**changes: object) -> dict[str, object]:
    usual = {
        "seq": 1,
        "item": 7,
        "value": {"options": ["c", "a"]},
        "mono_ms": 5200,
        "client_at": "2026-04-12T09:00:05.200Z",
    }
    return {**usual, **changes}


def body(*events: object, **changes: object) -> dict[str, object]:
    return {"device": str(PHONE), "epoch": 1, "events": list(events), **changes}


def test_a_journal_is_read_and_its_options_sorted():
    batch = wire.read_batch(body(event(), event(seq=2, value={"flag": True})))
    assert (batch.device, batch.epoch) == (PHONE, 1)
    chosen, flag = batch.entries
    assert (chosen.kind, chosen.value, chosen.client_ms) == (Kind.OPTIONS, "a,c", 1775984405200)
    assert (flag.kind, flag.value) == (Kind.FLAG, "1")


def test_an_empty_journal_is_a_heartbeat():
    assert wire.read_batch(body()).entries == ()


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ([], "body"),
        (None, "body"),
        (body(device="phone"), "device"),
        (body(device=7), "device"),
        (body(epoch=0), "epoch"),
        (body(epoch=True), "epoch"),
        (body(epoch="1"), "epoch"),
        ({"device": str(PHONE), "epoch": 1}, "events"),
        (body(*[event()] * 51), "events"),
        (body("x"), "events[0]"),
        (body(event(seq=0)), "events[0].seq"),
        (body(event(), event(seq=1.5)), "events[1].seq"),
        (body(event(item="7")), "events[0].item"),
        (body(event(mono_ms=-1)), "events[0].mono_ms"),
        (body(event(client_at="yesterday")), "events[0].client_at"),
        (body(event(client_at="2026-04-12T09:00:05")), "events[0].client_at"),
        (body(event(client_at=5)), "events[0].client_at"),
        (body(event(value="a")), "events[0].value"),
        (body(event(value={})), "events[0].value"),
        (body(event(value={"options": "a"})), "events[0].value"),
        (body(event(value={"options": [1]})), "events[0].value"),
        (body(event(value={"options": ["a,b"]})), "events[0].value"),
        (body(event(value={"options": [""]})), "events[0].value"),
        (body(event(value={"flag": 1})), "events[0].value"),
        (body(event(value={"flag": True, "options": []})), "events[0].value"),
    ],
)
def test_a_malformed_journal_is_refused_and_the_place_is_named(wrong, where):
    with pytest.raises(wire.Malformed) as refused:
        wire.read_batch(wrong)
    assert str(refused.value) == where


SHAPE = {7: ("multiple_response", "abcde"), 8: ("single_choice", "abcd")}


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"item": 9}, "events[0].item"),
        ({"value": {"options": ["f"]}}, "events[0].value.options"),
        ({"item": 8, "value": {"options": ["a", "b"]}}, "events[0].value.options"),
    ],
)
def test_it_refuses_what_the_paper_has_not(changes, where):
    with pytest.raises(wire.Malformed, match=where.replace("[", r"\[").replace("]", r"\]")):
        wire.check_against(wire.read_batch(body(event(**changes))), SHAPE)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"value": {"options": []}},
        {"item": 8, "value": {"options": ["d"]}},
        {"value": {"flag": False}},
    ],
)
def test_it_takes_what_the_paper_has(changes):
    wire.check_against(wire.read_batch(body(event(**changes))), SHAPE)


DIGEST = "ab" * 32


def claim(**changes: object) -> dict[str, object]:
    usual = {
        "device": str(PHONE),
        "epoch": 1,
        "through": {str(TABLET): 3},
        "answers_sha256": DIGEST,
    }
    return {**usual, **changes}


def test_a_submission_is_read():
    assert wire.read_claim(claim()) == wire.Claim(PHONE, 1, {TABLET: 3}, DIGEST)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ([], "body"),
        (claim(answers_sha256="AB" * 32), "answers_sha256"),
        (claim(answers_sha256=7), "answers_sha256"),
        (claim(through=None), "through"),
        (claim(through={"phone": 3}), "through"),
        (claim(through={str(PHONE): -1}), "through"),
        (claim(epoch=None), "epoch"),
        (claim(device=None), "device"),
    ],
)
def test_a_malformed_submission_is_refused_and_the_place_is_named(wrong, where):
    with pytest.raises(wire.Malformed) as refused:
        wire.read_claim(wrong)
    assert str(refused.value) == where


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[" * 8000, b" " * 8193, b"NaN x"])
def test_what_is_no_bounded_json_is_refused(raw):
    with pytest.raises(wire.Malformed, match="body"):
        wire.parse(raw)


def test_json_is_parsed():
    assert wire.parse(b'{"epoch": 1}') == {"epoch": 1}
