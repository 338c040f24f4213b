"""Sign-ups whose results nobody knows yet, and results that are somebody's own word."""

import pytest

from cms.accounts.services import find_person
from cohorts.results.models import ExamSignUp, ResultImport, SubjectResult
from cohorts.results.passes import passes_by_person
from cohorts.results.services import apply_import, plan_import
from tests.factories.numbers import fictional_id
from tests.factories.people import (
    NOW,
    SHAPOTOU,
    ZHONGNING,
    ZHONGWEI,
    make_officer,
    make_reference,
)
from tests.factories.workbooks import RESULTS, junior_row, workbook

pytestmark = pytest.mark.django_db
HEADER = (*RESULTS, "成绩来源")


@pytest.fixture(autouse=True)
def _reference() -> None:
    make_reference()
    make_officer("city", region=ZHONGWEI, role="city_officer")


def sourced(verb, *rows):
    content = workbook(HEADER, *rows)
    return verb(content, "own.xlsx", options={"year": 2023}, actor=None, now=NOW)


def written(*rows):
    return sourced(apply_import, *rows)


def own_word(general, practice):
    return junior_row(1, general, practice, 成绩来源="自报")


def current():
    """{subject: half-points} of the one person there is."""
    results = SubjectResult.objects.across_regions().current()
    own = results.filter(person=find_person(fictional_id(1)))
    return {result.subject_id: result.score_half for result in own}


def test_a_sign_up_without_results_is_written_once_and_waits_for_them():
    plan = written(junior_row(1, "未报", "未报", 报考地区="中宁县"))
    assert (plan.accepted, plan.to_write) == (1, 1)
    sign_up = ExamSignUp.objects.across_regions().get()
    assert (sign_up.level_id, sign_up.region_id) == ("junior", ZHONGNING)
    assert current() == {}
    assert ResultImport.objects.across_regions().get().counts["new"] == 1
    assert written(junior_row(1, "未报", "未报", 报考地区="中宁县")).to_write == 0
    written(junior_row(1, 61, 62))
    assert current() == {"junior-general": 122, "junior-practice": 124}
    assert ExamSignUp.objects.across_regions().count() == 1


def test_not_reported_takes_nothing_back_that_is_on_record():
    written(junior_row(1, 61, 62))
    assert written(junior_row(1, "未报", "未报")).to_write == 0
    assert current() == {"junior-general": 122, "junior-practice": 124}
    assert ResultImport.objects.across_regions().count() == 1


def test_the_persons_own_word_is_recorded_and_counts_for_nothing():
    sourced(apply_import, own_word(61, 62))
    result = SubjectResult.objects.across_regions().filter(subject="junior-general").get()
    assert (result.state, result.counts) == ("self_reported", False)
    assert passes_by_person(region=SHAPOTOU, year=2023) == {}
    assert sourced(apply_import, own_word(61, 62)).to_write == 0


def test_evidence_supersedes_the_own_word_even_where_both_say_the_same():
    sourced(apply_import, own_word(61, 62))
    plan = written(junior_row(1, 61, 62))
    assert plan.changed == 1
    states = SubjectResult.objects.across_regions().current().values_list("state", flat=True)
    assert set(states) == {"evidenced"}


def test_the_own_word_replaces_nothing_and_a_difference_is_pointed_out():
    written(junior_row(1, 58, 62))
    plan = sourced(plan_import, own_word(61, 62))
    assert plan.to_write == 0
    assert any("own word differs" in str(warning.reason) for warning in plan.warnings)
    sourced(apply_import, own_word(61, 62))
    assert current()["junior-general"] == 116


def test_somebody_who_says_another_score_now_is_followed():
    sourced(apply_import, own_word(58, 62))
    assert sourced(apply_import, own_word(61, 62)).changed == 1
    assert current()["junior-general"] == 122
