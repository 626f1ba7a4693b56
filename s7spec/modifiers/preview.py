"""The address at which a published asset can be looked at as it will be converted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from typing import Final
from urllib.parse import quote, urlsplit

from s7spec.modifiers.commands import command_named
from s7spec.modifiers.effective import NOTHING, merge_modifiers
from s7spec.modifiers.lint.unsafe import unsafe_uses
from s7spec.modifiers.prediction import Flag, PredictedImage
from s7spec.modifiers.printing import print_modifier
from s7spec.modifiers.syntax import Command, Comment, Macro, Modifier, Piece, Variable

AS_EXPORTED: Final = "bfc=off&dpr=off&network=off"
"""Without these, Smart Imaging may change a preview's format and size (facts: section 8)."""

_PATH = "/is/image"
_NOT_PASSED = frozenset({"req", "cache", "id", "bfc", "dpr", "network", "map", "mapA"})
"""Commands that ask the server for something else than the picture as it is exported."""

# What a piece's own name may hold without changing what the address says; values are encoded by
# the canonical spelling. Stock presets begin with `!`.
_SAFE_NAME = re.compile(r"[A-Za-z0-9_.!-]+").fullmatch
_SAFE_VALUE = re.compile(r"(?:[A-Za-z0-9._,!*'$+-]|%[0-9A-F]{2})*").fullmatch
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]").fullmatch


class NoPreview(StrEnum):
    """Why there is no address."""

    TOO_LARGE = "too large to preview"
    """Image servers render less than an export does: it does not fail for that."""
    OVER_MAX_PIX = "over MaxPix"
    NAME = "the name of the company or the asset cannot stand in an address"
    UNREADABLE = "the modifier cannot be read"
    OTHER_RESOURCES = "the modifier reaches beyond the asset"
    """``src=``, ``template=`` and the like: nothing that a link should make somebody fetch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageServerAddress:
    """Where a company's published assets are: ``https://s7d1.scene7.com`` or with ``/is/image``.

    Raises ValueError for anything but https (http on loopback), and for a user, a query, a
    fragment or another path.
    """

    url: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)  # also raises ValueError
        if parts.scheme != "https" and not (
            parts.scheme == "http" and _is_loopback(parts.hostname or "")
        ):
            raise ValueError(f"{self.url!r} must begin with https://")
        if parts.path.rstrip("/") not in ("", _PATH) or parts.query or parts.fragment:
            raise ValueError(f"{self.url!r} is not the address of an image server: no path fits it")
        host = parts.netloc
        port = parts.port  # raises ValueError for one that is none
        if port is not None:
            host = host.removesuffix(f":{port}")
        if parts.hostname is None or _HOST(host) is None or _CONTROL.search(self.url):
            raise ValueError(f"{self.url!r} names no host, or more than a host")

    @property
    def base(self) -> str:
        """Without a slash at its end."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}{_PATH}"


def preview_url(
    *,
    server: ImageServerAddress,
    company: str,
    asset: str,
    modifier: Modifier,
    macro: Modifier,
    predicted: PredictedImage | None = None,
) -> str | NoPreview:
    """``https://server/is/image/Company/Asset?modifier&macro&bfc=off&dpr=off&network=off``.

    ``company`` is the root path of the company, ``asset`` the IPS asset ID, both as they are, not
    encoded. ``modifier`` and ``macro`` go along as they are, presets not expanded, but for comments
    and what is not about the picture (``req=``, ``cache=``, ``id=`` ...). Without ``predicted`` the
    limits of image servers are not looked at (facts: Image Serving sections 6, 8 and 9).
    """
    if predicted is not None and Flag.NO_PREVIEW in predicted.flags:
        return NoPreview.TOO_LARGE
    if predicted is not None and Flag.OVER_MAX_PIX in predicted.flags:
        return NoPreview.OVER_MAX_PIX
    names = (company.removesuffix("/"), asset)
    if not all(map(_can_be_named, names)):
        return NoPreview.NAME
    pieces = tuple(_passed(modifier)) + tuple(_passed(macro))
    if _reaches_beyond(Modifier(pieces)):
        return NoPreview.OTHER_RESOURCES
    if not all(map(_is_readable, pieces)):
        return NoPreview.UNREADABLE
    path = "/".join(quote(name, safe="") for name in names)
    said = print_modifier(Modifier(pieces))
    return f"{server.base}/{path}?{said}{'&' if said else ''}{AS_EXPORTED}"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _can_be_named(name: str) -> bool:
    """``.`` and ``..`` mean folders even when they are encoded."""
    return name not in ("", ".", "..") and _CONTROL.search(name) is None


def _passed(modifier: Modifier) -> Iterator[Piece]:
    for piece in modifier.pieces:
        if isinstance(piece, Command):
            definition = command_named(piece.name)
            if definition is not None and definition.name in _NOT_PASSED:
                continue
        if not isinstance(piece, Comment):  # they would land in the server's logs
            yield piece


def _reaches_beyond(said: Modifier) -> bool:
    """Also where a variable fills it in: what would need leave in an export gets no link."""
    merged = merge_modifiers(modifier=said, macro=NOTHING, presets={})
    filled = (field.said.command for field in merged.fields)
    return any(any(unsafe_uses(piece)) for piece in (*said.pieces, *filled))


def _is_readable(piece: Piece) -> bool:
    if not isinstance(piece, Command | Variable | Macro) or _SAFE_NAME(piece.name) is None:
        return False
    if isinstance(piece, Macro) or piece.value is None:
        return True
    return isinstance(piece.value, str) and _SAFE_VALUE(piece.value) is not None
