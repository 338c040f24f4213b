"""Marks a place in a page where the front end mounts an island, with its JSON written once."""

import json
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Signs that could end the script element early; JSON reads the escapes back unchanged.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag
def island(name: str, config: dict[str, Any], fallback: str = "") -> SafeString:
    written = json.dumps(config, ensure_ascii=False).translate(_ESCAPES)
    return format_html(
        '<div data-island="{}">'
        '<script type="application/json" data-island-json>{}</script>{}</div>',
        name,
        mark_safe(written),  # noqa: S308 - escaped above
        fallback,
    )
