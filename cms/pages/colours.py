"""The accent colours a federation may choose, as tokens of the design system.

One hue makes the whole family, light and dark. Contrast is the same promise as that of the shipped
colour (WCAG 2.2, 1.4.3 and 1.4.11): text and filled shapes at 4.5:1 on every ground they meet.
"""

from collections.abc import Mapping
from colorsys import hls_to_rgb
from dataclasses import dataclass

# Degrees on the colour circle. Red is left out: on every page it means refused or due today.
HUES: Mapping[str, int] = {"azurite": 202, "pine": 165, "indigo": 232, "plum": 285, "umber": 28}
SHIPPED = "azurite"


@dataclass(frozen=True)
class Shade:
    """One token: its name, saturation and lightness in percent."""

    token: str
    saturation: int
    lightness: int


LIGHT = (
    Shade("accent", 77, 27),
    Shade("accent-fill", 77, 27),
    Shade("accent-fill-hover", 79, 20),
    Shade("accent-deep", 77, 18),
    Shade("accent-deep-2", 62, 27),
    Shade("accent-tint", 55, 95),
    Shade("accent-tint-2", 52, 90),
    Shade("accent-line", 50, 70),
    Shade("on-deep-2", 40, 82),
    Shade("focus", 77, 34),
    Shade("info", 77, 27),
    Shade("info-tint", 55, 95),
    Shade("info-line", 50, 70),
    Shade("chart-1", 77, 27),
    Shade("chart-band", 52, 92),
    Shade("chart-band-2", 52, 96),
)
DARK = (
    Shade("accent", 68, 76),
    Shade("accent-fill", 62, 28),
    Shade("accent-fill-hover", 60, 31),
    Shade("accent-deep", 55, 14),
    Shade("accent-deep-2", 33, 31),
    Shade("accent-tint", 48, 17),
    Shade("accent-tint-2", 48, 24),
    Shade("accent-line", 40, 42),
    Shade("on-deep-2", 38, 78),
    Shade("focus", 80, 80),
    Shade("info", 68, 76),
    Shade("info-tint", 48, 17),
    Shade("info-line", 40, 42),
    Shade("chart-1", 60, 66),
    Shade("chart-band", 40, 19),
    Shade("chart-band-2", 40, 13),
)


def stylesheet(name: str) -> str:
    """CSS that puts this family in place of the shipped one; empty for the shipped one.

    Raises KeyError for a name that is not in `HUES`.
    """
    hue = HUES[name]
    if name == SHIPPED:
        return ""
    light, dark = (_declared(family(shades, hue)) for shades in (LIGHT, DARK))
    return (
        f"@layer tokens{{:root{{{light}}}"
        f'@media (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}}}}}'
        f':root[data-theme="dark"]{{{dark}}}}}\n'
    )


def family(shades: tuple[Shade, ...], hue: int) -> dict[str, str]:
    """Colours by token, as #rrggbb."""
    return {shade.token: _hex(hue, shade) for shade in shades}


def _declared(colours: Mapping[str, str]) -> str:
    return ";".join(f"--{token}:{colour}" for token, colour in colours.items())


def _hex(hue: int, shade: Shade) -> str:
    parts = hls_to_rgb(hue / 360, shade.lightness / 100, shade.saturation / 100)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
