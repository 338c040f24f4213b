"""Complete passes of many people at once: the rule, asked with the results that count."""

from collections.abc import Collection, Mapping

from cohorts.results import passing
from cohorts.results.models import SubjectResult, SubjectResultQuerySet, published_rules

COLUMNS = ("person", "subject__level", "subject", "exam_year", "region", "score_half")


def results_by_person(
    *, region: str | None = None, year: int | None = None
) -> dict[int, list[passing.Result]]:
    """Counted results, all years, of everybody with a result in that region (and year)."""
    results = SubjectResult.objects.across_regions().counted()
    if region is not None or year is not None:
        chosen = results.in_area(region) if region is not None else results
        chosen = chosen.filter(exam_year=year) if year is not None else chosen
        results = results.filter(person__in=chosen.values("person"))
    return _grouped(results)


def _grouped(rows: SubjectResultQuerySet) -> dict[int, list[passing.Result]]:
    found: dict[int, list[passing.Result]] = {}
    for person, level, subject, exam_year, area, score in rows.values_list(*COLUMNS):
        result = passing.Result(level, subject, exam_year, area, score)
        found.setdefault(person, []).append(result)
    return found


def passes_by_person(
    *, region: str | None = None, year: int | None = None
) -> dict[int, list[passing.CompletePass]]:
    """Complete passes of the same people, whenever they were reached; five statements."""
    return judged(results_by_person(region=region, year=year), published_rules())


def passes_of(people: Collection[int]) -> dict[int, list[passing.CompletePass]]:
    """Complete passes of just these people, from their results of all years and areas."""
    rows = SubjectResult.objects.across_regions().counted().filter(person__in=people)
    return judged(_grouped(rows), published_rules())


def judged(
    results: Mapping[int, list[passing.Result]], rulebook: passing.Rulebook
) -> dict[int, list[passing.CompletePass]]:
    return {person: passing.complete_passes(own, rulebook) for person, own in results.items()}
