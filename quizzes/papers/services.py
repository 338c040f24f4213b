"""The only writer of papers: freeze one from the bank, release it, withdraw it."""

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from cms.accounts.services import audit
from cms.core.errors import Refused
from cms.core.wording import Message
from courses.syllabus.models import ExamYear, Subject, SubjectPaperScheme
from quizzes.bank.content import State as VersionState
from quizzes.bank.models import QuestionVersion
from quizzes.papers.assembly import Candidate, SectionPlan, Shortfall, assemble
from quizzes.papers.models import Paper, PaperItem
from quizzes.papers.states import MOVES, State


@transaction.atomic
def freeze_paper(
    *,
    subject: Subject,
    exam_year: ExamYear,
    title: str,
    code: str,
    rng: random.Random,
    actor: Any,
    now: datetime,
) -> Paper:
    """Choose the questions of a paper by the scheme of its year and fix them for good.

    Raises Refused with code ``shortfall`` and every short cell in ``detail``, ``no_scheme`` where
    the year's sections are not known, ``code_taken`` for a code in use.
    """
    _refuse_taken(code)
    frozen = _scheme(subject, exam_year)
    seed = hashlib.sha256(repr(rng.getstate()).encode()).hexdigest()[:16]
    chosen = _draw(frozen, _pool(subject, exam_year), rng)
    paper = Paper.objects.create(
        code=code,
        title=title,
        subject=subject,
        exam_year=exam_year,
        scheme=frozen,
        content_sha256=_digest(frozen, chosen),
        seed=seed,
        created_by=actor,
        created_at=now,
    )
    PaperItem.objects.bulk_create(_items(paper, chosen))
    audit(actor=actor, action="freeze_paper", target=f"paper {paper.uuid}", now=now)
    return paper


@transaction.atomic
def release(paper: Paper, *, actor: Any, now: datetime) -> Paper:
    """Let trainees sit the paper. A paper with a question retired meanwhile is not released."""
    retired = paper.items.filter(question_version__state=VersionState.RETIRED)
    numbers = list(retired.values_list("number", flat=True))
    if numbers:
        raise Refused(
            "retired_items",
            Message(
                "Questions of this paper were retired: %(numbers)s",
                numbers="、".join(str(number) for number in numbers),
            ),
            {"items": numbers},
        )
    return _move(paper, State.RELEASED, actor=actor, now=now)


@transaction.atomic
def withdraw(paper: Paper, *, actor: Any, now: datetime) -> Paper:
    """Take the paper off the list; attempts already begun go on."""
    return _move(paper, State.WITHDRAWN, actor=actor, now=now)


def _move(paper: Paper, to: State, *, actor: Any, now: datetime) -> Paper:
    sources = [state for state, targets in MOVES.items() if to in targets]
    stamp = {State.RELEASED: "released_at", State.WITHDRAWN: "withdrawn_at"}[to]
    moved = Paper.objects.filter(pk=paper.pk, state__in=sources).update(state=to, **{stamp: now})
    if not moved:
        raise Refused("wrong_state", Message("The paper is no longer in the state you saw"))
    audit(actor=actor, action=f"paper_{to}", target=f"paper {paper.uuid}", now=now)
    paper.refresh_from_db()
    return paper


def _scheme(subject: Subject, exam_year: ExamYear) -> dict[str, Any]:
    scheme = SubjectPaperScheme.objects.filter(subject=subject, exam_year=exam_year).first()
    if scheme is None or not scheme.sections:
        raise Refused(
            "no_scheme",
            Message(
                "The sections of %(subject)s in %(year)s are not known",
                subject=subject.name,
                year=exam_year.year,
            ),
        )
    return scheme.frozen()


def _refuse_taken(code: str) -> None:
    if Paper.objects.filter(code=code).exists():
        message = Message("There is already a paper with the code %(code)s", code=code)
        raise Refused("code_taken", message)


def _pool(subject: Subject, exam_year: ExamYear) -> list[QuestionVersion]:
    versions = QuestionVersion.objects.of_subject(subject.pk).published()
    right = versions.right_for_law_of(exam_year.law_as_of)
    return list(right.only("pk", "type", "chapter_id", "content_sha256"))


def _draw(
    frozen: Mapping[str, Any], pool: Sequence[QuestionVersion], rng: random.Random
) -> list[list[QuestionVersion]]:
    outcome = assemble(_plans(frozen), map(_candidate, pool), rng)
    if isinstance(outcome, Shortfall):
        raise _refused(outcome)
    versions = {version.pk: version for version in pool}
    return [[versions[pk] for pk in section] for section in outcome.sections]


def _candidate(version: QuestionVersion) -> Candidate:
    return Candidate(id=version.pk, type=version.type, chapter=version.chapter_id)


def _plans(frozen: Mapping[str, Any]) -> list[SectionPlan]:
    return [
        SectionPlan(name=section["name"], type=section["type"], count=section["count"])
        for section in frozen["sections"]
    ]


def _refused(shortfall: Shortfall) -> Refused:
    cells = [
        {"section": cell.section, "type": cell.type, "need": cell.need, "have": cell.have}
        for cell in shortfall.cells
    ]
    named = "；".join(f"{cell.section} {cell.have}/{cell.need}" for cell in shortfall.cells)
    message = Message("The bank has too few questions: %(cells)s", cells=named)
    return Refused("shortfall", message, {"shortfall": cells})


def _items(paper: Paper, chosen: Sequence[Sequence[QuestionVersion]]) -> list[PaperItem]:
    placed = [(section, version) for section, versions in enumerate(chosen) for version in versions]
    return [
        PaperItem(
            paper=paper,
            number=number,
            section=section,
            question_version=version,
            points_half=paper.scheme["sections"][section]["points_half"],
        )
        for number, (section, version) in enumerate(placed, start=1)
    ]


def _digest(frozen: Mapping[str, Any], chosen: Sequence[Sequence[QuestionVersion]]) -> str:
    """Return the digest of scheme and items; each item's own digest covers its key."""
    whole = [frozen, [[version.content_sha256 for version in section] for section in chosen]]
    canonical = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
