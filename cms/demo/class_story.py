"""The classes of the story: those of past exams with their outcome, one in progress, one that takes
enrolments. Past ones are fixed; everything current is dated from the load.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from cms.accounts.models import User
from cms.accounts.services import ensure_organisations
from cms.demo.class_cast import (
    COMING_BACK,
    Member,
    newcomers,
    signed_up,
    still_without,
    trainee,
    with_account,
)
from cms.demo.exam_story import chance
from cms.demo.places import SHAPOTOU, ZHONGNING
from cohorts.attendance.models import ClassSession
from cohorts.attendance.services import mark_by_hand, put_session
from cohorts.enrolment.models import Cohort, CohortPlan, Enrolment
from cohorts.enrolment.services import (
    Application,
    add_members,
    add_staff,
    apply,
    approve,
    freeze_register,
    move_class,
    new_code,
    open_class,
    post_notice,
    put_plan_line,
    required_consent,
)
from cohorts.enrolment.states import CohortState
from courses.pages.models import CoursePage, LessonPage
from courses.syllabus.models import ExamYear, Level
from quizzes.papers.models import Paper

FEDERATION = ("640502", "中卫市社会组织联合会", "other")
CITY = "6405"
RUNNING = "sprint-junior"  # the code of the class in progress, with its year behind
OPEN = "sprint-intermediate"
WEEKS_IN = 8  # since the class in progress began
LESSONS_A_WEEK = 2
MOCK_WEEKS = {"mock-junior-general-1": 4, "mock-junior-practice-1": 7}
MORNING, NOON = time(9), time(11, 30)


@dataclass(frozen=True)
class Past:
    """A class of an earlier exam; `share` of those signed up were in it."""

    code: str
    title: str
    year: int
    level: str
    county: str
    first: date
    last: date
    share: float
    venue: str


PAST = (
    Past("sprint-2023-shapotou", "2023 年考前冲刺班（沙坡头区）", 2023, "junior", SHAPOTOU,
         date(2023, 5, 20), date(2023, 6, 4), 0.72,
         "市社会组织服务中心 3 楼"),
    Past("sprint-2023-zhongning", "2023 年考前冲刺班（中宁县）", 2023, "junior", ZHONGNING,
         date(2023, 5, 20), date(2023, 6, 4), 0.7,
         "中宁县社会工作服务站二楼培训室"),
    Past("sprint-2023-intermediate", "2023 年中级考前冲刺班", 2023, "intermediate", "",
         date(2023, 5, 13), date(2023, 6, 4), 0.6,
         "市社会组织服务中心 5 楼报告厅"),
    Past("sprint-2024", "2024 年考前冲刺班（初级）", 2024, "junior", "",
         date(2024, 5, 18), date(2024, 6, 9), 0.75,
         "市社会组织服务中心 3 楼"),
)  # fmt: skip


def past_classes_are_held() -> bool:
    return Cohort.objects.across_regions().filter(code__in=[p.code for p in PAST]).count() == len(
        PAST
    )


def hold_past_classes(_now: datetime) -> None:
    for past in PAST:
        if not Cohort.objects.across_regions().filter(code=past.code).exists():
            _hold(past, chance(past.code))


def _hold(past: Past, rng: random.Random) -> None:
    organiser = User.objects.get(username="organiser")
    opened = _at(past.first - timedelta(days=30), time(10))
    members = signed_up(past.year, past.level, past.county)
    chosen = rng.sample(members, round(len(members) * past.share))
    cohort = _open(
        Cohort(
            code=past.code,
            title=past.title,
            level=Level.objects.get(pk=past.level),
            exam_year=ExamYear.objects.get(pk=past.year),
            region_id=past.county or CITY,
            description="考前集中面授，免费提供资料。",
            venue=past.venue,
            capacity=len(chosen) + 5,
            opens_at=opened,
            closes_at=_at(past.first, time(8)),
            starts_on=past.first,
            ends_on=past.last,
        ),
        organiser=organiser,
        now=opened,
    )
    enrolled = add_members(
        cohort, [(m.person, m.unit) for m in chosen], actor=organiser, now=opened
    )
    freeze_register(cohort, actor=organiser, now=_at(past.first, time(8)))
    keen = {enrolment.uuid: rng.betavariate(3, 1.4) for enrolment in enrolled}
    for day in _saturdays_and_sundays(past.first, past.last):
        session = _session(
            cohort, f"考前面授 {day.month}月{day.day}日", day, actor=organiser, now=_at(day, NOON)
        )
        kinds = {u: "present" if rng.random() < k else "absent" for u, k in keen.items()}
        mark_by_hand(session, kinds, actor=organiser, now=session.ends_at)
    move_class(cohort, CohortState.CLOSED, actor=organiser, now=_at(past.last, time(18)))


def running_class() -> Cohort | None:
    rows = Cohort.objects.across_regions().published().filter(code__startswith=f"{RUNNING}-")
    return rows.order_by("-pk").first()


def class_is_running() -> bool:
    cohort = running_class()
    return cohort is not None and cohort.notices.exists()


def run_class(now: datetime) -> None:
    """The class in progress: opened, enrolled, planned, with sessions behind and ahead of it."""
    organiser = User.objects.get(username="organiser")
    first = timezone.localdate(now) - timedelta(weeks=WEEKS_IN)
    exam = _next_exam(now)
    opened = _at(first - timedelta(days=21), time(10))
    cohort = running_class() or _open(
        _running(first, exam, opened), organiser=organiser, now=opened, subjects="junior"
    )
    _enrol_everybody(cohort, organiser=organiser, first=first)
    _plan(cohort, first)
    _meet(cohort, first, now, organiser=organiser)
    _announce(cohort, first, now, organiser=organiser)


def _running(first: date, exam: ExamYear, opened: datetime) -> Cohort:
    return Cohort(
        code=f"{RUNNING}-{exam.year}",
        title=f"{exam.year} 年初级考前班",
        level=Level.objects.get(pk="junior"),
        exam_year=exam,
        region_id=CITY,
        description=(
            "每周两节网课，隔周周六面授半天，考前三次模拟。学员免费，教材自备。"
            "上课地点在市社会组织服务中心，海原县学员可以看直播。"
        ),
        venue="市社会组织服务中心 3 楼",
        capacity=90,
        opens_at=opened,
        closes_at=_at(first, time(8)),
        starts_on=first,
        ends_on=exam.starts_on - timedelta(days=1),
    )


def enrolling_is_open() -> bool:
    rows = Cohort.objects.across_regions().published().filter(code__startswith=f"{OPEN}-")
    return rows.exists()


def open_enrolling(now: datetime) -> None:
    """A class that begins next month: with a code, by approval, and some who have asked."""
    organiser = User.objects.get(username="organiser")
    exam, today = _next_exam(now), timezone.localdate(now)
    opened = _at(today - timedelta(days=9), time(9))
    cohort = _open(
        Cohort(
            code=f"{OPEN}-{exam.year}",
            title=f"{exam.year} 年中级考前班",
            level=Level.objects.get(pk="intermediate"),
            exam_year=exam,
            region_id=CITY,
            description="面向持有助理社会工作师证书的学员，三科同步，周末面授加网课。",
            venue="市社会组织服务中心 2 楼",
            capacity=40,
            opens_at=opened,
            closes_at=_at(today + timedelta(days=21), time(18)),
            starts_on=today + timedelta(days=30),
            ends_on=exam.starts_on - timedelta(days=1),
        ),
        organiser=organiser,
        now=opened,
        subjects="intermediate",
    )
    waiting = _unlinked(signed_up(2024, "intermediate"))[:9]
    users = [with_account(m, 200 + n, actor=organiser, now=opened) for n, m in enumerate(waiting)]
    asked = _apply(cohort, users, opened)
    approve(cohort, [e.uuid for e in asked[:4]], actor=organiser, now=opened + timedelta(days=2))
    new_code(
        cohort,
        below=chance(OPEN).randrange,
        valid_until=cohort.closes_at,
        actor=organiser,
        now=opened + timedelta(days=3),
    )


def _enrol_everybody(cohort: Cohort, *, organiser: User, first: date) -> None:
    if Enrolment.objects.across_regions().filter(cohort=cohort).exists():
        return
    asked_at = _at(first - timedelta(days=18), time(12))
    members = [trainee(), *_accounts_of(_candidates(asked_at), organiser, asked_at)]
    asked = _apply(cohort, members, asked_at)
    decided = _at(first - timedelta(days=5), time(15))
    approve(cohort, [e.uuid for e in asked], actor=organiser, now=decided)
    freeze_register(cohort, actor=organiser, now=_at(first, time(8)))


def _candidates(now: datetime) -> list[Member]:
    back = [
        member
        for county, many in COMING_BACK.items()
        for member in still_without("junior", (2023, 2024), county)[:many]
    ]
    found = [*back, *newcomers(chance("new trainees"), now=now)]
    chance("order of enrolment").shuffle(found)
    return found


def _accounts_of(members: Iterable[Member], actor: User, now: datetime) -> list[Member]:
    return [with_account(m, n, actor=actor, now=now) for n, m in enumerate(members, start=1)]


def _unlinked(members: Sequence[Member]) -> list[Member]:
    return [member for member in members if member.person.user_id is None]


def _apply(cohort: Cohort, members: Iterable[Member], at: datetime) -> list[Enrolment]:
    """Through the public form, one after the other."""
    text = required_consent(at)
    found = []
    for minute, member in enumerate(members):
        application = Application(
            unit=member.unit.name if member.unit else "",
            county=member.county,
            consent=text.version if text else None,
        )
        if member.user is not None:
            moment = at + timedelta(minutes=7 * minute)
            found.append(apply(cohort, application, user=member.user, now=moment))
    return found


def _plan(cohort: Cohort, first: date) -> None:
    if cohort.plan.exists():
        return
    courses = cohort.courses.order_by("path")
    lessons = [lesson for course in courses for lesson in _lessons(course)]
    for n, lesson in enumerate(lessons):
        due = first + timedelta(days=7 * (n // LESSONS_A_WEEK) + 6)
        put_plan_line(CohortPlan(cohort=cohort, due_on=due, title=lesson.title, lesson=lesson))
    for code, week in MOCK_WEEKS.items():
        paper, due = Paper.objects.get(code=code), first + timedelta(days=7 * week)
        put_plan_line(CohortPlan(cohort=cohort, due_on=due, title=paper.title, paper=paper))


def _lessons(course: CoursePage) -> list[LessonPage]:
    return list(LessonPage.objects.descendant_of(course).live().order_by("path"))


NOTICES = (
    (
        "开班了：先看第一周的两节课",
        "网课在“学习”里，每节一刻钟。每周的任务写在班级页的计划里，学完会自动打勾。",
    ),
    (
        "第一次模拟：综合能力",
        "周日前找一个安静的半天做完，两个小时，中途断网不要紧，答案存在手机里。",
    ),
    (
        "请还没做第二次模拟的学员补做",
        "实务卷本周日截止。做完看报告里最弱的三章，再去练习。",
    ),
    (
        "明天直播答疑，记得扫码签到",
        "直播间链接在课次里。签到码每分钟换一次，开课前半小时起有效。",
    ),
)
SUBJECTS = ("个案会谈", "小组工作", "社区工作", "通用过程", "伦理与法规", "专题串讲")


def _meet(cohort: Cohort, first: date, now: datetime, *, organiser: User) -> None:
    """A morning every other Saturday, and one online that is open for check-in at the load."""
    if cohort.sessions.across_regions().exists():
        return
    saturday = first + timedelta(days=(5 - first.weekday()) % 7)
    days = [saturday + timedelta(weeks=2 * n) for n in range(len(SUBJECTS))]
    for n, (topic, day) in enumerate(zip(SUBJECTS, days, strict=True), start=1):
        _session(cohort, f"第 {n} 次面授：{topic}", day, actor=organiser, now=now)
    live = ClassSession(
        cohort=cohort,
        title="直播答疑：本周错题",
        kind=ClassSession.Kind.LIVE,
        starts_at=_whole(now) - timedelta(minutes=20),
        ends_at=_whole(now) + timedelta(hours=3),
        units=1,
        join_url="https://live.example.org/zhongwei",
    )
    put_session(live, actor=organiser, now=now - timedelta(days=2))


def _announce(cohort: Cohort, first: date, now: datetime, *, organiser: User) -> None:
    if cohort.notices.exists():
        return
    today = timezone.localdate(now)
    moments = (
        _at(first, time(9)),
        _at(first + timedelta(weeks=3), time(16)),
        _at(today - timedelta(days=6), time(17)),
        _at(today - timedelta(days=1), time(18)),
    )
    for at, (subject, body) in zip(moments, NOTICES, strict=True):
        post_notice(cohort, subject=subject, body=body, actor=organiser, now=at)


def _open(cohort: Cohort, *, organiser: User, now: datetime, subjects: str = "") -> Cohort:
    """Open, staff and publish a class of the federation."""
    region, name, _kind = FEDERATION
    cohort.organiser = ensure_organisations([FEDERATION])[region, name]
    courses = CoursePage.objects.live().filter(subject__level=subjects) if subjects else ()
    open_class(cohort, courses, actor=organiser, now=now)
    instructor = User.objects.get(username="instructor")
    add_staff(cohort, instructor, "instructor", actor=organiser, now=now)
    return move_class(cohort, CohortState.PUBLISHED, actor=organiser, now=now)


def _session(cohort: Cohort, title: str, day: date, *, actor: User, now: datetime) -> ClassSession:
    """Planned ten days ahead, and never after the moment of the load."""
    session = ClassSession(
        cohort=cohort,
        title=title,
        starts_at=_at(day, MORNING),
        ends_at=_at(day, NOON),
        venue=cohort.venue,
    )
    planned = _at(day - timedelta(days=10), time(10))
    return put_session(session, actor=actor, now=min(planned, now))


def _saturdays_and_sundays(first: date, last: date) -> list[date]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() >= 5]


def _next_exam(now: datetime) -> ExamYear:
    exam = ExamYear.objects.filter(starts_on__gt=timezone.localdate(now)).order_by("year").first()
    assert exam is not None  # noqa: S101 - the reference always holds the next one
    return exam


def _whole(now: datetime) -> datetime:
    """Sessions begin at whole five minutes."""
    return now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0)


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
