"""Today: the list agrees with what practice says, and its first item begins at once."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.today.plan import Kind
from cms.today.services import today_of
from quizzes.models import PracticeRun
from tests.factories.exam import make_chapter, make_user
from tests.factories.pages import text_of
from tests.factories.practice import DAY, give, make_single

pytestmark = pytest.mark.django_db
TOMORROW = DAY + timedelta(days=1)


@pytest.fixture
def alice(time_machine):
    time_machine.move_to(TOMORROW)
    return make_user("alice")


def answer(user, chapter, *, wrong: int, right: int = 0) -> None:
    for n in range(wrong + right):
        give(user, make_single(n, chapter), "a" if n < wrong else "b", minute=n)


def asked(user):
    return today_of(user, TOMORROW).plan.items


def test_a_weak_chapter_is_asked_with_the_questions_it_has(alice):
    answer(alice, make_chapter(1), wrong=4, right=2)
    drill = next(item for item in asked(alice) if item.kind == Kind.DRILL)
    assert (drill.count, drill.chapter.percent, drill.chapter.answered) == (6, 33, 6)


def test_a_chapter_over_the_passing_share_is_not_asked(alice):
    answer(alice, make_chapter(1), wrong=2, right=3)
    assert Counter(item.kind for item in asked(alice)) == {Kind.MISTAKES: 1}


def test_the_mistakes_begin_with_one_button(alice):
    answer(alice, make_chapter(1), wrong=3, right=9)
    client = Client()
    client.force_login(alice)
    seen = text_of(client.get("/today/"))
    for field in ('name="kind" value="mistakes"', 'name="style" value="drill"'):
        assert field in seen
    posted = {"kind": "mistakes", "style": "drill", "subject": "junior-general", "size": "12"}
    assert client.post(reverse("practice:start"), posted).status_code == 302
    assert PracticeRun.objects.visible_to(alice).get().size == 3


@pytest.mark.parametrize("many", [1, 8])
def test_the_page_takes_as_many_statements_however_much_was_answered(alice, many):
    for number in range(1, many + 1):
        answer(alice, make_chapter(number), wrong=5)
    today_of(alice, DAY)
    with CaptureQueriesContext(connection) as captured:
        today_of(alice, TOMORROW)
    assert len(captured) <= 20
