"""One answer, from the workbook its question came in to the report that explains it."""

import json
import random
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.accounts.services import grant_role, load_regions, open_account
from cms.demo.make_files import FILES
from courses.syllabus.models import ExamYear, Subject
from courses.syllabus.services import load_reference
from quizzes.attempts.journal import answers_sha256
from quizzes.attempts.models import Attempt, AttemptEvent, Scoring, Submission
from quizzes.bank.models import QuestionVersion
from quizzes.exchange.services import apply_import, plan_import
from quizzes.papers.models import Paper
from quizzes.papers.services import freeze_paper, release

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
FILE = FILES / "questions-junior-general.xlsx"
DEVICE = "3f0c9a52-6b1e-4d0a-8a51-000000000001"
START = "/api/v1/attempts/"
OPTIONS = {"subject": "junior-general", "exam_year": 2026}


@pytest.fixture
def editor():
    load_regions()
    load_reference(NOW)
    user, _ = open_account(username="editor", name="金若梅")
    grant_role(user=user, role="editor", valid_from=NOW.date())
    return user


@pytest.fixture
def paper(editor):
    apply_import(FILE.read_bytes(), FILE.name, options=OPTIONS, actor=editor, now=NOW)
    frozen = freeze_paper(
        subject=Subject.objects.get(pk="junior-general"),
        exam_year=ExamYear.objects.get(pk=2026),
        title="综合能力（初级）模拟卷",
        code="line",
        rng=random.Random(7),  # noqa: S311 -- a test needs the same paper each time
        actor=editor,
        now=NOW,
    )
    return release(frozen, actor=editor, now=NOW)


class Phone:
    """A trainee's phone: it starts, sends its journal and hands in, by the API alone."""

    def __init__(self, username: str = "trainee") -> None:
        user, _ = open_account(username=username, name="丁海霞")
        grant_role(user=user, role="trainee", valid_from=NOW.date())
        self.client = Client()
        self.client.force_login(user)
        self.seq = 0

    def start(self, paper: Paper, key: str) -> dict[str, Any]:
        reply = self.client.post(
            START,
            {"paper": str(paper.uuid), "device": DEVICE},
            content_type="application/json",
            headers={"Idempotency-Key": key},
        )
        assert reply.status_code in (200, 201), reply.content
        self.opened: dict[str, Any] = reply.json()
        return self.opened

    def events(self, answers: dict[int, list[str]]) -> list[dict[str, Any]]:
        events = []
        for item, options in answers.items():
            self.seq += 1
            events.append(
                {
                    "seq": self.seq,
                    "item": item,
                    "value": {"options": options},
                    "mono_ms": self.seq * 1000,
                    "client_at": NOW.isoformat(),
                }
            )
        return events

    def put(self, name: str, **body: Any) -> dict[str, Any]:
        reply = self.client.put(
            f"{START}{self.opened['attempt']}/{name}/",
            json.dumps({"device": DEVICE, "epoch": self.opened["epoch"], **body}),
            content_type="application/json",
            headers={"X-Attempt-Token": self.opened["token"]},
        )
        assert reply.status_code == 200, reply.content
        return reply.json()


def chosen_for(paper: Paper) -> tuple[dict[int, list[str]], int]:
    """Answers of every kind the rule knows, and what they come to in half-points.

    单选: 40 right, 15 wrong, 5 blank. 多选: 8 whole, 6 with one right option missing, 4 with a
    wrong option, 2 blank. Right is 1 point, a whole 多选 2, else half a point a right option.
    """
    answers: dict[int, list[str]] = {}
    half = 0
    for item in paper.ordered_items():
        key = list(item.question_version.key)
        wrong = [o["id"] for o in item.question_version.content["options"] if o["id"] not in key]
        place = item.number if item.section == 0 else item.number - 60
        if item.section == 0 and place <= 55:
            answers[item.number] = key if place <= 40 else wrong[:1]
            half += 2 if place <= 40 else 0
        elif item.section == 1 and place <= 8:
            answers[item.number] = key
            half += 4
        elif item.section == 1 and place <= 14:
            answers[item.number] = key[:-1]
            half += len(key) - 1
        elif item.section == 1 and place <= 18:
            answers[item.number] = [*key, wrong[0]]
    return answers, half


def test_the_plan_of_a_question_workbook_writes_nothing_and_its_apply_writes_once(editor):
    plan = plan_import(FILE.read_bytes(), FILE.name, options=OPTIONS, actor=editor, now=NOW)
    assert (plan.found, plan.accepted, plan.refused) == (80, 80, ())
    assert QuestionVersion.objects.count() == 0
    for _ in range(2):
        apply_import(FILE.read_bytes(), FILE.name, options=OPTIONS, actor=editor, now=NOW)
        assert QuestionVersion.objects.published().count() == 80


def test_the_paper_has_the_sections_and_marks_of_the_exam(paper):
    items = list(paper.ordered_items())
    assert [item.number for item in items] == list(range(1, 81))
    assert [sum(item.section == section for item in items) for section in (0, 1)] == [60, 20]
    assert sum(item.points_half for item in items) == 200
    assert all(item.question_version.chapter_id for item in items)
    assert '"key"' not in json.dumps(paper.snapshot())


def test_a_mock_is_sat_by_the_api_scored_by_the_rule_and_explained(paper):
    answers, half = chosen_for(paper)
    phone = Phone()
    phone.start(paper, key=str(uuid.uuid4()))
    events = phone.events(answers)
    for first in range(0, len(events), 40):
        phone.put("journal", events=events[first : first + 40])
    digest = answers_sha256({item: tuple(options) for item, options in answers.items()})
    receipt = phone.put("submission", through={DEVICE: phone.seq}, answers_sha256=digest)

    assert (receipt["answered"], receipt["items"]) == (73, 80)
    scoring = Scoring.objects.get()
    assert (scoring.total_half, sum(scoring.item_scores)) == (half, half)
    assert 120 < half < 140  # a pass by a little, as the counts above give it

    page = phone.client.get(receipt["report_url"]).content.decode()
    total = f"{half / 2:g}"
    assert total in page
    first = paper.ordered_items()[0].question_version
    assert first.rationale in page
    assert first.chapter.title in page


def test_nothing_is_counted_twice_when_the_phone_repeats_itself(paper):
    answers, _half = chosen_for(paper)
    phone, key = Phone(), str(uuid.uuid4())
    assert phone.start(paper, key)["attempt"] == phone.start(paper, key)["attempt"]
    events = phone.events(answers)[:50]
    for _ in range(2):
        phone.put("journal", events=events)
    sent = {event["item"]: tuple(event["value"]["options"]) for event in events}
    receipts = [
        phone.put("submission", through={DEVICE: len(events)}, answers_sha256=answers_sha256(sent))
        for _ in range(2)
    ]
    assert receipts[0] == receipts[1]
    counts = [m._default_manager for m in (AttemptEvent, Submission, Scoring)]
    assert [rows.count() for rows in counts] == [50, 1, 1]
    assert Attempt.objects.across_regions().count() == 1


def test_a_journal_takes_three_statements_at_most(paper):
    phone = Phone()
    phone.start(paper, key=str(uuid.uuid4()))
    answers, _half = chosen_for(paper)
    events = phone.events(answers)
    phone.put("journal", events=events[:10])  # the shape of the paper is read once a process
    with CaptureQueriesContext(
        connection,
    ) as queries:
        phone.put("journal", events=events[10:50])
    statements = [q["sql"] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= 3, statements
