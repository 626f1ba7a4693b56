"""Takes the password out of what a server says, before it gets into a message or a report."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator

from s7spec.adapters.credentials import Credentials

_MASK = "***"
# What IPS puts around our name in a handle (facts: IPS API section 8).
_AROUND_NAME = re.compile(r"[j|0-9:._-]*")


class Scrub:
    """Replaces a caller's password by ``***``, each of its characters as it is or as a URL, HTML,
    XML or JSON would write it, also where only some of them are.

    The user's name stays readable even when the password is a part of it, and so do the names
    given as ``known``: texts that we sent ourselves, where a short password may turn up by chance.
    """

    __slots__ = ("_known", "_pattern")

    def __init__(self, credentials: Credentials) -> None:
        password = credentials.password
        self._known = credentials.user
        self._pattern: re.Pattern[str] | None = None
        if password:
            # As HTTP Basic carries it, by itself and behind the user's name.
            in_base64 = (
                b64encode(text.encode("utf-8", "surrogatepass")).decode()
                for text in (f"{credentials.user}:{password}", password)
            )
            written = "".join(map(_written, password))
            self._pattern = re.compile("|".join((*map(re.escape, in_base64), written)))

    def __call__(self, text: str, *known: str) -> str:
        pattern = self._pattern
        if pattern is None or pattern.search(text) is None:
            return text
        # A name shorter than the password never shields it: only a longer one that holds it does,
        # and then the longest match at a place wins.
        kept = {k for k in (self._known, *known) if self._is_within(k)}
        names = map(re.escape, sorted(kept, key=len, reverse=True))
        either = "|".join((*names, pattern.pattern))
        return re.sub(either, lambda m: m[0] if m[0] in kept else _MASK, text)

    def _is_within(self, name: str) -> bool:
        found = None if self._pattern is None else self._pattern.search(name)
        return found is not None and found[0] != name


def _written(character: str) -> str:
    """A pattern for the ways to write a character: ``<``, ``&lt;``, ``&#60;``, ``&#x3c;``, ``%3C``,
    ``\\u003c``; each of those may have been escaped once more."""
    number = ord(character)
    # Bytes that are no UTF-8 come from the environment as surrogates.
    encoded = character.encode("utf-8", "surrogatepass")
    named = (re.escape(name) for name in _ENTITIES.get(character, ()))
    ways = (
        re.escape(character),
        *(f"&(?:amp;)?{name};" for name in named),
        f"&(?:amp;)?#0*{number};",
        f"&(?:amp;)?#[xX]0*{_hexadecimal(f'{number:x}')};",
        "".join(f"%(?:25)?{_hexadecimal(f'{byte:02x}')}" for byte in encoded),
        "".join(rf"\\+u{_hexadecimal(unit.hex())}" for unit in _units(character)),
        *((rf"\\+{re.escape(character)}",) if character in '"\\/' else ()),
        *((r"\+",) if character == " " else ()),
    )
    return f"(?:{'|'.join(ways)})"


def _units(character: str) -> Iterator[bytes]:
    """As JSON counts them: one, or two beyond the first 65,536 characters."""
    encoded = character.encode("utf-16-be", "surrogatepass")
    return (encoded[at : at + 2] for at in range(0, len(encoded), 2))


_ENTITIES = {"&": ("amp",), "<": ("lt",), ">": ("gt",), '"': ("quot",), "'": ("apos",)}


def _hexadecimal(digits: str) -> str:
    return "".join(f"[{d}{d.upper()}]" if d.isalpha() else d for d in digits)


def handle_shown(handle: str, name: str, scrub: Scrub) -> str:
    """A job handle as it is kept, shown, and sent back to stop or delete the job.

    Our own name between numbers and dates of IPS stays whole, whatever a short password looks like:
    IPS would not know the job by any other handle. All else is scrubbed.
    """
    around = handle.replace(name, "", 1) if name in handle else None
    is_plain = around is not None and _AROUND_NAME.fullmatch(around) is not None
    return handle if is_plain else scrub(handle, name)
