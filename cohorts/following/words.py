"""The rules of falling behind as the pages explain them; the figures are those of the rules."""

from django.utils.translation import gettext as _

from cohorts.following.signals_of_risk import (
    ATTENDANCE_FLOOR,
    MOCK_FLOOR,
    OVERDUE_LINES,
    SILENT_DAYS,
)


def explained() -> list[str]:
    return [
        _(
            "No lesson, practice or mock exam for %(n)s days or more; days before the class began, "
            "or before joining it, do not count."
        )
        % {"n": SILENT_DAYS},
        _("%(n)s lines of the plan or more are overdue.") % {"n": OVERDUE_LINES},
        _("Present in less than %(n)s%% of the half-days held.")
        % {"n": round(ATTENDANCE_FLOOR * 100)},
        _("A planned mock exam was not handed in by its day."),
        _("The last mock exam is below %(n)s of 100.") % {"n": round(MOCK_FLOOR * 100)},
    ]
