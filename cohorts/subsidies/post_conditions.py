"""Leaves about work: where, at what kind of place, appointed, since when, how appraised."""

from collections.abc import Iterable
from datetime import date, timedelta

from cohorts.subsidies.certificate_conditions import Params, iso, within
from cohorts.subsidies.conditions import OPPOSITE, Sight, Verdict, all_of, any_of, verdict_of
from cohorts.subsidies.facts import Facts, Json, PostFacts
from cohorts.subsidies.months import add_months, month_before, month_of

GRADES: tuple[str, ...] = ("unqualified", "basically", "qualified", "excellent")
ONE_DAY = timedelta(days=1)


def workplace_area(params: Params, facts: Facts) -> Sight:
    """A post on the day looked at lies in one of the areas."""
    if facts.posts is None:
        return Sight(Verdict.UNKNOWN, None, "posts")
    posts = [post for post in facts.posts if post.covers(facts.as_of)]
    verdict = any_of(verdict_of(within(post.area, params["in"])) for post in posts)
    return Sight(verdict, [post.area for post in posts], "posts")


def appointed_to(params: Params, facts: Facts) -> Sight:
    """聘任 to such an organisation on the day looked at, or on every day of `during`."""
    if facts.posts is None:
        return Sight(Verdict.UNKNOWN, None, "posts")
    rated = [
        (post, all_of([_matches(post, params), verdict_of(post.appointed)])) for post in facts.posts
    ]
    if "during" in params:
        first = date.fromisoformat(params["during"]["from"])
        last = date.fromisoformat(params["during"]["through"])
    else:
        first = last = facts.as_of
    near = [post for post in facts.posts if _overlaps(post, first, last)]
    return Sight(_covered(rated, first, last), _shown(near), "posts")


def employer_class(params: Params, facts: Facts) -> Sight:
    """`allow`: some present employer is of such a kind. `deny`: none is."""
    if facts.posts is None:
        return Sight(Verdict.UNKNOWN, None, "posts")
    kinds = [post.organisation_kind for post in facts.posts if post.covers(facts.as_of)]
    listed = params.get("allow") or params["deny"]
    verdict = any_of(
        Verdict.UNKNOWN if kind is None else verdict_of(kind in listed) for kind in kinds
    )
    seen: list[Json] = list(kinds)
    return Sight(verdict if "allow" in params else OPPOSITE[verdict], seen, "posts")


def months_in_post(params: Params, facts: Facts) -> Sight:
    """连续满 N 个月 up to a day (`on`, or the day looked at) and still in post on it.

    Posts that follow without a day between count together; N months are calendar months.
    """
    if facts.posts is None:
        return Sight(Verdict.UNKNOWN, None, "posts")
    day = date.fromisoformat(params["on"]) if "on" in params else facts.as_of
    rated = [(post, _matches(post, params)) for post in facts.posts]
    sure = _months_until(day, (post for post, verdict in rated if verdict is Verdict.MET))
    hoped = _months_until(day, (post for post, verdict in rated if verdict is not Verdict.NOT_MET))
    needed = params["at_least"]
    met = True if sure >= needed else None if hoped >= needed else False
    return Sight(verdict_of(met), sure, "posts")


def insurance_months(params: Params, facts: Facts) -> Sight:
    """N months of 社保 in a row up to `through`, or up to the month before the day looked at."""
    if facts.insurance_months is None:
        return Sight(Verdict.UNKNOWN, None, "insurance_months")
    month, count = params.get("through") or month_before(month_of(facts.as_of)), 0
    while month in facts.insurance_months:
        month, count = month_before(month), count + 1
    return Sight(verdict_of(count >= params["at_least"]), count, "insurance_months")


def appraisal(params: Params, facts: Facts) -> Sight:
    """年度考核 of a year at least of a grade; `year` may be exam_year or year_before."""
    year = _appraised_year(params["year"], facts)
    if year is None:
        return Sight(Verdict.UNKNOWN, None, "certificate.exam_year")
    grade = (facts.appraisals or {}).get(str(year))
    met = None if grade is None else GRADES.index(grade) >= GRADES.index(params["at_least"])
    return Sight(verdict_of(met), {"year": year, "grade": grade}, f"appraisals.{year}")


def _appraised_year(asked: int | str, facts: Facts) -> int | None:
    if asked == "exam_year":
        return facts.certificate.exam_year
    if asked == "year_before":
        return facts.as_of.year - 1
    return int(asked)


def _matches(post: PostFacts, params: Params) -> Verdict:
    verdicts = []
    if "organisation_kinds" in params:
        kind = post.organisation_kind
        verdicts.append(verdict_of(None if kind is None else kind in params["organisation_kinds"]))
    if "areas" in params:
        verdicts.append(verdict_of(within(post.area, params["areas"])))
    return all_of(verdicts)


def _overlaps(post: PostFacts, first: date, last: date) -> bool:
    return post.from_on <= last and (post.to_on is None or first <= post.to_on)


def _covered(rated: list[tuple[PostFacts, Verdict]], first: date, last: date) -> Verdict:
    """Met when posts known to match leave no day open; unknown when others might close the gap."""
    if _covers([post for post, verdict in rated if verdict is Verdict.MET], first, last):
        return Verdict.MET
    hoped = [post for post, verdict in rated if verdict is not Verdict.NOT_MET]
    return Verdict.UNKNOWN if _covers(hoped, first, last) else Verdict.NOT_MET


def _covers(posts: Iterable[PostFacts], first: date, last: date) -> bool:
    since = _unbroken_since(last, posts)
    return since is not None and since <= first


def _unbroken_since(day: date, posts: Iterable[PostFacts]) -> date | None:
    """The first day of the unbroken time in post that reaches `day`; None when not in post."""
    since = None
    for post in sorted(posts, key=lambda post: post.to_on or date.max, reverse=True):
        reach = day if since is None else since - ONE_DAY
        if post.from_on <= reach and (post.to_on is None or reach <= post.to_on):
            since = min(post.from_on, since or post.from_on)
    return since


def _months_until(day: date, posts: Iterable[PostFacts]) -> int:
    since = _unbroken_since(day, posts)
    if since is None:
        return 0
    count = (day.year - since.year) * 12 + day.month - since.month
    return count if add_months(since, count) <= day else count - 1


def _shown(posts: list[PostFacts]) -> Json:
    return [
        {
            "organisation_kind": post.organisation_kind,
            "area": post.area,
            "appointed": post.appointed,
            "from": iso(post.from_on),
            "to": iso(post.to_on),
        }
        for post in posts
    ]
