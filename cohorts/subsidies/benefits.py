"""What a policy pays once its conditions are met: how much, for which period, after upgrades."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cohorts.subsidies.conditions import Condition, Finding, Sight, Verdict, all_of, any_of
from cohorts.subsidies.facts import LEVELS, Facts, Json, PaidAward
from cohorts.subsidies.months import first_day, last_day, month_before, month_of, months_between

ONE_OFF, MONTHLY = "one_off", "monthly"
ONCE = "once"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """One sum for one award and one period: `once`, or a month such as 2024-05."""

    award: str
    level: str
    period: str
    amount_fen: int

    def as_json(self) -> dict[str, Json]:
        return {
            "award": self.award,
            "level": self.level,
            "period": self.period,
            "amount_fen": self.amount_fen,
        }


@dataclass(frozen=True)
class UpgradeRule:
    """What a higher level pays to somebody whom the family has paid before.

    full: the whole amount. difference: less what was paid. highest_only: nothing once any level
    was paid or while a higher certificate is held. cap: until the family's sum reaches `cap_fen`.
    """

    rule: str
    text: str
    article: str = ""
    cap_fen: int = 0


@dataclass(frozen=True)
class MonthRule:
    """Which months count.

    start `same_month`: the month in which the condition begins; `next_month`: the one after it.
    stop `same_month`: the month in which it ends still counts; `previous_month`: it does not.
    """

    from_month: str
    start: str
    stop: str
    text: str
    article: str = ""


@dataclass(frozen=True)
class Benefit:
    """One scheme of a policy. Its award key is family and level, without a certificate number,
    so that a certificate issued again is not paid again.
    """

    id: str
    family: str
    title: str
    shape: str
    amounts_fen: Mapping[str, int]
    conditions: Condition
    upgrade: UpgradeRule
    holding: Condition | None = None
    months: MonthRule | None = None
    assumptions: tuple[str, ...] = ()

    def award(self, level: str) -> str:
        return f"{self.family}/{level}"


def upgrade_sight(benefit: Benefit, level: str, facts: Facts) -> tuple[Sight, int]:
    """How the family's earlier awards change a one-off amount: what was seen, and the amount."""
    amount = benefit.amounts_fen[level]
    if facts.awards is None:
        return Sight(Verdict.UNKNOWN, None, "awards"), 0
    paid = [row for row in facts.awards if row.family == benefit.family]
    if benefit.upgrade.rule == "highest_only":
        return _highest_only(level, paid, facts, amount)
    seen: Json = [f"{row.award} {row.period} {row.amount_fen}" for row in paid]
    left = _left(benefit.upgrade, amount, sum(row.amount_fen for row in paid))
    verdict = Verdict.MET if left > 0 else Verdict.NOT_MET
    return Sight(verdict, seen, "awards"), left


def _left(upgrade: UpgradeRule, amount: int, paid: int) -> int:
    if upgrade.rule == "difference":
        return max(amount - paid, 0)
    return max(min(amount, upgrade.cap_fen - paid), 0)


def _highest_only(
    level: str, paid: list[PaidAward], facts: Facts, amount: int
) -> tuple[Sight, int]:
    if paid:
        seen: Json = [f"{row.award} {row.period}" for row in paid]
        return Sight(Verdict.NOT_MET, seen, "awards"), 0
    if facts.other_certificates is None:
        return Sight(Verdict.UNKNOWN, None, "other_certificates"), 0
    others = [row.level for row in facts.other_certificates if row.state != "revoked"]
    verdict = all_of(_not_above(other, level) for other in others)
    held: list[Json] = list(others)
    return Sight(verdict, held, "other_certificates"), amount if verdict is Verdict.MET else 0


def _not_above(other: str | None, level: str) -> Verdict:
    if other is None:
        return Verdict.UNKNOWN
    return Verdict.NOT_MET if LEVELS.index(other) > LEVELS.index(level) else Verdict.MET


Look = Callable[[Facts], tuple[Verdict, tuple[Finding, ...]]]


@dataclass(frozen=True)
class Months:
    """The months of a monthly benefit: which count, and the findings of a telling day.

    `sight` says whether there was a complete month left to look at; `findings` are those of the
    latest month with the best verdict, on the day that decided it.
    """

    counted: tuple[str, ...]
    sight: Sight
    findings: tuple[Finding, ...]


def weigh_months(rule: MonthRule, award: str, facts: Facts, look: Look) -> Months:
    """Look at every complete month since the rule began that this award has not been paid for."""
    open_months = _open_months(rule, award, facts)
    if not open_months:
        nothing_open = Sight(Verdict.NOT_MET, facts.as_of.isoformat(), "as_of")
        return Months((), nothing_open, look(facts)[1])
    seen = [(month, *_weigh_month(month, rule, facts, look)) for month in open_months]
    counted = tuple(month for month, verdict, _ in seen if verdict is Verdict.MET)
    best = any_of(verdict for _, verdict, _ in seen)
    findings = [found for _, verdict, found in seen if verdict is best][-1]
    if facts.awards is None:
        return Months((), Sight(Verdict.UNKNOWN, None, "awards"), findings)
    months: list[Json] = list(counted)
    return Months(counted, Sight(Verdict.MET, months, "as_of"), findings)


def _open_months(rule: MonthRule, award: str, facts: Facts) -> list[str]:
    paid = {row.period for row in facts.awards or () if row.award == award}
    months = months_between(rule.from_month, month_before(month_of(facts.as_of)))
    return [month for month in months if month not in paid]


def _weigh_month(
    month: str, rule: MonthRule, facts: Facts, look: Look
) -> tuple[Verdict, tuple[Finding, ...]]:
    """The verdict of a month and the findings of a day that had this verdict."""
    days, join = _telling_days(month, rule, facts)
    looks = [look(replace(facts, as_of=day)) for day in days]
    verdict = join(verdict for verdict, _ in looks)
    return verdict, next(found for seen, found in looks if seen is verdict)


def _telling_days(
    month: str, rule: MonthRule, facts: Facts
) -> tuple[list[date], Callable[..., Verdict]]:
    first, last = first_day(month), last_day(month)
    ends = [last] if rule.stop == "previous_month" else []
    if rule.start == "next_month":
        # Begun before the month, and not already over when it starts.
        return [first - ONE_DAY, first, *ends], all_of
    if ends:
        return ends, all_of
    return sorted({first, last, *_turning_days(facts, first, last)}), any_of


def _turning_days(facts: Facts, first: date, last: date) -> set[date]:
    """Days of the month around which a dated fact begins or ends."""
    dates = [day for post in facts.posts or () for day in (post.from_on, post.to_on) if day]
    if facts.certificate.approved_on:
        dates.append(facts.certificate.approved_on)
    near = {day + step for day in dates for step in (-ONE_DAY, timedelta(), ONE_DAY)}
    return {day for day in near if first <= day <= last}
