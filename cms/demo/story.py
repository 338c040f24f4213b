"""The founding story of 中卫市, stage by stage, through the public importers and services.

A stage that finds its facts in place is skipped, so loading twice changes nothing, and a load that
was broken off goes on where it stopped.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.utils.translation import gettext_noop

from cms.accounts.models import RoleGrant, User
from cms.demo import (
    accounts,
    class_life,
    class_story,
    consents,
    course_story,
    exam_story,
    links,
    money_in_hand,
    money_story,
    site_story,
)

Progress = Callable[[Sequence["Stage"]], Iterable["Stage"]]


@dataclass(frozen=True)
class Stage:
    """One step. `is_done` looks at the facts; `run` gets the moment of the load."""

    words: str
    is_done: Callable[[], bool]
    run: Callable[[datetime], object]


def _never() -> bool:
    return False


def _accounts_are_open() -> bool:
    names = [account.username for account in (*accounts.SIGN_IN, *accounts.COLLEAGUES)]
    known = User.objects.filter(username__in=names).count()
    return known == len(names) and RoleGrant.objects.filter(
        user__username__in=names
    ).count() >= len(names)


def _results(words: str, filename: str, *, by: str, day: str) -> Stage:
    year = int(filename.split("-")[1][:4])
    return _file(words, filename, partial(money_story.import_results, year=year), by=by, day=day)


def _file(words: str, filename: str, run: Callable[..., object], *, by: str, day: str) -> Stage:
    return Stage(
        words,
        lambda: money_story.was_imported(filename),
        lambda _now: run(filename, by=by, day=day),
    )


def _expected(words: str, year: int, *, by: str, day: str) -> Stage:
    return Stage(
        words,
        lambda: money_story.are_expected(year),
        lambda _now: money_story.expect_certificates(by=by, day=day),
    )


def _until_paid(words: str, is_done: Callable[[], bool], run: Callable[[], object]) -> Stage:
    """A stage on the way to the batch of 2023. Once that exists the way has been gone, whatever
    visitors of the demo do to other certificates and claims later.
    """
    return Stage(words, lambda: money_story.batch() is not None or is_done(), lambda _now: run())


def _certificates(words: str, state: str, run: Callable[[], None]) -> Stage:
    return _until_paid(words, lambda: not money_story.certificates_of(2023, state), run)


def _claims(words: str, state: str, run: Callable[[], None]) -> Stage:
    return _until_paid(words, lambda: not money_story.claims(state), run)


GROUND = (
    Stage(gettext_noop("Regions, syllabus, rules"), _never, exam_story.load_reference_facts),
    Stage(gettext_noop("Demo accounts"), _accounts_are_open, lambda _now: accounts.open_accounts()),
    Stage(
        gettext_noop("Home page"),
        site_story.home_page_is_up,
        lambda _now: site_story.publish_home_page(),
    ),
)
RESULTS = (
    _results(gettext_noop("Results of 2022"), "results-2022.xlsx", by="city", day="2022-08-22"),
    _file(
        gettext_noop("Register of holders"),
        "certificates-2022.xlsx",
        money_story.import_register,
        by="city",
        day="2023-02-14",
    ),
    _results(gettext_noop("Results of 2023"), "results-2023.xlsx", by="city", day="2023-08-14"),
    _expected(gettext_noop("Expected certificates"), 2023, by="city", day="2023-08-15"),
    _file(
        gettext_noop("Posts"),
        "posts-2023.xlsx",
        money_story.import_posts,
        by="city",
        day="2023-10-10",
    ),
    _certificates(
        gettext_noop("Certificates recorded"), "expected", money_story.record_certificates
    ),
    _certificates(gettext_noop("Certificates checked"), "recorded", money_story.check_certificates),
)
MONEY = (
    Stage(
        gettext_noop("Subsidy policy"),
        money_story.policy_was_published,
        lambda _now: money_story.publish_policy(),
    ),
    _until_paid(
        gettext_noop("Claims proposed"),
        lambda: bool(money_story.claims(*money_story.ANY_STATE)),
        money_story.propose_claims,
    ),
    _claims(gettext_noop("Claims submitted"), "draft", money_story.submit_claims),
    _claims(gettext_noop("Claims reviewed"), "submitted", money_story.review_claims),
    _claims(gettext_noop("Claims approved"), "reviewed", money_story.approve_claims),
    _claims(gettext_noop("Public notice"), "approved", money_story.open_notice),
    _file(
        gettext_noop("Bank accounts"),
        "payees-2023.xlsx",
        money_story.import_payees,
        by="finance",
        day="2023-11-13",
    ),
    _claims(gettext_noop("Claims confirmed"), "on_notice", money_story.confirm_claims),
    Stage(
        gettext_noop("Payout batch"),
        lambda: money_story.batch() is not None,
        lambda _now: money_story.open_batch(),
    ),
    Stage(
        gettext_noop("Payment"),
        lambda: money_story.is_past("draft", "locked", "approved", "exported"),
        lambda _now: money_story.pay_batch(),
    ),
)
SINCE_THEN = (
    _results(gettext_noop("Results of 2024"), "results-2024.xlsx", by="city", day="2024-08-26"),
    _expected(gettext_noop("Expected certificates"), 2024, by="city", day="2024-08-27"),
    _file(
        gettext_noop("Posts"),
        "posts-2024.xlsx",
        money_story.import_posts,
        by="city",
        day="2024-09-10",
    ),
    Stage(
        gettext_noop("Certificates checked"),
        lambda: bool(money_story.certificates_of(2024, "recorded", "checked")),
        lambda _now: money_story.record_certificates_of_2024(),
    ),
    _results(
        gettext_noop("Results of 2025"),
        "results-2025-zhongning.xlsx",
        by="county",
        day="2025-08-05",
    ),
    _expected(gettext_noop("Expected certificates"), 2025, by="county", day="2025-08-06"),
    Stage(
        gettext_noop("Subsidy policy of 2025"),
        money_story.later_policy_was_published,
        lambda _now: money_story.publish_later_policy(),
    ),
    Stage(
        gettext_noop("Claims of 2025"),
        money_in_hand.claims_are_in_hand,
        lambda _now: money_in_hand.take_in_hand(),
    ),
    Stage(
        gettext_noop("Pages of the site"),
        site_story.site_is_told,
        lambda _now: site_story.tell_site(),
    ),
    Stage(gettext_noop("Question bank"), exam_story.questions_are_in, exam_story.import_questions),
    Stage(gettext_noop("Courses"), course_story.courses_are_up, course_story.publish_courses),
    Stage(gettext_noop("Papers"), exam_story.papers_are_released, exam_story.release_papers),
    Stage(gettext_noop("Demo trainee"), money_story.trainee_is_linked, money_story.link_trainee),
    Stage(gettext_noop("Mock exams"), exam_story.mocks_are_sat, exam_story.sit_mocks),
    Stage(
        gettext_noop("Classes of past exams"),
        class_story.past_classes_are_held,
        class_story.hold_past_classes,
    ),
    Stage(gettext_noop("Class in progress"), class_story.class_is_running, class_story.run_class),
    Stage(
        gettext_noop("Class that takes enrolments"),
        class_story.enrolling_is_open,
        class_story.open_enrolling,
    ),
    Stage(gettext_noop("Study, practice, attendance"), class_life.class_has_lived, class_life.live),
    Stage(gettext_noop("Accounts to be linked"), links.requests_wait, links.ask),
    # Last: by then every account of the story is open.
    Stage(gettext_noop("Consent"), consents.all_have_agreed, consents.agree),
)
STAGES: tuple[Stage, ...] = (*GROUND, *RESULTS, *MONEY, *SINCE_THEN)


def load(now: datetime, progress: Progress) -> None:
    """Run every stage that has not been done; `progress` wraps the stages to show them."""
    for stage in progress(STAGES):
        if not stage.is_done():
            stage.run(now)
