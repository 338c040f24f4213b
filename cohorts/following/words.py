"""The rules of falling behind in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cohorts.following.signals_of_risk import (
    ATTENDANCE_FLOOR,
    MOCK_FLOOR,
    OVERDUE_LINES,
    SILENT_DAYS,
    Rule,
    Severity,
)

RULE_NAMES: Mapping[Rule, Any] = {
    Rule.SILENT: _("silent"),
    Rule.OVERDUE: _("behind the plan"),
    Rule.ATTENDANCE: _("attendance"),
    Rule.MISSED_MOCK: _("mock exam missed"),
    Rule.LOW_MOCK: _("low mock score"),
}
TONES: Mapping[Severity, str] = {Severity.WATCH: "wait", Severity.ACT: "bad"}
# The rules as the page explains them; the figures are those of the rules.
EXPLAINED = (
    (_("Nothing studied, practised or sat for %(n)s days or more"), SILENT_DAYS),
    (_("%(n)s lines of the plan or more are overdue"), OVERDUE_LINES),
    (_("Present in less than %(n)s%% of the half-days held"), round(ATTENDANCE_FLOOR * 100)),
    (_("A planned mock exam was not handed in by its day"), 0),
    (_("The last mock exam is below %(n)s of 100"), round(MOCK_FLOOR * 100)),
)


def explained() -> list[str]:
    return [str(text) % {"n": n} if n else str(text) for text, n in EXPLAINED]
