"""What is foretold of one converted picture."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from s7spec.modifiers.formats import Format
from s7spec.modifiers.geometry import Size

PREVIEW_PIXELS = 25_000_000
"""The most that Dynamic Media renders for a reply; larger pictures cannot be previewed."""
EXPORT_PIXELS = 100_000_000
"""The most that a picture may be converted to in an export (facts: Image Serving section 6)."""


class Flag(StrEnum):
    """What becomes of a picture that somebody may not have meant."""

    UPSCALED = "upscaled"
    EMPTY = "nothing of the picture left"
    PADDED = "padded"
    CROPPED = "cropped"
    """``PredictedImage.cropped_percent`` tells how much."""
    ASPECT_CHANGED = "aspect changed"
    ALPHA_FLATTENED = "alpha flattened"
    COLOR_CONVERTED = "colour converted"
    DEFAULT_PIX = "reduced to DefaultPix"
    OVER_MAX_PIX = "over MaxPix"
    """The server refuses it: "illegal image size"."""
    NO_PREVIEW = "too large to preview"
    OVER_EXPORT_LIMIT = "over the export limit"


class Reason(StrEnum):
    """Why something is not known for certain."""

    UNKNOWN_PRESET = "what it says is not known here"
    REFUSED_PRESET = "it stands in itself, or presets are nested too deep"
    BUILT_IN_PRESET = "an effect of Image Serving's own catalog: that it leaves the size is assumed"
    UNKNOWN_COMMAND = "no documented command: whether servers ignore or refuse it is unknown"
    UNREADABLE = "no value that is documented: whether servers ignore or refuse it is unknown"
    CONTRADICTION = "the format does not have it: the server refuses it"
    FIT_WITHOUT_SIDE = "needs wid or hei: the server refuses it"
    INFERRED_ORDER = "is_modifier and macro both say it; which of them prevails is inferred"
    OTHER_PICTURE = "may render another picture than the asset"
    NO_PICTURE = "asks for something else than a picture"
    NOT_MODELLED = "what it does to the size is not modelled"
    OTHER_LAYERS = "what other layers and effects show is not modelled"
    TWO_SPELLINGS = "said in pixels and in shares; which of them wins is unknown"
    ORDER_OF_FLIP = "whether extend comes before rotate when flip is set is unknown"
    NOTHING_LEFT = "nothing of the picture is left: the server refuses it"
    LARGE_BEFORE_RECT = (
        "cut out of more than 100 million pixels: the server may refuse to make them"
    )
    RECT_WITHOUT_ID = "servers are known to need id= with it"
    UPSCALE_WITHOUT_FIT = "whether pictures are enlarged when there is no fit is unknown"
    PADDED_WRAP = "whether a picture smaller than wid x hei is padded is unknown"
    ROTATED_BOX = "how the sides of a turned picture are rounded is unknown"
    DEVICE_PIXELS = "multiplies the size for the screen of whoever asks"
    SMART_IMAGING = "lets the server choose for the browser or the network of whoever asks"
    PROFILE = "the colours of the profile are not known offline"
    NOT_CALIBRATED = "bytes of this format are a guess: no file of it was measured"
    NO_ESTIMATE = "bytes of this format are not estimated"
    JPEG_SIZE = "the picture may be too rich for it; the server refuses it then"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A reason, and the name of the command or preset it is about."""

    about: str
    reason: Reason


class ByteEstimate(NamedTuple):
    """The size of the file. Between ``low`` and ``high`` lie about nine of ten pictures."""

    low: int
    likely: int
    high: int


class PredictedImage(NamedTuple):
    """One converted picture. A tuple, because plans make millions of them.

    ``size``, ``format``, ``cropped_percent`` and ``estimated_bytes`` are None where they cannot be
    known; ``uncertain`` tells why, and what else is known with a reservation only. A flag is there
    when it is known to hold: without ``size``, or with a source whose alpha and colours are not
    known, less is known. ``cropped_percent`` is the share of the source's area that is cut away.
    """

    size: Size | None
    format: Format | None
    flags: tuple[Flag, ...]
    cropped_percent: float | None
    estimated_bytes: ByteEstimate | None
    uncertain: tuple[Doubt, ...]

    @property
    def width(self) -> int | None:
        """Pixels."""
        return None if self.size is None else self.size.width

    @property
    def height(self) -> int | None:
        """Pixels."""
        return None if self.size is None else self.size.height

    @property
    def megapixels(self) -> float | None:
        """Millions of pixels, not rounded."""
        return None if self.size is None else self.size.width * self.size.height / 1_000_000

    @property
    def extension(self) -> str | None:
        """What the file's name ends in, without a dot: a convention but for ``tiff``."""
        return None if self.format is None else self.format.extension
