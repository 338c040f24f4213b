"""Classes on their way to the exam: who came how far, read for many classes at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from cms.accounts.models import Region
from cohorts.attendance.models import CheckIn, ClassSession
from cohorts.enrolment.models import Cohort, Enrolment
from cohorts.outcomes.pipeline import Member, Pipeline, expected_on, has_attended
from cohorts.results.models import ExamSignUp, SubjectResult
from cohorts.results.passes import passes_of
from courses.syllabus.models import ExamYear

COUNTY_DIGITS = 6  # a county's division code; what is longer lies in it


@dataclass(frozen=True)
class ExamOutlook:
    """When the exam of a class is, and when its results come: on that day, or about then."""

    exam: ExamYear
    results_on: date | None
    is_estimate: bool
    is_over: bool
    are_out: bool


@dataclass(frozen=True)
class ClassBoard:
    """A class with its figures. `counties` and `units` part the same members.

    Where the list is not frozen yet, those enrolled stand for it (`is_frozen` False).
    """

    cohort: Cohort
    whole: Pipeline
    counties: dict[str, Pipeline]
    units: dict[str, Pipeline]
    outlook: ExamOutlook
    sessions_held: int
    is_frozen: bool


def class_board(cohort: Cohort, now: datetime) -> ClassBoard:
    return class_boards([cohort], now)[0]


def class_boards(cohorts: Sequence[Cohort], now: datetime) -> list[ClassBoard]:
    """Boards of several classes; a dozen statements, whatever their number and size."""
    register = _register(cohorts)
    sessions = _sessions_held(cohorts, now)
    kinds = _attendance(sessions)
    exam_facts = _ExamFacts.of(cohorts, {row.person_id for row in register})
    names = dict(Region.objects.values_list("code", "name"))
    members: dict[int, list[Member]] = {cohort.pk: [] for cohort in cohorts}
    by_pk = {cohort.pk: cohort for cohort in cohorts}
    for row in register:
        cohort = by_pk[row.cohort_id]
        attended = has_attended(kinds.get(row.pk, {}), len(sessions.get(cohort.pk, ())))
        members[cohort.pk].append(exam_facts.member(row, cohort, names, attended=attended))
    outlooks = _outlooks(now)
    return [
        _board(cohort, members[cohort.pk], len(sessions.get(cohort.pk, ())), outlooks)
        for cohort in cohorts
    ]


def _board(
    cohort: Cohort, members: list[Member], held: int, outlooks: dict[int, ExamOutlook]
) -> ClassBoard:
    whole = Pipeline(members, held, signed_up_known=any(one.signed_up for one in members))
    return ClassBoard(
        cohort=cohort,
        whole=whole,
        counties=whole.parted(lambda one: one.county),
        units=whole.parted(lambda one: one.unit),
        outlook=outlooks[cohort.exam_year_id],
        sessions_held=held,
        is_frozen=cohort.frozen_at is not None,
    )


def _register(cohorts: Sequence[Cohort]) -> list[Enrolment]:
    """The frozen list of a class; before it is frozen, those who are enrolled."""
    frozen = [cohort.pk for cohort in cohorts if cohort.frozen_at is not None]
    open_still = [cohort.pk for cohort in cohorts if cohort.frozen_at is None]
    rows = Enrolment.objects.across_regions().select_related("organisation")
    return [
        *rows.on_register().filter(cohort__in=frozen),
        *rows.in_class().filter(cohort__in=open_still),
    ]


def _sessions_held(cohorts: Sequence[Cohort], now: datetime) -> dict[int, list[int]]:
    held = ClassSession.objects.across_regions().filter(cohort__in=cohorts, ends_at__lte=now)
    found: dict[int, list[int]] = {}
    for cohort, session in held.values_list("cohort", "pk"):
        found.setdefault(cohort, []).append(session)
    return found


def _attendance(sessions: dict[int, list[int]]) -> dict[int, dict[int, str]]:
    """By enrolment and session, the row that counts: the last one."""
    held = [session for own in sessions.values() for session in own]
    rows = CheckIn.objects.across_regions().filter(session__in=held).order_by("pk")
    found: dict[int, dict[int, str]] = {}
    for enrolment, session, kind in rows.values_list("enrolment", "session", "kind"):
        found.setdefault(enrolment, {})[session] = kind
    return found


Key = tuple[int, str, int]  # person, level, exam year


@dataclass(frozen=True)
class _ExamFacts:
    """What is on record of the members' exams of these years, wherever they signed up."""

    sign_ups: dict[Key, ExamSignUp]
    scores: dict[Key, bool]  # known results; whether one of them is a score
    passes: set[Key]

    @classmethod
    def of(cls, cohorts: Sequence[Cohort], people: set[int]) -> "_ExamFacts":
        years = {cohort.exam_year_id for cohort in cohorts}
        sign_ups = ExamSignUp.objects.across_regions().filter(
            person__in=people, exam_year__in=years
        )
        results = (
            SubjectResult.objects.across_regions()
            .counted()
            .filter(person__in=people, exam_year__in=years)
        )
        scores: dict[Key, bool] = {}
        for person, level, year, half in results.values_list(
            "person", "subject__level", "exam_year", "score_half"
        ):
            key = (person, level, year)
            scores[key] = scores.get(key, False) or half is not None
        return cls(
            sign_ups={(row.person_id, row.level_id, row.exam_year_id): row for row in sign_ups},
            scores=scores,
            passes={
                (person, one.level, one.exam_year)
                for person, own in passes_of(people).items()
                for one in own
            },
        )

    def member(
        self, row: Enrolment, cohort: Cohort, names: dict[str, str], *, attended: bool | None
    ) -> Member:
        key = (row.person_id, cohort.level_id, cohort.exam_year_id)
        sign_up = self.sign_ups.get(key)
        signed_up = sign_up is not None
        return Member(
            enrolment=row.pk,
            person=row.person_id,
            county=_county(row, sign_up, names),
            unit=_unit(row, sign_up),
            attended=attended,
            signed_up=signed_up,
            reported=signed_up and key in self.scores,
            sat=signed_up and self.scores.get(key, False),
            passed=signed_up and key in self.passes,
        )


def _county(row: Enrolment, sign_up: ExamSignUp | None, names: dict[str, str]) -> str:
    """Where the person works; else where they signed up. "" where neither is known."""
    code = row.organisation.region_id if row.organisation else sign_up and sign_up.region_id
    return names.get(str(code)[:COUNTY_DIGITS], "") if code else ""


def _unit(row: Enrolment, sign_up: ExamSignUp | None) -> str:
    if row.organisation is not None:
        return row.organisation.name
    return sign_up.organisation if sign_up else ""


def _outlooks(now: datetime) -> dict[int, ExamOutlook]:
    exams = list(ExamYear.objects.order_by("year"))
    known = [(exam.ends_on, exam.result_on) for exam in exams if exam.result_on is not None]
    return {exam.year: _outlook(exam, known, timezone.localdate(now)) for exam in exams}


def _outlook(exam: ExamYear, known: Iterable[tuple[date, date]], today: date) -> ExamOutlook:
    results_on = exam.result_on or expected_on(exam.ends_on, list(known))
    return ExamOutlook(
        exam=exam,
        results_on=results_on,
        is_estimate=exam.result_on is None,
        is_over=exam.ends_on < today,
        are_out=results_on is not None and results_on <= today,
    )
