"""What a register of holders would change: its rows held against what is on record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cms.core.plans import Caution, Refusal
from cms.core.wording import Message
from cohorts.certificates.models import Certificate
from cohorts.certificates.sheet import RegisterRow
from cohorts.certificates.states import State
from cohorts.results.effects import CHANGED, NEW, SAME
from cohorts.results.matching import Match
from cohorts.results.people import Assigned, Importer, batches


@dataclass(frozen=True)
class PlannedCertificate:
    """A row that would be taken; `known` is the live certificate of that person and level."""

    assigned: Assigned[RegisterRow]
    effect: str
    known: Certificate | None = None

    @property
    def line(self) -> int:
        return self.assigned.line

    @property
    def row(self) -> RegisterRow:
        return self.assigned.row

    @property
    def writes_nothing(self) -> bool:
        return self.effect == SAME

    @property
    def state(self) -> State:
        """Without its approval date a certificate cannot be checked, however it is attested."""
        approved_on = self.row.approved_on or (self.known and self.known.approved_on)
        return State.CHECKED if approved_on else State.RECORDED


@dataclass
class OnRecord:
    by_holder: dict[tuple[int, str], Certificate] = field(default_factory=dict)
    holder_of: dict[str, int] = field(default_factory=dict)

    def is_elsewhere(self, row: RegisterRow, person: int | None, importer: Importer) -> bool:
        """Is the certificate of that level kept where the importer is no officer?"""
        known = self.by_holder.get((person or 0, row.level))
        return known is not None and not importer.looks_after(str(known.region_id))


def on_record(matches: Sequence[Match], rows: Sequence[RegisterRow]) -> OnRecord:
    """Live certificates of the people of the file, and holders of the numbers of the file."""
    record = OnRecord()
    live = Certificate.objects.across_regions().live()
    for batch in batches(sorted({m.person for m in matches if m.person is not None})):
        for certificate in live.filter(person__in=batch):
            key = (certificate.person_id, str(certificate.level_id))
            record.by_holder[key] = certificate
    for batch in batches(sorted({row.number for row in rows})):
        record.holder_of |= dict(live.filter(number__in=batch).values_list("number", "person"))
    return record


def plan_rows(
    rows: Iterable[Assigned[RegisterRow]], record: OnRecord
) -> tuple[list[PlannedCertificate], list[Refusal]]:
    """The effect of every row; contradictions with what is on record are refused."""
    planned: list[PlannedCertificate] = []
    refused: list[Refusal] = []
    seen: set[tuple[str, str]] = set()
    for assigned in rows:
        row = assigned.row
        known = record.by_holder.get((assigned.person_id or 0, row.level))
        problem = _contradiction(assigned, known, record)
        if problem:
            refused.append(Refusal(row.line, problem, row.name))
            continue
        repeated = (row.number, row.level) in seen
        seen.add((row.number, row.level))
        effect = SAME if repeated else _effect(row, known)
        planned.append(PlannedCertificate(assigned, effect, known))
    return planned, refused


def _contradiction(
    assigned: Assigned[RegisterRow], known: Certificate | None, record: OnRecord
) -> Message | None:
    row = assigned.row
    holder = record.holder_of.get(row.number)
    if holder is not None and (known is None or known.number != row.number):
        return Message("This certificate number is on record for somebody else or another level")
    if known is None or known.state != State.CHECKED:
        return None
    if known.number != row.number:
        return Message(
            "A checked certificate of this level is on record with the number %(number)s",
            number=known.masked_number,
        )
    if row.approved_on not in (None, known.approved_on):
        return Message("This certificate is on record with another approval date")
    return None


def _effect(row: RegisterRow, known: Certificate | None) -> str:
    if known is None:
        return NEW
    if known.state == State.CHECKED:
        return SAME
    said = (row.number, row.approved_on or known.approved_on)
    unchanged = (known.number, known.approved_on) == said and known.approved_on is None
    return SAME if unchanged else CHANGED


def cautions(planned: Iterable[PlannedCertificate]) -> list[Caution]:
    found: list[Caution] = []
    for plan in planned:
        if plan.effect != SAME and plan.state == State.RECORDED:
            reason = Message("Without an approval date the certificate stays unchecked")
            found.append(Caution(plan.line, reason))
        if plan.known and plan.known.number not in ("", plan.row.number):
            reason = Message(
                "The row replaces the unchecked number %(number)s", number=plan.known.masked_number
            )
            found.append(Caution(plan.line, reason))
    return found
