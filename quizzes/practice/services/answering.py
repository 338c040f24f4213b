"""One answer: judged, kept, and in the notebook, in one commit."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cms.accounts.models import User
from cms.core.errors import Refused
from cms.core.wording import Message
from quizzes.bank.models import QuestionVersion
from quizzes.practice.judging import is_answerable, judge, value_of
from quizzes.practice.models import PracticeAnswer, PracticeRun
from quizzes.practice.services.deriving import locked_profile, refold
from quizzes.practice.services.running import answered_in, move_on

PLACES = {
    PracticeRun.Kind.CHAPTER: PracticeAnswer.Place.PRACTICE,
    PracticeRun.Kind.MISTAKES: PracticeAnswer.Place.MISTAKES,
    PracticeRun.Kind.BOOKMARKS: PracticeAnswer.Place.BOOKMARKS,
}


@transaction.atomic
def answer(
    version: QuestionVersion,
    *,
    user: User,
    key: UUID,
    chosen: Sequence[str],
    guessed: bool,
    run: PracticeRun | None = None,
    now: datetime,
) -> PracticeAnswer:
    """Keep an answer and say how it counts. The same key again gives the same answer back, and so
    does a question that this run has answered already: what was seen as the key cannot be chosen
    afterwards. Nothing chosen is an answer too: "I do not know".

    Raises Refused with code ``invalid`` for options that the question has not, and ``key_taken``
    for a key that belongs to another answer.
    """
    _refuse_what_no_form_sends(version, chosen)
    profile = locked_profile(user)
    known = _already(user, key, version, run)
    if known is not None:
        return known
    fresh = _judged(version, chosen)
    fresh.key, fresh.user, fresh.run, fresh.at = key, user, run, now
    fresh.place = PLACES[PracticeRun.Kind(run.kind)] if run else PracticeAnswer.Place.LESSON
    fresh.guessed = guessed and bool(chosen)
    fresh.save()
    refold(profile, [version.question_id])
    if run is not None:
        move_on(run, version.pk, now=now)
    return fresh


def _judged(version: QuestionVersion, chosen: Sequence[str]) -> PracticeAnswer:
    judged = judge(version.type, version.key, chosen)
    return PracticeAnswer(
        question_id=version.question_id,
        version=version,
        value=value_of(chosen),
        verdict=judged.verdict,
        score_half=judged.score_half,
    )


def _refuse_what_no_form_sends(version: QuestionVersion, chosen: Sequence[str]) -> None:
    options = [option["id"] for option in version.content["options"]]
    if not is_answerable(version.type, options, chosen):
        message = Message("This question has no such options. Please load the page again.")
        raise Refused("invalid", message, status=400)


def _already(
    user: User, key: UUID, version: QuestionVersion, run: PracticeRun | None
) -> PracticeAnswer | None:
    """The answer that stands. One derivation at a time (the profile is held), so the same request
    twice at once finds it too.
    """
    known = PracticeAnswer.objects.across_regions().filter(key=key).first()
    if known is not None and (known.user_id, known.question_id) != (user.pk, version.question_id):
        message = Message("This answer was sent from another page. Please load the page again.")
        raise Refused("key_taken", message)
    if known is None and run is not None:
        return answered_in(run).filter(version=version).first()
    return known
