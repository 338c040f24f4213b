"""Before names go public or money moves: a question with its figures, answered by the same verb."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cohorts.subsidies import services
from cohorts.subsidies.models import Claim, PayoutBatch
from tests.factories.pages import answer, text_of
from tests.factories.people import SHAPOTOU, ZHONGNING
from tests.factories.subsidies import MONDAY, all_claims, approved, opened, proposed, stage

pytestmark = pytest.mark.django_db
LIST = "/workbench/subsidies/claims/"


@pytest.fixture(autouse=True)
def _english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(client: Client, address: str, **fields: Any) -> Any:
    return client.post(address, fields)


def act_at(claim: Claim) -> str:
    return f"{LIST}{claim.uuid}/act/"


def states() -> list[str]:
    return [claim.state for claim in all_claims()]


def test_approval_and_notice_are_asked_with_their_figures_first() -> None:
    office, version = stage([SHAPOTOU, ZHONGNING])
    claims = proposed(office, version)
    services.submit_many(claims, actor=office.county, now=MONDAY)
    services.review_many(claims, actor=office.county, now=MONDAY)
    city, act = signed_in(office.city), f"{LIST}act/"
    asked = sent(city, act, state="reviewed", action="approve", all="1")
    assert "2 claims, 6,000.00 yuan." in asked.content.decode()
    assert set(states()) == {"reviewed"}
    single = sent(city, act_at(claims[0]), action="approve").content.decode()
    assert "1 claim, 3,000.00 yuan." in single
    answer(city, act_at(claims[0]), action="approve")
    # The list has changed since it was asked: an answer to two claims is none to one.
    stamp = asked.context["question"].stamp
    late = sent(city, act, state="reviewed", action="approve", all="1", confirmed="1", stamp=stamp)
    assert "1 claim, 3,000.00 yuan." in late.content.decode()
    assert states() == ["approved", "reviewed"]
    notice = sent(city, act, state="approved", action="put_on_notice", all="1").content.decode()
    assert "1 person become public" in notice
    assert "5 working days" in notice


def test_a_notice_is_taken_down_after_its_figures_were_read() -> None:
    office, version = stage([SHAPOTOU])
    long_ago = timezone.now() - timedelta(days=30)
    notice = services.open_notice(approved(office, version), actor=office.city, now=long_ago)
    address = f"/workbench/subsidies/notices/{notice.uuid}/close/"
    asked = text_of(sent(signed_in(office.city), address))
    assert "Confirmed and due for payment: 1 claim, 3,000.00 yuan." in asked
    assert states() == ["on_notice"]
    answer(signed_in(office.city), address)
    assert states() == ["confirmed"]


def test_each_step_of_a_batch_is_asked_with_its_sum_and_what_follows() -> None:
    office, version = stage([SHAPOTOU])
    batch = opened(office, version)
    finance = signed_in(office.finance)
    act = f"/workbench/subsidies/batches/{batch.uuid}/act/"
    for action, person, follows in (
        ("lock", finance, "are fixed as they are now"),
        ("approve", signed_in(office.payer), "After approval nothing in it can be changed"),
        ("export", finance, "becomes payable"),
        ("settle", finance, "becomes paid"),
        ("close", finance, "are closed"),
    ):
        before = PayoutBatch.objects.across_regions().get().state
        asked = sent(person, act, action=action).content.decode()
        assert "1 line, 3,000.00 yuan (人民币叁仟元整)." in asked
        assert follows in asked
        assert PayoutBatch.objects.across_regions().get().state == before
        answer(person, act, action=action)
        assert PayoutBatch.objects.across_regions().get().state != before


def test_a_step_that_is_somebody_elses_is_refused_without_a_question() -> None:
    office, version = stage([SHAPOTOU])
    batch = opened(office, version)
    address = f"/workbench/subsidies/batches/{batch.uuid}/act/"
    reply = sent(signed_in(office.opener), address, action="lock")
    assert not (reply.context and reply.context.get("question"))
    batch.refresh_from_db()
    assert batch.state == "draft"
