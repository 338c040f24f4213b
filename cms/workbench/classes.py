"""The classes in progress on the first page: the counts that lead to their people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from cms.accounts.roles import STAFF
from cohorts.enrolment.models import Cohort
from cohorts.following.reading import trainees_in
from cohorts.following.register import counts

LISTED = 5


@dataclass(frozen=True)
class InProgress:
    """`counts` are those of the class's own register, by the name of its filter."""

    cohort: Cohort
    counts: dict[str, int]

    @property
    def members(self) -> int:
        return self.counts[""]

    @property
    def url(self) -> str:
        return reverse("class:overview", args=[self.cohort.uuid])

    @property
    def people_url(self) -> str:
        return reverse("class:people", args=[self.cohort.uuid])


def classes_in_progress(user: Any, now: datetime) -> list[InProgress]:
    """Published classes that have begun and are not over, the newest first."""
    today = timezone.localdate(now)
    running = list(Cohort.objects.visible_to(user, *STAFF).in_progress(today)[:LISTED])
    trainees = trainees_in(running, now)
    return [InProgress(cohort, counts(trainees[cohort.pk])) for cohort in running]
