"""Pages of certificates: recorded, checked, taken over in bulk, revoked; and whose they are."""

from datetime import date

import pytest

from cms.accounts.models import AuditEntry
from cms.accounts.services import grant_role
from cohorts.certificates.models import Certificate
from cohorts.certificates.services import expect_due
from tests.factories.pages import signed_in, text_of, upload
from tests.factories.people import (
    CANARY,
    HAIYUAN,
    LONG_AGO,
    NOW,
    SHAPOTOU,
    TAISHUN,
    ZHONGNING,
    ZHONGWEI,
    make_certificate,
    make_officer,
    make_organisation,
    make_person,
    make_post,
    make_reference,
    pass_junior,
)
from tests.factories.workbooks import (
    REGISTER,
    RESULTS,
    junior_row,
    register_row,
    workbook,
)

pytestmark = pytest.mark.django_db

NUMBER = "20230640500000000417"


@pytest.fixture(autouse=True)
def _reference() -> None:
    make_reference()


@pytest.fixture
def people():
    """One person with everything in each of four counties."""
    found = {}
    for n, region in enumerate((SHAPOTOU, ZHONGNING, HAIYUAN, TAISHUN), start=1):
        person = found[region] = make_person(n, region=region)
        pass_junior(person, region=region)
        make_certificate(person, region_id=region)
        make_post(person, make_organisation(f"{CANARY[region]}社区", region=region))
    return found


# --- certificates -----------------------------------------------------------------------------
@pytest.fixture
def expected():
    pass_junior(make_person(1))
    expect_due(now=NOW)
    return Certificate.objects.across_regions().get()


def act(client, certificate, what, **fields):
    return client.post(f"/workbench/certificates/{certificate.uuid}/{what}/", fields)


def second(client):
    """Another officer of the same county sits down."""
    client.force_login(make_officer("second"))
    return client


def test_one_officer_records_a_certificate_and_another_checks_it(client, expected):
    signed_in(client)
    assert (
        act(client, expected, "record", number=NUMBER, approved_on="2023-06-11").status_code == 302
    )
    page = f"/workbench/certificates/{expected.uuid}/"
    assert f"{page}check/" not in text_of(client.get(page))
    assert act(client, expected, "check").status_code == 409
    assert f"{page}check/" in text_of(second(client).get(page))
    assert act(client, expected, "check").status_code == 302
    found = Certificate.objects.across_regions().get()
    assert (found.state, found.number, found.approved_on) == ("checked", NUMBER, date(2023, 6, 11))


def test_an_incomplete_form_is_shown_again_with_the_fault(client, expected):
    signed_in(client)
    reply = act(client, expected, "record", number=NUMBER, approved_on="soon")
    assert reply.status_code == 400
    assert 'aria-invalid="true"' in text_of(reply)
    assert NUMBER in text_of(reply)


def test_a_refusal_is_said_and_nothing_is_written(client, expected):
    signed_in(client)
    earlier = {"number": NUMBER.replace("2023", "2022"), "approved_on": "2022-06-11"}
    assert act(client, expected, "record", **earlier).status_code == 409
    assert Certificate.objects.across_regions().get().state == "expected"


@pytest.mark.parametrize("what", ["record", "check", "revoke", "number"])
def test_who_only_reads_changes_nothing(client, expected, what):
    signed_in(client, role="auditor")
    assert act(client, expected, what).status_code == 403
    assert client.get(f"/workbench/certificates/{expected.uuid}/").status_code == 200


def test_the_whole_number_is_shown_once_and_written_down(client):
    certificate = make_certificate(make_person(1), number=NUMBER)
    signed_in(client)
    page = f"/workbench/certificates/{certificate.uuid}/"
    assert NUMBER not in text_of(client.get(page))
    reply = act(client, certificate, "number")
    assert reply.status_code == 400
    assert NUMBER not in text_of(reply)
    assert NUMBER in text_of(act(client, certificate, "number", reason="核对纸质证书"))
    assert NUMBER not in text_of(client.get(page))
    entry = AuditEntry.objects.across_regions().get(action="reveal_certificate_number")
    assert (entry.reason, entry.region_id) == ("核对纸质证书", SHAPOTOU)


def test_revoking_asks_for_a_reason(client):
    certificate = make_certificate(make_person(1))
    signed_in(client)
    assert act(client, certificate, "revoke", reason="").status_code == 400
    assert act(client, certificate, "revoke", reason="伪造").status_code == 302
    shown = text_of(client.get(f"/workbench/certificates/{certificate.uuid}/"))
    assert "伪造" in shown


def test_new_passes_are_looked_for_in_the_own_county(client):
    pass_junior(make_person(1))
    pass_junior(make_person(2, region=ZHONGNING), region=ZHONGNING)
    signed_in(client)
    client.post("/workbench/certificates/expect/")
    [found] = Certificate.objects.across_regions()
    assert found.region_id == SHAPOTOU


def results_with_numbers(client, *rows):
    """Import results that name certificate numbers, and expect the certificates."""
    said = {"批准日期": "2023-06-11"}
    content = workbook(
        RESULTS, *(junior_row(n, 证书管理号=f"2023064050000000{n:04d}", **said) for n in rows)
    )
    preview = upload(client, "/workbench/results/import/", content, year=2023)
    client.post(preview, {"action": "apply"})
    client.post("/workbench/certificates/expect/")


def states():
    rows = Certificate.objects.across_regions().order_by("pk")
    return list(rows.values_list("state", flat=True))


def test_numbers_of_the_results_file_are_taken_over_in_bulk_and_then_checked(client):
    signed_in(client)
    results_with_numbers(client, 1, 2, 3)
    assert "2023****0001" in text_of(client.get("/workbench/certificates/"))
    first = Certificate.objects.across_regions().order_by("pk").first()
    bulk = "/workbench/certificates/bulk/"
    client.post(bulk, {"action": "record", "certificate": [str(first.uuid)]})
    assert states() == ["recorded", "expected", "expected"]
    client.post(bulk, {"action": "record-all"})
    assert states() == ["recorded"] * 3
    client.post(bulk, {"action": "check-all"})
    assert states() == ["recorded"] * 3
    second(client).post(bulk, {"action": "check", "certificate": [str(first.uuid)]})
    assert states() == ["checked", "recorded", "recorded"]
    client.post(bulk, {"action": "check-all", "name": "张2"})
    assert states() == ["checked", "checked", "recorded"]
    client.post(bulk, {"action": "check-all"})
    assert states() == ["checked"] * 3


def test_a_bulk_action_reaches_no_other_county(client, people):
    certificate = Certificate.objects.across_regions().get(person=people[SHAPOTOU])
    Certificate.objects.across_regions().filter(pk=certificate.pk).update(state="recorded")
    signed_in(client, region=ZHONGNING)
    bulk = "/workbench/certificates/bulk/"
    client.post(bulk, {"action": "check", "certificate": [str(certificate.uuid), "nonsense"]})
    client.post(bulk, {"action": "check-all"})
    certificate.refresh_from_db()
    assert certificate.state == "recorded"


def test_with_nothing_chosen_nothing_is_said_to_be_done(client, expected):
    signed_in(client)
    reply = client.post("/workbench/certificates/bulk/", {"action": "check"}, follow=True)
    [told] = reply.context["messages"]
    assert told.level_tag == "info"
    assert not any(sign.isdigit() for sign in str(told))


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("", set()),
        ("expected", {"record", "record-all"}),
        ("recorded", {"check", "check-all"}),
        ("checked", set()),
        ("revoked", set()),
    ],
)
def test_each_tab_offers_what_can_be_done_there(client, state, offered):
    for n, each in enumerate(("recorded", "checked"), start=1):
        make_certificate(make_person(n), number=f"{NUMBER}{n}", state=each)
    gone = make_certificate(make_person(3), number=f"{NUMBER}3")
    Certificate.objects.across_regions().filter(pk=gone.pk).update(
        state="revoked", revoked_reason="伪造"
    )
    pass_junior(make_person(4))
    expect_due(now=NOW)
    shown = text_of(signed_in(client).get("/workbench/certificates/", {"state": state}))
    actions = {"record", "record-all", "check", "check-all"}
    assert {action for action in actions if f'value="{action}"' in shown} == offered
    assert shown.count("btn-primary") == bool(offered)
    assert ('name="certificate"' in shown) is bool(offered)


@pytest.mark.parametrize("number", ["abc", "2023-0640-5000-0417", "第417号证书编号之文字"])
def test_what_is_no_number_is_not_recorded(client, expected, number):
    signed_in(client)
    reply = act(client, expected, "record", number=number, approved_on="2023-06-11")
    assert reply.status_code == 400
    expected.refresh_from_db()
    assert expected.state == "expected"


def test_an_odd_number_is_asked_about_before_it_is_recorded(client, expected):
    signed_in(client)
    fields = {"number": "0640 5000 0417", "approved_on": "2023-06-11"}
    asked = act(client, expected, "record", **fields)
    assert "064050000417" in text_of(asked)
    assert states() == ["expected"]
    other = fields | {"confirmed": "1", "stamp": "064050000418"}
    assert act(client, expected, "record", **other).status_code == 200
    right = fields | {"confirmed": "1", "stamp": "064050000417"}
    assert act(client, expected, "record", **right).status_code == 302
    assert states() == ["recorded"]


def test_where_the_results_file_gave_no_number_it_is_said_what_to_do(client):
    for n in (1, 2):
        pass_junior(make_person(n, name=f"无号{n}"))
    expect_due(now=NOW)
    signed_in(client)
    reply = client.post("/workbench/certificates/bulk/", {"action": "record-all"}, follow=True)
    [_done, left] = reply.context["messages"]
    assert "无号1" in str(left)
    assert "无号2" in str(left)
    assert "成绩表里没有管理号" in str(left)


def test_what_waits_for_somebody_is_one_list(client, expected):
    make_certificate(make_person(2), number=f"{NUMBER}2", state="recorded")
    make_certificate(make_person(3), number=f"{NUMBER}3")
    page = signed_in(client).get("/workbench/certificates/?state=open").context["page"]
    assert {row.state for row in page} == {"expected", "recorded"}


def test_an_expected_certificate_offers_no_revoking(client, expected):
    signed_in(client)
    path = f"/workbench/certificates/{expected.uuid}/"
    assert f"{path}revoke/" not in text_of(client.get(path))
    act(client, expected, "record", number=NUMBER, approved_on="2023-06-11")
    assert f"{path}revoke/" in text_of(client.get(path))


@pytest.mark.parametrize("text", ["z" * 36, "-" * 36, "0" * 35 + "g", "", "９" * 36])
def test_a_bulk_action_passes_over_what_is_no_id(client, expected, text):
    signed_in(client)
    reply = client.post(
        "/workbench/certificates/bulk/", {"action": "record", "certificate": [text]}
    )
    assert reply.status_code == 302


@pytest.fixture
def both(client):
    """Officer of 沙坡头, who audits the whole city."""
    user = make_officer("both", region=SHAPOTOU)
    grant_role(user=user, role="auditor", region=ZHONGWEI, valid_from=LONG_AGO)
    client.force_login(user)
    return client


def test_who_audits_an_area_reads_there_and_writes_nothing(both):
    person = make_person(2, region=ZHONGNING)
    pass_junior(person, region=ZHONGNING)
    both.post("/workbench/certificates/expect/")
    assert not Certificate.objects.across_regions().exists()
    expect_due(now=NOW)
    certificate = Certificate.objects.across_regions().get()
    page = both.get(f"/workbench/certificates/{certificate.uuid}/")
    assert page.status_code == 200
    assert f"/workbench/certificates/{certificate.uuid}/record/" not in text_of(page)
    fields = {"number": NUMBER, "approved_on": "2023-06-11", "reason": "x"}
    for what in ("record", "check", "revoke", "number"):
        assert act(both, certificate, what, **fields).status_code == 404
    for action in ("record", "record-all", "check", "check-all"):
        both.post(
            "/workbench/certificates/bulk/",
            {"action": action, "certificate": [str(certificate.uuid)]},
        )
    assert states() == ["expected"]


def test_who_audits_an_area_writes_in_the_area_of_the_office(both):
    pass_junior(make_person(1))
    both.post("/workbench/certificates/expect/")
    certificate = Certificate.objects.across_regions().get()
    reply = act(both, certificate, "record", number=NUMBER, approved_on="2023-06-11")
    assert reply.status_code == 302
    assert states() == ["recorded"]


def test_a_bulk_action_returns_to_the_list_and_nowhere_else(client, expected):
    signed_in(client)
    bulk = "/workbench/certificates/bulk/"
    own = client.post(bulk, {"action": "check", "next": "/workbench/certificates/?state=expected"})
    assert own.headers["Location"].endswith("?state=expected")
    other = client.post(bulk, {"action": "check", "next": "https://example.org/"})
    assert other.headers["Location"] == "/workbench/certificates/"
    assert client.post(bulk, {"action": "burn"}).status_code == 302


def test_the_register_is_imported(client):
    signed_in(client)
    content = workbook(REGISTER, register_row(1), register_row(2, 级别="特级"))
    preview = upload(client, "/workbench/certificates/import/", content)
    page = text_of(client.get(preview))
    assert "2019****0001" in page
    assert register_row(1)["证书管理号"] not in page
    client.post(preview, {"action": "apply"})
    assert states() == ["checked"]


def test_the_list_of_certificates_is_narrowed(client, people):
    signed_in(client)
    for query, seen in (
        ("state=checked", True),
        ("state=expected", False),
        ("level=senior", False),
        ("year=2023", True),
        ("year=2019", False),
        ("name=金雀", True),
    ):
        shown = text_of(client.get(f"/workbench/certificates/?{query}"))
        assert (f"{CANARY[SHAPOTOU]}1" in shown) is seen, query
