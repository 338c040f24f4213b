"""The mistakes notebook, derived from answers and mock exams.

There is one way to a row: fold all the answers to its question. Answering folds one question, a
mock the questions of its paper, a rebuild everything; so what came late, twice or out of order
ends in the same rows.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, Q

from cms.accounts.models import User
from cms.core.errors import Refused
from cms.core.wording import Message
from quizzes.attempts.models import Scoring
from quizzes.attempts.states import HANDED_IN
from quizzes.practice.facts import answered_by, sat_items, scorings_of
from quizzes.practice.mistakes import MOST_IN_A_ROW, Standing, fold
from quizzes.practice.models import Mistake, PracticeAnswer, PracticeProfile

SWEEP_SIZE = 100
SWEEP_BACK = timedelta(days=1)
COLUMNS = [
    *("version", "verdict", "value", "source", "wrong_count", "streak"),
    *("wrong_at", "last_at", "cleared_at"),
]


def locked_profile(user: Any) -> PracticeProfile:
    """The profile of this user, held until the transaction ends: one derivation at a time."""
    PracticeProfile.objects.get_or_create(user=user)
    return PracticeProfile.objects.select_for_update().get(user=user)


def refold(profile: PracticeProfile, questions: Collection[int]) -> None:
    """Derive the notebook rows of some questions anew; the caller holds the profile."""
    found = fold(answered_by(profile.user, questions), profile.clear_after)
    _write(profile, found, questions)


def take_in_mocks(user: User) -> int:
    """Bring what mock exams showed since the last time into the notebook; returns how many.

    Looks before it locks: pages call this, and most visits find nothing new. Scorings are told
    apart by their number, and a rescore is a new one, so a changed key reaches the notebook too.
    """
    known = PracticeProfile.objects.filter(user=user).values_list("scorings_through", flat=True)
    if not scorings_of(user).filter(pk__gt=known.first() or 0).exists():
        return 0
    return _take_in(user)


@transaction.atomic
def _take_in(user: User) -> int:
    profile = locked_profile(user)
    fresh = list(scorings_of(user).filter(pk__gt=profile.scorings_through))
    if not fresh:
        return 0
    papers = {(scoring.attempt.paper_id, scoring.attempt.paper_sha256) for scoring in fresh}
    refold(profile, {sat.question for paper in papers for sat in sat_items(*paper)})
    _advance(profile, max(scoring.pk for scoring in fresh))
    return len(fresh)


def take_in_due(now: datetime) -> int:
    """Take in the mocks scored lately; older ones come when their trainee next looks."""
    through = F("attempt__user__practice_profile__scorings_through")
    behind = Q(attempt__user__practice_profile__isnull=True) | Q(pk__gt=through)
    lately = Scoring.objects.current().filter(at__gte=now - SWEEP_BACK, at__lte=now)
    waiting = lately.filter(behind, attempt__state__in=HANDED_IN)
    users = waiting.order_by("pk").values_list("attempt__user", flat=True)[:SWEEP_SIZE]
    found = User.objects.filter(pk__in=set(users))
    return sum(take_in_mocks(user) for user in found)


@transaction.atomic
def set_clear_after(user: User, times: int) -> PracticeProfile:
    """After how many right answers in a row a mistake is overcome; 0 keeps it.

    Holds for what was answered before as well: the notebook always follows one rule.
    """
    if not 0 <= times <= MOST_IN_A_ROW:
        most = MOST_IN_A_ROW
        raise Refused("invalid", Message("Choose a number from 0 to %(most)s", most=most))
    profile = locked_profile(user)
    profile.clear_after = times
    profile.save(update_fields=["clear_after"])
    _derive_all(profile)
    return profile


class Rebuilt(NamedTuple):
    """How many notebook rows the facts give, and in how many what stood before was different."""

    rows: int
    different: int


def rebuild(*, check: bool = False) -> Rebuilt:
    """Derive every notebook from the facts; with `check` compare and write nothing."""
    practised = PracticeAnswer.objects.across_regions().values("user")
    noted = Mistake.objects.across_regions().values("user")
    sat = Scoring.objects.current().values("attempt__user")
    whose = Q(pk__in=practised) | Q(pk__in=noted) | Q(pk__in=sat)
    done = [_rebuild_one(user, check=check) for user in User.objects.filter(whose).iterator()]
    return Rebuilt(sum(one.rows for one in done), sum(one.different for one in done))


@transaction.atomic
def take_in_answers(answers: Sequence[PracticeAnswer]) -> None:
    """Store answers that were given elsewhere and derive the notebooks of their accounts anew."""
    PracticeAnswer.objects.bulk_create(answers, batch_size=500)
    for user in User.objects.filter(pk__in={answer.user_id for answer in answers}):
        _derive_all(locked_profile(user))


@transaction.atomic
def _rebuild_one(user: User, *, check: bool) -> Rebuilt:
    if check:
        profile = PracticeProfile.objects.filter(user=user).first() or PracticeProfile(user=user)
        before, found = _standing(profile), fold(answered_by(user), profile.clear_after)
    else:
        profile = locked_profile(user)
        before, found = _standing(profile), _derive_all(profile)
    return Rebuilt(len(found), len(_differing(before, found)))


def _derive_all(profile: PracticeProfile) -> dict[int, Standing]:
    through = scorings_of(profile.user).order_by("-pk").values_list("pk", flat=True).first()
    found = fold(answered_by(profile.user), profile.clear_after)
    _write(profile, found, None)
    _advance(profile, through or 0)
    return found


def _advance(profile: PracticeProfile, through: int) -> None:
    profile.scorings_through = max(profile.scorings_through, through)
    profile.save(update_fields=["scorings_through"])


def _standing(profile: PracticeProfile) -> dict[int, Standing]:
    rows = Mistake.objects.across_regions().of(profile.user)
    return {row.question_id: row.as_standing() for row in rows}


def _differing(before: Mapping[int, Standing], after: Mapping[int, Standing]) -> set[int]:
    return {q for q in before.keys() | after.keys() if before.get(q) != after.get(q)}


def _write(
    profile: PracticeProfile, found: Mapping[int, Standing], questions: Collection[int] | None
) -> None:
    """Replace the rows of these questions (None: of all) by what was found."""
    rows = Mistake.objects.across_regions().of(profile.user)
    within = rows if questions is None else rows.on(questions)
    within.exclude(question_id__in=list(found)).delete()
    Mistake.objects.bulk_create(
        [_row(profile, question, standing) for question, standing in found.items()],
        update_conflicts=True,
        unique_fields=["user", "question"],
        update_fields=COLUMNS,
        batch_size=SWEEP_SIZE,
    )


def _row(profile: PracticeProfile, question: int, standing: Standing) -> Mistake:
    return Mistake(
        user_id=profile.user_id,
        question_id=question,
        version_id=standing.version,
        verdict=standing.verdict,
        value=standing.value,
        source=standing.source,
        wrong_count=standing.wrong_count,
        streak=standing.streak,
        wrong_at=standing.wrong_at,
        last_at=standing.last_at,
        cleared_at=standing.cleared_at,
    )
