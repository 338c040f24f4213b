"""Contact units and attendance rates from check-ins: units are half-days, the last row counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PRESENT, LEAVE, ABSENT = "present", "leave", "absent"


@dataclass(frozen=True)
class Attendance:
    """Half-day units of one trainee; `held` are the units of all sessions that are over."""

    present: int = 0
    leave: int = 0
    absent: int = 0
    held: int = 0

    @property
    def rate(self) -> float | None:
        """Present ÷ held. Leave is excused, but nobody learned anything: it is not presence."""
        return self.present / self.held if self.held else None


def last_marks(rows: Iterable[tuple[int, int, str]]) -> dict[tuple[int, int], str]:
    """What counts for (enrolment, session), from rows of (enrolment, session, kind) as written."""
    return {(enrolment, session): kind for enrolment, session, kind in rows}


def attendance_of(
    enrolment: int, held: Mapping[int, int], marks: Mapping[tuple[int, int], str]
) -> Attendance:
    """Add up one trainee; `held` are units by session. Who is in no list was absent."""
    units = {PRESENT: 0, LEAVE: 0, ABSENT: 0}
    for session, worth in held.items():
        units[marks.get((enrolment, session), ABSENT)] += worth
    return Attendance(
        present=units[PRESENT],
        leave=units[LEAVE],
        absent=units[ABSENT],
        held=sum(held.values()),
    )
