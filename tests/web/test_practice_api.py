"""The self-check API: the key travels with the question, an answer counts once."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from quizzes.bank import services as bank
from quizzes.models import Mistake, PracticeAnswer
from quizzes.practice import serializers as shapes
from tests.factories.exam import SECRET_RATIONALE, make_paper, make_user, make_version
from tests.factories.practice import DAY, give, make_multiple, make_run, make_single

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return make_user("alice")


@pytest.fixture
def browser(alice):
    client = Client()
    client.force_login(alice)
    return client


def address(version, name="question"):
    return reverse(f"practice_api:{name}", args=[version.question.uuid])


def send(client, version, chosen, **more):
    body = {"key": str(uuid.uuid4()), "options": list(chosen), **more}
    return client.post(address(version, "answers"), body, content_type="application/json")


def test_a_question_travels_with_its_key_and_rationale(browser):
    version = make_multiple()
    reply = browser.get(address(version))
    assert reply.status_code == 200
    assert reply.json() == {
        "question": str(version.question.uuid),
        "type": "multiple_response",
        "points_half": 4,
        "stem": version.content["stem"],
        "stimulus": None,
        "options": version.content["options"],
        "key": ["a", "c", "d"],
        "rationale": SECRET_RATIONALE,
        "last": None,
    }


def test_what_was_answered_last_in_a_lesson_is_shown_again(alice, browser):
    version = make_multiple()
    send(browser, version, "b")
    reply = send(browser, version, "ca")
    give(alice, version, "acd", run=make_run(alice), minute=9)
    give(make_user("charlie"), version, "acd")
    assert browser.get(address(version)).json()["last"] == reply.json()


def test_an_answer_gets_its_verdict_and_is_kept(alice, browser):
    version = make_multiple()
    reply = send(browser, version, "ca", guessed=True)
    assert reply.status_code == 200
    assert reply.json() == {
        "verdict": "partial",
        "score_half": 2,
        "points_half": 4,
        "options": ["a", "c"],
        "guessed": True,
    }
    answer = PracticeAnswer.objects.visible_to(alice).get()
    assert (answer.place, answer.run) == ("lesson", None)
    assert Mistake.objects.visible_to(alice).exists()


def test_the_same_key_again_gives_the_same_verdict(alice, browser):
    version, key = make_single(), str(uuid.uuid4())
    first = send(browser, version, "a", key=key)
    again = send(browser, version, "b", key=key)
    assert first.json() == again.json()
    assert first.json()["verdict"] == "wrong"
    assert PracticeAnswer.objects.visible_to(alice).count() == 1


def test_the_same_key_still_answers_after_a_correction(alice, browser):
    version, key = make_single(), uuid.uuid4()
    give(alice, version, "a", key=key)
    corrected = type(version).objects.create(
        question=version.question,
        number=2,
        type=version.type,
        content=version.content,
        key=["a"],
        content_sha256=uuid.uuid4().hex * 2,
        created_at=DAY,
    )
    bank.publish(corrected, actor=alice, now=DAY)
    reply = send(browser, version, "a", key=str(key))
    assert (reply.status_code, reply.json()["verdict"]) == (200, "wrong")


def test_the_key_of_another_answer_is_refused(browser):
    version, key = make_single(), uuid.uuid4()
    give(make_user("charlie"), version, key=key)
    reply = send(browser, version, "b", key=str(key))
    assert (reply.status_code, reply.json()["code"]) == (409, "key_taken")


@pytest.mark.parametrize("change", [{"options": ["z"]}, {"options": ["a", "b"]}, {"key": "x"}])
def test_what_no_page_sends_is_invalid(browser, change):
    reply = send(browser, make_single(), "b", **change)
    assert (reply.status_code, reply.json()["code"]) == (400, "invalid")
    assert not PracticeAnswer.objects.across_regions().exists()


def _retired(alice):
    version = make_single()
    return bank.retire(version, actor=alice, now=DAY)


def _of_a_draft_paper(_alice):
    return make_paper(1, 0, released=False).items.get().question_version


def _constructed(_alice):
    return make_version(kind="constructed_response", key=[], stem="简答")


@pytest.mark.parametrize("make", [_retired, _of_a_draft_paper, _constructed])
def test_what_is_not_in_practice_is_not_found(alice, browser, make):
    version = make(alice)
    assert browser.get(address(version)).status_code == 404
    reply = send(browser, version, "b")
    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")
    assert SECRET_RATIONALE not in reply.content.decode()


def test_nobody_asks_without_signing_in():
    version = make_single()
    assert Client().get(address(version)).status_code == 403
    assert send(Client(), version, "b").status_code == 403


def test_writing_needs_the_csrf_token(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert send(client, make_single(), "b").status_code == 403


def test_replies_are_what_the_schema_describes(browser):
    version = make_single()
    question, verdict = browser.get(address(version)).json(), send(browser, version, "b").json()
    assert question.keys() == set(shapes.PracticeQuestionSerializer().fields)
    assert verdict.keys() == set(shapes.PracticeVerdictSerializer().fields)
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    assert "/api/v1/practice/questions/{uuid}/answers/" in paths
