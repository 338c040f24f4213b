"""The only writers of attempts, their journals, submissions and scorings."""

from quizzes.attempts.services.closing import expire_due, submit
from quizzes.attempts.services.recording import Recorded, record
from quizzes.attempts.services.sitting import (
    Sitting,
    lease_of,
    sitting,
    start,
    take_over,
)

__all__ = [
    "Recorded",
    "Sitting",
    "expire_due",
    "lease_of",
    "record",
    "sitting",
    "start",
    "submit",
    "take_over",
]
