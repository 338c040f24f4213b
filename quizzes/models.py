"""The tables of this app, each defined in its feature folder."""

from quizzes.attempts.models import Attempt, AttemptEvent, Scoring, Submission
from quizzes.bank.models import Question, QuestionVersion
from quizzes.papers.models import Paper, PaperItem
from quizzes.practice.models import (
    Mistake,
    PracticeAnswer,
    PracticeProfile,
    PracticeRun,
    QuestionBookmark,
    QuestionNote,
)

__all__ = [
    "Attempt",
    "AttemptEvent",
    "Mistake",
    "Paper",
    "PaperItem",
    "PracticeAnswer",
    "PracticeProfile",
    "PracticeRun",
    "Question",
    "QuestionBookmark",
    "QuestionNote",
    "QuestionVersion",
    "Scoring",
    "Submission",
]
