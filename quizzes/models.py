"""The tables of this app, each defined in its feature folder."""

from quizzes.attempts.models import Attempt, AttemptEvent, Scoring, Submission
from quizzes.bank.models import Question, QuestionVersion
from quizzes.papers.models import Paper, PaperItem

__all__ = [
    "Attempt",
    "AttemptEvent",
    "Paper",
    "PaperItem",
    "Question",
    "QuestionVersion",
    "Scoring",
    "Submission",
]
