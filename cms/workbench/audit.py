"""The activity record narrowed by who, what, when and which record; and as a workbook."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.db.models import Max, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts.gates import acting_scope
from cms.accounts.models import AuditEntry, User
from cms.core.sheet_writer import SheetOut, write_workbook
from cms.workbench.records import names_of, targets_named
from cms.workbench.words import ACTIONS, action_words, is_many, target_url, target_words

EXPORT_ROWS = 20_000


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AuditFilter(forms.Form):
    """Everything is optional; `entries` are those that the reader may see at all."""

    who = forms.ModelChoiceField(
        User.objects.none(), required=False, label=gettext_lazy("Who"), to_field_name="uuid"
    )
    action = forms.ChoiceField(required=False, label=gettext_lazy("What"))
    since = forms.DateField(required=False, label=gettext_lazy("From"), widget=_day())
    until = forms.DateField(required=False, label=gettext_lazy("Last day"), widget=_day())
    text = forms.CharField(
        required=False,
        max_length=120,
        label=gettext_lazy("Name, record or reason"),
        help_text=gettext_lazy(
            "A name finds the entries about that person's record, certificate or claim. Entries "
            "about many at once are found by what was done and when."
        ),
    )

    def __init__(self, *args: Any, entries: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who = cast("forms.ModelChoiceField", self.fields["who"])
        actors = entries.exclude(actor=None).order_by().values("actor")
        who.queryset = User.objects.filter(pk__in=actors).order_by("first_name", "username")
        who.empty_label = _("Everybody")
        actions = cast("forms.ChoiceField", self.fields["action"])
        actions.choices = [("", _("All actions")), *ACTIONS.items()]

    def clean(self) -> dict[str, Any]:
        wanted = super().clean() or {}
        since, until = wanted.get("since"), wanted.get("until")
        if since and until and since > until:
            text = _("The first day is after the last day, so nothing was filtered. Swap the two.")
            self.add_error("until", text)
        return wanted

    @property
    def is_asked(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def narrowed(self, entries: Any, user: Any) -> Any:
        """A filter that cannot be read narrows nothing."""
        if not self.is_valid():
            return entries
        wanted = self.cleaned_data
        if wanted["who"]:
            entries = entries.filter(actor=wanted["who"])
        if wanted["action"]:
            entries = entries.filter(action=wanted["action"])
        if wanted["since"]:
            entries = entries.filter(at__gte=_midnight(wanted["since"]))
        if wanted["until"]:
            entries = entries.filter(at__lt=_midnight(wanted["until"] + timedelta(days=1)))
        if text := wanted["text"].strip():
            named = Q(target__in=targets_named(text, user))
            entries = entries.filter(Q(target__icontains=text) | Q(reason__icontains=text) | named)
        return entries


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def in_words(entries: Iterable[AuditEntry], user: Any) -> list[dict[str, Any]]:
    """Entries with their records named where the reader may see the person."""
    rows, roles = list(entries), acting_scope(user).roles
    names = names_of((entry.target for entry in rows), user)
    return [
        {
            "entry": entry,
            "action": action_words(entry.action),
            "target": names.get(entry.target) or target_words(entry.target),
            "url": _url(entry, roles),
        }
        for entry in rows
    ]


def _url(entry: AuditEntry, roles: frozenset[str]) -> str:
    """The page of the record; for an entry about several, the page that lists them."""
    if is_many(entry.target):
        return reverse("workbench:audit_entry", args=[entry.pk])
    return target_url(entry.target, roles)


def ends_of(entries: Any) -> tuple[int, int] | None:
    """First and last id of what is shown; None where nothing is."""
    found = entries.order_by().aggregate(first=Min("pk"), last=Max("pk"))
    return (found["first"], found["last"]) if found["first"] else None


def workbook_of(entries: Any, user: Any) -> tuple[bytes, int]:
    """The newest entries in words, at most EXPORT_ROWS, and how many there are in it."""
    shown = list(entries[:EXPORT_ROWS])
    names = names_of((entry.target for entry in shown), user)
    rows = [
        (
            f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}",
            entry.actor.display_name if entry.actor else "",
            action_words(entry.action),
            names.get(entry.target) or target_words(entry.target),
            entry.region.name if entry.region else "",
            entry.reason,
            entry.entry_hash[:16],
        )
        for entry in shown
    ]
    header = [_("Time"), _("Who"), _("What"), _("Record"), _("Region"), _("Reason"), _("Seal")]
    sheet = SheetOut(name=_("Activity record"), header=header, rows=rows, to_print=True)
    return write_workbook([sheet]), len(rows)
