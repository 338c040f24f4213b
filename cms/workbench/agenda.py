"""What is set down for one member of staff in a month, read from the facts: nothing is stored."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts.roles import REGIONAL
from cms.workbench.month import Appointment
from cohorts.attendance.models import ClassSession
from cohorts.subsidies.models import Notice
from courses.syllabus.models import ExamYear

WEEKDAYS = (
    gettext_lazy("Mo"),
    gettext_lazy("Tu"),
    gettext_lazy("We"),
    gettext_lazy("Th"),
    gettext_lazy("Fr"),
    gettext_lazy("Sa"),
    gettext_lazy("Su"),
)


def appointments(user: Any, first: date, end: date) -> list[Appointment]:
    """Sessions, notices that close and exam days from `first` up to and without `end`."""
    return [
        *_sessions(user, first, end),
        *(_closing_notices(user, first, end) if user.has_role(*REGIONAL) else ()),
        *_exams(first, end),
    ]


def _sessions(user: Any, first: date, end: date) -> Iterator[Appointment]:
    rows = ClassSession.objects.visible_to(user).select_related("cohort")
    for session in rows.filter(starts_at__date__gte=first, starts_at__date__lt=end):
        starts = timezone.localtime(session.starts_at)
        words = f"{session.title} · {session.cohort.title}"
        yield Appointment(starts.date(), starts, words)


def _closing_notices(user: Any, first: date, end: date) -> Iterator[Appointment]:
    rows = Notice.objects.visible_to(user).filter(closes_on__gte=first, closes_on__lt=end)
    for notice in rows.filter(closed_at__isnull=True):
        words = _("Last day of public notice: %(title)s") % {"title": notice.title}
        url = reverse("subsidies:notice", args=[notice.uuid])
        yield Appointment(notice.closes_on, None, words, url)


def _exams(first: date, end: date) -> Iterator[Appointment]:
    for exam in ExamYear.objects.filter(starts_on__gte=first, starts_on__lt=end):
        words = _("Exam of %(year)s begins") % {"year": exam.year}
        yield Appointment(exam.starts_on, None, words)
