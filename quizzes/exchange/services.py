"""Question files in and out of the bank: plan (reads), apply (writes once), export."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.db import transaction

from cms.accounts.services import audit
from cms.core.plans import Caution, FileRefused, ImportPlan, Refusal
from cms.core.sheet_limits import limits_for
from cms.core.sheets import read_workbook
from cms.core.wording import Message
from courses.syllabus.models import ExamYear, KnowledgePoint, Subject
from courses.syllabus.outline import Chapter, chapter_of
from quizzes.bank.content import State
from quizzes.bank.models import QuestionVersion
from quizzes.bank.services import NewQuestion, add_questions, known_digests
from quizzes.exchange.drafts import Draft, Reading, checked
from quizzes.exchange.kaoshibao import Exported, write_kaoshibao
from quizzes.exchange.sheet import KAOSHIBAO, TABLE, read_sheet

IMPORT_FORMATS = ("auto", KAOSHIBAO, TABLE)
EXPORT_FORMATS = (KAOSHIBAO,)
DEFAULT_SUBJECT = "junior-general"


@dataclass(frozen=True)
class PlannedQuestion:
    """An accepted question. ``known`` ones are in the bank already, or earlier in the file."""

    line: int
    question: NewQuestion
    chapter: str
    known: bool


@dataclass(frozen=True)
class _Target:
    """Where the questions go, and what their chapters are called there."""

    subject: Subject
    chapters: tuple[Chapter, ...]
    law_as_of: date | None


def plan_import(
    content: bytes, filename: str, *, options: Mapping[str, Any], actor: Any, now: datetime
) -> ImportPlan:
    """Read a file and say what an apply would do; writes nothing.

    ``options``: format (auto), subject, exam_year (whose law the questions were checked against).
    """
    del now  # a plan does not depend on the day; the signature is the one of all importers
    reading = _reading(content, filename, options, actor)
    target, guessed = _target(options, filename, reading)
    return _plan(reading, target, guessed)


@transaction.atomic
def apply_import(
    content: bytes, filename: str, *, options: Mapping[str, Any], actor: Any, now: datetime
) -> ImportPlan:
    """Write what the plan of this very moment accepts; the same file again adds nothing."""
    reading = _reading(content, filename, options, actor)
    target, guessed = _target(options, filename, reading)
    plan = _plan(reading, target, guessed)
    added = add_questions(
        [row.question for row in plan.rows if not row.known],
        subject=target.subject.code,
        state=State(options.get("state") or State.PUBLISHED),
        actor=actor,
        now=now,
    )
    audit(
        actor=actor,
        action="import_questions",
        target=f"subject {target.subject.code}",
        now=now,
        detail={"sha256": hashlib.sha256(content).hexdigest(), "added": added},
    )
    return plan


def export(
    *,
    subject: str | None = None,
    chapter: str | None = None,
    type_: str | None = None,
    state: str = State.PUBLISHED,
) -> tuple[bytes, int, tuple[Message, ...]]:
    """Return the workbook, the number of questions in it, and what it could not hold."""
    versions = QuestionVersion.objects.filter(state=state).select_related("chapter")
    wanted = {"question__subject": subject, "chapter__number": chapter, "type": type_}
    versions = versions.filter(**{name: value for name, value in wanted.items() if value})
    exported = [_exported(version) for version in versions.order_by("question_id", "number")]
    content, lossy = write_kaoshibao(exported)
    return content, len(exported), lossy


def _reading(content: bytes, filename: str, options: Mapping[str, Any], actor: Any) -> Reading:
    wanted = options.get("format") or "auto"
    return checked(read_sheet(read_workbook(content, filename, limits_for(actor)), wanted))


def _target(
    options: Mapping[str, Any], filename: str, reading: Reading
) -> tuple[_Target, Message | None]:
    subjects = {subject.code: subject for subject in Subject.objects.all()}
    if not subjects:
        raise FileRefused(Message("There are no subjects yet: run load_reference first"))
    chapters = _chapters_by_subject()
    code = options.get("subject") or _subject_in(filename, subjects)
    guessed = None
    if code is None:
        code = _best_fit(reading, chapters)
        guessed = Message("No subject was given; taken as %(subject)s", subject=subjects[code].name)
    if code not in subjects:
        raise FileRefused(Message("There is no subject “%(seen)s”", seen=code))
    law_as_of = _law_as_of(options.get("exam_year"))
    return _Target(subjects[code], tuple(chapters.get(code, ())), law_as_of), guessed


def _law_as_of(year: Any) -> date | None:
    if not year:
        return None
    found = ExamYear.objects.filter(pk=year).first()
    if found is None:
        raise FileRefused(Message("There is no exam year %(seen)s", seen=year))
    return found.law_as_of


def _chapters_by_subject() -> dict[str, list[Chapter]]:
    found: dict[str, list[Chapter]] = {}
    for point in KnowledgePoint.objects.of_newest_version().chapters():
        chapter = Chapter(point.pk, point.number, point.title)
        found.setdefault(point.subject_id, []).append(chapter)
    return found


def _subject_in(filename: str, subjects: Mapping[str, Subject]) -> str | None:
    """Return the subject that the file's name tells: its code, or its name in Chinese."""
    name = PurePath(filename).stem.replace("(", "（").replace(")", "）")
    told = [code for code, subject in subjects.items() if code in name or subject.name in name]
    return told[0] if len(told) == 1 else None


def _best_fit(reading: Reading, chapters: Mapping[str, Sequence[Chapter]]) -> str:
    """Return the subject most of whose chapter titles the file names."""
    titles = [draft.chapter for draft in reading.drafts if draft.chapter]
    fits = {
        code: sum(chapter_of(title, listed) is not None for title in titles)
        for code, listed in chapters.items()
    }
    best = max(fits, key=lambda code: fits[code], default=DEFAULT_SUBJECT)
    return best if fits.get(best) else DEFAULT_SUBJECT


def _plan(reading: Reading, target: _Target, guessed: Message | None) -> ImportPlan:
    digests = {id(draft): draft.content.sha256() for draft in reading.drafts}
    in_bank = known_digests(target.subject.code, digests.values())
    first_lines: dict[str, int] = {}
    rows: list[PlannedQuestion] = []
    warnings: list[Caution] = []
    for draft in reading.drafts:
        digest = digests[id(draft)]
        first_line = first_lines.setdefault(digest, draft.line)
        chapter = chapter_of(draft.chapter, target.chapters)
        repeat = _repeat(draft, first_line)
        cautions = [*draft.cautions, _chapter_caution(draft, chapter), repeat]
        warnings += [Caution(draft.line, caution) for caution in cautions if caution]
        rows.append(_planned(draft, chapter, target, known=bool(repeat) or digest in in_bank))
    return ImportPlan(
        format=reading.format,
        found=reading.found,
        rows=tuple(rows),
        refused=tuple(Refusal(refused.line, refused.reason) for refused in reading.refused),
        warnings=tuple(warnings),
        lossy=reading.notes + ((guessed,) if guessed else ()),
        unchanged=sum(row.known for row in rows),
    )


def _repeat(draft: Draft, first_line: int) -> Message | None:
    if first_line == draft.line:
        return None
    return Message("The same question stands in line %(line)s", line=first_line)


def _chapter_caution(draft: Draft, chapter: Chapter | None) -> Message | None:
    if chapter or not draft.chapter:
        return None
    return Message("The syllabus has no chapter “%(seen)s”", seen=draft.chapter)


def _planned(
    draft: Draft, chapter: Chapter | None, target: _Target, *, known: bool
) -> PlannedQuestion:
    question = NewQuestion(
        content=draft.content,
        rationale=draft.rationale,
        chapter_id=chapter.id if chapter else None,
        difficulty=draft.difficulty,
        law_as_of=target.law_as_of,
        source=draft.source,
    )
    title = f"{chapter.number} {chapter.title}" if chapter else ""
    return PlannedQuestion(line=draft.line, question=question, chapter=title, known=known)


def _exported(version: QuestionVersion) -> Exported:
    chapter = version.chapter
    return Exported(
        type=version.type,
        content=version.content,
        key=version.key,
        rationale=version.rationale,
        chapter=f"第{chapter.number}章 {chapter.title}" if chapter else "",
        difficulty=version.difficulty_hint,
    )
