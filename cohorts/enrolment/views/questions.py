"""What the pages of a class ask before something is done for good: figures and consequences."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.core.confirming import Question
from cohorts.enrolment.gates import READERS
from cohorts.enrolment.models import Cohort, CohortPlan, Enrolment
from cohorts.enrolment.states import CohortState


def of_moving(user: Any, cohort: Cohort, to: CohortState) -> Question:
    return _of_publishing(cohort) if to == CohortState.PUBLISHED else _of_closing(user, cohort)


def _of_publishing(cohort: Cohort) -> Question:
    seats = ngettext("%(n)d seat.", "%(n)d seats.", cohort.capacity) % {"n": cohort.capacity}
    return Question(
        heading=_("Publish “%(title)s”?") % {"title": cohort.title},
        consequences=[
            seats,
            _("The class then stands on the public list, where everybody can read and enrol."),
            _("It does not become a draft again; it can still be changed, and be closed."),
        ],
        verb=_("Publish the class"),
        back=reverse("class:overview", args=[cohort.uuid]),
    )


def _of_closing(user: Any, cohort: Cohort) -> Question:
    rows = Enrolment.objects.visible_to(user, *READERS).filter(cohort=cohort)
    members, waiting = rows.in_class().count(), rows.undecided().count()
    return Question(
        heading=_("Close “%(title)s”?") % {"title": cohort.title},
        consequences=[
            _("%(members)d people are in the class, %(waiting)d applications are not answered.")
            % {"members": members, "waiting": waiting},
            _("A closed class takes no enrolments and is no longer on the public list."),
            _("It is not opened again."),
        ],
        verb=_("Close the class"),
        back=reverse("class:overview", args=[cohort.uuid]),
        dangerous=True,
    )


def of_freezing(user: Any, cohort: Cohort) -> Question:
    rows = Enrolment.objects.visible_to(user, *READERS).filter(cohort=cohort)
    members = rows.in_class().count()
    text = ngettext(
        "%(n)d person is in the class now and stays the denominator of its rates, whoever leaves "
        "later.",
        "%(n)d people are in the class now and stay the denominator of its rates, whoever leaves "
        "later.",
        members,
    )
    return Question(
        heading=_("Freeze the list of “%(title)s”?") % {"title": cohort.title},
        consequences=[
            text % {"n": members},
            _("This is done once and not undone; on the first day it is done by itself."),
        ],
        verb=_("Freeze the list"),
        back=reverse("class:overview", args=[cohort.uuid]),
        dangerous=True,
    )


def of_dropping(line: CohortPlan) -> Question:
    return Question(
        heading=_("Drop “%(title)s” from the plan?") % {"title": line.title},
        consequences=[
            _("To be done by %(day)s.") % {"day": line.due_on},
            _(
                "The line disappears from everybody's plan and no longer counts as overdue. What "
                "was studied or handed in stays."
            ),
        ],
        verb=_("Drop the line"),
        back=reverse("enrolment:plan", args=[line.cohort.uuid]),
        dangerous=True,
    )
