"""What came of a run: counts, chapters, and each question with its verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

from courses.syllabus.models import KnowledgePoint
from quizzes.attempts.scoring import Verdict
from quizzes.bank.models import QuestionVersion
from quizzes.practice.models import PracticeAnswer, PracticeRun


@dataclass(frozen=True)
class Place:
    """One question of the run; no verdict where it was not answered."""

    number: int
    version: QuestionVersion
    verdict: Verdict | None


@dataclass(frozen=True)
class Sums:
    """Counts of some places. "I do not know" counts as wrong, what was not reached does not."""

    right: int
    partial: int
    wrong: int
    left: int

    @property
    def answered(self) -> int:
        return self.right + self.partial + self.wrong

    @property
    def lost(self) -> int:
        return self.partial + self.wrong


@dataclass(frozen=True)
class Outcome:
    """The run, laid out."""

    places: Sequence[Place]
    whole: Sums
    chapters: Sequence[tuple[KnowledgePoint | None, Sums]]


def outcome_of(run: PracticeRun) -> Outcome:
    """Two statements, however long the run is."""
    answers = PracticeAnswer.objects.across_regions().filter(run=run)
    verdicts = dict(answers.values_list("version_id", "verdict"))
    versions = QuestionVersion.objects.select_related("chapter").in_bulk(run.versions)
    places = [
        Place(number, versions[pk], Verdict(verdicts[pk]) if pk in verdicts else None)
        for number, pk in enumerate(run.versions, start=1)
    ]
    return Outcome(places=places, whole=_sums(places), chapters=_by_chapter(places))


def _by_chapter(places: Sequence[Place]) -> list[tuple[KnowledgePoint | None, Sums]]:
    found: dict[KnowledgePoint | None, list[Place]] = {}
    for place in places:
        found.setdefault(place.version.chapter, []).append(place)
    ordered = sorted(found, key=lambda chapter: (chapter is None, chapter.order if chapter else 0))
    return [(chapter, _sums(found[chapter])) for chapter in ordered]


def _sums(places: Sequence[Place]) -> Sums:
    verdicts = [place.verdict for place in places]
    return Sums(
        right=verdicts.count(Verdict.RIGHT),
        partial=verdicts.count(Verdict.PARTIAL),
        wrong=verdicts.count(Verdict.WRONG) + verdicts.count(Verdict.BLANK),
        left=verdicts.count(None),
    )
