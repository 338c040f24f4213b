"""公示: put claims before the public, take objections, confirm when the days are over."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone

from cms.accounts.models import User
from cms.accounts.services import audit
from cms.core.errors import Refused
from cms.core.wording import Message
from cms.core.workdays import add_working_days, load_calendar
from cohorts.subsidies.benefits import ONCE
from cohorts.subsidies.facts import fingerprint
from cohorts.subsidies.models import Award, Claim, Notice, Objection
from cohorts.subsidies.models.notice import NoticeQuerySet
from cohorts.subsidies.public_rows import PublicRow, public_rows
from cohorts.subsidies.services.authority import require_authority
from cohorts.subsidies.services.review import move, move_many
from cohorts.subsidies.services.units import units_of
from cohorts.subsidies.transitions import CLAIM_STEPS, ClaimAction

log = logging.getLogger(__name__)


@transaction.atomic
def open_notice(claims: Sequence[Claim], *, actor: User, now: datetime, title: str = "") -> Notice:
    """Put approved claims of one policy version before the public for its working days."""
    rows = _approved(claims)
    version = rows[0].version
    require_authority(actor, version.policy.region_id, CLAIM_STEPS[ClaimAction.PUT_ON_NOTICE].roles)
    today = timezone.localdate(now)
    shown = [row.as_json() for row in _public(rows, now)]
    notice = Notice.objects.create(
        version=version,
        region_id=version.policy.region_id,
        title=title.strip() or version.rulebook.title,
        rows=shown,
        sha256=fingerprint(shown),
        working_days=version.rulebook.notice_working_days,
        opened_on=today,
        closes_on=add_working_days(today, version.rulebook.notice_working_days, load_calendar()),
        telephone=version.rulebook.notice_telephone,
        opened_by=actor,
        opened_at=now,
    )
    moved = move_many(rows, ClaimAction.PUT_ON_NOTICE, actor=actor, now=now, notice=notice)
    if moved.refused:
        raise moved.refused[0][1]
    return notice


def on_display() -> NoticeQuerySet:
    """Notices that stand now, for everybody: their rows hold nothing that is not public."""
    return Notice.objects.on_display().select_related("region", "version__policy")


def _approved(claims: Sequence[Claim]) -> list[Claim]:
    wanted = [claim.pk for claim in claims]
    rows = Claim.objects.across_regions().filter(pk__in=wanted, state="approved")
    found = list(
        rows.select_related("person", "version__policy", "decision", "certificate").order_by(
            "region_id", "pk"
        )
    )
    if not found or len(found) < len(wanted):
        raise Refused("wrong_state", Message("Only approved claims can go on public notice."))
    if len({claim.version_id for claim in found}) > 1:
        raise Refused(
            "several_policies", Message("One notice is for claims of one policy version.")
        )
    return found


def _public(claims: Sequence[Claim], now: datetime) -> list[PublicRow]:
    units = units_of(claims, timezone.localdate(now))
    return public_rows(
        (
            claim.person.name,
            units.get(claim.person_id, ""),
            claim.level_id,
            claim.decision.amount_fen if claim.decision else 0,
        )
        for claim in claims
    )


@transaction.atomic
def close_notice(notice: Notice, *, now: datetime, actor: User | None = None) -> list[Award]:
    """Take a notice down after its last day and confirm its claims without open objection.

    Raises Refused before that day is over. Closing it again confirms only what has become free.
    """
    if timezone.localdate(now) <= notice.closes_on:
        raise Refused(
            "too_early",
            Message(
                "The notice stands until the end of %(day)s.", day=notice.closes_on.isoformat()
            ),
        )
    if actor is not None:
        require_authority(actor, notice.region_id, CLAIM_STEPS[ClaimAction.CONFIRM].roles)
    closed = Notice.objects.across_regions().filter(pk=notice.pk, closed_at__isnull=True)
    if closed.update(closed_at=now, closed_by=actor):
        audit(
            actor=actor,
            action="close_notice",
            target=f"notice {notice.uuid}",
            region=notice.region_id,
            now=now,
        )
        notice.refresh_from_db()
    return _confirm(notice, actor=actor, now=now)


def confirm_due(*, now: datetime, actor: User | None = None) -> list[Award]:
    """Close every notice whose days are over and confirm what is free of objections.

    Safe to run every few seconds: what was confirmed is not confirmed again. A notice that cannot
    be settled is logged and must not keep the others waiting.
    """
    over = Notice.objects.across_regions().filter(closes_on__lt=timezone.localdate(now))
    free = Q(claims__state="on_notice", claims__certificate__state="checked")
    waiting = over.filter(Q(closed_at__isnull=True) | free).distinct()
    awards: list[Award] = []
    for notice in waiting.order_by("pk"):
        try:
            awards += close_notice(notice, now=now, actor=actor)
        except (DatabaseError, Refused):
            log.exception("notice %s cannot be settled", notice.uuid)
    return awards


def _confirm(notice: Notice, *, actor: User | None, now: datetime) -> list[Award]:
    """Claims whose certificate was revoked meanwhile are among the refused, and stay."""
    claims = Claim.objects.across_regions().in_state("on_notice").filter(notice=notice)
    moved = move_many(claims.without_open_objection(), ClaimAction.CONFIRM, actor=actor, now=now)
    return _grant(moved.done, now=now)


def _grant(claims: Sequence[Claim], *, now: datetime) -> list[Award]:
    awards = [
        Award(
            person_id=claim.person_id,
            award_key=claim.award_key,
            period=claim.period or ONCE,
            level_id=claim.level_id,
            exam_year=claim.exam_year,
            region_id=claim.region_id,
            amount_fen=claim.decision.amount_fen,
            claim=claim,
            decision=claim.decision,
            granted_at=now,
        )
        for claim in claims
        if claim.decision is not None
    ]
    return Award.objects.bulk_create(awards)


@transaction.atomic
def object_to(claim: Claim, *, text: str, actor: User, now: datetime) -> Objection:
    """Write down an objection that came in while the claim is on notice."""
    if not text.strip():
        raise Refused("reason_needed", Message("Write down what was objected."), status=400)
    if claim.notice is None or not claim.notice.is_open:
        raise Refused("not_on_notice", Message("This claim is not on public notice."))
    move(claim, ClaimAction.OBJECT, actor=actor, now=now, reason=text)
    return Objection.objects.create(
        claim=claim,
        notice=claim.notice,
        text=text.strip(),
        received_by=actor,
        received_at=now,
    )


@transaction.atomic
def settle_objection(
    objection: Objection, *, upheld: bool, answer: str, actor: User, now: datetime
) -> Objection:
    """Dismiss (the claim goes on) or uphold (the claim is refused); both with an answer."""
    action = ClaimAction.UPHOLD_OBJECTION if upheld else ClaimAction.DISMISS_OBJECTION
    state = Objection.State.UPHELD if upheld else Objection.State.DISMISSED
    settled = Objection.objects.across_regions().filter(pk=objection.pk, state="open")
    if not answer.strip():
        raise Refused("reason_needed", Message("Say why."), status=400)
    if not settled.update(state=state, answer=answer.strip(), settled_by=actor, settled_at=now):
        raise Refused("wrong_state", Message("This objection is already settled."))
    move(objection.claim, action, actor=actor, now=now, reason=answer)
    objection.refresh_from_db()
    return objection
