"""The inbox: delivered once, read once, nobody else's."""

from datetime import timedelta

import pytest
from django.test import RequestFactory

from cms.notices import services
from cms.notices.context import unread
from cms.notices.models import InboxMessage
from tests.factories.classes import enrol, make_account, make_cohort, make_staff
from tests.factories.people import NOW, make_person, make_reference

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def deliver(*users, source: str = "x:1", now=NOW) -> None:
    services.deliver(
        [u.pk for u in users], subject="通知", body="正文", source=source, link="/classes/", now=now
    )


def test_a_message_from_one_source_comes_once() -> None:
    alice, bob = make_account("alice"), make_account("bob")
    deliver(alice)
    deliver(alice, bob, now=LATER)
    assert InboxMessage.objects.of(alice.pk).get().sent_at == NOW
    assert InboxMessage.objects.of(bob.pk).get().sent_at == LATER


def test_reading_again_changes_nothing_and_others_read_nothing() -> None:
    alice, bob = make_account("alice"), make_account("bob")
    deliver(alice)
    message = InboxMessage.objects.get()
    services.mark_read(bob.pk, message.uuid, now=NOW)
    assert InboxMessage.objects.unread().exists()
    services.mark_read(alice.pk, message.uuid, now=NOW)
    services.mark_read(alice.pk, message.uuid, now=LATER)
    assert InboxMessage.objects.get().read_at == NOW


def test_all_of_one_account_are_read() -> None:
    alice, bob = make_account("alice"), make_account("bob")
    deliver(alice, bob)
    deliver(alice, source="x:2")
    services.mark_all_read(alice.pk, now=LATER)
    assert not InboxMessage.objects.of(alice.pk).unread().exists()
    assert InboxMessage.objects.of(bob.pk).unread().count() == 1


def test_unread_is_counted_only_when_a_page_asks_and_by_one_statement(
    django_assert_num_queries,
) -> None:
    alice = make_account("alice")
    deliver(alice)
    request = RequestFactory().get("/")
    request.user = alice
    with django_assert_num_queries(0):
        context = unread(request)
    with django_assert_num_queries(1):
        assert context["inbox_unread"] == 1
        assert str(context["inbox_unread"]) == "1"


def test_a_class_notice_reaches_who_is_in_the_class_and_has_an_account() -> None:
    from cohorts.enrolment.services import post_notice

    make_reference()
    cohort = make_cohort()
    inside, waiting = make_account("inside"), make_account("waiting")
    for n, (user, state) in enumerate(((inside, "enrolled"), (waiting, "waiting")), start=1):
        person = make_person(n)
        type(person).objects.across_regions().filter(pk=person.pk).update(user=user)
        enrol(cohort, person, state)
    enrol(cohort, make_person(3))
    notice = post_notice(
        cohort, subject="周六上课", body="带书", actor=make_staff(cohort, "o"), now=NOW
    )
    message = InboxMessage.objects.get()
    assert (message.user, message.source) == (inside, f"class:{notice.uuid}")
    assert message.link == f"/classes/{cohort.code}/mine/"
