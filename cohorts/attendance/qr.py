"""The check-in address as a QR code: inline SVG, because the content policy loads nothing else."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(address: str) -> SafeString:
    """Dark modules on a white ground with its quiet zone, in both colour schemes: cameras need it.

    Without width and height it takes the size of its box; level M forgives glare on the screen.
    """
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        omitsize=True,
        dark="#000",
        light="#fff",
        border=4,
        svgclass="qr",
        lineclass=None,
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308 - drawn by us from an address of ours
