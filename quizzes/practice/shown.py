"""A question as a practice page shows it: to be answered, or with what became of the answer."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from string import ascii_uppercase
from typing import Any

from quizzes.attempts.frozen import chapter_of
from quizzes.attempts.report import ItemLine, option_lines
from quizzes.attempts.scoring import ItemScore
from quizzes.bank.models import QuestionVersion
from quizzes.practice.judging import chose_too_few, judge, points_half
from quizzes.practice.models import PracticeAnswer, QuestionBookmark, QuestionNote
from quizzes.practice.pool import of_questions


@dataclass(frozen=True)
class Choice:
    """An option to be chosen: no word of whether it is right."""

    id: str
    letter: str
    text: str


@dataclass(frozen=True)
class Kept:
    """What a trainee keeps beside a question."""

    is_bookmarked: bool
    note: str


@dataclass(frozen=True)
class Noted:
    """A note with the newest wording of its question, and whether that can be practised."""

    note: QuestionNote
    version: QuestionVersion
    is_open: bool


def choices_of(version: QuestionVersion) -> list[Choice]:
    """The options under the letters they have wherever practice shows them."""
    return [
        Choice(option["id"], letter, option["text"])
        for letter, option in zip(ascii_uppercase, version.content["options"], strict=False)
    ]


def line_of(version: QuestionVersion, chosen: Collection[str], number: int = 1) -> ItemLine:
    """The question with its key, and what became of each option; nothing chosen shows the key."""
    judged = judge(version.type, version.key, chosen)
    options = [(option["id"], option["text"]) for option in version.content["options"]]
    return ItemLine(
        score=ItemScore(
            number=number,
            section=0,
            points_half=points_half(version.type),
            score_half=judged.score_half,
            verdict=judged.verdict,
            chapter=chapter_of(version),
        ),
        type=version.type,
        stem=version.content["stem"],
        stimulus=version.content.get("stimulus") or "",
        options=option_lines(options, key=version.key, chosen=chosen, item_type=version.type),
        rationale=version.rationale,
    )


def question_context(version: QuestionVersion, answer: PracticeAnswer | None) -> dict[str, Any]:
    """What the templates of one question need; with an answer also its feedback."""
    chosen = answer.chosen if answer else ()
    return {
        "version": version,
        "choices": choices_of(version),
        "points_half": points_half(version.type),
        "answer": answer,
        "line": line_of(version, chosen),
        "too_few": chose_too_few(version.type, chosen),
    }


def noted(user: Any, notes: Iterable[QuestionNote], today: date) -> list[Noted]:
    """Notes with their questions, in two statements; what left practice can be read, not done."""
    notes = list(notes)
    wanted = [note.question_id for note in notes]
    known = QuestionVersion.objects.filter(question__in=wanted, published_at__isnull=False)
    versions = {v.question_id: v for v in known.select_related("chapter").order_by("number")}
    open_ones = set(of_questions(user, today, wanted).values_list("question_id", flat=True))
    return [
        Noted(note, versions[note.question_id], note.question_id in open_ones)
        for note in notes
        if note.question_id in versions
    ]


def kept_beside(user: Any, questions: Iterable[int]) -> Mapping[int, Kept]:
    """Bookmark and note of each question, in two statements."""
    wanted = set(questions)
    bookmarks = QuestionBookmark.objects.visible_to(user).on(wanted)
    marked = set(bookmarks.values_list("question_id", flat=True))
    notes = QuestionNote.objects.visible_to(user).on(wanted)
    texts = dict(notes.values_list("question_id", "text"))
    return {q: Kept(is_bookmarked=q in marked, note=texts.get(q, "")) for q in wanted}
