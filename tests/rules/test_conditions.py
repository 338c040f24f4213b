"""Each condition of the vocabulary is met, not met and unknown; groups follow Kleene."""

from itertools import product
from typing import Any

import pytest

from cohorts.subsidies.conditions import (
    Verdict,
    all_of,
    any_of,
    fold,
    leaves_of,
    read_condition,
    reasons,
)
from cohorts.subsidies.facts import read_facts
from cohorts.subsidies.vocabulary import VOCABULARY, judge

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN


def post(start: str, end: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "organisation_kind": "community",
        "area": "640502",
        "appointed": True,
        "from": start,
        "to": end,
        **more,
    }


def certificate(**more: Any) -> dict[str, Any]:
    return {"certificate": {"level": "intermediate", "exam_year": 2023, **more}}


def others(*rows: dict[str, Any]) -> dict[str, Any]:
    return {**certificate(approved_on="2023-06-11"), "other_certificates": list(rows)}


def awards(*names: str) -> dict[str, Any]:
    rows = [{"award": name, "period": "once", "amount_fen": 300000} for name in names]
    return {"award": "zhongwei/intermediate", "awards": rows}


# condition, facts that meet it, facts that do not, facts that leave it open
CASES: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({"type": "exam_year", "in": [2022, 2023]}, certificate(), certificate(exam_year=2021), {}),
    (
        {"type": "exam_year", "from": 2023},
        certificate(exam_year=2030),
        certificate(exam_year=2022),
        certificate(exam_year=None),
    ),
    (
        {"type": "exam_year", "from": 2020, "through": 2023},
        certificate(),
        certificate(exam_year=2024),
        {},
    ),
    (
        {"type": "level", "in": ["intermediate", "senior"]},
        certificate(),
        certificate(level="junior"),
        certificate(level=None),
    ),
    (
        {"type": "certificate_checked"},
        certificate(state="checked"),
        certificate(state="revoked"),
        certificate(state="recorded"),
    ),
    (
        {"type": "certificate_held"},
        certificate(approved_on="2024-03-01"),
        certificate(approved_on="2024-03-02"),
        certificate(),
    ),
    (
        {"type": "approved_on", "from": "2023-01-01", "through": "2023-12-31"},
        certificate(approved_on="2023-12-31"),
        certificate(approved_on="2024-01-01"),
        certificate(),
    ),
    (
        {"type": "approved_on", "from": "2023-01-01"},
        certificate(approved_on="2023-01-01"),
        certificate(approved_on="2022-12-31"),
        certificate(),
    ),
    (
        {"type": "sign_up_area", "in": ["6405"]},
        certificate(sign_up_area="640521"),
        certificate(sign_up_area="640104"),
        certificate(),
    ),
    (
        {"type": "registration"},
        certificate(registration={"done": True}),
        certificate(registration={"done": False}),
        certificate(registration={"done": None}),
    ),
    (
        {"type": "registration", "areas": ["6405"], "by": "2024-04-30"},
        certificate(registration={"done": True, "area": "640502", "on": "2024-04-30"}),
        certificate(registration={"done": True, "area": "640502", "on": "2024-05-01"}),
        certificate(registration={"done": True, "area": "640502"}),
    ),
    (
        {"type": "registration", "areas": ["6405"]},
        certificate(registration={"done": True, "area": "640502"}),
        certificate(registration={"done": True, "area": "640104"}),
        certificate(),
    ),
    (
        {"type": "first_at_level"},
        others({"level": "junior", "approved_on": "2020-06-01"}),
        others({"level": "intermediate", "approved_on": "2020-06-01"}),
        certificate(),
    ),
    (
        {"type": "first_at_level"},
        others({"level": "intermediate", "exam_year": 2020, "state": "revoked"}),
        others({"level": "intermediate", "exam_year": 2020}),
        others({"level": "intermediate"}),
    ),
    (
        {"type": "workplace_area", "in": ["6405"]},
        {"posts": [post("2020-01-01")]},
        {"posts": [post("2020-01-01", "2024-02-29")]},
        {"posts": [post("2020-01-01", area=None)]},
    ),
    (
        {"type": "household_area", "in": ["6405"]},
        {"household_area": "640522"},
        {"household_area": "650101"},
        {},
    ),
    (
        {"type": "residence_area", "in": ["6405"]},
        {"residence_area": "6405"},
        {"residence_area": "64"},
        {"residence_area": None},
    ),
    (
        {"type": "appointed_to", "organisation_kinds": ["community"], "areas": ["6405"]},
        {"posts": [post("2024-03-01", "2024-03-01")]},
        {"posts": [post("2024-01-01", appointed=False)]},
        {"posts": [post("2024-01-01", organisation_kind=None)]},
    ),
    (
        {
            "type": "appointed_to",
            "organisation_kinds": ["community"],
            "during": {"from": "2023-01-01", "through": "2023-12-31"},
        },
        {"posts": [post("2022-01-01", "2023-05-31"), post("2023-06-01")]},
        {"posts": [post("2022-01-01", "2023-05-30"), post("2023-06-01")]},
        {"posts": [post("2022-01-01", "2023-05-31"), post("2023-06-01", appointed=None)]},
    ),
    (
        {"type": "employer_class", "allow": ["community", "station"]},
        {"posts": [post("2020-01-01")]},
        {"posts": [post("2020-01-01", organisation_kind="company")]},
        {"posts": [post("2020-01-01", organisation_kind=None)]},
    ),
    (
        {"type": "employer_class", "deny": ["government", "institution"]},
        {"posts": [post("2020-01-01")]},
        {"posts": [post("2020-01-01"), post("2021-01-01", organisation_kind="government")]},
        {},
    ),
    (
        {"type": "months_in_post", "at_least": 12},
        {"posts": [post("2023-03-01")]},
        {"posts": [post("2023-03-02")]},
        {},
    ),
    (
        {"type": "months_in_post", "at_least": 12, "organisation_kinds": ["community"]},
        {"posts": [post("2022-01-01", "2023-06-30"), post("2023-07-01")]},
        {"posts": [post("2022-01-01", "2023-06-29"), post("2023-07-01")]},
        {"posts": [post("2022-01-01", "2023-06-30", organisation_kind=None), post("2023-07-01")]},
    ),
    (
        {"type": "months_in_post", "at_least": 6, "on": "2022-12-31", "areas": ["6405"]},
        {"posts": [post("2022-06-30", "2022-12-31")]},
        {"posts": [post("2022-01-01", "2022-12-30")]},
        {"posts": [post("2022-01-01", "2022-12-31", area=None)]},
    ),
    (
        {"type": "insurance_months", "at_least": 2},
        {"insurance_months": ["2024-01", "2024-02"]},
        {"insurance_months": ["2023-12", "2024-01"]},
        {},
    ),
    (
        {"type": "insurance_months", "at_least": 2, "through": "2023-01"},
        {"insurance_months": ["2022-12", "2023-01"]},
        {"insurance_months": ["2022-11", "2023-01"]},
        {"insurance_months": None},
    ),
    (
        {"type": "appraisal", "year": 2023, "at_least": "qualified"},
        {"appraisals": {"2023": "excellent"}},
        {"appraisals": {"2023": "basically"}},
        {"appraisals": {"2022": "qualified"}},
    ),
    (
        {"type": "appraisal", "year": "exam_year", "at_least": "qualified"},
        {**certificate(), "appraisals": {"2023": "qualified"}},
        {**certificate(), "appraisals": {"2023": "unqualified"}},
        {"appraisals": {"2023": "qualified"}},
    ),
    (
        {"type": "appraisal", "year": "year_before", "at_least": "basically"},
        {"appraisals": {"2023": "basically"}},
        {"appraisals": {"2023": "unqualified"}},
        {},
    ),
    (
        {"type": "window", "from": "2024-02-01", "through": "2024-03-31"},
        {"applied_on": "2024-03-31"},
        {"applied_on": "2024-04-01"},
        {},
    ),
    (
        {"type": "window", "months_from_approval": 6},
        {**certificate(approved_on="2023-08-31"), "applied_on": "2024-02-29"},
        {**certificate(approved_on="2023-08-31"), "applied_on": "2024-03-01"},
        {"applied_on": "2024-02-29"},
    ),
    (
        {"type": "not_already_awarded", "scope": "award"},
        awards("zhongwei/junior", "other/intermediate"),
        awards("zhongwei/intermediate"),
        {"award": "zhongwei/intermediate"},
    ),
    (
        {"type": "not_already_awarded", "scope": "family"},
        awards("other/intermediate"),
        awards("zhongwei/junior"),
        {"award": "zhongwei/intermediate"},
    ),
    (
        {"type": "not_awarded_elsewhere"},
        {"awarded_elsewhere": False},
        {"awarded_elsewhere": True},
        {},
    ),
    (
        {"type": "manual_check", "check": "still-there"},
        {"checks": {"still-there": True}},
        {"checks": {"still-there": False}},
        {"checks": {"still-there": None}},
    ),
]
EXPECTED = (MET, NOT_MET, UNKNOWN)


def verdict(condition: dict[str, Any], facts: dict[str, Any]) -> Verdict:
    tree = read_condition({"id": "leaf", "text": "…", **condition})
    known = read_facts({"as_of": "2024-03-01", **facts})
    return fold(tree, {leaf.id: judge(leaf, known).verdict for leaf in leaves_of(tree)})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0]["type"])
def test_a_condition_is_met_not_met_and_unknown(case: Any) -> None:
    condition, *facts = case
    assert [verdict(condition, each) for each in facts] == list(EXPECTED)


def test_every_type_of_the_vocabulary_has_a_case() -> None:
    assert {case[0]["type"] for case in CASES} == set(VOCABULARY)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0]["type"])
def test_not_turns_known_verdicts_around_and_leaves_the_unknown(case: Any) -> None:
    condition, *facts = case
    leaf = {"id": "leaf", "text": "…", **condition}
    tree = read_condition({"not": leaf})
    seen = []
    for each in facts:
        known = read_facts({"as_of": "2024-03-01", **each})
        seen.append(judge(next(leaves_of(tree)), known).verdict)
    assert seen == [NOT_MET, MET, UNKNOWN]


@pytest.mark.parametrize(("left", "right"), list(product(EXPECTED, EXPECTED)))
def test_a_known_failure_decides_all_and_a_known_success_decides_any(
    left: Verdict, right: Verdict
) -> None:
    pair = {left, right}
    both = NOT_MET if NOT_MET in pair else UNKNOWN if UNKNOWN in pair else MET
    either = MET if MET in pair else UNKNOWN if UNKNOWN in pair else NOT_MET
    assert (all_of([left, right]), any_of([left, right])) == (both, either)


def test_not_of_a_group_follows_de_morgan() -> None:
    leaf = {"type": "manual_check", "check": "x", "text": "…"}
    group = {"not": {"any": [{"id": "a", **leaf}, {"not": {"id": "b", **leaf}}]}}
    tree = read_condition(group)
    assert [(found.id, found.negated) for found in leaves_of(tree)] == [("a", True), ("b", False)]
    assert fold(tree, {"a": MET, "b": MET}) is MET
    assert fold(tree, {"a": MET, "b": UNKNOWN}) is UNKNOWN


def test_reasons_name_only_what_stands_in_the_way() -> None:
    leaf = {"type": "manual_check", "check": "x", "text": "…"}
    tree = read_condition(
        {"all": [{"id": "a", **leaf}, {"any": [{"id": "b", **leaf}, {"id": "c", **leaf}]}]}
    )
    assert reasons(tree, {"a": MET, "b": NOT_MET, "c": NOT_MET}) == ("b", "c")
    assert reasons(tree, {"a": MET, "b": NOT_MET, "c": UNKNOWN}) == ("c",)
    assert reasons(tree, {"a": NOT_MET, "b": UNKNOWN, "c": UNKNOWN}) == ("a",)
    assert reasons(tree, {"a": MET, "b": MET, "c": NOT_MET}) == ()


def test_a_finding_carries_what_was_seen_its_source_and_its_article() -> None:
    leaf = {"id": "year", "type": "exam_year", "in": [2023], "text": "2023年", "article": "第二条"}
    facts = {"as_of": "2024-03-01", **certificate(), "sources": {"certificate": "证书登记册"}}
    finding = judge(next(leaves_of(read_condition(leaf))), read_facts(facts))
    assert finding.as_json() == {
        "id": "year",
        "type": "exam_year",
        "verdict": "met",
        "seen": 2023,
        "fact": "certificate.exam_year",
        "source": "证书登记册",
        "article": "第二条",
        "text": "2023年",
    }
