"""Pages of results, posts and the annual report: who sees whom, what happens."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cms.core.models import StagedImport
from cohorts.certificates.models import Certificate
from cohorts.posts.models import Post
from cohorts.results.models import CutScore, SubjectResult
from courses.syllabus.models import ExamYear
from tests.factories.numbers import fictional_id
from tests.factories.pages import signed_in, text_of, upload
from tests.factories.people import (
    CANARY,
    HAIYUAN,
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
    make_results,
    make_sign_up,
    make_trainee,
    pass_junior,
)
from tests.factories.workbooks import (
    POSTS,
    REGISTER,
    RESULTS,
    junior_row,
    post_row,
    register_row,
    workbook,
)

pytestmark = pytest.mark.django_db

LISTS = ["/workbench/results/", "/workbench/certificates/", "/workbench/posts/?when=all"]
PAGES = [*LISTS, "/workbench/results/imports/", "/workbench/outcomes/annual/"]
IMPORTS = [f"/workbench/{name}/import/" for name in ("results", "certificates", "posts")]
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


# --- who may enter, and whom they see ---------------------------------------------------------
@pytest.mark.parametrize("path", [*PAGES, *IMPORTS, "/me/results/"])
def test_a_visitor_is_sent_to_sign_in(client, path):
    reply = client.get(path)
    assert reply.status_code == 302
    assert "/accounts/login/" in reply.headers["Location"]


@pytest.mark.parametrize("path", [*PAGES, *IMPORTS])
@pytest.mark.parametrize("role", ["trainee", "instructor", "editor", "organiser", "site_admin"])
def test_those_without_a_region_are_turned_away(client, path, role):
    client.force_login(make_officer("somebody", region=None, role=role))
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", IMPORTS)
@pytest.mark.parametrize("role", ["finance_officer", "auditor"])
def test_who_only_reads_imports_nothing(client, path, role):
    assert signed_in(client, role=role).get(path).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_every_page_renders_without_data(client, path):
    reply = signed_in(client).get(path)
    assert reply.status_code == 200
    assert 'lang="zh-Hans"' in text_of(reply)


@pytest.mark.parametrize("path", LISTS)
def test_an_officer_sees_the_own_county_and_no_other(client, path, people):
    shown = text_of(signed_in(client, region=ZHONGNING).get(path))
    assert CANARY[ZHONGNING] in shown
    for other in (SHAPOTOU, HAIYUAN, TAISHUN):
        assert CANARY[other] not in shown


@pytest.mark.parametrize("path", LISTS)
def test_a_city_officer_sees_all_counties_of_the_city(client, path, people):
    shown = text_of(signed_in(client, region=ZHONGWEI, role="city_officer").get(path))
    assert all(CANARY[region] in shown for region in (SHAPOTOU, ZHONGNING, HAIYUAN))
    assert CANARY[TAISHUN] not in shown


@pytest.mark.parametrize("path", LISTS)
def test_no_list_shows_a_whole_number(client, path, people):
    shown = text_of(signed_in(client, region=ZHONGWEI, role="city_officer").get(path))
    for n in range(1, 5):
        assert fictional_id(n) not in shown
    for certificate in Certificate.objects.across_regions():
        assert certificate.number not in shown


def test_a_record_of_another_county_does_not_exist(client, people):
    signed_in(client, region=ZHONGNING)
    stranger = people[SHAPOTOU]
    certificate = Certificate.objects.across_regions().get(person=stranger)
    assert client.get(f"/workbench/results/people/{stranger.uuid}/").status_code == 404
    assert client.get(f"/workbench/certificates/{certificate.uuid}/").status_code == 404
    for act in ("record", "check", "revoke", "number"):
        reply = client.post(f"/workbench/certificates/{certificate.uuid}/{act}/", {"reason": "x"})
        assert reply.status_code == 404
    assert Certificate.objects.across_regions().get(person=stranger).state == "checked"


# --- results ----------------------------------------------------------------------------------
def test_a_results_workbook_is_previewed_then_written(client):
    signed_in(client)
    rows = (junior_row(1), junior_row(2, 105), junior_row(3, 报考地区="中宁县"))
    preview = upload(client, "/workbench/results/import/", workbook(RESULTS, *rows), year=2023)
    page = text_of(client.get(preview))
    assert "张1" in page
    assert SubjectResult.objects.across_regions().count() == 0
    reply = client.post(preview, {"action": "apply"})
    assert reply.headers["Location"] == "/workbench/results/"
    assert SubjectResult.objects.across_regions().count() == 2
    assert "张1" in text_of(client.get("/workbench/results/"))
    assert "表.xlsx" in text_of(client.get("/workbench/results/imports/"))


@pytest.mark.parametrize(
    ("kind", "header", "row"),
    [
        ("results", RESULTS, junior_row(1, fictional_id(2), 报考级别=fictional_id(3))),
        ("certificates", REGISTER, register_row(1, 级别=fictional_id(2), 批准日期=fictional_id(3))),
        ("posts", POSTS, post_row(1, 是否聘任=fictional_id(2), 聘任起=fictional_id(3))),
    ],
)
def test_a_file_with_shifted_columns_leaves_no_identity_number_behind(client, kind, header, row):
    signed_in(client)
    options = {"year": 2023} if kind == "results" else {}
    preview = upload(client, f"/workbench/{kind}/import/", workbook(header, row), **options)
    shown = text_of(client.get(preview))
    assert f"***{fictional_id(3)[-4:]}" in shown
    for n in (2, 3):
        assert fictional_id(n) not in shown + json.dumps(StagedImport.objects.get().outcome)


def test_the_preview_shows_what_would_change(client):
    make_results(
        make_person(1, name="张1"), {"junior-general": 58, "junior-practice": 66}, year=2023
    )
    signed_in(client)
    content = workbook(RESULTS, junior_row(1, 61, 66))
    preview = upload(client, "/workbench/results/import/", content, year=2023)
    assert "58 → 61" in text_of(client.get(preview))


def test_a_file_that_is_on_record_already_offers_nothing_to_write(client):
    signed_in(client)
    content = workbook(RESULTS, junior_row(1))
    first = upload(client, "/workbench/results/import/", content, year=2023)
    assert 'value="apply"' in text_of(client.get(first))
    client.post(first, {"action": "apply"})
    again = upload(client, "/workbench/results/import/", content, year=2023)
    page = client.get(again)
    assert 'value="apply"' not in text_of(page)
    assert (page.context["plan"].unchanged, page.context["plan"].to_write) == (1, 0)
    client.post(again, {"action": "apply"})
    assert client.get(again).context["written"] == 0


def test_a_refused_row_names_its_person(client):
    signed_in(client)
    content = workbook(RESULTS, junior_row(2, 105, 姓名="王小二"))
    preview = upload(client, "/workbench/results/import/", content, year=2023)
    assert "<strong>王小二</strong>" in text_of(client.get(preview))


@pytest.mark.parametrize("path", IMPORTS)
def test_a_header_without_rows_is_an_error_of_the_form(client, path):
    signed_in(client)
    header = {"results": RESULTS, "certificates": REGISTER, "posts": POSTS}[path.split("/")[2]]
    file = SimpleUploadedFile("表.xlsx", workbook(header))
    reply = client.post(path, {"file": file, "year": 2023})
    assert reply.status_code == 400
    assert reply.context["form"].errors["file"]


def test_only_exams_that_were_held_can_be_chosen_and_none_is_beforehand(client):
    newest = ExamYear.objects.order_by("-year").first()
    ExamYear.objects.create(
        year=2099,
        law_as_of=newest.law_as_of,
        starts_on=date(2099, 6, 1),
        ends_on=date(2099, 6, 2),
    )
    page = text_of(signed_in(client).get("/workbench/results/import/"))
    assert '<option value="2023">' in page
    assert '<option value="" selected>' in page
    assert 'value="2099"' not in page


def test_the_list_is_narrowed_by_year_level_and_name(client, people):
    signed_in(client)
    for query, seen in (
        ("year=2023", True),
        ("year=2022", False),
        ("level=junior", True),
        ("level=intermediate", False),
        (f"name={CANARY[SHAPOTOU]}", True),
        ("name=nobody", False),
        ("year=soon", True),
    ):
        shown = text_of(client.get(f"/workbench/results/?{query}"))
        assert (CANARY[SHAPOTOU] in shown.replace(f'value="{CANARY[SHAPOTOU]}"', "")) is seen


def test_the_list_shows_scores_and_complete_passes_in_few_statements(
    client, django_assert_max_num_queries
):
    signed_in(client)
    for n in range(1, 41):
        pass_junior(make_person(n))
    client.get("/workbench/results/")  # once before: what is remembered is no cost of this page
    with django_assert_max_num_queries(25):
        shown = text_of(client.get("/workbench/results/"))
    assert "66.5" in shown


def test_of_whom_nothing_is_known_is_not_reported_and_not_failed(client):
    person = make_person(1, name="未报者")
    make_sign_up(person, year=2023, level="junior")
    make_results(make_person(2), {"junior-general": 61, "junior-practice": 50}, year=2023)
    page = signed_in(client).get("/workbench/results/").context
    rows = {row["sign_up"].person_id: row["reported"] for row in page["rows"]}
    assert rows.pop(person.pk) is False
    assert list(rows.values()) == [True]
    own = text_of(client.get(f"/workbench/results/people/{person.uuid}/"))
    assert "报考初级" in own
    assert "未报" in own.replace("未报者", "")


def test_a_person_s_record_keeps_what_was_corrected(client, people):
    signed_in(client)
    person = people[SHAPOTOU]
    old = SubjectResult.objects.across_regions().get(person=person, subject="junior-general")
    SubjectResult.objects.create(
        person=person,
        exam_year_id=2023,
        subject_id="junior-general",
        region_id=SHAPOTOU,
        score_half=150,
        state="evidenced",
        supersedes=old,
        recorded_at=NOW,
    )
    shown = text_of(client.get(f"/workbench/results/people/{person.uuid}/"))
    assert "<del>61</del>" in shown
    assert ">75<" in shown


# --- posts ------------------------------------------------------------------------------------
def test_posts_are_imported_and_listed(client):
    signed_in(client)
    preview = upload(client, "/workbench/posts/import/", workbook(POSTS, post_row(1)))
    assert "黄河社区" in text_of(client.get(preview))
    client.post(preview, {"action": "apply"})
    assert Post.objects.across_regions().count() == 1
    assert "黄河社区" in text_of(client.get("/workbench/posts/"))


def test_posts_of_the_past_are_shown_on_demand(client):
    make_post(make_person(1), make_organisation("旧社区"), to_on=date(2021, 12, 31))
    signed_in(client)
    assert "旧社区" not in text_of(client.get("/workbench/posts/"))
    assert "旧社区" in text_of(client.get("/workbench/posts/?when=all&text=旧"))


# --- annual report ----------------------------------------------------------------------------
ANNUAL = "/workbench/outcomes/annual/"


def test_the_annual_report_shows_figures_definitions_and_a_range(client):
    for n in range(1, 13):
        person = make_person(n)
        make_results(
            person, {"junior-general": 61, "junior-practice": 66 if n < 9 else 59}, year=2023
        )
    signed_in(client, region=ZHONGWEI, role="city_officer")
    shown = text_of(client.get(f"{ANNUAL}?region=6405&year=2023"))
    assert "66.7%" in shown
    assert 'class="interval"' in shown
    assert "沙坡头区" in shown
    assert "annual.json?region=6405&amp;year=2023" in shown


def test_a_small_number_shows_no_rate(client, people):
    shown = text_of(signed_in(client).get(f"{ANNUAL}?year=2023"))
    assert "100.0%" not in shown.replace('width="100.0%"', "")


def test_the_json_is_the_report(client, people):
    reply = signed_in(client).get("/workbench/outcomes/annual.json?region=640502&year=2023")
    found = json.loads(reply.content)
    assert (found["region"], found["passes"]["junior"], found["holders"]["junior"]) == (
        SHAPOTOU, 1, 1,
    )  # fmt: skip


@pytest.mark.parametrize("path", [ANNUAL, "/workbench/outcomes/annual.json"])
@pytest.mark.parametrize(
    "query", ["region=640521", "region=6405", "region=99", "year=1999", "year=soon"]
)
def test_an_area_outside_the_scope_or_an_unknown_year_does_not_exist(client, path, query):
    assert signed_in(client).get(f"{path}?{query}").status_code == 404


# --- the trainee ------------------------------------------------------------------------------
def test_a_trainee_sees_own_results_certificates_and_what_is_missing(client):
    person = make_person(1)
    make_results(person, {"intermediate-law": 61, "intermediate-general": 59.5}, year=2025)
    make_certificate(person, number=NUMBER)
    client.force_login(make_trainee("alice", person))
    shown = text_of(client.get("/me/results/"))
    assert "59.5" in shown
    assert "2023****0417" in shown
    assert NUMBER not in shown
    assert fictional_id(1) not in shown


def test_a_separate_line_is_shown_as_unverified_until_somebody_has_read_the_notice(client):
    person = make_person(1, region=HAIYUAN)
    make_results(person, {"junior-general": 53.5, "junior-practice": 60}, year=2025, region=HAIYUAN)
    client.force_login(make_trainee("alice", person))
    in_english = {"accept-language": "en"}
    shown = text_of(client.get("/me/results/", headers=in_english))
    assert "separate line 53" in shown
    assert "Passed by the separate line" not in shown
    CutScore.objects.filter(area=HAIYUAN).update(verified=True)
    shown = text_of(client.get("/me/results/", headers=in_english))
    assert "separate line 53" not in shown
    assert "Passed by the separate line" in shown


def test_a_trainee_sees_the_newest_exam_first(client):
    person = make_person(1)
    for year in (2023, 2025, 2022):
        make_results(person, {"intermediate-law": 50}, year=year)
    client.force_login(make_trainee("alice", person))
    shown = text_of(client.get("/me/results/"))
    assert shown.index("2025 ·") < shown.index("2023 ·") < shown.index("2022 ·")


def test_a_trainee_sees_nobody_else(client, people):
    client.force_login(make_trainee("alice", people[SHAPOTOU]))
    make_results(
        make_person(9, name="别人"), {"junior-general": 11.5, "junior-practice": 12.5}, year=2023
    )
    shown = text_of(client.get("/me/results/"))
    assert "11.5" not in shown
    assert "66.5" in shown


def test_an_account_without_a_person_and_one_without_results_are_told_why(client):
    client.force_login(make_officer("lonely", region=None, role="trainee"))
    assert client.get("/me/results/").status_code == 200
    client.force_login(make_trainee("alice", make_person(1)))
    assert client.get("/me/results/").status_code == 200


def test_a_self_reported_score_is_shown_as_such_and_passes_nothing(client):
    person = make_person(1)
    for subject in ("junior-general", "junior-practice"):
        SubjectResult.objects.create(
            person=person,
            exam_year_id=2025,
            subject_id=subject,
            region_id=SHAPOTOU,
            score_half=150,
            state="self_reported",
            recorded_at=NOW,
        )
    client.force_login(make_trainee("alice", person))
    shown = text_of(client.get("/me/results/"))
    assert 'data-tone="ok"' not in shown
