"""What each command does, in words for people (facts: Image Serving sections 5 and 8).

``{0}`` is the first field of the value as it is written, ``{value}`` the whole of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "wid": "{0} pixels wide",
        "hei": "{0} pixels high",
        "scl": "the picture's sides divided by {0}",
        "fit": "{0}",
        "align": "placed at {0} across (-1 left, 1 right) and {1} down (-1 top, 1 bottom)",
        "rgn": "only the region at {0},{1} of {2}x{3} pixels, before the view scales",
        "rect": "only the rectangle at {0},{1} of {2}x{3} pixels, after the view scaled",
        "bgc": "margins and lost transparency filled with colour {value}",
        "template": "the template {0} instead of the picture",
        "effectMask": "whether effects heed the mask: {0}",
        "fmt": "{0}",
        "qlt": "quality {0} of 100",
        "jpegSize": "JPEG of at most {0} kilobytes, 0 for any size",
        "pscan": "progressive JPEG in {0} scans",
        "quantize": "a palette made in the way `{0}`",
        "icc": "colours converted to the profile {0}",
        "iccEmbed": "the colour profile in the file: {0}",
        "pathEmbed": "Photoshop paths in the file: {0}",
        "xmpEmbed": "XMP metadata in the file: {0}",
        "printRes": "printing resolution {0} pixels per inch, pixels unchanged",
        "resMode": "scaled with the filter {0}",
        "layer": "what follows acts on layer {0}",
        "effect": "what follows acts on effect {0} of the layer",
        "crop": "cut to {2}x{3} pixels of the source from {0},{1} on",
        "cropN": "cut to {2} x {3} of the source's sides from {0},{1} on",
        "cropPathE": "cut to the path {value} of the source",
        "scale": "the layer's sides multiplied by {0}",
        "res": "the layer scaled to the resolution {0}",
        "anchor": "the layer's anchor at {0},{1} pixels",
        "anchorN": "the layer's anchor at {0},{1} of its sides",
        "mask": "transparency taken from another picture",
        "maskUse": "the mask used as `{0}`",
        "size": "the layer scaled to {0}x{1} pixels, 0 leaving a side open",
        "sizeN": "the layer scaled to {0} x {1} of the canvas",
        "extend": "margins of {0}, {1}, {2}, {3} pixels: left, top, right, bottom",
        "extendN": "margins of {0}, {1}, {2}, {3} of the sides: left, top, right, bottom",
        "rotate": "turned clockwise by {0} degrees",
        "flip": "mirrored: {0}",
        "bgColor": "the layer's background filled with colour {value}",
        "color": "the layer's colour {value}",
        "opac": "opacity {0} percent",
        "blendMode": "blended as `{0}`",
        "hide": "the layer hidden: {0}",
        "origin": "the layer's origin at {0},{1} pixels",
        "originN": "the layer's origin at {0},{1} of its sides",
        "pos": "the layer moved by {0},{1} pixels",
        "posN": "the layer moved by {0},{1} of the canvas",
        "src": "another picture instead of the asset",
        "clipPath": "clipped to a path drawn here",
        "clipPathE": "clipped to the path {value} of the source",
        "clipXPath": "clipped to the outside of a path drawn here",
        "clipXPathE": "clipped to the outside of the path {value} of the source",
        "perspective": "the corners moved to eight coordinates in pixels",
        "perspectiveN": "the corners moved to eight coordinates in shares of the sides",
        "map": "areas of an image map",
        "mapA": "areas of an image map",
        "op_usm": "unsharp mask of amount {0}",
        "op_usmR": "unsharp mask of amount {0}, its radius in shares of the output",
        "op_sharpen": "sharpened: {0}",
        "op_blur": "blurred with radius {0}",
        "op_brightness": "brightness changed by {0}",
        "op_contrast": "contrast changed by {0}",
        "op_saturation": "saturation changed by {0}",
        "op_hue": "hue turned by {0} degrees",
        "op_colorbalance": "red, green and blue shifted by {0}, {1}, {2}",
        "op_colorize": "tinted with colour {value}",
        "op_invert": "colours inverted: {0}",
        "op_noise": "random noise of strength {0}",
        "op_grow": "edges grown by {0}",
        "op_growMask": "the mask grown by {0}",
        "op_growMaskR": "the mask grown by {0}, in shares of the output",
        "text": "a text drawn",
        "textPs": "a text drawn",
        "textAngle": "the text turned by {0} degrees",
        "textAttr": "how the text is drawn",
        "textPath": "the text along a path",
        "pathAttr": "how the text lies on its path",
        "textFlowPath": "the text within a shape",
        "textFlowXPath": "the text around a shape",
        "locale": "the picture of the language {0}",
        "defaultImage": "{0} where the picture is missing",
        "cache": "how servers keep the reply: {value}",
        "id": "a mark for browsers' caches",
        "bfc": "formats by the browser: {0}",
        "dpr": "sizes by the device: {0}",
        "network": "quality by the network: {0}",
        "imageSet": "an image set",
        "type": "a type of asset",
        "req": "an answer of the kind `{0}`",
    }
)

FITS: Mapping[str, str] = MappingProxyType(
    {
        "fit": "fitted into wid x hei, margins filled",
        "constrain": "fitted into wid x hei, without margins",
        "crop": "wid x hei filled, what stands out cut off",
        "wrap": "wid x hei covered, nothing cut off",
        "stretch": "stretched to wid x hei, whatever its shape",
        "hfit": "as wide as wid, cut or padded to hei",
        "vfit": "as high as hei, cut or padded to wid",
    }
)
"""The modes of ``fit``."""

FLIPS: Mapping[str, str] = MappingProxyType(
    {"lr": "left to right", "ud": "upside down", "lrud": "left to right and upside down"}
)
"""The directions of ``flip``."""

FLAGS = MappingProxyType({"0": "no", "1": "yes"})
"""Fields that are 0 or 1."""
