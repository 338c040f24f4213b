"""One trainee, one paper, one sitting: its journal, its submission and its scorings."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms.core.models import AppendOnly, AppendOnlyQuerySet, FrozenFields
from cms.core.scoping import Scope, ScopedQuerySet
from cms.core.triggers import InsertGuard
from quizzes.attempts.journal import Event, Kind
from quizzes.attempts.states import HANDED_IN, State

STATE_NAMES = {
    State.OPEN: _("in progress"),
    State.SUBMITTED: _("handed in"),
    State.MARKED: _("marked"),
    State.EXPIRED: _("closed when time was over"),
    State.VOID: _("void"),
}


class AttemptQuerySet(ScopedQuerySet):
    def scope_q(self, scope: Scope) -> Q:
        """The own attempts and no others: a report shows keys, whatever role asks for it."""
        return Q(user_id=scope.user_id)

    def sat_by(self, user: Any) -> "AttemptQuerySet":
        """The attempts of one user, for services that look across all of them."""
        return self.filter(user_id=user.pk)

    def open(self) -> "AttemptQuerySet":
        return self.filter(state=State.OPEN)

    def handed_in(self) -> "AttemptQuerySet":
        return self.filter(state__in=HANDED_IN)


class Attempt(FrozenFields):
    """An attempt (答卷). What it was started with never changes; state, lease and clock move."""

    frozen_fields = (
        "uuid",
        "user",
        "paper",
        "paper_sha256",
        "mode",
        "started_at",
        "idempotency_key",
    )

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attempts")
    paper = models.ForeignKey("quizzes.Paper", models.PROTECT, related_name="attempts")
    paper_sha256 = models.CharField(max_length=64)
    mode = models.CharField(max_length=10)
    state = models.CharField(
        max_length=10,
        choices=[(state.value, name) for state, name in STATE_NAMES.items()],
        default=State.OPEN,
    )
    epoch = models.PositiveSmallIntegerField(default=1)
    device = models.UUIDField()
    # Every lease ever given, in order (lease.py): the journal path must know the devices of an
    # attempt without a further statement.
    leases = models.JSONField()
    started_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    grace_s = models.PositiveSmallIntegerField()
    finalise_at = models.DateTimeField()
    last_server_at = models.DateTimeField()
    idempotency_key = models.UUIDField()

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            # Two taps on "start", or two devices at once: the second finds the first's attempt.
            models.UniqueConstraint(
                fields=["user", "paper"],
                condition=Q(state=State.OPEN),
                name="one_open_attempt_a_paper",
            ),
            # A start that is repeated because its reply was lost starts nothing again.
            models.UniqueConstraint(
                fields=["user", "idempotency_key"], name="attempt_started_once_a_key"
            ),
            models.CheckConstraint(
                condition=Q(deadline_at__gt=F("started_at")) & Q(finalise_at__gte=F("deadline_at")),
                name="attempt_times_in_order",
            ),
            models.CheckConstraint(condition=Q(epoch__gte=1), name="attempt_epoch_from_one"),
        ]
        indexes = [
            # The sweeper looks every few seconds; only open attempts are in its index.
            models.Index(fields=["finalise_at"], condition=Q(state=State.OPEN), name="attempt_due")
        ]

    def __str__(self) -> str:
        return f"{self.uuid} ({self.state})"

    @property
    def is_closed(self) -> bool:
        """Whether nothing that arrives can change its answers any more."""
        return self.state != State.OPEN

    @property
    def is_handed_in(self) -> bool:
        return self.state in HANDED_IN

    def clock(self, now: datetime) -> datetime:
        """The moment to judge by: `now`, but never before what this attempt has seen already.

        A server's clock can be set back; time that was over does not begin again.
        """
        return max(now, self.last_server_at)


class AttemptEvent(AppendOnly):
    """One tap of a trainee. Lean on purpose: a sitting makes more than a hundred of them.

    `device` is the device's number within the attempt, times of the device are milliseconds.
    Whether an event came late is fixed here; whether a late one counts is decided elsewhere.
    """

    insert_guards = (
        # What was handed in is final: nothing joins it afterwards as if it had been in time.
        InsertGuard(
            "after_submission",
            "NOT NEW.late AND EXISTS "
            "(SELECT 1 FROM quizzes_submission WHERE attempt_id = NEW.attempt_id)",
        ),
    )

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="events", db_index=False)
    device = models.PositiveSmallIntegerField()
    seq = models.PositiveIntegerField()
    epoch = models.PositiveSmallIntegerField()
    item = models.PositiveSmallIntegerField()
    kind = models.PositiveSmallIntegerField(choices=[(kind.value, kind.name) for kind in Kind])
    value = models.CharField(max_length=60, blank=True)
    mono_ms = models.PositiveIntegerField()
    client_ms = models.BigIntegerField()
    received_at = models.DateTimeField()
    late = models.BooleanField()
    content_hash = models.BigIntegerField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            # Each event counts once, however often a bad network repeats it.
            models.UniqueConstraint(
                fields=["attempt", "device", "seq"], name="event_once_a_device_and_seq"
            )
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.device}/{self.seq}"

    def as_event(self) -> Event:
        return Event(
            epoch=self.epoch,
            seq=self.seq,
            item=self.item,
            kind=Kind(self.kind),
            value=self.value,
            late=self.late,
        )


class Submission(AppendOnly):
    """That an attempt was handed in, by the trainee or, when time was over, by the server."""

    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="submission")
    receipt = models.CharField(max_length=9, db_index=True)
    through = models.JSONField(default=dict)
    answers_sha256 = models.CharField(max_length=64)
    answered = models.PositiveSmallIntegerField()
    items = models.PositiveSmallIntegerField()
    received_at = models.DateTimeField()
    by_server = models.BooleanField(default=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered__lte=F("items")), name="submission_answers_within_items"
            )
        ]

    def __str__(self) -> str:
        return self.receipt


class ScoringQuerySet(AppendOnlyQuerySet):
    def current(self) -> "ScoringQuerySet":
        """The scorings that no later one supersedes: one an attempt."""
        return self.filter(superseded_by__isnull=True)


class Scoring(AppendOnly):
    """The score of an attempt with all item scores in one row; a rescore appends another.

    `item_scores` are half-points in paper order; `answers` are the ones that were scored, so that
    the same function gives the same score again.
    """

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="scorings")
    total_half = models.PositiveSmallIntegerField()
    item_scores = models.JSONField()
    answers = models.JSONField()
    scheme_sha256 = models.CharField(max_length=64)
    paper_sha256 = models.CharField(max_length=64)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    objects = ScoringQuerySet.as_manager()

    class Meta:
        constraints = [
            # The sweeper and a submit may meet; only one of them scores first.
            models.UniqueConstraint(
                fields=["attempt"],
                condition=Q(supersedes__isnull=True),
                name="one_first_scoring_an_attempt",
            ),
            # A changed score names the person who changed it, and why.
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | (Q(by__isnull=False) & ~Q(reason="")),
                name="rescore_names_person_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.total_half}/2"

    def answers_by_item(self) -> dict[int, tuple[str, ...]]:
        """The scored answers as scoring takes them; JSON turned the numbers into text."""
        return {int(item): tuple(options) for item, options in self.answers.items()}
