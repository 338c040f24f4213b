"""The tone of each state on a badge: quiet, somebody's turn, something is needed, good, bad."""

from collections.abc import Mapping

CLAIM_TONES: Mapping[str, str] = {
    "submitted": "info",
    "reviewed": "info",
    "approved": "info",
    "on_notice": "info",
    "in_batch": "info",
    "returned": "wait",
    "objected": "wait",
    "payment_returned": "wait",
    "confirmed": "ok",
    "paid": "ok",
    "refused": "bad",
}
BATCH_TONES: Mapping[str, str] = {
    "locked": "info",
    "approved": "info",
    "exported": "info",
    "settled": "ok",
}
VERSION_TONES: Mapping[str, str] = {"checked": "info", "published": "ok"}
OUTCOME_TONES: Mapping[str, str] = {
    "eligible": "ok",
    "needs_info": "wait",
    "not_eligible": "bad",
}


def tone(tones: Mapping[str, str], state: str) -> str:
    return tones.get(state, "mute")
