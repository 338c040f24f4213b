from dataclasses import dataclass

import pytest

from cms.core.plans import Caution, FileRefused, ImportPlan, Refusal, Unmatched
from cms.core.wording import Message


@dataclass(frozen=True)
class Accepted:
    line: int


def plan(**changes):
    parts = {
        "format": "table",
        "found": 2,
        "rows": (Accepted(2),),
        "refused": (Refusal(3, Message("No name")),),
        "warnings": (Caution(2, Message("Unknown chapter")),),
    }
    return ImportPlan(**{**parts, **changes})


def test_it_reports_the_shape_every_importer_prints():
    assert plan().report(str) == {
        "format": "table",
        "found": 2,
        "accepted": 1,
        "unchanged": 0,
        "refused": [{"line": 3, "reason": "No name"}],
        "warnings": [{"line": 2, "reason": "Unknown chapter"}],
        "lossy": [],
    }


def test_a_people_importer_adds_changed_and_unmatched():
    nobody = Unmatched(3, "张伟", ("张伟 · 640***********1234",), Message("Two people match"))
    report = plan(changed=0, unmatched=(nobody,)).report(str)
    assert report["changed"] == 0
    assert report["unmatched"] == [{"line": 3, "candidates": ["张伟 · 640***********1234"]}]


def test_a_row_cannot_be_lost_between_reading_and_planning():
    with pytest.raises(ValueError, match="3 rows found, 1 accepted, 1 refused"):
        plan(found=3)


def test_unchanged_rows_are_accepted_and_not_written():
    found = plan(unchanged=1)
    assert (found.accepted, found.to_write, found.report(str)["unchanged"]) == (1, 0, 1)


def test_a_file_without_rows_has_no_plan():
    with pytest.raises(FileRefused, match="no rows under the header"):
        plan(found=0, rows=(), refused=())
