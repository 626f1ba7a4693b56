"""What an encoded file carries besides pixels."""

from __future__ import annotations

from dataclasses import dataclass

from s7spec.emulator.render.contract import MARKER

_XMP_PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" rdf:about="">'
    '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{text}</rdf:li></rdf:Alt>'
    "</dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """``dpi`` is the print resolution; ``icc_profile`` and ``xmp`` are embedded where given."""

    dpi: float | None
    icc_profile: bytes | None
    xmp: bytes | None


def marker_xmp() -> bytes:
    """The marker as an XMP packet, for formats without comments."""
    return _XMP_PACKET.format(text=MARKER).encode()
