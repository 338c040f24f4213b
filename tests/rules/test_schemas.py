"""The schemas that the rules are read by, and the copies that people read."""

from pathlib import Path

import pytest

from cohorts.subsidies.rulebook import SCHEMAS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["policy.schema.json", "facts.schema.json"])
def test_the_copy_in_docs_is_the_schema_that_decides(name: str) -> None:
    assert (ROOT / "docs" / name).read_bytes() == (SCHEMAS / name).read_bytes()


def test_deciding_needs_no_file_outside_the_code() -> None:
    assert (ROOT / "cohorts") in SCHEMAS.parents
