"""Pages of the public site: home, notices, cases, honours, and the look of the federation."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.documents.models import Document
from wagtail.models import Site

from cms.accounts.models import Region
from cms.pages.models import (
    ArticlePage,
    CaseIndexPage,
    CaseStudyPage,
    Federation,
    HonourIndexPage,
    HonourPage,
    NoticeAttachment,
    PolicyNoticePage,
)
from tests.factories.pages import text_of
from tests.factories.people import make_officer, make_reference
from tests.factories.site import make_home, make_notice, make_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reference() -> None:
    make_reference()


@pytest.fixture
def federation() -> Federation:
    make_home()
    site = Site.objects.get(is_default_site=True)
    return Federation.objects.create(site=site, site_title="甲站", name="甲市社会组织联合会")


def test_the_front_page_answers_before_any_page_is_written(client: Client) -> None:
    assert client.get("/").status_code == 200


def test_the_front_page_leads_a_visitor_in_and_who_is_signed_in_on(client: Client) -> None:
    make_home()
    assert "/accounts/login/" in text_of(client.get("/"))
    client.force_login(make_officer("bob"))
    assert "/welcome/" in text_of(client.get("/"))


def test_the_front_page_counts_the_days_to_the_next_exam(client: Client, time_machine) -> None:
    time_machine.move_to("2026-05-13 09:00:00+08:00")
    seen = text_of(client.get("/"))
    assert '<span class="days">10<small>' in seen
    assert 'datetime="2026-05-23' in seen


def test_the_front_page_shows_the_newest_notices_first(client: Client) -> None:
    make_notice("旧的通知", issued_on=date(2024, 1, 1))
    make_notice("新的通知", issued_on=date(2026, 1, 1))
    seen = text_of(client.get("/"))
    assert seen.index("新的通知") < seen.index("旧的通知")


def test_the_front_page_costs_no_more_with_more_pages(client: Client) -> None:
    make_notice()
    client.get("/")
    few = _statements(client, "/")
    for number in range(6):
        make_notice(f"通知{number}")
    assert _statements(client, "/") == few
    assert few <= 14


def _statements(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_a_notice_says_what_an_office_has_to_cite(client: Client) -> None:
    notice = make_notice(effective_from=date(2026, 3, 1), effective_to=date(2027, 3, 1))
    seen = text_of(client.get(notice.url))
    for words in ("卫社联发〔2026〕6号", "中卫市社会组织联合会", "2026-03-01", "2027-03-01"):
        assert words in seen


def test_notices_are_listed_by_kind(client: Client) -> None:
    make_notice("奖励办法", kind="policy")
    make_notice("开班通知", kind="class")
    seen = text_of(client.get("/notices/?kind=class"))
    assert "开班通知" in seen
    assert "奖励办法" not in seen


def test_a_notice_out_of_force_says_so_in_the_list(client: Client) -> None:
    make_notice(effective_from=date(2019, 1, 1), effective_to=date(2020, 1, 1))
    assert "已失效" in text_of(client.get("/notices/", headers={"Accept-Language": "zh-hans"}))


def test_the_database_refuses_a_notice_that_ends_before_it_begins() -> None:
    notice = PolicyNoticePage.objects.filter(pk=make_notice().pk)
    day = date(2026, 3, 1)
    with pytest.raises(IntegrityError, match="notice_ends_after_it_begins"), transaction.atomic():
        notice.update(effective_from=day, effective_to=day)


def test_a_draft_is_not_shown(client: Client) -> None:
    notice = make_notice("还没定稿", live=False)
    assert client.get(notice.url).status_code == 404
    assert "还没定稿" not in text_of(client.get("/notices/"))


def test_cases_and_honours_have_lists_that_lead_to_them(client: Client) -> None:
    home = make_home()
    cases = make_page(home, CaseIndexPage(title="案例", slug="cases"))
    make_page(cases, CaseStudyPage(title="五社联动", slug="five", summary="摘要", body="<p>文</p>"))
    honours = make_page(home, HonourIndexPage(title="最美社工", slug="honours"))
    region = Region.objects.get(code="640502")
    make_page(
        honours,
        HonourPage(
            title="甲某", slug="jia", honour="最美社工", year=2025, unit="社工站", region=region,
            body="<p>文</p>",
        ),
    )  # fmt: skip
    assert "/cases/five/" in text_of(client.get("/cases/"))
    assert "/honours/jia/" in text_of(client.get("/honours/"))
    assert client.get("/cases/five/").status_code == 200
    assert "沙坡头区" in text_of(client.get("/honours/jia/"))


def test_the_federation_gives_every_page_its_name_and_foot(client: Client, federation) -> None:
    federation.telephone = "0955-000 0000"
    federation.save()
    make_page(
        make_home(),
        ArticlePage(title="使用说明", slug="help", body="<p>文</p>", show_in_menus=True),
    )
    seen = text_of(client.get("/notices/"))
    for words in ("甲站", "甲市社会组织联合会", "0955-000 0000", "使用说明"):
        assert words in seen


def test_a_change_of_the_federation_shows_at_once(client: Client, federation) -> None:
    client.get("/")
    federation.name = "乙市社会组织联合会"
    federation.save()
    assert "乙市社会组织联合会" in text_of(client.get("/"))


def test_another_colour_brings_its_stylesheet(client: Client, federation) -> None:
    assert "/site/theme-" not in text_of(client.get("/"))
    federation.colour = "pine"
    federation.save()
    assert "/site/theme-pine.css" in text_of(client.get("/"))
    reply = client.get("/site/theme-pine.css")
    assert reply.headers["Content-Type"].startswith("text/css")
    assert "public" in reply.headers["Cache-Control"]


def test_an_unknown_colour_is_not_found(client: Client) -> None:
    assert client.get("/site/theme-pink.css").status_code == 404


def test_a_page_that_is_not_here_says_where_to_go(client: Client) -> None:
    reply = client.get("/no-such-page/")
    assert reply.status_code == 404
    assert "/accounts/login/" in text_of(reply)


# --- files ----------------------------------------------------------------------------------------
def test_the_file_of_a_notice_is_everybodys_and_of_a_draft_nobodys(client: Client) -> None:
    document = Document.objects.create(title="样表", file=ContentFile(b"PK", name="blank.xlsx"))
    notice = make_notice()
    NoticeAttachment.objects.create(page=notice, document=document)
    notice.save()
    trainee = Client()
    trainee.force_login(make_officer("alice", role="trainee"))
    for visitor in (client, trainee):
        assert b"".join(visitor.get(document.url).streaming_content) == b"PK"
    notice.unpublish()
    author = Client()
    author.force_login(make_officer("erin", role="editor"))
    for visitor in (client, trainee):
        assert visitor.get(document.url).status_code == 404
    assert b"".join(author.get(document.url).streaming_content) == b"PK"
