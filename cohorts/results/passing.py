"""Which results add up to a complete pass.

The rule as published: 初级 passes both subjects in one exam year; 中级 passes its three subjects
within two consecutive exam years, rolling (a subject passed in year y counts in y and y+1,
whether or not y+1 was sat); 高级 earns a pass document, the certificate follows its appraisal.
What differs from year to year (subjects, window, cut scores, extensions) stands in a `Rulebook`.

Scores are integer half-points. Areas are division codes; a code covers everything below it, so
"640522" covers "640522101".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

CERTIFICATE = "certificate"
PROOF = "pass_document"  # 成绩合格证明


@dataclass(frozen=True)
class Result:
    """One subject sat by one person. `score_half` is None for 缺考, 违纪 and 成绩无效."""

    level: str
    subject: str
    exam_year: int
    area: str
    score_half: int | None


@dataclass(frozen=True)
class Cut:
    """A published cut score; `area` None is the national line, `subject` None means every one."""

    exam_year: int
    level: str
    pass_half: int
    area: str | None = None
    subject: str | None = None


@dataclass(frozen=True)
class LevelRule:
    """What a complete pass of one level takes.

    `window_years` is the number of consecutive exam years within which all subjects must be
    passed. `resit_renews` says whether passing a still counting subject again starts its window
    anew; sources differ, so it is a fact of the rule and not of this module.
    """

    level: str
    subjects: frozenset[str]
    window_years: int
    document: str = CERTIFICATE
    document_years: int | None = None
    first_exam_year: int = 0
    resit_renews: bool = True


@dataclass(frozen=True)
class Extension:
    """Results of `exam_year` in `area` count longer, e.g. where an exam was cancelled."""

    exam_year: int
    extra_years: int
    area: str | None = None


@dataclass(frozen=True)
class Rulebook:
    """The rules of all levels, the published cut scores and the extensions that were granted."""

    rules: Sequence[LevelRule]
    cuts: Sequence[Cut] = ()
    extensions: Sequence[Extension] = ()

    def rule(self, level: str, exam_year: int) -> LevelRule | None:
        """The newest rule of the level that is in force for the exam year."""
        known = [r for r in self.rules if r.level == level and r.first_exam_year <= exam_year]
        return max(known, key=lambda r: r.first_exam_year, default=None)

    def line(self, result: Result, area: str | None) -> int | None:
        """The cut score of `area` a result is judged by; one for the subject itself wins."""
        lines = [
            cut
            for cut in self.cuts
            if (cut.exam_year, cut.level, cut.area) == (result.exam_year, result.level, area)
            and cut.subject in (None, result.subject)
            and covers(area, result.area)
        ]
        best = max(lines, key=lambda cut: cut.subject is not None, default=None)
        return best.pass_half if best else None

    def counts_through(self, result: Result, rule: LevelRule) -> int:
        """The last exam year in which the passed subject still counts."""
        granted = [
            extension.extra_years
            for extension in self.extensions
            if extension.exam_year == result.exam_year and covers(extension.area, result.area)
        ]
        return result.exam_year + rule.window_years - 1 + max(granted, default=0)


@dataclass(frozen=True)
class CompletePass:
    """A level passed. `area` None: valid nationally; otherwise only inside that area.

    `subjects` gives the exam year in which each subject was passed.
    """

    level: str
    exam_year: int
    area: str | None
    sign_up_area: str
    subjects: Mapping[str, int] = field(hash=False)
    document: str = CERTIFICATE
    valid_through: int | None = None


def covers(area: str | None, place: str) -> bool:
    """Is the place inside the area? None is the whole country."""
    return area is None or place.startswith(area)


def is_passed(result: Result, rulebook: Rulebook, *, area: str | None = None) -> bool:
    """Passed by the national line or, with `area`, by that area's separate line."""
    score = result.score_half
    if score is None:
        return False
    lines = {rulebook.line(result, place) for place in (None, area)}
    return any(line is not None and score >= line for line in lines)


def complete_passes(results: Iterable[Result], rulebook: Rulebook) -> list[CompletePass]:
    """All complete passes of one person, by exam year.

    A separate line only matters where the national one was missed: a local pass is left out
    once the same level was passed nationally in that year or before.
    """
    by_level: dict[str, list[Result]] = {}
    for result in sorted(results, key=lambda r: (r.exam_year, r.subject)):
        by_level.setdefault(result.level, []).append(result)
    found: list[CompletePass] = []
    for own in by_level.values():
        national = _passes(own, rulebook, area=None)
        first = min((p.exam_year for p in national), default=None)
        local = [p for area in _areas(own, rulebook) for p in _passes(own, rulebook, area=area)]
        found += national
        found += [p for p in local if first is None or p.exam_year < first]
    return sorted(found, key=lambda p: (p.exam_year, p.level, p.area or ""))


def separate_line(result: Result, rulebook: Rulebook) -> int | None:
    """The separate line of the smallest area that has one where the result was sat."""
    areas = _areas([result], rulebook)
    return rulebook.line(result, max(areas, key=len)) if areas else None


def missing_subjects(
    results: Iterable[Result], rulebook: Rulebook, *, level: str, year: int
) -> frozenset[str]:
    """Subjects of the level that no counting national pass covers in the exam year."""
    rule = rulebook.rule(level, year)
    if rule is None:
        return frozenset()
    own = sorted((r for r in results if r.level == level), key=lambda r: r.exam_year)
    passed = [r for r in own if is_passed(r, rulebook)]
    return rule.subjects - _live(passed, rulebook, rule=rule, year=year).keys()


def _passes(results: list[Result], rulebook: Rulebook, *, area: str | None) -> list[CompletePass]:
    """Complete passes of one level under the national line or one area's separate line."""
    passed = _without_idle_resits(
        [r for r in results if is_passed(r, rulebook, area=area)], rulebook
    )
    found: list[CompletePass] = []
    spent_through = 0  # subjects of a certified pass, and all sat before it, never count again
    for year in sorted({r.exam_year for r in passed}):
        rule = rulebook.rule(passed[0].level, year)
        fresh = [r for r in passed if r.exam_year > spent_through]
        live = _live(fresh, rulebook, rule=rule, year=year) if rule else {}
        if rule and live.keys() == rule.subjects:
            found.append(_complete(live, rule, year=year, area=area))
            spent_through = year
    return found


def _without_idle_resits(passed: list[Result], rulebook: Rulebook) -> list[Result]:
    """Leave out re-sits of a still counting subject where the rule says they renew nothing."""
    kept: list[Result] = []
    for result in passed:
        rule = rulebook.rule(result.level, result.exam_year)
        if (
            rule is None
            or rule.resit_renews
            or not any(
                earlier.subject == result.subject
                and rulebook.counts_through(earlier, rule) >= result.exam_year
                for earlier in kept
            )
        ):
            kept.append(result)
    return kept


def _live(
    passed: list[Result], rulebook: Rulebook, *, rule: LevelRule, year: int
) -> dict[str, Result]:
    """The newest counting pass of each subject in an exam year; `passed` is in year order."""
    return {
        result.subject: result
        for result in passed
        if result.subject in rule.subjects
        and result.exam_year <= year <= rulebook.counts_through(result, rule)
    }


def _complete(
    live: Mapping[str, Result], rule: LevelRule, *, year: int, area: str | None
) -> CompletePass:
    latest = max(live.values(), key=lambda r: r.exam_year)
    return CompletePass(
        level=rule.level,
        exam_year=year,
        area=area,
        sign_up_area=latest.area,
        subjects={subject: live[subject].exam_year for subject in sorted(live)},
        document=rule.document,
        valid_through=year + rule.document_years if rule.document_years else None,
    )


def _areas(results: list[Result], rulebook: Rulebook) -> list[str]:
    """Areas with a separate line for a year and place in which one of the results was sat."""
    return sorted(
        {
            cut.area
            for cut in rulebook.cuts
            for result in results
            if cut.area is not None
            and (cut.exam_year, cut.level) == (result.exam_year, result.level)
            and covers(cut.area, result.area)
        }
    )
