"""What the OpenAPI document describes."""

from typing import Any

Endpoint = tuple[str, str, str, Any]
OURS = "/api/v1/"


def own_endpoints(endpoints: list[Endpoint], **_: Any) -> list[Endpoint]:
    """Our API alone; Wagtail's admin brings an API of its own, which is no promise of ours."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(OURS)]
