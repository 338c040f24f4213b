"""Every route of the resolver as text, as `tests/permissions.yaml` names it."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

# Wagtail's own addresses: one row stands for each family, because their views are Wagtail's.
FAMILIES = ("cms/documents/", "cms/")


def all_routes() -> list[str]:
    """Routes in the order of the resolver, families folded into one row each."""
    found: dict[str, None] = {}
    for route in _walk(get_resolver().url_patterns, ""):
        family = next((f for f in FAMILIES if route.startswith(f)), None)
        found["/" + (f"{family}*" if family else route)] = None
    return list(found)


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route
