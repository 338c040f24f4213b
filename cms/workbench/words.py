"""The activity record in words: what was done, and to what.

The record itself keeps codes, because its rows are sealed and outlive every wording.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cms.accounts.roles import GRANTERS, LINKERS, REGIONAL, Role

ACTIONS: Mapping[str, Any] = {
    "accept_invitation": _("accepted an invitation"),
    "add_class_staff": _("added somebody to the staff of a class"),
    "allot_budget": _("recorded a budget"),
    "approve_enrolments": _("approved applications to a class"),
    "batch_approve": _("approved the batch"),
    "batch_close": _("closed the batch"),
    "batch_export": _("exported the batch"),
    "batch_lock": _("locked the batch"),
    "batch_settle": _("settled the batch"),
    "batch_unlock": _("unlocked the batch"),
    "change_class": _("changed a class"),
    "check_certificate": _("checked certificates"),
    "check_policy": _("checked a policy"),
    "claim_approve": _("approved claims"),
    "claim_close": _("closed claims"),
    "claim_confirm": _("confirmed claims"),
    "claim_dismiss_objection": _("dismissed an objection"),
    "claim_lapse": _("let claims lapse"),
    "claim_object": _("recorded an objection"),
    "claim_pay": _("marked as paid"),
    "claim_put_in_batch": _("put claims in a batch"),
    "claim_put_on_notice": _("put claims on public notice"),
    "claim_refuse": _("refused claims"),
    "claim_return": _("returned claims"),
    "claim_review": _("reviewed claims"),
    "claim_revoke": _("ended claims on revoked certificates"),
    "claim_submit": _("submitted claims"),
    "claim_take_from_batch": _("took claims out of a batch"),
    "claim_uphold_objection": _("upheld an objection"),
    "claim_withdraw": _("withdrew claims"),
    "class_closed": _("closed a class"),
    "class_published": _("published a class"),
    "close_notice": _("closed a public notice"),
    "disable_account": _("closed an account"),
    "drop_class_code": _("took back the enrolment code of a class"),
    "drop_class_staff": _("took somebody off the staff of a class"),
    "drop_session": _("took a session back"),
    "enable_account": _("opened an account again"),
    "end_grant": _("ended a role"),
    "end_sessions": _("signed out on every device"),
    "expect_certificates": _("looked for new complete passes"),
    "export_audit": _("exported the activity record"),
    "export_class_register": _("exported the register of a class"),
    "export_payout": _("exported the payout workbook"),
    "freeze_paper": _("froze a paper"),
    "freeze_register": _("froze the list of a class"),
    "grant_role": _("granted a role"),
    "import_certificates": _("imported the register"),
    "import_payees": _("imported payee accounts"),
    "import_posts": _("imported posts"),
    "import_questions": _("imported questions"),
    "import_results": _("imported results"),
    "invite": _("invited somebody"),
    "link_account": _("linked an account to a person"),
    "load_policy": _("loaded a policy"),
    "new_class_code": _("gave out a new enrolment code"),
    "open_batch": _("opened a batch"),
    "open_class": _("opened a class"),
    "open_notice": _("opened a public notice"),
    "paper_released": _("released a paper"),
    "paper_withdrawn": _("withdrew a paper"),
    "post_class_notice": _("sent a notice to a class"),
    "propose_claims": _("proposed claims"),
    "publish_policy": _("published a policy"),
    "put_session": _("planned or changed a session"),
    "question_draft": _("took a question back to draft"),
    "question_in_review": _("sent a question to review"),
    "question_published": _("published a question"),
    "question_retired": _("retired a question"),
    "record_certificate": _("recorded certificates"),
    "refuse_enrolments": _("refused applications to a class"),
    "refuse_link": _("refused to link an account"),
    "remove_from_class": _("removed somebody from a class"),
    "replace_phone": _("replaced a phone on record"),
    "retire_policy": _("retired a policy"),
    "reveal_certificate_number": _("looked at a certificate number"),
    "reveal_id_number": _("looked at an identity number"),
    "revoke_certificate": _("revoked a certificate"),
    "revoke_invitation": _("revoked an invitation"),
    "write_to_trainee": _("wrote to a trainee"),
}
NOUNS: Mapping[str, Any] = {
    "account": _("account"),
    "batch": _("batch"),
    "certificate": _("certificate"),
    "certificates": _("certificates"),
    "claim": _("claim"),
    "claims": _("claims"),
    "class": _("class"),
    "fund": _("fund"),
    "invitation": _("invitation"),
    "link": _("link request"),
    "notice": _("public notice"),
    "paper": _("paper"),
    "person": _("person"),
    "policy": _("policy"),
    "results": _("results"),
    "subject": _("subject"),
}
COUNTED: Mapping[str, Any] = {
    "certificates": _("%(count)s certificates"),
    "claims": _("%(count)s claims"),
    "entries": _("%(count)s entries"),
}
LISTED = frozenset({"certificates", "claims"})
# Pages of single records, by the noun of their target, and who may open them.
PAGES: Mapping[str, tuple[str, frozenset[Role]]] = {
    "account": ("accounts:account", GRANTERS),
    "batch": ("subsidies:batch", REGIONAL),
    "certificate": ("certificates:detail", REGIONAL),
    "claim": ("subsidies:claim", REGIONAL),
    "link": ("accounts:link", LINKERS),
    "notice": ("subsidies:notice", REGIONAL),
    "person": ("results:person", REGIONAL),
}
# The tail of a uuid says which of several records it was, and nothing else.
UUID = re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{8}([0-9a-f]{4})\b")
WORD = re.compile(r"[a-z]+")


def is_many(target: str) -> bool:
    """Whether it is `18 certificates`: an entry about several, which it lists in its detail."""
    count, _space, noun = target.partition(" ")
    return count.isdigit() and noun in LISTED


def target_url(target: str, roles: frozenset[str]) -> str:
    """The page of the record, for a reader whose role opens it; "" where there is none."""
    noun, _space, rest = target.partition(" ")
    name, openers = PAGES.get(noun, ("", frozenset()))
    if not name or not openers & roles or not UUID.fullmatch(rest):
        return ""
    return reverse(name, args=[rest])


def action_words(action: str) -> str:
    return str(ACTIONS.get(action, action))


def target_words(target: str) -> str:
    """`19 claims` in the language of the page; file names and codes stay as they are."""
    if "." in target:
        return target
    count, _space, noun = target.partition(" ")
    if count.isdigit() and noun in COUNTED:
        return str(COUNTED[noun]) % {"count": count}
    short = UUID.sub(r"…\2", target)
    return WORD.sub(lambda found: str(NOUNS.get(found[0], found[0])), short)
