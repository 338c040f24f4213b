"""Results in words, for pages: scores, special states, what an import does."""

from django.utils.translation import gettext as _

from cohorts.results.models import SubjectResult


def score_text(score_half: int | None, special: str) -> str:
    """68.5, 61, or the word for a state that is no score."""
    if score_half is None:
        return str(SubjectResult.Special(special).label)
    whole, rest = divmod(score_half, 2)
    return f"{whole}.5" if rest else str(whole)


def shown(result: SubjectResult) -> str:
    return score_text(result.score_half, result.special)


def effect_text(effect: str) -> str:
    return {
        "new": _("new"),
        "changed": _("changes what is on record"),
        "same": _("already on record"),
    }[effect]
