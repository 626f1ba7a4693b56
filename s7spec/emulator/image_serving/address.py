"""The path of a preview: ``/is/image/<company>/<asset>``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from s7spec.emulator.image_serving.refusal import Refused

PREFIX = "/is/image"
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SCHEME = re.compile(r"https?://[^/?#]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Names as they stand in the catalog, upper and lower case apart."""

    company: str
    asset: str


def is_preview(path: str) -> bool:
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def read_address(uri: str) -> Address:
    """Read the path of a request as it came, with its escapes; a query is passed over.

    It is split before it is decoded, so that an encoded slash separates nothing. Raises Refused.
    """
    path = _SCHEME.sub("", uri, count=1).partition("?")[0]
    parts = [_decoded(part) for part in path.split("/")]
    names = [part for part in parts if part][2:]
    if ".." in names or "." in names:
        raise Refused("'.' and '..' are not permitted in a path")
    if len(names) != 2:
        raise Refused(f"the path must be {PREFIX}/<company>/<asset>")
    return Address(company=names[0], asset=names[1])


def _decoded(part: str) -> str:
    if _BAD_ESCAPE.search(part):
        raise Refused("the path has a '%' without two hex digits", HTTPStatus.BAD_REQUEST)
    try:
        text = unquote_to_bytes(part.encode("latin-1")).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("the path is not UTF-8", HTTPStatus.BAD_REQUEST) from error
    if not text.isprintable() or "/" in text or "\\" in text:
        reason = "the path holds an encoded slash, a backslash or a control character"
        raise Refused(reason, HTTPStatus.BAD_REQUEST)
    return text
