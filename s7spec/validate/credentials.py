"""Credentials do not belong into files that are committed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from s7spec.model.rules import Rule
from s7spec.model.source import Pointer, is_secret_name
from s7spec.validate.mistakes import Mistake

_USER_IN_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#@]+@")
_HINT = (
    "remove it: s7spec takes credentials from S7SPEC_USER and S7SPEC_PASSWORD; "
    "change the password if this file was ever committed"
)
_PROXY_HINT = "remove the login: a proxy that wants one stands in HTTPS_PROXY, not in this file"


def find_credentials(value: object, pointer: Pointer = ()) -> Iterator[Mistake]:
    """Keys that credentials go by, and URLs with a user in them. Values are never repeated."""
    if isinstance(value, dict):
        for key, below in value.items():
            here = (*pointer, key)
            if is_secret_name(key) and _holds_text(below):
                yield _mistake(here, f"`{key}` looks like a credential", on_key=True)
            else:
                yield from find_credentials(below, here)
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from find_credentials(below, (*pointer, index))
    elif isinstance(value, str) and ("://" in value and _USER_IN_URL.search(value)):
        yield _mistake(pointer, "the URL has a user or a password in it", on_key=False)


def _holds_text(value: object) -> bool:
    if isinstance(value, list):
        return not any(isinstance(item, dict) for item in value)
    return not isinstance(value, dict)


def _mistake(pointer: Pointer, summary: str, *, on_key: bool) -> Mistake:
    return Mistake(
        rule=Rule.SECRET_IN_YAML,
        pointer=pointer,
        summary=summary,
        hint=_PROXY_HINT if pointer[-1:] == ("proxy",) else _HINT,
        on_key=on_key,
    )
