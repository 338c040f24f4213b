"""Three mock exams of the demo trainee, sat through the services as a phone would sit them."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cms.accounts.models import User
from quizzes.attempts import services
from quizzes.attempts.journal import Kind, answers_sha256
from quizzes.attempts.models import Attempt
from quizzes.attempts.wire import Batch, Claim, Entry
from quizzes.papers.models import Paper, PaperItem

EVENTS_A_BATCH = 40
SECONDS_AN_ITEM = 74


@dataclass(frozen=True)
class Mock:
    """One mock: of which paper, how long before the load, and the share of items known."""

    paper_code: str
    days_ago: int
    skill: float


@dataclass(frozen=True)
class Answer:
    """The options chosen for one item."""

    item: int
    options: tuple[str, ...]


def sit(user: User, paper: Paper, mock: Mock, *, now: datetime, rng: random.Random) -> Attempt:
    """Start, answer item by item, hand in; returns the attempt as it stands then."""
    started_at = now - timedelta(days=mock.days_ago)
    device = _uuid(rng)
    attempt, _ = services.start(
        user=user, paper=paper.uuid, device=device, key=_uuid(rng), now=started_at
    )
    answers = list(draw_answers(list(paper.ordered_items()), skill=mock.skill, rng=rng))
    pace = timedelta(seconds=SECONDS_AN_ITEM)
    for first in range(0, len(answers), EVENTS_A_BATCH):
        part = answers[first : first + EVENTS_A_BATCH]
        entries = tuple(
            _entry(answer, seq=first + n, started_at=started_at, elapsed=(first + n) * pace)
            for n, answer in enumerate(part, start=1)
        )
        services.record(
            lease=services.lease_of(attempt),
            batch=Batch(device=device, epoch=attempt.epoch, entries=entries),
            now=started_at + (first + len(part)) * pace,
        )
    ended_at = started_at + (len(answers) + 1) * pace
    services.submit(
        lease=services.lease_of(attempt),
        claim=_claim(attempt, device, through=len(answers)),
        now=ended_at,
    )
    return attempt


def draw_answers(
    items: Sequence[PaperItem], *, skill: float, rng: random.Random
) -> Iterator[Answer]:
    """Answers of somebody who knows `skill` of the items: right, cautious, wrong or left out.

    Chapters differ, as they do for everybody: in some the trainee is much weaker.
    """
    weak = _weak_chapters(items, rng)
    for item in items:
        chapter = item.question_version.chapter_id
        knows = rng.random() < skill - (0.25 if chapter in weak else -0.05)
        chosen = _chosen(item, knows=knows, rng=rng)
        if chosen:
            yield Answer(item.number, tuple(sorted(chosen)))


def _weak_chapters(items: Sequence[PaperItem], rng: random.Random) -> set[int | None]:
    chapters = sorted({item.question_version.chapter_id or 0 for item in items})
    return {*rng.sample(chapters, len(chapters) // 4)}


def _chosen(item: PaperItem, *, knows: bool, rng: random.Random) -> Sequence[str]:
    key: Sequence[str] = item.question_version.key
    others = [o["id"] for o in item.question_version.content["options"] if o["id"] not in key]
    if knows:
        return key
    if len(key) == 1:
        return [rng.choice(others)] if rng.random() < 0.95 else []
    if rng.random() < 0.6:  # the cautious choose fewer: half a point for each right one
        return rng.sample(key, len(key) - 1)
    return [*rng.sample(key, len(key) - 1), rng.choice(others)]


def _entry(answer: Answer, *, seq: int, started_at: datetime, elapsed: timedelta) -> Entry:
    return Entry(
        seq=seq,
        item=answer.item,
        kind=Kind.OPTIONS,
        value=",".join(answer.options),
        mono_ms=int(elapsed.total_seconds() * 1000),
        client_ms=int((started_at + elapsed).timestamp() * 1000),
    )


def _claim(attempt: Attempt, device: UUID, *, through: int) -> Claim:
    answers: Mapping[int, Any] = services.sitting(attempt, device).projection.answers
    return Claim(
        device=device,
        epoch=attempt.epoch,
        through={device: through},
        answers_sha256=answers_sha256(answers),
    )


def _uuid(rng: random.Random) -> UUID:
    """Drawn and not made by the machine, so that a second load finds the first one's attempt."""
    return UUID(int=rng.getrandbits(128), version=4)
