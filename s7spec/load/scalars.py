"""Plain scalars by the core schema of YAML 1.2: ``no`` is a text, ``010`` is ten."""

from __future__ import annotations

import math
import re
from functools import lru_cache

MAX_INTEGER = 2**53 - 1
"""The largest integer that every JSON reader keeps exact."""

_MAX_DIGITS = 18

_CONSTANTS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)").fullmatch
_INTEGER = re.compile(r"[-+]?[0-9]+").fullmatch
_OCTAL = re.compile(r"0o[0-7]+").fullmatch
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+").fullmatch
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?").fullmatch
_NUMERIC_STARTS = frozenset("-+.0123456789")

SPECIAL_STARTS = frozenset({"", *_NUMERIC_STARTS, *(text[:1] for text in _CONSTANTS)})
"""How plain scalars begin that are not always texts: all others are."""

Scalar = str | int | float | bool | None


@lru_cache(maxsize=4096)
def core_scalar(text: str) -> Scalar:
    """The value of a plain scalar. Raises ValueError, fit to be shown, for refused numbers.

    Manifests repeat few numbers, and words that could begin one, again and again.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _NUMERIC_STARTS:
        return text
    return _number(text)


def tagged_scalar(tag: str, text: str) -> Scalar:
    """The value of a scalar with a tag of the core schema.

    Raises ValueError when the text does not fit the tag, LookupError for any other tag.
    """
    if tag in ("!", "tag:yaml.org,2002:str"):
        return text
    wanted = _TAGS[tag]
    value = core_scalar(text)
    if wanted is float and type(value) is int:
        return float(value)
    if type(value) is not wanted:
        raise ValueError(f"the value does not fit its tag !!{tag.rpartition(':')[2]}")
    return value


_TAGS: dict[str, type] = {
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
    "tag:yaml.org,2002:bool": bool,
    "tag:yaml.org,2002:null": type(None),
}


def _number(text: str) -> Scalar:
    if _INTEGER(text):
        value = _integer(text.lstrip("+-0"), 10)
        return -value if text[0] == "-" else value
    if _FLOAT(text):
        return _finite(float(text))
    if _HEXADECIMAL(text):
        return _integer(text[2:].lstrip("0"), 16)
    if _OCTAL(text):
        return _integer(text[2:].lstrip("0"), 8)
    if _NOT_FINITE(text):
        raise ValueError("numbers without end and not-a-number have no place in a manifest")
    return text


def _integer(digits: str, base: int) -> int:
    # The digits are counted first: converting thousands of them takes long, or is refused.
    value = int(digits or "0", base) if len(digits) <= _MAX_DIGITS else MAX_INTEGER + 1
    if value > MAX_INTEGER:
        raise ValueError("a whole number beyond 9007199254740991 cannot be kept exactly")
    return value


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("the number is too large to be kept")
    return value
