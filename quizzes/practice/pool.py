"""Which questions are in practice today. One place says it, for pages, API and services alike.

Case groups and constructed responses are left out: nothing here can mark them yet, and a question
without a verdict would stand in no chapter's strength and in no notebook.
"""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from courses.syllabus.models import ExamYear
from quizzes.attempts.models import Attempt
from quizzes.bank.models import QuestionVersion, QuestionVersionQuerySet
from quizzes.papers.models import PaperItem
from quizzes.papers.states import State as PaperState
from quizzes.practice.judging import PRACTISED_TYPES


def in_practice(user: Any, today: date) -> QuestionVersionQuerySet:
    """What this person may practise: those of a paper they are sitting rest until it is handed in,
    because practice gives the key.
    """
    return published(today).exclude(question__in=being_sat(user))


def published(today: date) -> QuestionVersionQuerySet:
    """Published versions that can be marked by rule, right for the law, and no paper's secret.

    The questions of a draft paper wait for its release, in all their versions.
    """
    versions = QuestionVersion.objects.published().right_for_law_of(law_day(today))
    return versions.filter(type__in=PRACTISED_TYPES).exclude(question__in=_of_draft_papers())


def being_sat(user: Any) -> Any:
    """The questions that rest for this person: of the papers they have open."""
    papers = Attempt.objects.visible_to(user).open().values("paper")
    return PaperItem.objects.filter(paper__in=papers).values("question_version__question")


def open_attempts(user: Any) -> list[Attempt]:
    """The papers that are being sat: why questions rest, and until when."""
    mine = Attempt.objects.visible_to(user).open()
    return list(mine.select_related("paper").order_by("deadline_at"))


def law_day(today: date) -> date:
    """The newest day on which an exam fixed the law it asks, as far as that day has come.

    The day of the coming exam may lie ahead: until then nobody can have checked against it.
    """
    fixed = ExamYear.objects.filter(law_as_of__lte=today).order_by("-law_as_of")
    return fixed.values_list("law_as_of", flat=True).first() or date.min


def by_question(user: Any, today: date, question: UUID) -> QuestionVersion | None:
    """The version of one question that is in practice, if there is one."""
    found = in_practice(user, today).filter(question__uuid=question)
    return found.select_related("question", "chapter").first()


def of_questions(user: Any, today: date, questions: Collection[int]) -> QuestionVersionQuerySet:
    """The versions in practice of some questions."""
    return in_practice(user, today).filter(question__in=questions)


def _of_draft_papers() -> Any:
    drafts = PaperItem.objects.filter(paper__state=PaperState.DRAFT)
    return drafts.values("question_version__question")
