"""The policy's own examples, upgrades, months, and what a policy file may not say."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from cohorts.subsidies.entitlement import Outcome, decide
from cohorts.subsidies.examples import run_example, run_examples, uncovered
from cohorts.subsidies.rulebook import (
    FactsRefused,
    PolicyRefused,
    Rulebook,
    check_facts,
    read_rulebook,
)

ROOT = Path(__file__).parents[2]
POLICY = json.loads(
    (ROOT / "cohorts/subsidies/policies/zhongwei-2023.json").read_text(encoding="utf-8")
)
ZHONGWEI = read_rulebook(POLICY)
HOLDER = {
    "as_of": "2023-11-01",
    "certificate": {
        "level": "intermediate",
        "exam_year": 2023,
        "state": "checked",
        "approved_on": "2023-06-11",
        "sign_up_area": "640502",
    },
    "other_certificates": [],
    "posts": [],
    "awards": [],
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The Zhongwei policy with one place of it changed."""
    document = copy.deepcopy(POLICY)
    *way, last = path.split(".")
    place: Any = document
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    place[int(last) if last.isdigit() else last] = value
    return document


@pytest.mark.parametrize("example", POLICY["examples"], ids=lambda example: example["title"])
def test_the_policy_decides_its_examples_as_the_officer_expects(example: Any) -> None:
    assert [str(problem) for problem in run_example(ZHONGWEI, example).problems] == []


def test_the_examples_see_every_condition_met_not_met_and_unknown() -> None:
    trials = run_examples(ZHONGWEI, POLICY["examples"])
    assert len(trials) >= 12
    assert uncovered(ZHONGWEI, trials) == ()


def test_a_wrong_expectation_fails_its_example() -> None:
    example = {
        "title": "wrong",
        "facts": HOLDER,
        "expected": {"outcome": "eligible", "amount_fen": 300001},
    }
    trial = run_example(ZHONGWEI, example)
    assert not trial.passed
    assert "300001" in str(trial.problems[0])


def test_nineteen_intermediate_certificates_make_57000_yuan() -> None:
    assert sum(decide(ZHONGWEI, HOLDER).amount_fen for _ in range(19)) == 5_700_000


def test_a_known_failure_beats_missing_facts() -> None:
    entitlement = decide(ZHONGWEI, {"as_of": "2023-11-01", "certificate": {"state": "revoked"}})
    assert entitlement.outcome is Outcome.NOT_ELIGIBLE
    assert entitlement.why_not == ("checked",)
    assert entitlement.missing == ()


def test_a_missing_fact_is_asked_for_and_never_counted_as_no() -> None:
    facts = copy.deepcopy(HOLDER)
    del facts["certificate"]["sign_up_area"]  # type: ignore[attr-defined]
    entitlement = decide(ZHONGWEI, facts)
    assert entitlement.outcome is Outcome.NEEDS_INFO
    assert entitlement.amount_fen == 0
    assert entitlement.missing == ("certificate.sign_up_area",)


def test_the_nearest_fix_names_the_one_condition_in_the_way() -> None:
    facts = copy.deepcopy(HOLDER)
    facts["certificate"]["state"] = "recorded"  # type: ignore[index]
    fix = decide(ZHONGWEI, facts).nearest_fix
    assert fix is not None
    assert (fix.finding, fix.then) == ("checked", Outcome.ELIGIBLE)
    assert "核验" in fix.text


def test_two_conditions_in_the_way_have_no_single_fix() -> None:
    facts = copy.deepcopy(HOLDER) | {"award": "zhongwei-certificate/intermediate"}
    facts["certificate"] |= {"exam_year": 2020, "sign_up_area": "650101"}  # type: ignore[operator]
    assert decide(ZHONGWEI, facts).nearest_fix is None


def test_an_award_narrows_the_decision_to_one_benefit() -> None:
    appointed = {
        "organisation_kind": "community",
        "area": "640502",
        "appointed": True,
        "from": "2022-05-01",
        "to": None,
    }
    facts = HOLDER | {"posts": [appointed]}
    assert decide(ZHONGWEI, facts).amount_fen == 300000 + 4 * 22000
    narrowed = decide(ZHONGWEI, facts | {"award": "zhongwei-certificate/intermediate"})
    assert narrowed.amount_fen == 300000
    assert [benefit.benefit for benefit in narrowed.benefits] == ["one-off"]


def test_the_same_facts_give_the_same_answer_whatever_the_order_of_keys() -> None:
    shuffled = dict(reversed(HOLDER.items()))
    assert decide(ZHONGWEI, shuffled).as_json() == decide(ZHONGWEI, HOLDER).as_json()


# --- upgrades -------------------------------------------------------------------------------------
def upgrading(rule: str, **more: Any) -> Rulebook:
    document = changed("benefits.0.upgrade", {"rule": rule, "text": "升级", **more})
    document["benefits"][0]["amounts_fen"] = {"junior": 100000, "intermediate": 200000}
    document["benefits"][0]["conditions"]["all"][0]["in"] = ["junior", "intermediate"]
    return read_rulebook(document)


def paid(level: str, amount_fen: int) -> dict[str, Any]:
    award = {"award": f"zhongwei-certificate/{level}", "period": "once", "amount_fen": amount_fen}
    return HOLDER | {"award": "zhongwei-certificate/intermediate", "awards": [award]}


@pytest.mark.parametrize(
    ("rulebook", "expected"),
    [
        (upgrading("full"), 200000),
        (upgrading("difference"), 100000),
        (upgrading("highest_only"), 0),
        (upgrading("cap", cap_fen=250000), 150000),
        (upgrading("cap", cap_fen=100000), 0),
    ],
    ids=["full", "difference", "highest only", "cap leaves some", "cap leaves nothing"],
)
def test_an_upgrade_pays_by_its_rule(rulebook: Rulebook, expected: int) -> None:
    entitlement = decide(rulebook, paid("junior", 100000))
    assert entitlement.amount_fen == expected
    assert (entitlement.outcome is Outcome.ELIGIBLE) == (expected > 0)
    assert expected or entitlement.why_not == ("one-off.upgrade",)


def test_highest_only_waits_until_other_certificates_are_known() -> None:
    rulebook = upgrading("highest_only")
    facts = {name: value for name, value in HOLDER.items() if name != "other_certificates"}
    assert decide(rulebook, facts).missing == ("other_certificates",)
    senior = HOLDER | {"other_certificates": [{"level": "senior"}]}
    assert decide(rulebook, senior).why_not[0] == "one-off.upgrade"
    assert decide(rulebook, HOLDER).amount_fen == 200000


def test_a_difference_waits_until_earlier_awards_are_known() -> None:
    facts = {name: value for name, value in HOLDER.items() if name != "awards"}
    assert "awards" in decide(upgrading("difference"), facts).missing


# --- months ---------------------------------------------------------------------------------------
def months_paid(start: str, stop: str, first: str, last: str | None) -> list[str]:
    """Months paid to somebody appointed from `first` to `last`, as seen on 2023-07-10."""
    document = changed("benefits.1.months.start", start)
    document["benefits"][1]["months"]["stop"] = stop
    appointed = {
        "organisation_kind": "community",
        "area": "640502",
        "appointed": True,
        "from": first,
        "to": last,
    }
    facts = {
        "as_of": "2023-07-10",
        "certificate": {"level": "junior", "state": "checked", "approved_on": "2020-10-18"},
        "posts": [appointed],
        "awards": [],
        "award": "zhongwei-community/junior",
    }
    return [line.period[-2:] for line in decide(read_rulebook(document), facts).lines]


@pytest.mark.parametrize(
    ("start", "stop", "first", "last", "expected"),
    [
        ("same_month", "same_month", "2023-02-28", "2023-04-01", "02 03 04"),
        ("same_month", "previous_month", "2023-02-28", "2023-04-01", "02 03"),
        ("next_month", "same_month", "2023-02-28", "2023-04-01", "03 04"),
        ("next_month", "previous_month", "2023-02-28", "2023-04-01", "03"),
        ("next_month", "same_month", "2023-02-01", "2023-03-31", "03"),
        ("same_month", "same_month", "2023-03-10", "2023-03-10", "03"),
        ("next_month", "same_month", "2023-03-10", "2023-03-20", ""),
        ("same_month", "previous_month", "2023-05-31", None, "05 06"),
        ("same_month", "same_month", "2022-12-31", "2023-01-01", "01"),
        ("same_month", "same_month", "2023-07-01", None, ""),
    ],
)
def test_months_count_by_the_rule_of_the_policy(
    start: str, stop: str, first: str, last: str | None, expected: str
) -> None:
    assert " ".join(months_paid(start, stop, first, last)) == expected


def test_an_open_month_is_not_paid_before_it_is_complete() -> None:
    appointed = {
        "organisation_kind": "community",
        "area": "640502",
        "appointed": True,
        "from": "2022-01-01",
        "to": None,
    }
    facts = HOLDER | {"posts": [appointed], "as_of": "2023-01-31"}
    facts["certificate"] = HOLDER["certificate"] | {"approved_on": "2022-06-19"}  # type: ignore[operator]
    entitlement = decide(ZHONGWEI, facts | {"award": "zhongwei-community/intermediate"})
    assert entitlement.why_not == ("monthly.months",)


# --- what may not be loaded -----------------------------------------------------------------------
YEAR = "benefits.0.conditions.all.1"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (changed(f"{YEAR}.type", "python"), "'python' is not one of"),
        (changed(f"{YEAR}.script", "1 + 1"), "script"),
        (changed(f"{YEAR}.in", []), "$.benefits[0].conditions.all[1].in"),
        (changed("benefits.0.amounts_fen.intermediate", 3000.5), "3000.5"),
        (changed("benefits.0.amounts_fen.intermediate", 0), "0"),
        (changed("benefits.0.amounts_fen.junior", 100), "other levels"),
        (changed("benefits.1.conditions.all.0.id", "exam-year"), "named 2 times"),
        (changed("benefits.1.family", "zhongwei-certificate"), "named 2 times"),
        (changed("benefits.0.assumptions", ["never-said"]), "never-said is not declared"),
        (changed("effective_to", "2023-01-01"), "effective_to"),
        (changed("effective_to", "2023-02-30"), "2023-02-30"),
        (changed("surprise", 1), "surprise"),
        (changed(f"{YEAR}.in", None), "None"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(document: Any, said: str) -> None:
    with pytest.raises(PolicyRefused) as refused:
        read_rulebook(document)
    assert said in str(refused.value)


def test_what_was_awarded_before_cannot_be_asked_of_a_monthly_benefit() -> None:
    document = copy.deepcopy(POLICY)
    leaf = {"id": "twice", "type": "not_already_awarded", "scope": "award", "text": "没有领过"}
    document["benefits"][1]["conditions"]["all"].append(leaf)
    with pytest.raises(PolicyRefused, match="one-off benefit"):
        read_rulebook(document)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"certificate": {}}, "as_of"),
        ({"as_of": "2023-02-29"}, "2023-02-29"),
        ({"as_of": "2023-11-01", "shoe_size": 42}, "shoe_size"),
        ({"as_of": "2023-11-01", "award": "elsewhere/senior"}, "elsewhere/senior"),
        (HOLDER | {"award": "zhongwei-certificate/senior"}, "level intermediate"),
    ],
)
def test_facts_that_cannot_be_meant_are_refused(facts: Any, said: str) -> None:
    with pytest.raises(FactsRefused) as refused:
        check_facts(facts, ZHONGWEI)
    assert said in str(refused.value)


def test_examples_are_no_part_of_the_rules_and_of_their_hash() -> None:
    assert read_rulebook(changed("examples", [])).sha256 == ZHONGWEI.sha256
    assert read_rulebook(changed("title", "另一个")).sha256 != ZHONGWEI.sha256
