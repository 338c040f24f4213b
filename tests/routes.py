"""Every route of the resolver as text, as `tests/permissions.yaml` names it."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

# Views that are Wagtail's: one row stands for each family. Nobody may delete reference rows.
REFERENCE = ("knowledgepoint", "examyear", "subjectpaperscheme", "syllabusversion", "lawedition")
FAMILIES = (
    *(f"cms/{name}/{part}" for name in REFERENCE for part in ("delete/", "")),
    "cms/documents/",
    "cms/",
)
# What is ours below /cms/ has rows of its own.
OURS = ("cms/bank/", "cms/paper/")


def all_routes() -> list[str]:
    """Routes in the order of the resolver, families folded into one row each."""
    found: dict[str, None] = {}
    for route in _walk(get_resolver().url_patterns, ""):
        found["/" + _row(route)] = None
    return list(found)


def _row(route: str) -> str:
    if route.startswith(OURS):
        return route
    family = next((family for family in FAMILIES if route.startswith(family)), None)
    return f"{family}*" if family else route


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route
