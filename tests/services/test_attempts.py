"""Sittings: begun once, recorded once, handed in once, whatever the network repeats."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cms.accounts.services import grant_role, load_regions
from cms.core.errors import Refused
from cms.core.models import FactIsFinal
from cms.core.scoping import UnscopedQuery
from quizzes.attempts import services
from quizzes.attempts.journal import answers_sha256
from quizzes.attempts.lease import Lease
from quizzes.attempts.models import Attempt, AttemptEvent, Scoring, Submission
from quizzes.attempts.states import State
from quizzes.attempts.wire import Claim
from tests.factories.exam import (
    PHONE,
    STARTED,
    TABLET,
    batch,
    event,
    lease_of,
    make_paper,
    make_user,
    start_attempt,
)

pytestmark = pytest.mark.django_db
SOON = STARTED + timedelta(minutes=5)
ENDS = STARTED + timedelta(minutes=120)
LATE = ENDS + timedelta(seconds=31)


@pytest.fixture
def alice():
    return make_user("alice")


@pytest.fixture
def paper():
    return make_paper()


@pytest.fixture
def attempt(alice, paper):
    return start_attempt(alice, paper)


def record(attempt, *events, now=SOON, lease=None, **of_batch):
    return services.record(
        lease=lease or lease_of(attempt), batch=batch(events, **of_batch), now=now
    )


def claim(answers, through=None, *, device=PHONE, epoch=1):
    return Claim(device, epoch, through or {}, answers_sha256(answers))


def submit(attempt, answers, through=None, *, now=SOON, lease=None, **of_claim):
    return services.submit(
        lease=lease or lease_of(attempt), claim=claim(answers, through, **of_claim), now=now
    )


def refused_code(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value.code


def statements(captured):
    """Statements that carry a question or a fact; BEGIN, COMMIT and savepoints do not."""
    silent = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [
        query["sql"]
        for query in captured.captured_queries
        if not query["sql"].lstrip().startswith(silent)
    ]


# --- starting -------------------------------------------------------------------------------------
def test_it_freezes_the_times_at_the_start(alice, paper):
    attempt, created = services.start(
        user=alice, paper=paper.uuid, device=PHONE, key=uuid.uuid4(), now=STARTED
    )
    assert created
    assert (attempt.state, attempt.epoch, attempt.grace_s) == (State.OPEN, 1, 30)
    assert attempt.deadline_at == ENDS
    assert attempt.finalise_at == ENDS + timedelta(minutes=30, seconds=30)
    assert attempt.paper_sha256 == paper.content_sha256


def test_repeating_a_start_gives_the_same_attempt(alice, paper):
    key = uuid.uuid4()
    starts = [
        services.start(user=alice, paper=paper.uuid, device=PHONE, key=key, now=STARTED)
        for _ in range(3)
    ]
    assert [created for _, created in starts] == [True, False, False]
    assert len({attempt.uuid for attempt, _ in starts}) == 1


def test_the_same_device_comes_back_to_its_open_attempt(alice, paper, attempt):
    again, created = services.start(
        user=alice, paper=paper.uuid, device=PHONE, key=uuid.uuid4(), now=SOON
    )
    assert (again.uuid, created) == (attempt.uuid, False)


def test_another_device_is_told_who_holds_the_attempt(alice, paper, attempt):
    with pytest.raises(Refused) as refused:
        start_attempt(alice, paper, device=TABLET)
    assert refused.value.code == "lease_lost"
    assert refused.value.detail == {"attempt": str(attempt.uuid), "epoch": 1}


def test_a_key_begins_one_attempt_only(alice, paper):
    key = uuid.uuid4()
    services.start(user=alice, paper=paper.uuid, device=PHONE, key=key, now=STARTED)
    other = make_paper(code="mock-2")
    assert (
        refused_code(
            services.start, user=alice, paper=other.uuid, device=PHONE, key=key, now=STARTED
        )
        == "invalid"
    )


def test_two_trainees_may_use_the_same_key(alice, paper):
    key = uuid.uuid4()
    for user in (alice, make_user("charlie")):
        _, created = services.start(user=user, paper=paper.uuid, device=PHONE, key=key, now=STARTED)
        assert created


def test_an_unreleased_paper_cannot_be_sat(alice):
    draft = make_paper(code="draft", released=False)
    assert refused_code(start_attempt, alice, draft) == "not_found"


def test_a_start_ends_an_attempt_that_is_long_over(alice, paper, attempt):
    tomorrow = STARTED + timedelta(days=1)
    fresh = start_attempt(alice, paper, now=tomorrow)
    assert fresh.uuid != attempt.uuid
    attempt.refresh_from_db()
    assert attempt.state == State.EXPIRED


def test_the_database_allows_one_open_attempt_a_paper(alice, paper, attempt):
    twin = Attempt(
        user=alice,
        paper=paper,
        paper_sha256=paper.content_sha256,
        mode="mock",
        device=TABLET,
        leases=[],
        started_at=STARTED,
        deadline_at=ENDS,
        grace_s=30,
        finalise_at=ENDS,
        last_server_at=STARTED,
        idempotency_key=uuid.uuid4(),
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


@pytest.mark.parametrize("field", ["user_id", "paper_sha256", "started_at", "mode"])
def test_what_an_attempt_began_with_never_changes(attempt, field):
    other = {"user_id": make_user("charlie").pk, "started_at": SOON}.get(field, "other")
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.across_regions().filter(pk=attempt.pk).update(**{field: other})


def test_attempts_are_not_read_without_saying_for_whom():
    with pytest.raises(UnscopedQuery):
        list(Attempt.objects.all())


def test_a_trainee_sees_the_own_attempts_alone(alice, attempt):
    assert list(Attempt.objects.visible_to(alice)) == [attempt]
    assert not Attempt.objects.visible_to(make_user("charlie")).exists()


@pytest.mark.parametrize("role", ["auditor", "site_admin", "city_officer", "instructor"])
def test_no_role_opens_the_attempts_of_others(attempt, role):
    load_regions()
    staff = make_user("staff")
    grant_role(user=staff, role=role, region="64", valid_from=STARTED.date())
    assert not Attempt.objects.visible_to(staff).exists()


# --- recording ------------------------------------------------------------------------------------
def test_events_are_acknowledged(attempt):
    recorded = record(attempt, event(1, 1, "b"), event(2, 2, "a"))
    assert (recorded.acked_through, recorded.gaps, recorded.clashes) == (2, [], [])
    assert recorded.holds_lease


def test_an_event_counts_once_however_often_it_comes(attempt):
    for _ in range(3):
        recorded = record(attempt, event(1, 1, "b"), event(1, 1, "b"))
    assert recorded.acked_through == 1
    assert AttemptEvent.objects.filter(attempt=attempt).count() == 1


def test_gaps_are_named_and_nothing_beyond_them_is_acknowledged(attempt):
    recorded = record(attempt, event(1, 1, "b"), event(4, 2, "a"), event(6, 3, "c"))
    assert (recorded.acked_through, recorded.gaps) == (1, [(2, 3), (5, 5)])
    recorded = record(attempt, event(2, 1, "c"), event(3, 1, "b"), event(5, 2, "d"))
    assert (recorded.acked_through, recorded.gaps) == (6, [])


def test_one_number_for_two_events_is_noticed_and_the_first_kept(attempt, caplog):
    record(attempt, event(1, 1, "b"))
    recorded = record(attempt, event(1, 1, "c"), event(2, 2, "a"))
    assert recorded.clashes == [1]
    assert recorded.acked_through == 2
    assert services.sitting(attempt, PHONE).projection.answers == {1: ("b",), 2: ("a",)}
    assert "seq conflict" in caplog.text


def test_one_number_for_two_events_of_a_batch_is_noticed(attempt):
    assert record(attempt, event(1, 1, "b"), event(1, 1, "c")).clashes == [1]


def test_the_same_event_with_another_time_is_the_same(attempt):
    record(attempt, event(1, 1, "b"))
    assert record(attempt, event(1, 1, "b", mono_ms=9, client_at=ENDS.isoformat())).clashes == []


@pytest.mark.parametrize(("after_s", "late"), [(0, False), (30, False), (31, True)])
def test_lateness_is_fixed_on_arrival(attempt, after_s, late):
    record(attempt, event(1, 1, "b"), now=ENDS + timedelta(seconds=after_s))
    assert AttemptEvent.objects.get(attempt=attempt).late is late


def test_the_clock_of_an_attempt_never_goes_back(attempt):
    record(attempt, now=SOON)
    record(attempt, event(1, 1, "b"), now=SOON - timedelta(seconds=5))
    attempt.refresh_from_db()
    assert attempt.last_server_at == SOON


def test_an_event_is_late_once_the_time_was_over_though_the_clock_went_back(attempt):
    record(attempt, event(1, 1, "b"), now=LATE)
    record(attempt, event(2, 2, "a"), now=SOON)
    assert [stored.late for stored in attempt.events.order_by("seq")] == [True, True]


def test_a_clock_that_went_back_within_the_time_makes_nothing_late(attempt):
    record(attempt, event(1, 1, "b"), now=ENDS)
    record(attempt, event(2, 2, "a"), now=SOON)
    assert not attempt.events.filter(late=True).exists()


def test_events_after_the_submission_are_kept_as_late(attempt):
    submit(attempt, {})
    recorded = record(attempt, event(1, 1, "b"))
    assert recorded.attempt.is_closed
    assert recorded.acked_through == 1
    assert AttemptEvent.objects.get(attempt=attempt).late


@pytest.mark.parametrize("wrong", [{"item": 6}, {"item": 1, "value": {"options": ["e"]}}])
def test_what_the_paper_has_not_is_refused_and_nothing_is_kept(attempt, wrong):
    events = (event(1, 1, "b"), {**event(2, 2, "a"), **wrong})
    assert refused_code(record, attempt, *events) == "invalid"
    assert not AttemptEvent.objects.filter(attempt=attempt).exists()


def test_a_batch_of_another_device_is_refused(attempt):
    assert refused_code(record, attempt, event(1, 1, "b"), device=TABLET) == "invalid"


def test_a_batch_of_an_epoch_to_come_is_refused(attempt):
    assert refused_code(record, attempt, event(1, 1, "b"), epoch=2) == "invalid"


def test_a_disabled_account_can_no_longer_write(alice, attempt):
    alice.is_active = False
    alice.save()
    assert refused_code(record, attempt, event(1, 1, "b")) == "token_dead"
    assert refused_code(submit, attempt, {}) == "token_dead"


def copy_event(attempt, *, late, verb="INSERT"):
    """Insert a copy of the attempt's first event under a new number, past every service."""
    columns = "attempt_id, device, epoch, item, kind, value, mono_ms, client_ms, received_at"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"{verb} INTO quizzes_attemptevent ({columns}, content_hash, seq, late) "  # noqa: S608
            f"SELECT {columns}, content_hash, seq + 100, %s FROM quizzes_attemptevent "
            "WHERE attempt_id = %s AND seq = 1",
            [late, attempt.pk],
        )


def test_the_database_takes_no_event_as_in_time_after_the_submission(attempt, alice):
    record(attempt, event(1, 1, "b"))
    other = start_attempt(alice, make_paper(code="mock-2"))
    record(other, event(1, 1, "b"))
    submit(attempt, {1: ("b",)}, {PHONE: 1})
    with pytest.raises(IntegrityError):
        copy_event(attempt, late=False)
    if connection.vendor == "sqlite":
        # Neither does the form of INSERT that passes over a repeated number.
        with pytest.raises(IntegrityError):
            copy_event(attempt, late=False, verb="INSERT OR IGNORE")
    assert attempt.events.count() == 1
    copy_event(attempt, late=True)
    copy_event(other, late=False)
    assert (attempt.events.count(), other.events.count()) == (2, 2)


def test_the_database_takes_no_event_as_in_time_after_the_sweeper(attempt):
    record(attempt, event(1, 1, "b"))
    services.expire_due(attempt.finalise_at)
    with pytest.raises(IntegrityError):
        copy_event(attempt, late=False)


def test_bulk_inserts_meet_the_same_guard(attempt):
    record(attempt, event(1, 1, "b"))
    submit(attempt, {1: ("b",)}, {PHONE: 1})
    late_comer = attempt.events.get()
    late_comer.pk, late_comer.seq = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        AttemptEvent.objects.bulk_create([late_comer], ignore_conflicts=True)


def test_a_journal_takes_three_statements(attempt):
    record(attempt)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        record(attempt, *(event(seq, 1 + seq % 5, "b") for seq in range(1, 11)))
    assert len(statements(captured)) == 3
    with CaptureQueriesContext(connection) as captured:
        record(attempt)
    assert len(statements(captured)) == 2


def test_events_cannot_be_changed_or_deleted(attempt):
    record(attempt, event(1, 1, "b"))
    stored = AttemptEvent.objects.get(attempt=attempt)
    stored.value = "c"
    with pytest.raises(FactIsFinal):
        stored.save()
    with pytest.raises(FactIsFinal):
        AttemptEvent.objects.all().update(value="c")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE quizzes_attemptevent SET value = 'c'")


# --- taking over ----------------------------------------------------------------------------------
def take_over(alice, attempt, device=TABLET, key=None, now=SOON):
    return services.take_over(
        user=alice, attempt=attempt.uuid, device=device, key=key or uuid.uuid4(), now=now
    )


def test_taking_over_begins_the_next_epoch(alice, attempt):
    taken = take_over(alice, attempt)
    assert (taken.epoch, taken.device) == (2, TABLET)


def test_repeating_a_take_over_changes_nothing(alice, attempt):
    key = uuid.uuid4()
    assert take_over(alice, attempt, key=key).epoch == 2
    assert take_over(alice, attempt, key=key).epoch == 2


def test_a_late_repeat_does_not_steal_the_lease_back(alice, attempt):
    key = uuid.uuid4()
    take_over(alice, attempt, key=key)
    take_over(alice, attempt, device=PHONE)
    assert refused_code(take_over, alice, attempt, key=key) == "lease_lost"
    attempt.refresh_from_db()
    assert (attempt.epoch, attempt.device) == (3, PHONE)


def test_nobody_takes_over_another_trainees_attempt(attempt):
    assert refused_code(take_over, make_user("charlie"), attempt) == "not_found"


def test_a_closed_attempt_is_not_taken_over(alice, attempt):
    submit(attempt, {})
    assert refused_code(take_over, alice, attempt) == "closed"


def test_an_attempt_past_its_window_is_not_taken_over(alice, attempt):
    assert refused_code(take_over, alice, attempt, now=attempt.finalise_at) == "closed"
    record(attempt, now=attempt.finalise_at)
    assert refused_code(take_over, alice, attempt, now=SOON) == "closed"


def test_the_old_device_keeps_delivering_and_fills_only_what_is_open(alice, attempt):
    old = lease_of(attempt)
    taken = take_over(alice, attempt)
    record(taken, event(1, 1, "d"), device=TABLET, epoch=2)
    recorded = record(attempt, event(1, 1, "a"), event(2, 2, "c"), lease=old)
    assert not recorded.holds_lease
    assert recorded.acked_through == 2
    assert services.sitting(taken, TABLET).projection.answers == {1: ("d",), 2: ("c",)}


def test_each_device_has_its_own_numbers(alice, attempt):
    record(attempt, event(1, 1, "a"), event(2, 1, "b"))
    taken = take_over(alice, attempt)
    record(taken, event(1, 2, "a"), device=TABLET, epoch=2)
    assert services.sitting(taken, TABLET).acked_through == 1
    assert services.sitting(taken, PHONE).acked_through == 2
    assert services.sitting(taken, uuid.uuid4()).acked_through == 0


def test_what_was_done_before_a_take_over_keeps_its_epoch(alice, attempt):
    taken = take_over(alice, attempt)
    record(taken, event(1, 1, "d"), device=TABLET, epoch=2)
    back = take_over(alice, attempt, device=PHONE)
    recorded = record(back, event(1, 1, "a"), epoch=1)
    assert recorded.holds_lease
    assert services.sitting(back, PHONE).projection.answers == {1: ("d",)}
    assert refused_code(record, back, event(2, 1, "a"), epoch=2) == "invalid"


# --- handing in -----------------------------------------------------------------------------------
ANSWERS = {1: ("b",), 2: ("a",), 4: ("a", "c"), 5: ("a", "c", "d")}


@pytest.fixture
def answered(attempt):
    record(
        attempt,
        event(1, 1, "b"),
        event(2, 2, "a"),
        event(3, 4, "ac"),
        event(4, 5, "acd"),
        event(5, 3, True),
    )
    return attempt


def test_handing_in_scores_and_gives_a_receipt(answered):
    submission = submit(answered, ANSWERS, {PHONE: 5})
    assert (submission.answered, submission.items, submission.by_server) == (4, 5, False)
    assert submission.answers_sha256 == answers_sha256(ANSWERS)
    scoring = Scoring.objects.get(attempt=answered)
    assert scoring.item_scores == [2, 0, 0, 2, 4]
    assert scoring.total_half == 8
    assert scoring.answers_by_item() == ANSWERS
    answered.refresh_from_db()
    assert answered.state == State.SUBMITTED


def test_handing_in_again_gives_the_same_receipt(answered):
    first = submit(answered, ANSWERS, {PHONE: 5})
    again = submit(answered, {}, {PHONE: 99}, now=LATE)
    assert again.receipt == first.receipt
    assert Submission.objects.count() == Scoring.objects.count() == 1


def test_missing_events_are_asked_for(answered):
    with pytest.raises(Refused) as refused:
        submit(answered, ANSWERS, {PHONE: 8, TABLET: 2})
    assert refused.value.code == "gaps"
    assert refused.value.detail == {"gaps": {str(PHONE): [(6, 8)], str(TABLET): [(1, 2)]}}
    answered.refresh_from_db()
    assert answered.state == State.OPEN


def test_other_answers_are_refused_and_both_digests_logged(answered, caplog):
    with pytest.raises(Refused) as refused:
        submit(answered, {1: ("b",)}, {PHONE: 5})
    assert refused.value.code == "digest_mismatch"
    assert refused.value.detail == {"server_sha256": answers_sha256(ANSWERS)}
    assert answers_sha256(ANSWERS) in caplog.text
    assert answers_sha256({1: ("b",)}) in caplog.text


def test_a_device_without_the_lease_cannot_hand_in(alice, answered):
    old = lease_of(answered)
    take_over(alice, answered)
    assert refused_code(submit, answered, ANSWERS, {PHONE: 5}, lease=old) == "lease_lost"


def test_a_claim_must_match_its_token(answered):
    assert refused_code(submit, answered, ANSWERS, device=TABLET) == "invalid"
    assert refused_code(submit, answered, ANSWERS, epoch=2) == "invalid"


def test_a_void_attempt_cannot_be_handed_in(answered):
    Attempt.objects.across_regions().filter(pk=answered.pk).update(state=State.VOID)
    assert refused_code(submit, answered, ANSWERS, {PHONE: 5}) == "closed"


def test_after_the_deadline_late_answers_do_not_count_and_block_nothing(answered):
    record(answered, event(6, 3, "b"), now=LATE)
    submission = submit(answered, {**ANSWERS, 3: ("b",)}, {PHONE: 6}, now=LATE)
    assert submission.answers_sha256 == answers_sha256(ANSWERS)
    assert Scoring.objects.get(attempt=answered).total_half == 8


def test_after_the_deadline_a_clock_that_went_back_does_not_block_handing_in(answered):
    record(answered, event(6, 3, "b"), now=LATE)
    submission = submit(answered, {**ANSWERS, 3: ("b",)}, {PHONE: 6}, now=SOON)
    assert submission.answers_sha256 == answers_sha256(ANSWERS)


def test_after_the_deadline_other_answers_are_still_refused(answered):
    assert refused_code(submit, answered, {1: ("c",)}, {PHONE: 5}, now=LATE) == "digest_mismatch"


def test_handing_in_takes_at_most_eight_statements(answered):
    with CaptureQueriesContext(connection) as captured:
        submit(answered, ANSWERS, {PHONE: 5})
    assert len(statements(captured)) <= 8


def test_scores_and_submissions_are_final(answered):
    submit(answered, ANSWERS, {PHONE: 5})
    for model in (Scoring, Submission):
        with pytest.raises(FactIsFinal):
            model.objects.get().delete()


def test_a_second_first_scoring_is_refused_by_the_database(answered):
    submit(answered, ANSWERS, {PHONE: 5})
    first = Scoring.objects.get()
    fields = {
        "attempt": answered,
        "total_half": 0,
        "item_scores": [],
        "answers": {},
        "scheme_sha256": "",
        "paper_sha256": "",
        "at": SOON,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Scoring.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Scoring.objects.create(**fields, supersedes=first)
    rescored = Scoring.objects.create(
        **fields, supersedes=first, by=make_user("editor"), reason="第2题答案更正"
    )
    assert list(answered.scorings.current()) == [rescored]


# --- when the time is over ------------------------------------------------------------------------
def test_the_sweeper_waits_for_the_offline_window(answered):
    assert services.expire_due(answered.finalise_at - timedelta(seconds=1)) == 0
    assert services.expire_due(answered.finalise_at) == 1


def test_the_sweeper_closes_with_what_is_there(answered):
    record(answered, event(6, 3, "b"), now=LATE)
    services.expire_due(answered.finalise_at)
    answered.refresh_from_db()
    assert answered.state == State.EXPIRED
    assert answered.submission.by_server
    assert answered.submission.answers_sha256 == answers_sha256(ANSWERS)
    assert answered.scorings.get().total_half == 8


def test_sweeping_twice_does_nothing_more(answered):
    assert services.expire_due(answered.finalise_at) == 1
    assert services.expire_due(answered.finalise_at) == 0
    assert Submission.objects.count() == 1


def test_a_submit_that_meets_the_sweeper_gets_what_the_sweeper_closed(answered):
    services.expire_due(answered.finalise_at)
    submission = submit(answered, ANSWERS, {PHONE: 5}, now=answered.finalise_at)
    assert submission.by_server
    assert submission.attempt.state == State.EXPIRED


def test_the_sweeper_leaves_handed_in_attempts_alone(answered):
    submit(answered, ANSWERS, {PHONE: 5})
    assert services.expire_due(answered.finalise_at) == 0


def test_an_attempt_without_any_answer_is_closed_with_nothing(attempt):
    services.expire_due(attempt.finalise_at)
    assert attempt.scorings.get().total_half == 0
    assert attempt.submission.answered == 0


def test_a_token_of_an_unknown_attempt_is_dead():
    lease = Lease(uuid.uuid4(), PHONE, 1, ENDS)
    assert refused_code(services.record, lease=lease, batch=batch([]), now=SOON) == "token_dead"


# --- side by side ---------------------------------------------------------------------------------
def side_by_side(*calls):
    """Run calls in threads of their own at one moment; returns what each gave or raised."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(timeout=20)
            return call()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.django_db(transaction=True)
def test_four_starts_at_once_begin_one_attempt():
    alice, paper = make_user("alice"), make_paper(1, 0)
    attempts = side_by_side(*[lambda: start_attempt(alice, paper).uuid] * 4)
    assert len(set(attempts)) == 1
    assert Attempt.objects.across_regions().count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_again", range(5))
def test_submits_and_sweepers_at_once_close_an_attempt_once(_again):
    attempt = start_attempt(make_user("alice"), make_paper(1, 0))
    over = attempt.finalise_at
    _, first, _, second = side_by_side(
        lambda: services.expire_due(over),
        lambda: submit(attempt, {}, now=over).receipt,
        lambda: services.expire_due(over),
        lambda: submit(attempt, {}, now=over).receipt,
    )
    assert first == second == Submission.objects.get().receipt
    assert Scoring.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_batch_sent_four_times_at_once_is_stored_once():
    attempt = start_attempt(make_user("alice"), make_paper())
    events = [event(seq, 1 + seq % 5, "b") for seq in range(1, 11)]
    acked = side_by_side(*[lambda: record(attempt, *events).acked_through] * 4)
    assert acked == [10] * 4
    assert AttemptEvent.objects.count() == 10
