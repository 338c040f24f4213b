"""The only writers of practice: runs and answers, the notebook they lead to, bookmarks, notes."""

from quizzes.practice.services.answering import answer
from quizzes.practice.services.deriving import (
    rebuild,
    set_clear_after,
    take_in_answers,
    take_in_due,
    take_in_mocks,
)
from quizzes.practice.services.keeping import set_bookmark, set_note
from quizzes.practice.services.running import RunWanted, finish, start, turn

__all__ = [
    "RunWanted",
    "answer",
    "finish",
    "rebuild",
    "set_bookmark",
    "set_clear_after",
    "set_note",
    "start",
    "take_in_answers",
    "take_in_due",
    "take_in_mocks",
    "turn",
]
