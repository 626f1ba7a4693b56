"""Colours as Image Serving writes them (facts: is_commands.json, `types.color`)."""

from __future__ import annotations

import re

# Each form with its bounds; case does not matter. A bare `255255` is hex, a bare `100` is gray.
# A trailing `s` names the source's colour space and can follow every form.
_HEX = re.compile(r"(?:0x)?[0-9a-f]{6}(?:[0-9a-f]{2})?r?s?", re.IGNORECASE).fullmatch
_HEX_GRAY = re.compile(r"0x[0-9a-f]{2}(?:[0-9a-f]{2})?g?s?", re.IGNORECASE).fullmatch
_HEX_CMYK = re.compile(r"(?:0x)?[0-9a-f]{8}(?:[0-9a-f]{2})?ks?", re.IGNORECASE).fullmatch
_DECIMAL = re.compile(r"([0-9]{1,3}(?:,[0-9]{1,3}){0,4})([grk]?)s?", re.IGNORECASE).fullmatch
_PERCENT, _BYTE = 100, 255
_FIELDS = {"g": (1, 2), "r": (3, 4), "k": (4, 5)}


HOW_TO_WRITE = (
    "write R,G,B from 0 to 255, as in 255,255,255, or six hexadecimal digits, as in F4F4F4"
)


def is_color(text: str) -> bool:
    """Whether ``text`` is a colour in one of the documented forms, with or without alpha.

    Gray and CMYK are percentages, red, green and blue 0 to 255, and CMYK ends in ``k``. Nothing
    documents the unit of a decimal alpha; it is held to the bound of its colour.
    """
    if _HEX(text) or _HEX_GRAY(text) or _HEX_CMYK(text):
        return True
    found = _DECIMAL(text)
    if found is None:
        return False
    numbers = [int(each) for each in found[1].split(",")]
    kind = found[2].lower() or ("g" if len(numbers) <= _FIELDS["g"][1] else "r")
    bound = _BYTE if kind == "r" else _PERCENT
    return len(numbers) in _FIELDS[kind] and max(numbers) <= bound
