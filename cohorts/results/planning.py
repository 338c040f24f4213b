"""What a results workbook would change: its rows held against what is on record. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cms.core.plans import Caution, Refusal
from cms.core.wording import Message
from cohorts.results import passing
from cohorts.results.effects import CHANGED, NEW, SAME
from cohorts.results.matching import Match
from cohorts.results.models import ExamSignUp, SubjectResult
from cohorts.results.people import Assigned, Importer, batches
from cohorts.results.scores import Score
from cohorts.results.sheet import ResultRow, contradictions, two_levels

STRENGTH = {"revoked": 0, "self_reported": 0, "evidenced": 1, "checked": 2}


@dataclass(frozen=True)
class PlannedResult:
    """A row that would be taken: `effects` says of each subject new, changed or same.

    `superseded` holds the current result of a subject, where there is one; `renews_sign_up` says
    that the sign-up is new or learns something, whatever the scores do.
    """

    assigned: Assigned[ResultRow]
    effects: Mapping[str, str]
    superseded: Mapping[str, SubjectResult]
    renews_sign_up: bool = False

    @property
    def line(self) -> int:
        return self.assigned.line

    @property
    def row(self) -> ResultRow:
        return self.assigned.row

    @property
    def effect(self) -> str:
        """What the row does as a whole: its most notable effect; without scores, that of the
        sign-up.
        """
        if not self.row.scores:
            return NEW if self.renews_sign_up else SAME
        said = set(self.effects.values())
        return next((effect for effect in (CHANGED, NEW) if effect in said), SAME)

    @property
    def writes_nothing(self) -> bool:
        return self.effect == SAME and not self.renews_sign_up

    def writes(self) -> list[tuple[str, Score]]:
        """Subjects whose result a row would append."""
        return [(s, score) for s, score in self.row.scores if self.effects[s] != SAME]


@dataclass
class OnRecord:
    """What is known of the people of a file, before it is written."""

    year: int
    sign_ups: dict[int, list[ExamSignUp]] = field(default_factory=dict)
    results: dict[int, list[SubjectResult]] = field(default_factory=dict)

    def place(self, row: ResultRow, person: int | None) -> str:
        sign_up = self.sign_up(person, row.level)
        return str(sign_up.region_id) if sign_up else ""

    def is_elsewhere(self, _row: ResultRow, person: int | None, importer: Importer) -> bool:
        """Is the sign-up or a result of the year kept where the importer is no officer?"""
        areas = {str(sign_up.region_id) for sign_up in self.sign_ups.get(person or 0, [])}
        areas |= {str(result.region_id) for result in self.current(person).values()}
        return not all(map(importer.looks_after, areas))

    def sign_up(self, person: int | None, level: str) -> ExamSignUp | None:
        own = self.sign_ups.get(person or 0, [])
        return next((s for s in own if s.level_id == level), None)

    def has_other_level(self, person: int | None, level: str) -> bool:
        return any(s.level_id != level for s in self.sign_ups.get(person or 0, []))

    def current(self, person: int | None) -> dict[str, SubjectResult]:
        """Current results of the year, by subject."""
        own = self.results.get(person or 0, [])
        return {str(r.subject_id): r for r in own if r.exam_year_id == self.year}

    def history(self, person: int | None) -> list[passing.Result]:
        """What counts of the other years."""
        own = self.results.get(person or 0, [])
        return [r.as_result() for r in own if r.exam_year_id != self.year and r.counts]


def on_record(matches: Sequence[Match], *, year: int) -> OnRecord:
    """Two statements for each thousand people."""
    record = OnRecord(year)
    known = sorted({m.person for m in matches if m.person is not None})
    sign_ups = ExamSignUp.objects.across_regions().filter(exam_year=year)
    results = SubjectResult.objects.across_regions().current().select_related("subject")
    for batch in batches(known):
        for sign_up in sign_ups.filter(person__in=batch):
            record.sign_ups.setdefault(sign_up.person_id, []).append(sign_up)
        for result in results.filter(person__in=batch):
            record.results.setdefault(result.person_id, []).append(result)
    return record


def refuse_conflicts(
    rows: Sequence[Assigned[ResultRow]], record: OnRecord
) -> tuple[list[Assigned[ResultRow]], list[Refusal]]:
    """Rows of people who are on record for another level of the same year are refused; and rows
    that contradict each other, now that it is known whose they are: a row with an identity number
    and one with an admission number may be about the same person.
    """
    people: dict[int | str, list[ResultRow]] = {}
    for assigned in rows:
        people.setdefault(assigned.holder, []).append(assigned.row)
    reasons = contradictions(people.values()) | two_levels(people.values())
    other_level = Message("This person is on record for another level of the same exam year")
    taken: list[Assigned[ResultRow]] = []
    refused: list[Refusal] = []
    for assigned in rows:
        reason = reasons.get(id(assigned.row))
        if reason is None and record.has_other_level(assigned.person_id, assigned.row.level):
            reason = other_level
        if reason:
            refused.append(Refusal(assigned.line, reason, assigned.row.name))
        else:
            taken.append(assigned)
    return taken, refused


def plan_rows(rows: Iterable[Assigned[ResultRow]], record: OnRecord) -> list[PlannedResult]:
    """The effect of every row; a repeat inside the file has none."""
    seen: set[tuple[Any, ...]] = set()
    planned = []
    for assigned in rows:
        current = record.current(assigned.person_id)
        effects: dict[str, str] = {}
        for subject, score in assigned.row.scores:
            key = (assigned.holder, subject)
            repeated = key in seen
            seen.add(key)
            effects[subject] = SAME if repeated else _effect(current.get(subject), score, assigned)
        sign_up = record.sign_up(assigned.person_id, assigned.row.level)
        news = (assigned.holder, assigned.row.level, *sign_up_news(assigned.row, sign_up).items())
        renews = (sign_up is None or len(news) > 2) and news not in seen
        seen.add(news)
        planned.append(PlannedResult(assigned, effects, current, renews))
    return planned


def sign_up_news(row: ResultRow, sign_up: ExamSignUp | None) -> dict[str, Any]:
    """What the row says and the sign-up does not; a blank cell erases nothing."""
    said = {
        "region_id": row.area,
        "admission_no": row.admission_no[:40],
        "organisation": row.unit[:120],
        "said_number": row.certificate_no[:40],
        "said_approved_on": row.approved_on,
    }
    return {n: v for n, v in said.items() if v and v != getattr(sign_up, n, None)}


def _effect(known: SubjectResult | None, score: Score, assigned: Assigned[ResultRow]) -> str:
    if known is None:
        return NEW
    own_word = assigned.row.self_reported
    if own_word and known.state != SubjectResult.State.SELF_REPORTED:
        return SAME  # nobody's own word replaces what stands on more
    moved = assigned.row.area and assigned.row.area != known.region_id
    weaker = not own_word and STRENGTH[known.state] < STRENGTH["evidenced"]
    differs = (known.score_half, known.special) != (score.half, score.special)
    return CHANGED if moved or weaker or differs else SAME


def cautions(
    planned: Sequence[PlannedResult], record: OnRecord, rulebook: passing.Rulebook
) -> list[Caution]:
    """What a person should look at: the sheet's own verdict against the rule, checked results."""
    found = [_against_checked(row) for row in planned]
    found += [_against_record(row) for row in planned if row.row.self_reported]
    if planned and not any(cut.exam_year == record.year for cut in rulebook.cuts):
        reason = Message("No cut scores are set up for %(year)s: nobody passes", year=record.year)
        return [Caution(planned[0].line, reason), *(c for c in found if c)]
    found += [
        _against_rule(own, record, rulebook)
        for own in _by_person(planned)
        if own[-1].row.says_passed is not None and not own[-1].row.self_reported
    ]
    return [caution for caution in found if caution]


def _against_checked(planned: PlannedResult) -> Caution | None:
    changed = [subject for subject, effect in planned.effects.items() if effect == CHANGED]
    replaced = [planned.superseded.get(subject) for subject in changed]
    if any(known and known.state == SubjectResult.State.CHECKED for known in replaced):
        return Caution(planned.line, Message("The row replaces a result that was checked"))
    return None


def _against_record(planned: PlannedResult) -> Caution | None:
    """The person says one thing, and what is on record says another."""
    for subject, score in planned.row.scores:
        known = planned.superseded.get(subject)
        if known is None or known.state == SubjectResult.State.SELF_REPORTED:
            continue
        if (known.score_half, known.special) != (score.half, score.special):
            reason = Message("The person's own word differs from the record, which stays")
            return Caution(planned.line, reason)
    return None


def _against_rule(
    own: Sequence[PlannedResult], record: OnRecord, rulebook: passing.Rulebook
) -> Caution | None:
    """The sheet says passed or failed, and the rule says otherwise."""
    last = own[-1]
    results = record.history(last.assigned.person_id)
    for planned in own:
        row = planned.row
        for subject, score in row.scores:
            result = passing.Result(
                row.level, subject, record.year, planned.assigned.region, score.half
            )
            results.append(result)
    passes = passing.complete_passes(results, rulebook)
    passed = any((p.level, p.exam_year) == (last.row.level, record.year) for p in passes)
    if passed == last.row.says_passed:
        return None
    said = Message("passed") if last.row.says_passed else Message("not passed")
    return Caution(
        last.line, Message("The sheet says “%(said)s”, the rule says otherwise", said=said)
    )


def _by_person(planned: Iterable[PlannedResult]) -> list[list[PlannedResult]]:
    people: dict[int | str, list[PlannedResult]] = {}
    for row in planned:
        people.setdefault(row.assigned.holder, []).append(row)
    return list(people.values())
