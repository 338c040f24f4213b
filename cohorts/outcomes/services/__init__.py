"""Reads that report on everything before: nothing is written here."""

from cohorts.outcomes.services.annual import annual_page, annual_report, collect, parts_of
from cohorts.outcomes.services.classes import class_board, class_boards
from cohorts.outcomes.services.regions import newest_whole_year, people_behind, region_board

__all__ = [
    "annual_page",
    "annual_report",
    "class_board",
    "class_boards",
    "collect",
    "newest_whole_year",
    "parts_of",
    "people_behind",
    "region_board",
]
