"""The trainee's pages: papers, rules, player, report."""

import json
import re
import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.accounts.models import RoleGrant
from quizzes.attempts import services
from quizzes.attempts.journal import answers_sha256
from quizzes.attempts.models import Attempt
from quizzes.attempts.wire import Claim
from quizzes.models import Paper
from tests.factories.exam import (
    PHONE,
    SECRET_RATIONALE,
    STARTED,
    batch,
    event,
    lease_of,
    make_chapter,
    make_paper,
    make_user,
    start_attempt,
)

pytestmark = pytest.mark.django_db
ENDED = STARTED + timedelta(minutes=101)
CHOSEN = {1: "b", 2: "a", 4: "ac", 5: "acd"}


@pytest.fixture
def alice():
    return make_user("alice")


@pytest.fixture
def signed_in(alice):
    return browser_of(alice)


@pytest.fixture
def paper():
    return make_paper()


@pytest.fixture
def handed_in(alice, paper):
    return hand_in(alice, paper)


def browser_of(user):
    client = Client()
    client.force_login(user)
    return client


def hand_in(user, paper, chosen=CHOSEN):
    attempt = start_attempt(user, paper)
    lease = lease_of(attempt)
    events = [event(seq, *answer) for seq, answer in enumerate(chosen.items(), start=1)]
    services.record(lease=lease, batch=batch(events), now=STARTED)
    digest = answers_sha256({item: tuple(options) for item, options in chosen.items()})
    services.submit(lease=lease, claim=Claim(PHONE, 1, {}, digest), now=ENDED)
    return attempt


def report_of(client, attempt, **query):
    return client.get(reverse("attempts:report", args=[attempt.uuid]), query)


def text_of(reply):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reply.content.decode()))


def numbers_listed(reply):
    return [int(number) for number in re.findall(r'id="item-(\d+)"', reply.content.decode())]


# --- report ---------------------------------------------------------------------------------------
def test_the_report_gives_score_pass_mark_and_receipt(signed_in, handed_in):
    reply = report_of(signed_in, handed_in)
    assert reply.status_code == 200
    text = text_of(reply)
    handed_in.refresh_from_db()
    assert handed_in.submission.receipt in text
    assert 'class="figure-xl">4<' in reply.content.decode()
    assert "figure-xl" in reply.content.decode()


def test_the_report_says_that_one_mock_is_no_forecast(signed_in, handed_in):
    assert "一次模拟不代表考试结果" in text_of(report_of(signed_in, handed_in))


def test_the_report_sums_sections_and_chapters(signed_in, handed_in):
    markup = report_of(signed_in, handed_in).content.decode()
    sections = re.findall(r'<th scope="row">(\w+)<.*?<td class="num">(\d)</td>', markup)
    assert sections[:2] == [("单项选择题", "1"), ("多项选择题", "1")]
    assert "第1章的题目" in markup
    assert "第2章的题目" in markup
    assert 'class="cbar"' in markup


def test_the_report_leads_to_the_two_chapters_that_cost_most(signed_in, handed_in):
    reply = report_of(signed_in, handed_in)
    assert [line.chapter.order for line in reply.context["report"].next_chapters] == [1, 2]
    for order in (1, 2):
        assert f'href="/practice/?chapter={make_chapter(order).pk}"' in reply.content.decode()


def test_a_report_of_a_paper_left_mostly_blank_says_that_it_says_little(alice, signed_in, paper):
    reply = report_of(signed_in, hand_in(alice, paper, {1: "a", 2: "b"}))
    assert "只答了 2/5 题" in text_of(reply)
    assert reply.context["report"].next_chapters == []


def test_partial_stands_apart_from_wrong(signed_in, handed_in):
    markup = report_of(signed_in, handed_in).content.decode()
    verdicts = dict(re.findall(r'id="item-(\d)" data-verdict="(\w+)"', markup))
    assert verdicts == {"1": "right", "2": "wrong", "3": "blank", "4": "partial", "5": "right"}
    assert 'class="option is-missed"' in markup
    assert 'class="option is-wrong"' in markup
    assert "△" in markup


def test_the_report_shows_keys_and_rationales(signed_in, handed_in):
    reply = report_of(signed_in, handed_in)
    assert reply.content.decode().count(SECRET_RATIONALE) == 5


@pytest.mark.parametrize(
    ("show", "numbers"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("nonsense", [1, 2, 3, 4, 5]),
        ("wrong", [2]),
        ("partial", [4]),
        ("blank", [3]),
        ("lost", [2, 3, 4]),
    ],
)
def test_the_items_can_be_filtered(signed_in, handed_in, show, numbers):
    assert numbers_listed(report_of(signed_in, handed_in, show=show)) == numbers


def test_question_text_is_made_safe_again_on_the_way_out(alice, signed_in):
    paper = make_paper(1, 0, code="hostile")
    with connection.cursor() as cursor:
        # A row that an older, weaker import might have left behind.
        for name in ("final_update_quizzes_questionversion",):
            suffix = "" if connection.vendor == "sqlite" else " ON quizzes_questionversion"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")
        cursor.execute(
            "UPDATE quizzes_questionversion SET rationale = %s",
            ["<script>alert(1)</script><b onclick='x()'>对</b><img src=http://66.example/x.png>"],
        )
    markup = report_of(signed_in, hand_in(alice, paper, {1: "b"})).content.decode()
    assert "alert(1)" not in markup
    assert "onclick" not in markup
    assert "66.example" not in markup
    assert "<b>对</b>" in markup


def test_an_attempt_closed_by_the_server_says_so(alice, signed_in, paper):
    attempt = start_attempt(alice, paper)
    services.expire_due(attempt.finalise_at)
    reply = report_of(signed_in, attempt)
    assert reply.status_code == 200
    assert reply.context["report"].submission.by_server
    assert "figure-xl" in reply.content.decode()


def test_answers_that_came_too_late_are_mentioned(alice, signed_in, paper):
    attempt = start_attempt(alice, paper)
    lease = lease_of(attempt)
    late = attempt.deadline_at + timedelta(minutes=5)
    services.record(lease=lease, batch=batch([event(1, 1, "b"), event(2, 1, "a")]), now=late)
    services.expire_due(attempt.finalise_at)
    reply = report_of(signed_in, attempt)
    assert reply.context["report"].late_count == 1
    assert 'data-tone="wait"' in reply.content.decode()


def test_the_report_asks_a_bounded_number_of_questions(alice, signed_in):
    counts = []
    for code, items in (("few", 2), ("many", 30)):
        attempt = hand_in(alice, make_paper(items, items, code=code), {1: "b"})
        report_of(signed_in, attempt)  # once before: what is remembered is no cost of this page
        with CaptureQueriesContext(connection) as captured:
            assert report_of(signed_in, attempt).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= 10


def test_another_trainees_report_is_not_here(handed_in):
    assert report_of(browser_of(make_user("charlie")), handed_in).status_code == 404


@pytest.mark.parametrize("role", ["auditor", "site_admin", "city_officer", "instructor", "editor"])
def test_no_role_opens_anybody_elses_report_or_player(alice, paper, handed_in, role):
    staff = make_user("staff")
    RoleGrant.objects.create(user=staff, role=role, valid_from=date(2026, 1, 1))
    going_on = start_attempt(alice, paper)
    for name, attempt in (("report", handed_in), ("player", handed_in), ("player", going_on)):
        reply = browser_of(staff).get(reverse(f"attempts:{name}", args=[attempt.uuid]))
        assert reply.status_code == 404
        assert SECRET_RATIONALE not in reply.content.decode()


def test_nobody_sees_a_report_without_signing_in(handed_in):
    reply = report_of(Client(), handed_in)
    assert reply.status_code == 302
    assert "/accounts/login/" in reply["Location"]


def test_an_open_attempt_has_a_player_and_no_report(alice, signed_in, paper):
    attempt = start_attempt(alice, paper)
    reply = report_of(signed_in, attempt)
    assert reply["Location"] == reverse("attempts:player", args=[attempt.uuid])


def test_a_void_attempt_has_no_report(signed_in, handed_in):
    Attempt.objects.across_regions().filter(pk=handed_in.pk).update(state="void")
    assert report_of(signed_in, handed_in).status_code == 404


# --- player ---------------------------------------------------------------------------------------
def island_of(reply):
    found = re.search(r"data-island-json>(.*?)</script>", reply.content.decode(), re.DOTALL)
    return json.loads(found[1])


def test_the_player_page_carries_the_island_and_nothing_secret(alice, signed_in, paper):
    attempt = start_attempt(alice, paper)
    reply = signed_in.get(reverse("attempts:player", args=[attempt.uuid]))
    assert reply.status_code == 200
    config = island_of(reply)
    assert config["attempt"] == str(attempt.uuid)
    assert config["paper"] == str(paper.uuid)
    assert config["api"] == "/api/v1/"
    assert config["reportUrl"] == "/attempts/{attempt}/report/"
    assert config["exitUrl"] == "/papers/"
    assert config["lang"] == "zh-hans"
    assert "csrftoken" in reply.cookies
    markup = reply.content.decode()
    assert 'data-island="exam-player"' in markup
    assert SECRET_RATIONALE not in markup
    assert "题的题干" not in markup


def test_the_islands_user_is_stable_and_opaque(alice, signed_in, paper):
    first = island_of(signed_in.get(reverse("papers:sit", args=[paper.uuid])))["user"]
    again = island_of(browser_of(alice).get(reverse("papers:sit", args=[paper.uuid])))["user"]
    other = island_of(
        browser_of(make_user("charlie")).get(reverse("papers:sit", args=[paper.uuid]))
    )["user"]
    assert first == again
    assert first not in {other, str(alice.pk), str(alice.uuid), alice.username}


def test_another_trainees_player_is_not_here(alice, paper):
    attempt = start_attempt(alice, paper)
    page = reverse("attempts:player", args=[attempt.uuid])
    assert browser_of(make_user("charlie")).get(page).status_code == 404


def test_a_finished_attempt_leads_to_its_report(signed_in, handed_in):
    reply = signed_in.get(reverse("attempts:player", args=[handed_in.uuid]))
    assert reply["Location"] == reverse("attempts:report", args=[handed_in.uuid])


# --- papers ---------------------------------------------------------------------------------------
def test_released_papers_are_listed_and_drafts_never(signed_in, paper):
    make_paper(code="draft", released=False)
    reply = signed_in.get(reverse("papers:list"))
    assert [card["paper"] for card in reply.context["cards"]] == [paper]
    assert reverse("papers:sit", args=[paper.uuid]) in reply.content.decode()


def test_the_list_shows_the_own_attempts_alone(signed_in, handed_in, paper):
    hand_in(make_user("charlie"), paper)
    reply = signed_in.get(reverse("papers:list"))
    assert [len(card["attempts"]) for card in reply.context["cards"]] == [1]
    assert reverse("attempts:report", args=[handed_in.uuid]) in reply.content.decode()


def test_the_list_asks_a_bounded_number_of_questions(alice, signed_in):
    counts = []
    for number in range(4):
        hand_in(alice, make_paper(1, 1, code=f"mock-{number}"), {1: "b"})
        signed_in.get(reverse("papers:list"))
        with CaptureQueriesContext(connection) as captured:
            signed_in.get(reverse("papers:list"))
        counts.append(len(captured))
    assert len(set(counts)) == 1


def test_the_one_primary_button_is_the_next_step(alice, signed_in):
    for code in ("mock-1", "mock-2", "mock-3"):
        make_paper(1, 0, code=code)
    sat = Paper.objects.order_by("-released_at", "-pk").first()
    hand_in(alice, sat, {1: "b"})
    cards = signed_in.get(reverse("papers:list")).context["cards"]
    assert [(card["is_next"], bool(card["attempts"])) for card in cards] == [
        (False, True),
        (True, False),
        (False, False),
    ]


def test_an_empty_list_says_what_would_fill_it(signed_in):
    reply = signed_in.get(reverse("papers:list"))
    assert reply.status_code == 200
    assert 'class="empty"' in reply.content.decode()


def test_the_rules_stand_before_the_start(signed_in, paper):
    reply = signed_in.get(reverse("papers:sit", args=[paper.uuid]))
    config = island_of(reply)
    assert (config["paper"], config["attempt"]) == (str(paper.uuid), None)
    assert config["summary"]["duration_min"] == 120
    assert config["summary"]["sections"][1]["count"] == 2
    assert "csrftoken" in reply.cookies
    assert "120" in text_of(reply)


def test_an_open_attempt_goes_on_where_it_was(alice, signed_in, paper):
    attempt = start_attempt(alice, paper)
    reply = signed_in.get(reverse("papers:sit", args=[paper.uuid]))
    assert reply["Location"] == reverse("attempts:player", args=[attempt.uuid])
    page = signed_in.get(reverse("papers:list")).content.decode()
    assert reverse("attempts:player", args=[attempt.uuid]) in page


@pytest.mark.parametrize("which", ["draft", "unknown"])
def test_a_paper_that_is_not_out_cannot_be_sat(signed_in, which):
    draft = make_paper(code="draft", released=False)
    wanted = draft.uuid if which == "draft" else uuid.uuid4()
    assert signed_in.get(reverse("papers:sit", args=[wanted])).status_code == 404


@pytest.mark.parametrize("name", ["papers:list", "papers:sit", "attempts:player"])
def test_pages_need_somebody_signed_in(paper, name):
    args = [] if name == "papers:list" else [paper.uuid]
    reply = Client().get(reverse(name, args=args))
    assert (reply.status_code, "/accounts/login/" in reply["Location"]) == (302, True)


def test_the_keys_rest_while_the_same_paper_is_sat_again(signed_in, alice, paper, handed_in):
    address = reverse("attempts:report", args=[handed_in.uuid])
    assert SECRET_RATIONALE in signed_in.get(address).content.decode()
    again = start_attempt(alice, paper, now=ENDED + timedelta(days=1))
    seen = signed_in.get(address).content.decode()
    assert SECRET_RATIONALE not in seen
    assert 'id="items"' not in seen
    assert reverse("attempts:player", args=[again.uuid]) in seen
