"""Reads everything a report shows, in a bounded number of statements; writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from quizzes.attempts.frozen import chapter_of, items_of, keyed, scheme_of_paper
from quizzes.attempts.journal import Kind
from quizzes.attempts.models import Attempt, AttemptEvent, Submission
from quizzes.attempts.report import ItemLine, Show, is_shown, is_worked_through, option_lines
from quizzes.attempts.scheme import Scheme, Section
from quizzes.attempts.scoring import AttemptScore, Chapter, ItemScore, Tally, summarise, tally
from quizzes.attempts.timing import minutes_taken
from quizzes.papers.models import PaperItem

WEAK_PERCENT = 60
WHOLE_PERCENT = 100
NEXT_CHAPTERS = 2


@dataclass(frozen=True)
class ChapterLine:
    """A chapter with its share of the marks, for a bar; `None` = items without a chapter."""

    chapter: Chapter | None
    tally: Tally

    @property
    def percent(self) -> int:
        """Share of the marks that could be had."""
        return (
            round(100 * self.tally.score_half / self.tally.max_half) if self.tally.max_half else 0
        )

    @property
    def is_weak(self) -> bool:
        """Whether the chapter needs work: under the share that passes an exam."""
        return self.percent < WEAK_PERCENT


@dataclass(frozen=True)
class Report:
    """An attempt with its score, laid out."""

    attempt: Attempt
    submission: Submission
    scheme: Scheme
    score: AttemptScore
    lines: tuple[ItemLine, ...]
    late_count: int

    @property
    def minutes(self) -> int:
        """Working time."""
        return minutes_taken(
            self.attempt.started_at, self.submission.received_at, self.attempt.deadline_at
        )

    @property
    def margin_half(self) -> int:
        """Marks above the pass mark, or missing to it."""
        return abs(self.score.total_half - self.scheme.pass_half)

    @property
    def sections(self) -> list[tuple[Section, Tally]]:
        """The sections of the paper with what was earned in each."""
        return list(zip(self.scheme.sections, self.score.sections, strict=True))

    @property
    def chapters(self) -> list[ChapterLine]:
        """The chapters in the order of the syllabus; items without one come last."""
        found = [ChapterLine(chapter, sums) for chapter, sums in self.score.chapters]
        rest = [item for item in self.score.items if item.chapter is None]
        return [*found, ChapterLine(None, tally(rest))] if rest else found

    @property
    def says_little(self) -> bool:
        """Whether too little was answered to conclude anything from it."""
        return not is_worked_through(self.submission.answered, self.submission.items)

    @property
    def next_chapters(self) -> list[ChapterLine]:
        """The two chapters that cost the largest share of their marks, to be made up first."""
        lossy = [line for line in self.chapters if line.chapter and line.percent < WHOLE_PERCENT]
        worst = sorted(lossy, key=lambda line: (line.percent, -line.tally.max_half))
        return [] if self.says_little else worst[:NEXT_CHAPTERS]

    def listed(self, show: Show) -> list[ItemLine]:
        """The items of one filter."""
        return [line for line in self.lines if is_shown(show, line.score.verdict)]


def report_of(attempt: Attempt) -> Report:
    """The report of a handed-in attempt, with the scoring that stands today."""
    scoring = attempt.scorings.current().get()
    items = list(items_of(attempt.paper_id))
    answers = scoring.answers_by_item()
    scheme = scheme_of_paper(attempt.paper)
    score = summarise(
        [keyed(item, chapter_of(item.question_version)) for item in items],
        answers,
        scores=scoring.item_scores,
        scheme=scheme,
    )
    return Report(
        attempt=attempt,
        submission=attempt.submission,
        scheme=scheme,
        score=score,
        lines=tuple(
            _line(item, scored, answers.get(item.number, ()))
            for item, scored in zip(items, score.items, strict=True)
        ),
        late_count=_late_answers(attempt),
    )


def _line(item: PaperItem, scored: ItemScore, chosen: Sequence[str]) -> ItemLine:
    version: Any = item.question_version
    options = [(option["id"], option["text"]) for option in version.content["options"]]
    return ItemLine(
        score=scored,
        type=version.type,
        stem=version.content["stem"],
        stimulus=version.content.get("stimulus") or "",
        options=option_lines(options, key=version.key, chosen=chosen, item_type=version.type),
        rationale=version.rationale,
    )


def _late_answers(attempt: Attempt) -> int:
    late = AttemptEvent.objects.filter(attempt=attempt, late=True, kind=Kind.OPTIONS)
    return late.values("item").distinct().count()
