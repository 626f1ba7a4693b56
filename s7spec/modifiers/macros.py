"""Image presets by name."""

from __future__ import annotations

import re

# facts: Image Serving section 2. Stock presets begin with `!`.
_MACRO = re.compile(r"\$?([A-Za-z0-9_.!-]+)\$?").fullmatch


def normalise_macro(text: str) -> str:
    """``name`` and ``$name$`` are the same preset; returns ``$name$``.

    Raises ValueError for anything else: one ``$`` only, blanks, several names.
    """
    found = _MACRO(text)
    if found is None or text.startswith("$") != text.endswith("$"):
        raise ValueError(
            f"`{text}` is not the name of an image preset: write $name$, made of letters, digits, "
            "`-`, `_`, `.` and `!`"
        )
    return f"${found[1]}$"
