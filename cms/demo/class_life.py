"""What the trainees of the class in progress have done so far: read, practised, sat, attended."""

import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from cms.accounts.models import User
from cms.demo.class_story import MOCK_WEEKS, WEEKS_IN, running_class
from cms.demo.exam_story import chance
from cms.demo.learners import (
    PRACTISES,
    Learner,
    Lesson,
    Question,
    attends,
    draw_learner,
    evenings,
    hardness_of,
    practise,
    read,
)
from cms.demo.mock_exams import Mock, sit
from cms.notices.models import InboxMessage
from cms.notices.services import mark_read
from cohorts.attendance.services import mark_by_hand
from cohorts.enrolment.models import Cohort, Enrolment
from courses.pages.models import LessonPage
from courses.study.models import StudyEvent
from courses.study.services import take_in
from quizzes.bank.models import QuestionVersion
from quizzes.papers.models import Paper
from quizzes.practice.judging import judge
from quizzes.practice.models import PracticeAnswer
from quizzes.practice.services import take_in_answers, take_in_mocks

SITS = 0.96  # of those still there and diligent
READS = 0.85  # of the evenings on which the plan has a lesson
READS_ON = 0.5
LOOKS_AHEAD = 9  # days
READS_NOTICES = 0.7
PAUSE = timedelta(minutes=3)
TRAINEE = Learner(ability=0.35, diligence=0.72)


@dataclass(frozen=True)
class Classmate:
    """An enrolment with the account behind it and how that person learns."""

    enrolment: Enrolment
    user: User
    learner: Learner


def class_has_lived() -> bool:
    cohort = running_class()
    users = Enrolment.objects.across_regions().filter(cohort=cohort).values("person__user")
    return cohort is not None and StudyEvent.objects.filter(user__in=users).exists()


def live(now: datetime) -> None:
    """Eight weeks, in the order in which they can be made: lessons, questions, mocks, sessions."""
    cohort = running_class()
    if cohort is None:
        return
    today = timezone.localdate(now)
    first = today - timedelta(weeks=WEEKS_IN)
    mates = _classmates(cohort, first, today)
    _attend(cohort, mates, now)
    _study(mates, first, today - timedelta(days=1))
    _sit_mocks(mates, now)
    for mate in mates:
        take_in_mocks(mate.user)
    _read_notices(mates, now)


def _classmates(cohort: Cohort, first: date, today: date) -> list[Classmate]:
    rng = chance("learners")
    rows = Enrolment.objects.across_regions().in_class().filter(cohort=cohort)
    found = []
    for row in rows.select_related("person__user").order_by("pk"):
        learner = draw_learner(rng, first=first, last=today)
        user = row.person.user
        if user is not None:
            own = TRAINEE if user.username == "trainee" else learner
            found.append(Classmate(row, user, own))
    return found


def _attend(cohort: Cohort, mates: Sequence[Classmate], now: datetime) -> None:
    rng, organiser = chance("attendance"), User.objects.get(username="organiser")
    held = cohort.sessions.across_regions().filter(ends_at__lt=now).order_by("starts_at")
    for session in held:
        day = timezone.localdate(session.starts_at)
        kinds = {mate.enrolment.uuid: attends(mate.learner, rng, day) for mate in mates}
        mark_by_hand(session, kinds, actor=organiser, now=session.ends_at)


def _study(mates: Sequence[Classmate], first: date, last: date) -> None:
    lessons = list(LessonPage.objects.live().order_by("path"))
    asked = _Bank()
    events: list[StudyEvent] = []
    answers: list[PracticeAnswer] = []
    for mate in mates:
        rng = chance(f"study {mate.enrolment.pk}")
        evening = _Evening(mate, lessons, asked, rng, first)
        zone = timezone.get_default_timezone()
        for at in evenings(mate.learner, rng, first=first, last=last, zone=zone):
            read_now, tried = evening.spend(at)
            events += read_now
            answers += tried
    take_in(events)
    take_in_answers(answers)


class _Bank:
    """The questions of each chapter, with a hardness of their own."""

    def __init__(self) -> None:
        versions = QuestionVersion.objects.published().filter(
            type__in=["single_choice", "multiple_response"], question__subject__level="junior"
        )
        self.versions = {version.pk: version for version in versions}
        hard = hardness_of(list(self.versions), chance("hardness"))
        self.by_chapter: dict[int | None, list[Question]] = {}
        for pk, version in sorted(self.versions.items()):
            question = Question(
                pk,
                tuple(version.key),
                tuple(option["id"] for option in version.content["options"]),
                hard[pk],
            )
            self.by_chapter.setdefault(version.chapter_id, []).append(question)

    def of(self, chapters: Sequence[int]) -> list[Question]:
        return [q for chapter in chapters for q in self.by_chapter.get(chapter, ())]


class _Evening:
    """One trainee's evenings one after the other: the next lesson, then some questions."""

    def __init__(
        self,
        mate: Classmate,
        lessons: Sequence[LessonPage],
        bank: _Bank,
        rng: random.Random,
        first: date,
    ) -> None:
        self.mate, self.bank, self.rng, self.first = mate, bank, rng, first
        self.ahead = [(Lesson(page.pk, page.minutes), _chapter_of(page)) for page in lessons]
        self.seen: list[int] = []

    def spend(self, at: datetime) -> tuple[list[StudyEvent], list[PracticeAnswer]]:
        events: list[StudyEvent] = []
        while self._wants_lesson(at.date(), already=bool(events)):
            lesson, chapter = self.ahead.pop(0)
            self.seen.append(chapter)
            events += self._events(lesson, at)
            at = events[-1].at + PAUSE
        questions = self.bank.of(self.seen[-3:])
        if not questions or (events and self.rng.random() > PRACTISES):
            return events, []
        return events, self._answers(questions, at)

    def _wants_lesson(self, day: date, *, already: bool) -> bool:
        """The class's plan sets the pace; who is behind it reads a second one the same evening."""
        if not self.ahead:
            return False
        ahead_of_plan = (self.first + timedelta(days=7 * (len(self.seen) // 2) + 6) - day).days
        if already:
            return ahead_of_plan < 0 and self.rng.random() < READS_ON
        return ahead_of_plan <= LOOKS_AHEAD and self.rng.random() < READS

    def _events(self, lesson: Lesson, at: datetime) -> list[StudyEvent]:
        view = uuid.UUID(int=self.rng.getrandbits(128), version=4)
        return [
            StudyEvent(
                user=self.mate.user,
                lesson_id=sign.lesson,
                kind=sign.kind,
                view=view,
                place=sign.place,
                at=sign.at,
            )
            for sign in read(lesson, self.rng, at)
        ]

    def _answers(self, questions: Sequence[Question], at: datetime) -> list[PracticeAnswer]:
        weeks = (at.date() - self.first).days / 7
        tried = practise(self.mate.learner, questions, self.rng, at, weeks=weeks)
        return [
            _answer(one.question.pk, self.bank.versions, one.chosen, one.guessed, one.at, self)
            for one in tried
        ]


def _answer(
    pk: int,
    versions: Mapping[int, QuestionVersion],
    chosen: Sequence[str],
    guessed: bool,  # noqa: FBT001 - one of the columns of the row
    at: datetime,
    evening: _Evening,
) -> PracticeAnswer:
    version = versions[pk]
    judged = judge(version.type, version.key, chosen)
    return PracticeAnswer(
        key=uuid.UUID(int=evening.rng.getrandbits(128), version=4),
        user=evening.mate.user,
        question_id=version.question_id,
        version=version,
        place=PracticeAnswer.Place.PRACTICE,
        value=",".join(sorted(chosen)),
        verdict=judged.verdict,
        score_half=judged.score_half,
        guessed=guessed,
        at=at,
    )


def _chapter_of(page: LessonPage) -> int:
    return int(page.get_parent().specific.chapter_id)


def _sit_mocks(mates: Sequence[Classmate], now: datetime) -> None:
    """Each paper in the days before the plan's date; the demo's own trainee has sat already."""
    for code, paper, days in _papers():
        rng = chance(f"class {code}")
        evening = _evening(now)
        for mate in mates:
            ago = days + rng.randrange(0, 5)
            sat_on = timezone.localdate(now) - timedelta(days=ago)
            wants = rng.random() < SITS * (0.8 + 0.2 * mate.learner.diligence)
            if mate.user.username != "trainee" and wants and mate.learner.is_there(sat_on):
                skill = min(0.92, mate.learner.skill + 0.004 * (56 - ago))
                mock = Mock(code, days_ago=ago, skill=skill)
                sit(mate.user, paper, mock, now=evening, rng=rng)


def _papers() -> Iterator[tuple[str, Paper, int]]:
    for code, week in MOCK_WEEKS.items():
        yield code, Paper.objects.get(code=code), 7 * (WEEKS_IN - week)


def _evening(now: datetime) -> datetime:
    """Half past six of the day before, so that nobody sits in the future."""
    day = timezone.localdate(now) - timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(18, 30)))


def _read_notices(mates: Sequence[Classmate], now: datetime) -> None:
    """Older messages are mostly read; of the newest, nobody's business is assumed."""
    rng = chance("inbox")
    users = {mate.user.pk for mate in mates}
    old = InboxMessage.objects.filter(user__in=users, sent_at__lt=now - timedelta(days=3))
    for message in old.order_by("pk"):
        if rng.random() < READS_NOTICES:
            mark_read(message.user_id, message.uuid, now=message.sent_at + timedelta(hours=5))
