"""What a row of an import does: the words for it, and the order in which a preview shows rows."""

from typing import Any

from cms.core.plans import ImportPlan

NEW, CHANGED, SAME = "new", "changed", "same"
_ORDER = {CHANGED: 0, NEW: 1, SAME: 2}


def changes_first(plan: ImportPlan) -> list[Any]:
    """The planned rows, changes at the top: they are what somebody should look at."""
    return sorted(plan.rows, key=lambda row: (_ORDER[row.effect], row.line))
