"""Account and person: by number, name and code, or by an officer. Tested like money."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from cms.accounts import services
from cms.accounts.models import AuditEntry, LinkRequest, Person, Reveal, User
from cms.core.errors import Refused
from tests.factories.joining import (
    KeptSender,
    entered,
    make_account,
    make_text,
    make_waiting,
    with_phone,
)
from tests.factories.people import (
    NOW,
    SHAPOTOU,
    ZHONGNING,
    ZHONGWEI,
    make_officer,
    make_person,
    make_reference,
)

pytestmark = pytest.mark.django_db
CODE = "482913"


@pytest.fixture(autouse=True)
def sent(settings, monkeypatch):
    """What the port was given, instead of a phone."""
    make_reference()
    settings.SMS_BACKEND = "tests.factories.joining.KeptSender"
    monkeypatch.setattr(KeptSender, "sent", [])
    return KeptSender.sent


def asked(user: User, person: Person, *, code: str = CODE, now=NOW, **said) -> LinkRequest:
    request = services.ask_for_link(user, entered(person, **said), now=now)
    services.send_link_code(request.pk, code=code, now=now)
    return stored(request)


def stored(request: LinkRequest) -> LinkRequest:
    return LinkRequest.objects.across_regions().get(pk=request.pk)


def owner(person: Person) -> User | None:
    return Person.objects.across_regions().get(pk=person.pk).user


def refusal(act, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return caught.value.code


# --- by code ----------------------------------------------------------------------------------
def test_the_right_code_links_the_account(sent):
    user, person = make_account(), with_phone(1)
    request = asked(user, person)
    phone, text = sent[0]
    assert phone == person.phone.open()
    assert CODE in text
    assert services.confirm_code(user, CODE, now=NOW)
    assert owner(person) == user
    assert stored(request).state == "linked"
    entry = AuditEntry.objects.across_regions().get(action="link_account")
    assert (entry.actor, entry.region_id) == (user, SHAPOTOU)


def test_the_code_stands_nowhere_in_plain_and_no_number_either():
    person = with_phone(1)
    request = asked(make_account(), person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_linkrequest")
        row = str(cursor.fetchall())
    assert person.id_number.open() not in row
    assert re.search(rf"\b{CODE}\b", row) is None
    assert len(request.code_hash) == 64


def test_a_wrong_code_does_not_link_and_five_go_to_the_officer():
    user, person = make_account(), with_phone(1)
    request = asked(user, person)
    for _ in range(5):
        assert stored(request).state == "code_sent"
        assert not services.confirm_code(user, "000000", now=NOW)
    assert (stored(request).state, stored(request).cause) == ("waiting", "no_code")
    assert not services.confirm_code(user, CODE, now=NOW)
    assert owner(person) is None


def test_a_code_is_good_for_ten_minutes():
    user, person = make_account(), with_phone(1)
    request = asked(user, person)
    assert not services.confirm_code(user, CODE, now=NOW + timedelta(minutes=10))
    assert (stored(request).state, stored(request).cause) == ("waiting", "no_code")
    assert owner(person) is None


def test_a_code_of_one_request_is_none_for_another():
    first, second = make_account("first"), make_account("second")
    asked(first, with_phone(1), code="111111")
    asked(second, with_phone(2), code="222222")
    assert not services.confirm_code(first, "222222", now=NOW)
    assert services.confirm_code(second, "222222", now=NOW)


@pytest.mark.parametrize(
    ("cause", "said"),
    [("unknown", {}), ("name_differs", {"name": "另一名"}), ("no_phone", {}), ("taken", {})],
)
def test_what_does_not_fit_waits_for_an_officer_and_no_code_leaves(cause, said, sent):
    person = make_person(1) if cause == "no_phone" else with_phone(1)
    if cause == "taken":
        services.link_account(
            person=person, user=make_account("first"), actor=make_officer("o"), now=NOW
        )
    who = entered(person, **said)
    if cause == "unknown":
        Person.objects.across_regions().filter(pk=person.pk).update(id_index="0" * 64)
    request = services.ask_for_link(make_account(), who, now=NOW)
    services.send_link_code(request.pk, code=CODE, now=NOW)
    assert (stored(request).state, stored(request).cause) == ("waiting", cause)
    assert sent == []
    # Even the code that nobody was sent opens nothing.
    assert not services.confirm_code(request.user, CODE, now=NOW)
    assert stored(request).state == "waiting"


def test_a_code_that_could_not_leave_leads_to_the_officer(settings):
    settings.SMS_BACKEND = ""
    request = asked(make_account(), with_phone(1))
    assert (request.state, request.cause) == ("waiting", "no_code")


def test_codes_that_ran_out_go_to_the_officers_by_themselves():
    request = asked(make_account(), with_phone(1))
    assert services.queue_unanswered_codes(now=NOW + timedelta(minutes=9)) == 0
    assert services.queue_unanswered_codes(now=NOW + timedelta(minutes=10)) == 1
    assert services.queue_unanswered_codes(now=NOW + timedelta(minutes=10)) == 0
    assert stored(request).cause == "no_code"


def test_one_account_asks_three_times_a_day():
    user, person = make_account(), with_phone(1)
    for _ in range(3):
        services.ask_for_link(user, entered(person), now=NOW)
        services.take_back_request(user, now=NOW)
    assert refusal(services.ask_for_link, user, entered(person), now=NOW) == "asked_too_often"
    later = NOW + timedelta(days=1, seconds=1)
    assert services.ask_for_link(user, entered(person), now=later).state == "code_sent"


def test_one_person_is_not_pestered_with_codes_by_many_accounts(sent):
    person = with_phone(1)
    for n in range(5):
        asked(make_account(f"stranger-{n}"), person)
    assert len(sent) == 3


def test_one_question_of_an_account_is_open_at_a_time():
    user = make_account()
    services.ask_for_link(user, entered(with_phone(1)), now=NOW)
    other = entered(with_phone(2))
    assert refusal(services.ask_for_link, user, other, now=NOW) == "asked_already"


def test_the_number_is_not_taken_before_its_use_was_agreed_to():
    text = make_text("sensitive")
    user, person = make_account(), with_phone(1)
    assert refusal(services.ask_for_link, user, entered(person), now=NOW) == "consent_needed"
    services.give_consent(user, text, NOW)
    assert services.ask_for_link(user, entered(person), now=NOW).state == "code_sent"


# --- races ------------------------------------------------------------------------------------
def test_of_two_accounts_with_the_right_code_one_gets_the_person():
    person, first, second = with_phone(1), make_account("first"), make_account("second")
    asked(first, person, code="111111")
    late = asked(second, person, code="222222")
    assert services.confirm_code(first, "111111", now=NOW)
    assert not services.confirm_code(second, "222222", now=NOW)
    assert owner(person) == first
    assert (stored(late).state, stored(late).cause) == ("waiting", "taken")


def test_of_two_writers_that_both_read_nobody_one_links():
    person, actor = with_phone(1), make_officer("officer")
    read = [Person.objects.across_regions().get(pk=person.pk) for _ in range(2)]
    first, second = make_account("first"), make_account("second")
    services.link_account(person=read[0], user=first, actor=actor, now=NOW)
    code = refusal(services.link_account, person=read[1], user=second, actor=actor, now=NOW)
    assert code == "already_linked"
    assert owner(person) == first


@pytest.mark.django_db(transaction=True)
def test_of_two_accounts_that_are_linked_at_one_moment_one_gets_the_person():
    person, actor = with_phone(1), make_officer("officer")
    accounts = [make_account("first"), make_account("second")]
    outcomes = side_by_side(*[partial(linked, person.pk, user, actor) for user in accounts])
    assert sorted(outcomes) == ["already_linked", "linked"]
    assert owner(person) == accounts[outcomes.index("linked")]


def linked(person: int, user: User, actor: User) -> str:
    found = Person.objects.across_regions().get(pk=person)
    services.link_account(person=found, user=user, actor=actor, now=NOW)
    return "linked"


def side_by_side(*calls) -> list[str]:
    """Run calls in threads of their own at one moment; what each gave, or the refusal's code."""
    barrier = Barrier(len(calls))

    def run(call) -> str:
        try:
            barrier.wait(timeout=20)
            return call()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_one_account_does_not_get_two_persons():
    user, actor = make_account(), make_officer("officer")
    one, two = with_phone(1), with_phone(2)
    services.link_account(person=one, user=user, actor=actor, now=NOW)
    code = refusal(services.link_account, person=two, user=user, actor=actor, now=NOW)
    assert code == "already_linked"
    assert owner(two) is None


def test_linking_again_what_is_linked_changes_nothing():
    user, actor, person = make_account(), make_officer("officer"), with_phone(1)
    for _ in range(2):
        services.link_account(person=person, user=user, actor=actor, now=NOW)
    assert AuditEntry.objects.across_regions().filter(action="link_account").count() == 1


# --- by an officer ----------------------------------------------------------------------------
def test_an_officer_links_with_a_reason_that_is_written_down():
    user, person, officer = make_account(), with_phone(1), make_officer("officer")
    request = make_waiting(user, person)
    services.decide_link(request, reason="核对了身份证", actor=officer, now=NOW)
    assert owner(person) == user
    assert stored(request).decided_by == officer
    entry = AuditEntry.objects.across_regions().get(action="link_account")
    assert (entry.reason, entry.region_id) == ("核对了身份证", SHAPOTOU)


def test_an_officer_refuses_with_a_reason():
    request, officer = make_waiting(make_account(), with_phone(1)), make_officer("officer")
    assert refusal(services.refuse_link, request, reason="", actor=officer, now=NOW) == (
        "reason_needed"
    )
    services.refuse_link(request, reason="姓名不符", actor=officer, now=NOW)
    assert (stored(request).state, stored(request).reason) == ("refused", "姓名不符")


def test_a_request_is_settled_once():
    request, officer = make_waiting(make_account(), with_phone(1)), make_officer("officer")
    services.refuse_link(request, reason="x", actor=officer, now=NOW)
    code = refusal(services.decide_link, request, reason="x", actor=officer, now=NOW)
    assert code == "settled_already"


def test_an_officer_does_not_settle_the_own_request():
    officer, person = make_officer("officer"), with_phone(1)
    request = make_waiting(officer, person)
    for act in (services.decide_link, services.refuse_link):
        assert refusal(act, request, reason="x", actor=officer, now=NOW) == "own_request"
    assert owner(person) is None


def test_a_person_of_another_county_is_linked_by_the_city_alone():
    person = with_phone(1, region=ZHONGNING)
    request = make_waiting(make_account(), person)  # names 沙坡头区 as the county
    county = make_officer("county")
    city = make_officer("city", region=ZHONGWEI, role="city_officer")
    code = refusal(services.decide_link, request, reason="x", actor=county, now=NOW)
    assert code == "out_of_reach"
    services.decide_link(request, reason="x", actor=city, now=NOW)
    assert owner(person) == request.user


def test_who_is_linked_to_another_account_stays_so():
    person, officer = with_phone(1), make_officer("officer")
    services.link_account(person=person, user=make_account("first"), actor=officer, now=NOW)
    request = services.ask_for_link(make_account(), entered(person), now=NOW)
    code = refusal(services.decide_link, request, reason="x", actor=officer, now=NOW)
    assert code == "already_linked"
    assert stored(request).state == "waiting"


def test_nobody_on_record_is_linked_to_nothing_until_the_register_names_the_person():
    person, officer = with_phone(1), make_officer("officer")
    index = Person.objects.across_regions().values_list("id_index", flat=True).get(pk=person.pk)
    people = Person.objects.across_regions().filter(pk=person.pk)
    people.update(id_index="0" * 64)
    request = services.ask_for_link(make_account(), entered(person), now=NOW)
    code = refusal(services.decide_link, request, reason="x", actor=officer, now=NOW)
    assert code == "nobody_on_record"
    people.update(id_index=index)
    services.decide_link(request, reason="x", actor=officer, now=NOW)
    assert owner(person) == request.user


# --- phones -----------------------------------------------------------------------------------
def test_a_lost_phone_is_replaced_by_the_officer_who_links(sent):
    user, person, officer = make_account(), with_phone(1), make_officer("officer")
    request = asked(user, person)
    services.give_up_phone(user, phone="12800008888", statement="站长可证明")
    assert (stored(request).state, stored(request).cause) == ("waiting", "phone_lost")
    assert not services.confirm_code(user, CODE, now=NOW)
    services.decide_link(stored(request), reason="见面核对", actor=officer, now=NOW)
    found = Person.objects.across_regions().get(pk=person.pk)
    assert (found.user, found.phone.open()) == (user, "12800008888")
    assert User.objects.get(pk=user.pk).phone.open() == "12800008888"


def test_a_new_phone_of_who_is_linked_waits_for_an_officer():
    user, person, officer = make_account(), with_phone(1), make_officer("officer")
    services.link_account(person=person, user=user, actor=officer, now=NOW)
    request = services.ask_for_phone(
        user, phone="12800007777", statement="换号", region=entered(person).region, now=NOW
    )
    assert Person.objects.across_regions().get(pk=person.pk).phone.open() != "12800007777"
    services.decide_link(request, reason="已核对", actor=officer, now=NOW)
    assert Person.objects.across_regions().get(pk=person.pk).phone.open() == "12800007777"
    assert AuditEntry.objects.across_regions().filter(action="replace_phone").count() == 1


def test_a_phone_that_signs_in_another_account_is_not_taken_from_it():
    holder, _ = services.open_account(username="holder", name="h", phone="12800006666")
    user, person, officer = make_account(), with_phone(1), make_officer("officer")
    services.link_account(person=person, user=user, actor=officer, now=NOW)
    services.replace_phone(person=person, phone="12800006666", actor=officer, now=NOW)
    assert User.objects.get(pk=holder.pk).phone.open() == "12800006666"
    assert User.objects.get(pk=user.pk).phone is None


# --- looks ------------------------------------------------------------------------------------
def test_a_look_at_the_whole_number_is_written_down_before_it_is_given():
    person, officer = with_phone(1), make_officer("officer")
    request = make_waiting(make_account(), person)
    number = services.reveal_identity(request, reason="对照证件", actor=officer, now=NOW)
    assert number == person.id_number.open()
    assert Reveal.objects.get().person == person
    assert refusal(services.reveal_identity, request, reason=" ", actor=officer, now=NOW) == (
        "reason_needed"
    )
