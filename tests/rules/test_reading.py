"""Findings in words: whatever a condition has seen, there is a sentence for it."""

import pytest

from cohorts.subsidies.conditions import leaves_of, read_condition
from cohorts.subsidies.facts import read_facts
from cohorts.subsidies.reading import SENTENCES, joined, sentence
from cohorts.subsidies.vocabulary import VOCABULARY, judge
from tests.rules.test_conditions import CASES

AREAS = {"640502": "沙坡头区"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0]["type"])
def test_every_finding_can_be_said(case: object) -> None:
    condition, *facts = case  # type: ignore[misc]
    leaf = next(leaves_of(read_condition({"id": "leaf", "text": "…", **condition})))
    for each in facts:
        finding = judge(leaf, read_facts({"as_of": "2024-03-01", **each})).as_json()
        said = str(sentence(finding, AREAS))
        assert said
        assert "%(" not in said


def test_every_type_has_its_sentence() -> None:
    assert set(SENTENCES) == {*VOCABULARY, "upgrade", "months"}


def test_areas_are_named_and_lists_are_joined() -> None:
    finding = {"type": "workplace_area", "seen": ["640502", "640521"], "fact": "posts"}
    assert str(sentence(finding, AREAS)) == "Works in: 沙坡头区; 640521."
    assert joined([]) == "–"


def test_months_are_said_as_runs_with_their_count() -> None:
    months = ["2023-11", "2023-12", "2024-01", "2024-03"]
    finding = {"type": "months", "seen": months, "fact": "as_of"}
    assert str(sentence(finding, {})) == "2023-11 to 2024-01; 2024-03, 4 months."


def test_a_post_without_an_end_lasts_until_now() -> None:
    post = {"organisation_kind": "community", "area": "640502", "appointed": True}
    for span, said in ((None, "2017-08-01 until now"), ("2023-05-31", "2017-08-01 to 2023-05-31")):
        seen = [post | {"from": "2017-08-01", "to": span}]
        finding = {"type": "appointed_to", "seen": seen, "fact": "posts"}
        assert f"沙坡头区, {said}, appointed" in str(sentence(finding, AREAS))


def test_a_missing_fact_is_named() -> None:
    finding = {"type": "approved_on", "seen": None, "fact": "certificate.approved_on"}
    assert str(sentence(finding, AREAS)) == "Not known yet: approval date."
