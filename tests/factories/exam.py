"""Papers, trainees and attempts for tests, written straight to the tables."""

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cms.accounts.models import User
from courses.models import ExamYear, KnowledgePoint, Level, Subject, SyllabusVersion
from quizzes.attempts import services
from quizzes.attempts.journal import answers_sha256
from quizzes.attempts.lease import Lease
from quizzes.attempts.models import Attempt
from quizzes.attempts.wire import Batch, Claim, read_batch
from quizzes.models import Paper, PaperItem, Question, QuestionVersion
from quizzes.papers.states import State

STARTED = datetime(2026, 4, 12, 1, 0, tzinfo=UTC)
PHONE = uuid.UUID("00000000-0000-4000-8000-0000000000a1")
TABLET = uuid.UUID("00000000-0000-4000-8000-0000000000b2")
SECRET_RATIONALE = "解析：这句话在交卷以前谁也看不到。"
SINGLE_KEY, MULTIPLE_KEY = ["b"], ["a", "c", "d"]


def make_user(username: str = "alice", **fields: Any) -> User:
    user = User(username=username, first_name=username.title(), **fields)
    user.set_unusable_password()
    user.save()
    return user


def make_subject(code: str = "junior-general") -> Subject:
    level, _ = Level.objects.get_or_create(
        code="junior", defaults={"name": "初级", "title": "助理社会工作师", "order": 1}
    )
    subject, _ = Subject.objects.get_or_create(
        code=code,
        defaults={
            "level": level,
            "name": "社会工作综合能力（初级）",
            "short_name": "综合能力（初级）",
            "order": 1,
        },
    )
    return subject


def make_chapter(order: int, subject: Subject | None = None) -> KnowledgePoint:
    syllabus, _ = SyllabusVersion.objects.get_or_create(
        code="2025", defaults={"title": "2025 年版", "first_exam_year": 2026}
    )
    chapter, _ = KnowledgePoint.objects.get_or_create(
        version=syllabus,
        subject=subject or make_subject(),
        parent=None,
        number=str(order),
        defaults={"title": f"第{order}章的题目", "order": order},
    )
    return chapter


def make_version(
    *, kind: str, key: Sequence[str], stem: str, chapter: KnowledgePoint | None = None
) -> QuestionVersion:
    letters = "abcde" if kind == "multiple_response" else "abcd"
    subject = chapter.subject if chapter else make_subject()
    question = Question.objects.create(subject=subject, created_at=STARTED)
    return QuestionVersion.objects.create(
        question=question,
        state="published",
        type=kind,
        content={
            "stem": stem,
            "options": [{"id": letter, "text": f"选项{letter}"} for letter in letters],
            "stimulus": None,
        },
        key=list(key),
        rationale=SECRET_RATIONALE,
        chapter=chapter,
        content_sha256=uuid.uuid4().hex * 2,
        created_at=STARTED,
        published_at=STARTED,
    )


def make_paper(
    n_single: int = 3,
    n_multiple: int = 2,
    *,
    code: str = "mock-1",
    released: bool = True,
    duration_min: int = 120,
    pass_half: int = 6,
) -> Paper:
    """Single-choice items have the key b, multiple-response items the key a, c, d."""
    year, _ = ExamYear.objects.get_or_create(
        year=2026,
        defaults={
            "law_as_of": date(2025, 12, 31),
            "starts_on": date(2026, 5, 23),
            "ends_on": date(2026, 5, 24),
        },
    )
    sections = [
        {"name": "单项选择题", "type": "single_choice", "count": n_single, "points_half": 2},
        {"name": "多项选择题", "type": "multiple_response", "count": n_multiple, "points_half": 4},
    ]
    paper = Paper.objects.create(
        code=code,
        title="综合能力（初级）模拟卷一",
        subject=make_subject(),
        exam_year=year,
        state=State.RELEASED if released else State.DRAFT,
        released_at=STARTED if released else None,
        scheme={
            "sections": sections,
            "duration_min": duration_min,
            "pass_half": pass_half,
            "total_half": 2 * n_single + 4 * n_multiple,
        },
        content_sha256=uuid.uuid4().hex * 2,
        created_at=STARTED,
    )
    PaperItem.objects.bulk_create(_items(paper, n_single, n_multiple))
    return paper


def _items(paper: Paper, n_single: int, n_multiple: int) -> list[PaperItem]:
    kinds = ["single_choice"] * n_single + ["multiple_response"] * n_multiple
    return [
        PaperItem(
            paper=paper,
            number=number,
            section=int(kind == "multiple_response"),
            points_half=4 if kind == "multiple_response" else 2,
            question_version=make_version(
                kind=kind,
                key=MULTIPLE_KEY if kind == "multiple_response" else SINGLE_KEY,
                stem=f"{paper.code} 第{number}题的题干<strong>（　　）</strong>",
                chapter=make_chapter(1 + number % 2),
            ),
        )
        for number, kind in enumerate(kinds, start=1)
    ]


def start_attempt(
    user: User, paper: Paper, *, device: uuid.UUID = PHONE, now: datetime = STARTED
) -> Attempt:
    attempt, _ = services.start(
        user=user, paper=paper.uuid, device=device, key=uuid.uuid4(), now=now
    )
    return attempt


def event(seq: int, item: int, value: Any = None, **changes: Any) -> dict[str, Any]:
    """One event of the wire; `value` is option ids as text ("ac"), or a bool for a flag."""
    wired = {"flag": value} if isinstance(value, bool) else {"options": list(value or "")}
    usual = {
        "seq": seq,
        "item": item,
        "value": wired,
        "mono_ms": 1000 * seq,
        "client_at": (STARTED + timedelta(seconds=seq)).isoformat(),
    }
    return {**usual, **changes}


def batch(events: Sequence[dict[str, Any]], *, device: uuid.UUID = PHONE, epoch: int = 1) -> Batch:
    return read_batch({"device": str(device), "epoch": epoch, "events": list(events)})


def lease_of(attempt: Attempt) -> Lease:
    return services.lease_of(attempt)


def hand_in(attempt: Attempt, answers: dict[int, str] | None = None) -> Attempt:
    """Answer as given ({1: "b"}) and hand in, a minute after the start."""
    given = answers or {1: "b"}
    lease, now = services.lease_of(attempt), STARTED + timedelta(minutes=1)
    events = [event(seq, item, ids) for seq, (item, ids) in enumerate(given.items(), start=1)]
    services.record(lease=lease, batch=batch(events), now=now)
    digest = answers_sha256({item: tuple(sorted(ids)) for item, ids in given.items()})
    claim = Claim(device=PHONE, epoch=1, through={PHONE: len(events)}, answers_sha256=digest)
    services.submit(lease=lease, claim=claim, now=now)
    attempt.refresh_from_db()
    return attempt
