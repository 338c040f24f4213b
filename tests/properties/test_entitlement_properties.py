"""What holds for any facts: an answer has its reasons, and knowing more never takes it back."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cohorts.subsidies.conditions import Verdict, fold, leaves_of, read_condition, reasons
from cohorts.subsidies.entitlement import Entitlement, Outcome, decide
from cohorts.subsidies.facts import canonical
from cohorts.subsidies.rulebook import check_facts, read_rulebook

ROOT = Path(__file__).parents[2]
POLICY = json.loads(
    (ROOT / "cohorts/subsidies/policies/zhongwei-2023.json").read_text(encoding="utf-8")
)
POLICY["benefits"][0]["upgrade"] = {"rule": "difference", "text": "升级补差"}
RULEBOOK = read_rulebook(POLICY)

EARLY = st.dates(date(2021, 1, 1), date(2023, 9, 30)).map(date.isoformat)
LATE = st.dates(date(2023, 1, 1), date(2024, 6, 30)).map(date.isoformat)
LEVELS = st.sampled_from(["junior", "intermediate", "senior"])
AREAS = st.sampled_from(["640502", "640521", "640502", "640104"])


def known(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(fields)


CERTIFICATE = known(
    level=LEVELS,
    exam_year=st.sampled_from([2022, 2023, 2023]),
    state=st.sampled_from(["checked", "checked", "checked", "recorded", "revoked"]),
    approved_on=EARLY,
    sign_up_area=AREAS,
)
POST = known(
    organisation_kind=st.sampled_from(["community", "community", "company"]),
    area=AREAS,
    appointed=st.booleans(),
    **{"from": EARLY, "to": st.none() | st.none() | LATE},
)
FAMILIES = st.sampled_from(["zhongwei-certificate", "zhongwei-community"])
AWARD = st.builds(
    lambda family, level, month, amount: {
        "award": f"{family}/{level}",
        "period": month if family == "zhongwei-community" else "once",
        "amount_fen": amount,
    },
    FAMILIES,
    LEVELS,
    st.integers(1, 12).map(lambda month: f"2023-{month:02d}"),
    st.sampled_from([18000, 22000, 300000]),
)
FACTS = known(
    as_of=LATE,
    certificate=CERTIFICATE,
    posts=st.lists(POST, max_size=3),
    awards=st.lists(AWARD, max_size=3),
)


@st.composite
def less_known(draw: st.DrawFn, whole: dict[str, Any]) -> dict[str, Any]:
    """The same facts with some of them not known."""
    facts = {name: value for name, value in whole.items() if name == "as_of" or draw(st.booleans())}
    if "certificate" in facts:
        facts["certificate"] = {
            name: value for name, value in facts["certificate"].items() if draw(st.booleans())
        }
    if "posts" in facts:
        facts["posts"] = [_blurred(draw, post) for post in facts["posts"]]
    return facts


def _blurred(draw: st.DrawFn, post: dict[str, Any]) -> dict[str, Any]:
    hidden = ("organisation_kind", "area", "appointed")
    return {
        name: None if name in hidden and draw(st.booleans()) else value
        for name, value in post.items()
    }


PAIRS = FACTS.flatmap(lambda whole: st.tuples(st.just(whole), less_known(whole)))


def check_reasons(entitlement: Entitlement) -> None:
    eligible = entitlement.outcome is Outcome.ELIGIBLE
    assert eligible == (entitlement.amount_fen > 0)
    assert eligible == bool(entitlement.lines)
    assert (entitlement.outcome is Outcome.NOT_ELIGIBLE) == bool(entitlement.why_not)
    assert (entitlement.outcome is Outcome.NEEDS_INFO) == bool(entitlement.missing)


@given(PAIRS)
def test_an_answer_always_has_its_reasons(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """I6: eligible ⇔ money; not eligible ⇔ a failed condition; needs info ⇔ a fact is missing."""
    for facts in pair:
        check_facts(facts, RULEBOOK)
        entitlement = decide(RULEBOOK, facts)
        check_reasons(entitlement)
        verdicts = {finding.id: finding.verdict for finding in entitlement.findings}
        for benefit in entitlement.benefits:
            if benefit.outcome is Outcome.NEEDS_INFO:
                own = {name: verdicts[name] for name in (f.id for f in benefit.findings)}
                assert Verdict.NOT_MET not in own.values()
            if benefit.outcome is Outcome.NOT_ELIGIBLE:
                assert {verdicts[name] for name in benefit.why_not} == {Verdict.NOT_MET}


@given(PAIRS)
def test_learning_more_never_takes_a_settled_answer_back(
    pair: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    """I7: once a benefit is refused or granted on what is known, further facts leave it so."""
    whole, part = pair
    before, after = decide(RULEBOOK, part), decide(RULEBOOK, whole)
    for early, late in zip(before.benefits, after.benefits, strict=True):
        if early.outcome is not Outcome.NEEDS_INFO:
            assert late.outcome is early.outcome
    if before.outcome is not Outcome.NEEDS_INFO:
        assert after.outcome is before.outcome


@given(FACTS)
def test_a_month_is_paid_once_and_only_while_the_conditions_held(facts: dict[str, Any]) -> None:
    """I16: one line a month, none for a month that was paid before, none not yet complete."""
    paid = {(row["award"], row["period"]) for row in facts["awards"]}
    lines = [line for line in decide(RULEBOOK, facts).lines if line.period != "once"]
    periods = [line.period for line in lines]
    assert len(periods) == len(set(periods))
    assert all((line.award, line.period) not in paid for line in lines)
    assert all("2023-01" <= period < facts["as_of"][:7] for period in periods)


@given(FACTS)
def test_a_decision_replays_byte_for_byte(facts: dict[str, Any]) -> None:
    first = canonical(decide(RULEBOOK, facts).as_json())
    again = canonical(decide(RULEBOOK, json.loads(canonical(facts))).as_json())
    assert first == again


@given(FACTS)
def test_what_was_paid_and_what_is_due_never_exceed_the_higher_level(
    facts: dict[str, Any],
) -> None:
    """I4 for the rule `difference`: the family's sum is at most the higher level's amount."""
    facts["award"] = None
    one_off = next(row for row in decide(RULEBOOK, facts).benefits if row.benefit == "one-off")
    earlier = sum(
        row["amount_fen"] for row in facts["awards"] if row["award"].startswith("zhongwei-cert")
    )
    if one_off.lines:
        assert one_off.amount_fen + earlier <= 600000


# --- trees of any shape ---------------------------------------------------------------------------
LEAF = st.integers(0, 5).map(
    lambda n: {"id": f"leaf-{n}", "type": "manual_check", "check": "x", "text": "…"}
)
TREES = st.recursive(
    LEAF,
    lambda children: (
        st.builds(
            lambda op, rows: {op: rows},
            st.sampled_from(["all", "any"]),
            st.lists(children, min_size=1, max_size=4),
        )
        | children.map(lambda child: {"not": child})
    ),
    max_leaves=12,
)
VERDICTS = st.lists(st.sampled_from(list(Verdict)), min_size=6, max_size=6)


@given(TREES, VERDICTS)
def test_a_tree_is_settled_exactly_when_no_way_of_learning_more_changes_it(
    document: dict[str, Any], drawn: list[Verdict]
) -> None:
    tree = read_condition(document)
    # Each leaf has an id of its own; the same question asked twice would be a case of its own.
    names = [leaf.id for leaf in leaves_of(tree)]
    verdicts = {name: drawn[int(name[-1])] for name in names}
    unknown = sorted({name for name, verdict in verdicts.items() if verdict is Verdict.UNKNOWN})
    settled = fold(tree, verdicts)
    for bits in range(2 ** len(unknown)):
        learnt = {
            name: Verdict.MET if bits >> place & 1 else Verdict.NOT_MET
            for place, name in enumerate(unknown)
        }
        full = fold(tree, verdicts | learnt)
        assert full is not Verdict.UNKNOWN
        assert settled in {Verdict.UNKNOWN, full}


@given(TREES, VERDICTS)
def test_turning_every_reason_to_met_makes_the_tree_met_or_waiting(
    document: dict[str, Any], drawn: list[Verdict]
) -> None:
    tree = read_condition(document)
    verdicts = {leaf.id: drawn[int(leaf.id[-1])] for leaf in leaves_of(tree)}
    blamed = reasons(tree, verdicts)
    assert bool(blamed) == (fold(tree, verdicts) is not Verdict.MET)
    if fold(tree, verdicts) is Verdict.UNKNOWN:
        assert fold(tree, verdicts | dict.fromkeys(blamed, Verdict.MET)) is Verdict.MET
