"""The only writer of questions and their versions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cms.accounts.services import audit
from cms.core.errors import Refused
from cms.core.wording import Message
from courses.syllabus.models import Subject
from quizzes.bank import markup
from quizzes.bank.content import MOVES, Content, State
from quizzes.bank.models import GIST_BREAK, Question, QuestionVersion

BATCH = 500


@dataclass(frozen=True)
class NewQuestion:
    """A checked question on its way into the bank; its HTML is already safe."""

    content: Content
    rationale: str = ""
    chapter_id: int | None = None
    difficulty: str = ""
    law_as_of: date | None = None
    source: str = ""


@transaction.atomic
def add_questions(
    rows: Sequence[NewQuestion], *, subject: str, state: State, actor: Any, now: datetime
) -> int:
    """Add questions whose content the bank does not hold yet; returns how many were added.

    The subject's row is the lock: two people importing the same file at once add it once.
    """
    Subject.objects.select_for_update().get(pk=subject)
    fresh: dict[str, NewQuestion] = {}
    for row in rows:
        fresh.setdefault(row.content.sha256(), row)
    for digest in known_digests(subject, fresh):
        del fresh[digest]
    questions = Question.objects.bulk_create(
        [Question(subject_id=subject, created_at=now, created_by=actor) for _ in fresh],
        batch_size=BATCH,
    )
    versions = [
        _first_version(question, row, digest)
        for question, (digest, row) in zip(questions, fresh.items(), strict=True)
    ]
    for version in versions:
        version.state, version.author, version.created_at = state, actor, now
        version.published_at = now if state == State.PUBLISHED else None
    QuestionVersion.objects.bulk_create(versions, batch_size=BATCH)
    return len(versions)


def known_digests(subject: str, digests: Iterable[str]) -> set[str]:
    """Return those of the digests that some version of this subject has."""
    versions = QuestionVersion.objects.of_subject(subject).with_content(list(digests))
    return set(versions.values_list("content_sha256", flat=True))


def _gist(content: Content) -> str:
    """What is asked, then after an empty line what may be chosen; the search looks in both."""
    asked = [content.stem, content.stimulus, *(part.stem for part in content.parts)]
    offered = [option.text for part in (content, *content.parts) for option in part.options]
    texts = (markup.as_plain("<br>".join(filter(None, lines))) for lines in (asked, offered))
    return GIST_BREAK.join(filter(None, texts))


def _first_version(question: Question, row: NewQuestion, digest: str) -> QuestionVersion:
    return QuestionVersion(
        question=question,
        number=1,
        type=row.content.type,
        content=row.content.content_json(),
        key=row.content.key_json(),
        rationale=row.rationale,
        gist=_gist(row.content),
        chapter_id=row.chapter_id,
        difficulty_hint=row.difficulty,
        law_as_of=row.law_as_of,
        source=row.source,
        content_sha256=digest,
    )


@transaction.atomic
def publish(version: QuestionVersion, *, actor: Any, now: datetime) -> QuestionVersion:
    """Publish a version; the version of the same question that was published until now retires."""
    fellows = QuestionVersion.objects.filter(question=version.question_id).published()
    fellows.exclude(pk=version.pk).update(state=State.RETIRED, retired_at=now)
    return _move(version, State.PUBLISHED, actor=actor, now=now)


@transaction.atomic
def retire(version: QuestionVersion, *, actor: Any, now: datetime) -> QuestionVersion:
    """Take a version out of practice and assembly; papers and attempts keep it."""
    return _move(version, State.RETIRED, actor=actor, now=now)


def _move(version: QuestionVersion, to: State, *, actor: Any, now: datetime) -> QuestionVersion:
    sources = [state for state, targets in MOVES.items() if to in targets]
    stamps = {
        State.PUBLISHED: {"published_at": now, "reviewer": actor},
        State.RETIRED: {"retired_at": now},
    }[to]
    standing = QuestionVersion.objects.filter(pk=version.pk, state__in=sources)
    if not standing.update(state=to, **stamps):
        raise Refused("wrong_state", Message("The question is no longer in the state you saw"))
    target = f"question {version.question.uuid} version {version.number}"
    audit(actor=actor, action=f"question_{to}", target=target, now=now)
    version.refresh_from_db()
    return version
