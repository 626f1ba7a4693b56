"""The size of an Image Serving reply, and where the picture lies in it (facts: Image Serving
sections 5, 6 and 8). All sizes and places are whole pixels.

Adobe documents no rounding. Here everything is rounded half up and no side is less than 1: a choice
of ours, to be compared with one pixel of tolerance. Whole numbers decide it, since a float can take
the wrong side of a half; only ``rotated`` by odd angles needs floats.
"""

from s7spec.modifiers.geometry.layers import (
    Region,
    extended,
    region_of_shares,
    rotated,
    scaled,
    share_in_pixels,
)
from s7spec.modifiers.geometry.size import Size
from s7spec.modifiers.geometry.view import (
    Fit,
    Placement,
    View,
    is_distorted,
    place_image,
    sizes_in_view,
)

__all__ = [
    "Fit",
    "Placement",
    "Region",
    "Size",
    "View",
    "extended",
    "is_distorted",
    "place_image",
    "region_of_shares",
    "rotated",
    "scaled",
    "share_in_pixels",
    "sizes_in_view",
]
