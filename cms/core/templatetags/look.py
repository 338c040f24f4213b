"""Icons, and figures, dates, money and masks in the one form each of them has."""

from datetime import date, datetime
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cms.core.errors import say
from cms.core.money import capitals, yuan_text
from cms.core.wording import Message

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A decorative icon of the sprite; `size` is empty or `s`."""
    extra = f" icon-{size}" if size else ""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#i-{}"></use></svg>',
        extra,
        static("icons.svg"),
        name,
    )


@register.filter
def yuan(amount_fen: int | None) -> str:
    """5700000 → 57,000.00; unknown is said, never 0."""
    return _("to be confirmed") if amount_fen is None else yuan_text(amount_fen)


@register.filter
def in_capitals(amount_fen: int) -> str:
    """5700000 → 人民币伍万柒仟元整."""
    return f"人民币{capitals(amount_fen)}"


@register.filter
def half(points: int | None) -> str:
    """Half-points as marks: 137 → 68.5, 136 → 68."""
    if points is None:
        return "–"
    whole, rest = divmod(points, 2)
    return f"{whole}.5" if rest else str(whole)


@register.filter
def percent(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.1f}%"


@register.filter
def day(value: date | None) -> str:
    return "–" if value is None else f"{value:%Y-%m-%d}"


@register.filter
def month_day(value: date | None) -> str:
    """4月14日, 14 April: a day of this year or the next, where the year goes without saying."""
    if value is None:
        return "–"
    day = timezone.localtime(value) if isinstance(value, datetime) else value
    # Translators: a format of Django's date filter.
    return date_format(day, _("j F"))


@register.filter
def said(message: Message | str) -> str:
    return say(message)


@register.filter
def control(field: BoundField) -> SafeString:
    """The form field drawn with the class of the design system."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return field.as_widget()
    look = "select" if isinstance(widget, forms.Select) else "input"
    look = "textarea" if isinstance(widget, forms.Textarea) else look
    return field.as_widget(attrs={"class": look})


@register.filter
def faults(field: BoundField, label: str = "") -> str:
    """What is wrong with an entry, in sentences; what is missing is called by its name."""
    return " ".join(_fault(field, label, str(text)) for text in field.errors)


def _fault(field: BoundField, label: str, text: str) -> str:
    if text != str(forms.Field.default_error_messages["required"]):
        return text
    named = {"label": label or field.label}
    if isinstance(field.field.widget, forms.Select | forms.FileInput):
        return _("%(label)s is missing: choose it.") % named
    return _("%(label)s is missing: fill it in.") % named


@register.simple_tag(takes_context=True)
def with_query(context: dict[str, Any], **changes: Any) -> str:
    """The query string of this page with some of its parts changed; None takes one out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}"


@register.inclusion_tag("look/paging.html", takes_context=True)
def paging(context: dict[str, Any], page: Page) -> dict[str, Any]:
    return {"request": context["request"], "page": page}
