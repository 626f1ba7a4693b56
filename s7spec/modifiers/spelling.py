"""One spelling for values: percent-encoded exactly where Image Serving could misread them."""

from __future__ import annotations

import re

# Bare words, numbers, lists and references; everything else is looked at sign by sign.
# `!`, `*` and `'` are neither reserved nor unsafe (facts: Image Serving section 2).
_PLAIN = re.compile(r"[A-Za-z0-9._,!*'$+-]*").fullmatch
_NEVER_ENCODED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._,!*'")
# An escape, or a sign that is no part of one and must not stand as it is.
_TO_SPELL = re.compile(r"%(?P<code>[0-9A-Fa-f]{2})|[^A-Za-z0-9._,!*'$+-]")
_TO_SPELL_IN_TARGETS = re.compile(r"%(?P<code>[0-9A-Fa-f]{2})|[^A-Za-z0-9._,!*'$+/:-]")
_TO_SPELL_ELSEWHERE = re.compile(r"%(?P<code>[0-9A-Fa-f]{2})|[%\x00-\x20\x7f-\U0010ffff]")


def spelt(value: str) -> str:
    """A value in canonical spelling.

    ``%2C`` is a comma and becomes one. ``$`` and ``+`` stay as they were written, encoded or not:
    they can mean a reference and a blank.
    """
    return value if _PLAIN(value) else _TO_SPELL.sub(_respelt, value)


def spelt_target(target: str) -> str:
    """The path of a nested request in canonical spelling: as a value, but ``/`` and ``:`` stay."""
    return target if _PLAIN(target) else _TO_SPELL_IN_TARGETS.sub(_respelt, target)


def spelt_elsewhere(text: str) -> str:
    """A request to another server: escapes in capitals, and encoded what no URL may hold."""
    return _TO_SPELL_ELSEWHERE.sub(_capital, text)


def _respelt(found: re.Match[str]) -> str:
    code = found["code"]
    if code is None:
        return _encoded(found[0])
    sign = chr(int(code, 16))
    return sign if sign in _NEVER_ENCODED else found[0].upper()


def _capital(found: re.Match[str]) -> str:
    return _encoded(found[0]) if found["code"] is None else found[0].upper()


def _encoded(sign: str) -> str:
    # Half a surrogate pair is refused elsewhere; here it only must not end in an exception.
    return "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", "surrogatepass"))
