"""From an ``is_modifier`` mapping to Image Serving syntax."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from urllib.parse import quote

# facts: Image Serving section 2, `name`. A leading dot makes a comment, which the server ignores;
# a leading `$` defines a variable.
_NAME = re.compile(r"\$?[A-Za-z0-9_-][A-Za-z0-9_.-]*").fullmatch
_REFERENCE = re.compile(r"\$[A-Za-z0-9_.-]+\$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SEPARATORS_AND_PLAIN = ",!*'"


def compose_modifier(fields: Iterable[tuple[str, str | int | float | bool]]) -> str:
    """Joins commands and values with ``&`` in the given order.

    Values are literal text: commas separate their fields and stay, ``$name$`` refers to a variable
    and stays, everything else that Image Serving would misread is percent-encoded (a ``%`` as
    well). True and false become 1 and 0, numbers are written without exponents.
    Raises ValueError for what cannot be said so: an empty value, a name that is no command.
    """
    return "&".join(f"{_command(name)}={_value(name, value)}" for name, value in fields)


def percent_encoded(text: str) -> str:
    """``text`` with everything encoded that could mean something to Image Serving, also commas,
    ``$``, ``{`` and ``&``: it arrives there as it is (facts: Image Serving section 2)."""
    return quote(text, safe="").replace("~", "%7E")


def encoded_value(text: str) -> str:
    """A value, or a part of one, as ``compose_modifier`` writes it."""
    return _encoded(text)


def _command(name: str) -> str:
    if _NAME(name) is None:
        raise ValueError(
            f"`{name}` is not the name of an Image Serving command: names are made of letters, "
            "digits, `-`, `_` and `.`, and do not begin with a dot"
        )
    return name


def _value(name: str, value: str | int | float | bool) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _decimal(value)
    if value == "" or value != value.strip():
        raise ValueError(f"the value of `{name}` is empty or begins or ends with a blank")
    if _CONTROL.search(value):
        raise ValueError(f"the value of `{name}` holds a line break or another control character")
    return _encoded(value)


def _encoded(value: str) -> str:
    """Encodes what stands between the references."""
    parts: list[str] = []
    end = 0
    for reference in _REFERENCE.finditer(value):
        parts += [_percent(value[end : reference.start()]), reference[0]]
        end = reference.end()
    return "".join([*parts, _percent(value[end:])])


def _percent(text: str) -> str:
    # `~` is unreserved to URLs but unsafe to Image Serving.
    return quote(text, safe=_SEPARATORS_AND_PLAIN).replace("~", "%7E")


def _decimal(value: float) -> str:
    """As short as possible, never with an exponent. Raises ValueError for infinity and NaN."""
    number = Decimal(repr(value))
    if not number.is_finite():
        raise ValueError(f"{value} is not a number that can be written down")
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
