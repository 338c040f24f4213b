"""The activity record: narrowed, exported, verified; and nobody sees beyond the own area."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection

from cms.accounts.models import AuditEntry, User
from cms.accounts.services import audit, verify_stretch
from cms.accounts.services import record as chain
from tests.factories.pages import signed_in, text_of
from tests.factories.people import (
    NOW,
    SHAPOTOU,
    ZHONGNING,
    ZHONGWEI,
    make_certificate,
    make_officer,
    make_person,
    make_reference,
)

pytestmark = pytest.mark.django_db
PAGE = "/workbench/audit/"


@pytest.fixture(autouse=True)
def _reference() -> None:
    make_reference()


@pytest.fixture
def auditor(client):
    return signed_in(client, region=ZHONGWEI, role="auditor")


def wrote(n: int = 1, *, actor: User | None = None, **changes) -> list[AuditEntry]:
    fields = {"action": "publish_policy", "target": "policy x/1", "region": SHAPOTOU, "now": NOW}
    return [audit(actor=actor, **fields | changes) for _ in range(n)]


def shown(client, **query) -> int:
    return client.get(PAGE, query).context["page"].paginator.count


def test_it_is_narrowed_by_who_what_when_and_text(auditor):
    officer = make_officer("officer")
    wrote(2)
    wrote(actor=officer)
    wrote(action="open_batch", target="batch 2023")
    wrote(now=NOW - timedelta(days=40))
    wrote(reason="因故")
    assert shown(auditor) == 6
    assert shown(auditor, who=str(officer.uuid)) == 1
    assert shown(auditor, action="open_batch") == 1
    assert shown(auditor, since="2026-04-01", until="2026-04-01") == 5
    assert shown(auditor, text="batch") == 1
    assert shown(auditor, text="因故") == 1


def test_the_newest_fact_stands_first_whatever_was_written_last(auditor):
    wrote(reason="later")
    wrote(now=NOW - timedelta(days=40), reason="earlier")
    page = text_of(auditor.get(PAGE))
    assert page.index("later") < page.index("earlier")
    recent = auditor.get("/workbench/").context["recent"]
    assert [row["entry"].reason for row in recent] == ["later", "earlier"]


def test_a_filter_that_finds_nothing_says_so(auditor):
    wrote(2)
    assert "没有符合条件的记录" in text_of(auditor.get(PAGE, {"text": "nobody"}))


def test_a_first_day_after_the_last_is_said_and_filters_nothing(auditor):
    wrote(2)
    reply = auditor.get(PAGE, {"since": "2026-04-02", "until": "2026-04-01"})
    assert "开始日期晚于结束日期" in text_of(reply)
    assert reply.context["page"].paginator.count == 2


def test_a_record_is_called_by_its_person_where_the_reader_may_see_them(client):
    person = make_person(1, name="马晓梅")
    certificate = make_certificate(person)
    wrote(action="check_certificate", target=f"certificate {certificate.uuid}")
    wrote(action="reveal_id_number", target=f"person {person.pk}")
    officer = signed_in(client)
    assert "证书：马晓梅" in text_of(officer.get(PAGE))
    assert shown(officer, text="马晓梅") == 2
    assert shown(officer, text="马晓") == 2
    admin = signed_in(client, region=None, role="site_admin")
    assert "马晓梅" not in text_of(admin.get(PAGE))
    assert shown(admin, text="马晓梅") == 0


def test_an_entry_about_several_leads_to_them(client):
    own, other = (make_certificate(make_person(n, name=f"第{n}人")) for n in (1, 2))
    [entry] = wrote(
        action="check_certificate",
        target="2 certificates",
        detail={"certificates": [str(own.uuid), str(other.uuid)]},
    )
    officer = signed_in(client)
    assert f"{PAGE}{entry.pk}/" in text_of(officer.get(PAGE))
    page = text_of(officer.get(f"{PAGE}{entry.pk}/"))
    assert f"/workbench/certificates/{own.uuid}/" in page
    assert "第2人" in page
    assert signed_in(client, region=ZHONGNING).get(f"{PAGE}{entry.pk}/").status_code == 404


@pytest.mark.parametrize("query", [{"who": "x"}, {"since": "yesterday"}, {"action": "none"}])
def test_a_filter_that_cannot_be_read_narrows_nothing(auditor, query):
    wrote(3)
    assert shown(auditor, **query) == 3


def test_an_officer_sees_the_own_county_only(client):
    wrote(region=SHAPOTOU)
    wrote(region=ZHONGNING, actor=make_officer("elsewhere", region=ZHONGNING))
    officer = signed_in(client)
    assert shown(officer) == 1
    assert "elsewhere" not in text_of(officer.get(PAGE))


def test_a_record_with_a_page_is_a_link_for_who_may_open_it(client):
    certificate = make_certificate(make_person(1))
    wrote(action="check_certificate", target=f"certificate {certificate.uuid}")
    address = f"/workbench/certificates/{certificate.uuid}/"
    assert address in text_of(signed_in(client).get(PAGE))
    admin = signed_in(client, region=None, role="site_admin")
    assert address not in text_of(admin.get(PAGE))


def test_the_export_holds_what_is_shown_and_is_an_entry_itself(auditor):
    wrote(2, reason="=1+1")
    wrote(action="open_batch", target="batch 2023")
    reply = auditor.post(f"{PAGE}export/", {"asked": "action=publish_policy"})
    sheet = openpyxl.load_workbook(io.BytesIO(reply.content)).active
    assert sheet.max_row == 3
    assert sheet["F2"].value == "=1+1"
    assert sheet["F2"].data_type == "s"
    last = AuditEntry.objects.across_regions().first()
    assert (last.action, last.target) == ("export_audit", "2 entries")
    assert "2 条记录" in text_of(auditor.get(PAGE))


def test_the_seals_of_the_shown_entries_are_verified(auditor):
    wrote(3)
    reply = auditor.post(f"{PAGE}verify/", {"asked": "text=policy"}, follow=True)
    assert "共 3 条记录，前后校验一致" in text_of(reply)
    assert reply.redirect_chain[0][0] == f"{PAGE}?text=policy"


def test_a_changed_entry_is_found_and_said(auditor):
    entries = wrote(3)
    tamper(entries[1])
    page = text_of(auditor.post(f"{PAGE}verify/", {"asked": ""}, follow=True))
    assert "3 条记录中有 1 条与校验码不符" in page


def tamper(entry: AuditEntry) -> None:
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else " ON accounts_auditentry"
        cursor.execute(f"DROP TRIGGER final_update_accounts_auditentry{on}")
        cursor.execute("UPDATE accounts_auditentry SET target = 'z' WHERE id = %s", [entry.pk])


def test_a_stretch_is_held_to_the_entry_before_it(monkeypatch):
    entries = wrote(6)
    assert verify_stretch(entries[2].pk, entries[4].pk).checked == 3
    monkeypatch.setattr(chain, "VERIFIED_AT_ONCE", 2)
    found = verify_stretch(entries[0].pk, entries[5].pk)
    assert (found.checked, found.broken) == (2, 0)
    assert verify_stretch(0, 0) is None


def test_only_auditors_and_administrators_verify(client):
    assert signed_in(client).post(f"{PAGE}verify/").status_code == 403


def test_the_page_takes_as_many_queries_for_many_entries_as_for_few(
    auditor, django_assert_max_num_queries
):
    wrote(60, actor=make_officer("officer"))
    with django_assert_max_num_queries(16):
        assert auditor.get(PAGE).status_code == 200
