"""Takes the password out of what a server says, before it gets into a message or a report."""

from __future__ import annotations

import re
from base64 import b64encode
from html import escape
from urllib.parse import quote, quote_plus

from s7spec.adapters.credentials import Credentials

_MASK = "***"
# What IPS puts around our name in a handle (facts: IPS API section 8).
_AROUND_NAME = re.compile(r"[j|0-9:._-]*")


class Scrub:
    """Replaces a caller's password by ``***``, also as a URL or HTML would write it.

    The user's name stays readable even when the password is a part of it, and so do the names
    given as ``known``: texts that we sent ourselves, where a short password may turn up by chance.
    """

    __slots__ = ("_forms", "_known")

    def __init__(self, credentials: Credentials) -> None:
        password = credentials.password
        # Bytes that are no UTF-8 come from the environment as surrogates.
        self._forms = {
            password,
            escape(password),
            quote(password, safe="", errors="surrogatepass"),
            quote_plus(password, errors="surrogatepass"),
        }
        # As HTTP Basic carries it, and by itself.
        both = f"{credentials.user}:{password}"
        if password:
            self._forms |= {
                b64encode(text.encode("utf-8", "surrogatepass")).decode()
                for text in (password, both)
            }
        self._forms.discard("")
        self._known = credentials.user

    def __call__(self, text: str, *known: str) -> str:
        if not any(form in text for form in self._forms):
            return text
        # A name shorter than the password never shields it: only a longer one that holds it does,
        # and then the longest match at a place wins.
        kept = {k for k in (self._known, *known) if self._is_within(k)}
        either = sorted((*self._forms, *kept), key=len, reverse=True)
        pattern = "|".join(map(re.escape, either))
        return re.sub(pattern, lambda m: m[0] if m[0] in kept else _MASK, text)

    def _is_within(self, name: str) -> bool:
        return name not in self._forms and any(form in name for form in self._forms)


def handle_shown(handle: str, name: str, scrub: Scrub) -> str:
    """A job handle as it is kept, shown, and sent back to stop or delete the job.

    Our own name between numbers and dates of IPS stays whole, whatever a short password looks like:
    IPS would not know the job by any other handle. All else is scrubbed.
    """
    around = handle.replace(name, "", 1) if name in handle else None
    is_plain = around is not None and _AROUND_NAME.fullmatch(around) is not None
    return handle if is_plain else scrub(handle, name)
