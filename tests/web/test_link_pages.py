"""Linking by page: the reply never tells who is on record; officers settle the rest."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.accounts.models import LinkRequest, Person
from cms.accounts.services import refuse_link
from tests.factories.joining import KeptSender, make_account, make_waiting, with_phone
from tests.factories.numbers import fictional_id
from tests.factories.pages import signed_in, text_of
from tests.factories.people import (
    NOW,
    SHAPOTOU,
    ZHONGNING,
    ZHONGWEI,
    make_officer,
    make_person,
    make_reference,
    make_trainee,
)

pytestmark = pytest.mark.django_db
QUEUE = "/workbench/accounts/links/"


@pytest.fixture(autouse=True)
def sent(settings, monkeypatch):
    make_reference()
    settings.SMS_BACKEND = "tests.factories.joining.KeptSender"
    monkeypatch.setattr(KeptSender, "sent", [])
    return KeptSender.sent


def browser_of(username: str) -> Client:
    client = Client()
    client.force_login(make_account(username))
    return client


def ask(client: Client, number: str, name: str = "丁一", region: str = SHAPOTOU):
    return client.post("/me/link/", {"name": name, "id_number": number, "region": region})


def code_of(sent) -> str:
    return re.search(r"\d{6}", sent[-1][1])[0]


def test_the_code_on_the_phone_links_the_account(sent):
    person = with_phone(1, name="丁一")
    client = browser_of("applicant")
    assert ask(client, person.id_number.open()).headers["Location"] == "/me/link/"
    assert sent[0][0] == person.phone.open()
    client.post("/me/link/code/", {"code": code_of(sent)})
    assert "已关联" in text_of(client.get("/me/link/"))
    assert Person.objects.across_regions().get(pk=person.pk).user.username == "applicant"


# --- nobody learns who is on record ---------------------------------------------------------------
def bare(reply) -> tuple[int, str, str]:
    """Status, target and page without what is new in every reply."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text_of(reply))
    return reply.status_code, reply.headers.get("Location", ""), page


def walk(client: Client, number: str, name: str = "丁一") -> list[tuple[int, str, str]]:
    """Everything an applicant sees who knows no code: asking, the page, a try, the page again."""
    seen = [bare(ask(client, number, name)), bare(client.get("/me/link/"))]
    seen.append(bare(client.post("/me/link/code/", {"code": "000000"})))
    seen.append(bare(client.get("/me/link/")))
    for _ in range(5):
        client.post("/me/link/code/", {"code": "000000"})
    client.get("/me/link/")
    seen.append(bare(client.get("/me/link/")))
    lost = {"phone": "12800005555", "statement": "站长可证明"}
    seen.append(bare(client.post("/me/link/lost-phone/", lost)))
    return seen


def test_the_replies_are_equal_for_known_and_unknown_numbers(monkeypatch):
    """On record, unknown, another name, no phone, another's: one walk, the same bytes."""
    now = timezone.now().replace(second=1)
    monkeypatch.setattr("cms.accounts.me_views.timezone.now", lambda: now)
    tail = fictional_id(1)[-4:]
    known, bald = with_phone(1, name="丁一"), make_person(2, name="丁一")
    taken = with_phone(3, name="丁一")
    make_trainee("holder", taken)
    numbers = {
        "known": known.id_number.open(),
        "unknown": fictional_id(77),
        "no_phone": bald.id_number.open(),
        "taken": taken.id_number.open(),
    }
    walks = {
        key: [
            (status, to, page.replace(number[-4:], tail))
            for status, to, page in walk(browser_of(key), number)
        ]
        for key, number in numbers.items()
    }
    assert walks["known"][0][0] == 302
    for key, seen in walks.items():
        assert seen == walks["known"], key
    causes = LinkRequest.objects.across_regions().values_list("user__username", "cause")
    assert dict(causes)["unknown"] == "unknown"
    assert dict(causes)["known"] == "no_code"


def test_asking_takes_as_many_statements_for_a_known_as_for_an_unknown_number():
    person = with_phone(1, name="丁一")
    counts = []
    for username, number in (("a", person.id_number.open()), ("b", fictional_id(77))):
        client = browser_of(username)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            ask(client, number)
        counts.append(len(caught))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("660102199001011238", "第 18 位"),
        ("66010219900101", "14"),
        ("660102900101123", "15"),
    ],
)
def test_a_number_that_cannot_be_is_said_at_the_field_and_nothing_is_kept(number, words):
    reply = ask(browser_of("applicant"), number)
    assert reply.status_code == 400
    assert "id_number" in reply.context["form"].errors
    assert words in text_of(reply)
    assert not LinkRequest.objects.across_regions().exists()


def test_made_up_people_are_refused_where_people_are_real(settings):
    settings.ALLOW_FICTIONAL_PEOPLE = False
    assert ask(browser_of("applicant"), fictional_id(1)).status_code == 400


def test_the_applicant_reads_how_it_was_settled():
    client = browser_of("applicant")
    ask(client, fictional_id(77))
    request = LinkRequest.objects.across_regions().get()
    refuse_link(request, reason="请带证件来一趟", actor=make_officer("officer"), now=NOW)
    page = text_of(client.get("/me/link/"))
    assert "请带证件来一趟" in page
    assert 'name="id_number"' in page


def test_a_question_is_taken_back_and_asked_anew():
    client = browser_of("applicant")
    ask(client, fictional_id(77))
    client.post("/me/link/take-back/")
    assert 'name="id_number"' in text_of(client.get("/me/link/"))


def test_a_new_phone_goes_to_the_queue():
    person = with_phone(1)
    client = Client()
    client.force_login(make_trainee("learner", person))
    fields = {"phone": "12800005555", "statement": "站长可证明", "region": SHAPOTOU}
    assert client.post("/me/phone/", fields).headers["Location"] == "/me/link/"
    assert LinkRequest.objects.across_regions().get().cause == "new_phone"
    assert "128****5555" in text_of(client.get("/me/link/"))


# --- the queue --------------------------------------------------------------------------------
@pytest.fixture
def waiting():
    return make_waiting(make_account("applicant"), with_phone(1, name="丁一"))


def test_officers_see_the_requests_of_their_county(client, waiting):
    assert "另一名" in text_of(signed_in(client).get(QUEUE))
    sibling = signed_in(Client(), region=ZHONGNING)
    assert "另一名" not in text_of(sibling.get(QUEUE))
    assert sibling.get(f"{QUEUE}{waiting.uuid}/").status_code == 404
    city = signed_in(Client(), region=ZHONGWEI, role="city_officer")
    assert "另一名" in text_of(city.get(QUEUE))


def test_the_evidence_stands_side_by_side_and_masked(client, waiting):
    page = text_of(signed_in(client).get(f"{QUEUE}{waiting.uuid}/"))
    assert "另一名" in page
    assert "丁一" in page
    assert "不一致" in page
    number = waiting.id_number.open()
    assert number not in page
    assert f"***{number[-4:]}" in page


def test_a_person_of_another_county_is_not_shown(client):
    other = with_phone(2, name="宁某", region=ZHONGNING)
    request = make_waiting(make_account("applicant"), other)
    page = text_of(signed_in(client).get(f"{QUEUE}{request.uuid}/"))
    assert "宁某" not in page
    assert "登记在别的地区" in page
    assert 'value="link"' not in page


def test_the_whole_number_is_shown_for_a_reason(client, waiting):
    officer = signed_in(client)
    address = f"{QUEUE}{waiting.uuid}/number/"
    assert waiting.id_number.open() in text_of(officer.post(address, {"reason": "对照证件"}))
    assert waiting.id_number.open() not in text_of(officer.post(address, {"reason": ""}))


def test_linking_by_page(client, waiting):
    officer = signed_in(client)
    address = f"{QUEUE}{waiting.uuid}/decide/"
    officer.post(address, {"verdict": "link", "reason": "见面核对"})
    assert Person.objects.across_regions().get(name="丁一").user == waiting.user
    assert officer.get(f"{QUEUE}?state=linked").context["page"].paginator.count == 1


def test_two_accounts_for_one_number_stand_in_the_queue_as_such(client, waiting):
    rival = make_waiting(make_account("rival"), Person.objects.across_regions().get(name="丁一"))
    officer = signed_in(client)
    assert text_of(officer.get(QUEUE)).count("两个账号同一号码") == 2
    page = text_of(officer.get(f"{QUEUE}{waiting.uuid}/"))
    assert f"{QUEUE}{rival.uuid}/" in page


def test_the_queue_takes_as_many_queries_for_many_as_for_few(client, django_assert_max_num_queries):
    for n in range(12):
        make_waiting(
            make_account(f"applicant-{n}"), make_person(n + 10), now=NOW + timedelta(minutes=n)
        )
    officer = signed_in(client)
    with django_assert_max_num_queries(22):
        assert text_of(officer.get(QUEUE)).count("applicant-") == 12
