"""Every colour a federation may choose keeps the contrast of the shipped one."""

import pytest

from cms.pages.colours import DARK, HUES, LIGHT, SHIPPED, family, stylesheet

WHITE = "#ffffff"
GROUNDS = {"light": ("#f3f6f8", WHITE), "dark": ("#0e151a", "#172027")}
ON_DEEP = "#eef5fa"
FAMILIES = [
    pytest.param(shades, hue, mode, id=f"{name}-{mode}")
    for name, hue in HUES.items()
    for shades, mode in ((LIGHT, "light"), (DARK, "dark"))
]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two #rrggbb colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def test_contrast_is_that_of_the_guideline() -> None:
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("shades", "hue", "mode"), FAMILIES)
def test_words_and_shapes_stand_out_from_every_ground(shades, hue, mode) -> None:
    colours = family(shades, hue)
    for ground in (*GROUNDS[mode], colours["accent-tint"]):
        assert contrast(colours["accent"], ground) >= 4.5, ground
    for ground in GROUNDS[mode]:
        assert contrast(colours["info"], ground) >= 4.5
        assert contrast(colours["chart-1"], ground) >= 3
        assert contrast(colours["focus"], ground) >= 3
    assert contrast(colours["accent"], colours["accent-tint-2"]) >= 4.5


@pytest.mark.parametrize(("shades", "hue", "mode"), FAMILIES)
def test_white_is_readable_on_filled_shapes_and_on_the_deep_head(shades, hue, mode) -> None:
    colours = family(shades, hue)
    assert contrast(WHITE, colours["accent-fill"]) >= 4.5
    assert contrast(WHITE, colours["accent-fill-hover"]) >= 4.5
    assert contrast(ON_DEEP, colours["accent-deep"]) >= 7
    assert contrast(colours["on-deep-2"], colours["accent-deep"]) >= 4.5


def test_the_shipped_colour_needs_no_stylesheet() -> None:
    assert stylesheet(SHIPPED) == ""
    assert ":root{--accent:#" in stylesheet("pine")


def test_an_unknown_colour_is_an_error() -> None:
    with pytest.raises(KeyError):
        stylesheet("pink")
