"""Who falls behind, and the register as a workbook."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from cms.accounts.models import User
from cms.accounts.services import audit
from cms.core.errors import say
from cms.core.sheet_writer import OutputValue, SheetOut, write_workbook
from cohorts.enrolment.models import Cohort, Enrolment
from cohorts.following.reading import Trainee, trainees_in
from cohorts.following.signals_of_risk import Finding


@dataclass(frozen=True)
class Followed:
    """Somebody to call, and every reason for it."""

    enrolment: Enrolment
    findings: tuple[Finding, ...]


def behind(cohort: Cohort, now: datetime) -> list[Followed]:
    """Who is behind in a class, gravest first."""
    return behind_in([cohort], now)[cohort.pk]


def behind_in(cohorts: Iterable[Cohort], now: datetime) -> dict[int, list[Followed]]:
    """The same by class, for several at once."""
    return {
        cohort: gravest_first(trainees) for cohort, trainees in trainees_in(cohorts, now).items()
    }


def gravest_first(trainees: Iterable[Trainee]) -> list[Followed]:
    found = [Followed(t.enrolment, t.findings) for t in trainees if t.findings]
    return sorted(found, key=lambda f: -sum(finding.severity for finding in f.findings))


def export_register(
    cohort: Cohort, trainees: Sequence[Trainee], *, actor: User, now: datetime
) -> bytes:
    """The register as a workbook; that it left the platform is written down."""
    audit(
        actor=actor,
        action="export_class_register",
        target=f"class {cohort.code}",
        region=cohort.region_id,
        now=now,
        detail={"rows": len(trainees)},
    )
    header = [
        *(
            _("Full name"),
            _("Unit"),
            _("County"),
            _("On the frozen list"),
            _("Present (half-days)"),
        ),
        *(
            _("On leave (half-days)"),
            _("Held (half-days)"),
            _("Attendance"),
            _("Lessons done"),
            _("Lessons in all"),
        ),
        *(_("Minutes last 7 days"), _("Mock exams"), _("Best mock (marks)"), _("Last active")),
        _("Why behind"),
    ]
    sheet = SheetOut(
        name=cohort.title,
        titles=[cohort.title, _("As of %(day)s") % {"day": timezone.localdate(now)}],
        header=header,
        rows=[_row(trainee) for trainee in trainees],
        formats={_("Attendance"): "0.0%"},
        to_print=True,
    )
    return write_workbook([sheet])


def _row(trainee: Trainee) -> list[OutputValue]:
    enrolment, best = trainee.enrolment, trainee.best
    unit = enrolment.organisation
    attendance = trainee.attendance
    return [
        enrolment.person.name,
        unit.name if unit else None,
        unit.region.name if unit else None,
        _("yes") if enrolment.on_register else _("no"),
        *(attendance.present, attendance.leave, attendance.held, attendance.rate),
        *(trainee.lessons_done, trainee.lessons, trainee.minutes, len(trainee.mocks)),
        best.score_half / 2 if best else None,
        timezone.localdate(trainee.last_at) if trainee.last_at else None,
        "；".join(say(finding.evidence) for finding in trainee.findings),
    ]
