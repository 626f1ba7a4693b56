"""Credentials do not belong into files that are committed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from s7spec.model.project import is_ledger_url
from s7spec.model.rules import Rule
from s7spec.model.source import Pointer, SourceDocument, is_secret_name
from s7spec.validate.ledger_urls import holds_secret
from s7spec.validate.mistakes import Mistake

_CONTAINERS = frozenset({dict, list})
_USER_IN_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#@]+@")
_HINT = (
    "remove it: s7spec takes credentials from S7SPEC_USER and S7SPEC_PASSWORD; "
    "change the password if this file was ever committed"
)
_LEDGER_HINT = (
    "remove it: the password of the ledger comes from S7SPEC_LEDGER_PASSWORD, PGPASSWORD or a "
    "password file (PGPASSFILE); change it if this file was ever committed"
)
_PROXY_HINT = "remove the login: a proxy that wants one stands in HTTPS_PROXY, not in this file"


def find_credentials(document: SourceDocument) -> Iterator[Mistake]:
    """Keys that credentials go by, and URLs with a user in them. Values are never repeated."""
    if _is_suspicious(document.value, with_texts=_may_name_users(document.file.text)):
        yield from _found(document.value, ())


@lru_cache(maxsize=1)
def _may_name_users(text: str) -> bool:
    """Whether a URL in ``text`` may have a user in it. Kept for the file's next document."""
    # An escape can spell, or break, any part of a URL; one of a ledger may say all in its query.
    return "\\" in text or (
        "://" in text and ("postgres" in text or _USER_IN_URL.search(text) is not None)
    )


def _is_suspicious(value: object, *, with_texts: bool) -> bool:
    """Whether it is worth looking closer: nearly always it is not."""
    ahead: list[Any] = [value]
    for here in ahead:  # grows while it is walked
        if type(here) is dict:
            if any(map(is_secret_name, here)):
                return True
            here = here.values()
        elif type(here) is not list:
            here = (here,)
        for below in here:
            if type(below) in _CONTAINERS:
                ahead.append(below)
            elif with_texts and type(below) is str and (_names_user(below) or holds_secret(below)):
                return True
    return False


def _names_user(text: str) -> bool:
    return "://" in text and _USER_IN_URL.search(text) is not None


def _found(value: object, pointer: Pointer) -> Iterator[Mistake]:
    if isinstance(value, dict):
        for key, below in value.items():
            here = (*pointer, key)
            if is_secret_name(key) and _holds_text(below):
                yield _mistake(here, f"`{key}` looks like a credential", on_key=True)
            else:
                yield from _found(below, here)
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _found(below, (*pointer, index))
    elif isinstance(value, str) and pointer == ("ledger",) and is_ledger_url(value):
        # The user is part of where it is: without a password it gives nothing away.
        if holds_secret(value):
            yield _mistake(pointer, "the URL of the ledger has a password in it", on_key=False)
    elif isinstance(value, str) and (_names_user(value) or holds_secret(value)):
        yield _mistake(pointer, "the URL has a user or a password in it", on_key=False)


def _holds_text(value: object) -> bool:
    if isinstance(value, list):
        return not any(isinstance(item, dict) for item in value)
    return not isinstance(value, dict)


def _mistake(pointer: Pointer, summary: str, *, on_key: bool) -> Mistake:
    hints: dict[Pointer, str] = {("proxy",): _PROXY_HINT, ("ledger",): _LEDGER_HINT}
    return Mistake(
        rule=Rule.SECRET_IN_YAML,
        pointer=pointer,
        summary=summary,
        hint=hints.get(pointer[-1:], _HINT),
        on_key=on_key,
    )
