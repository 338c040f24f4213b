"""Question text on a page, made safe again on the way out, and spans of time."""

from datetime import date, datetime
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.core.templatetags.look import half
from quizzes.bank.markup import as_plain, clean

register = template.Library()

KEPT_TEXTS = 4096
NEAR_DAYS = 7
POINT_HALF = 2


@register.filter
@lru_cache(maxsize=KEPT_TEXTS)
def question_html(markup: str) -> SafeString:
    """Text of a question as HTML. Cleaned at import too; a row may be older than today's rules.

    Kept in the process: texts of a version never change, and a report shows eighty items.
    """
    return mark_safe(clean(markup))  # noqa: S308 - cleaned here


@register.filter
@lru_cache(maxsize=KEPT_TEXTS)
def question_gist(markup: str) -> str:
    """Text of a question on one line, without marks, for the head of a row."""
    return " ".join(as_plain(markup).split())


@register.filter
def in_points(points_half: int) -> str:
    """Half-points as marks with their word: 4 → 2 points, 2 → 1 point, 1 → 0.5 points."""
    many = 1 if points_half == POINT_HALF else 2
    said = ngettext("%(points)s point", "%(points)s points", many)
    return said % {"points": half(points_half)}


@register.filter
def span(minutes: int) -> str:
    """Minutes in words: 101 → 1 小时 41 分."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(minutes)s minute", "%(minutes)s minutes", rest) % {"minutes": rest}
    if not rest:
        return ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}


@register.filter
def days_ago(moment: datetime, today: date) -> str:
    """A moment in days before today, within a week; beyond, its date."""
    day = timezone.localdate(moment)
    days = (today - day).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days <= NEAR_DAYS:
        return _("%(days)s days ago") % {"days": days}
    return date_format(day, "DATE_FORMAT")
