"""Fingerprints of payloads (semantics: section 2): what decides whether a job runs again."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Protocol

from s7spec.model.digest import sha256
from s7spec.model.sharing import OncePerObject
from s7spec.model.values import made_quickly

if TYPE_CHECKING:
    import hashlib

FINGERPRINT_VERSION = 1

_TAG = f"s7spec-fp/{FINGERPRINT_VERSION}\0"
_SHARED_ASSETS = 64


class HasCells(Protocol):
    """A part of a payload that is written as a row: an asset's version."""

    def cells(self) -> list[str | int | None]: ...


@made_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """``data`` decides whether a job runs again, ``meta`` never does. SHA-256, hexadecimal."""

    data: str
    meta: str


def fingerprint_of(assets: tuple[HasCells, ...], *, data: str, meta: str) -> Fingerprint:
    """Of the canonical JSON of two objects, the first with ``assets`` among it. No key of ``data``
    sorts before ``assets``."""
    digest = _assets_digest(assets).copy()
    # NFC looks at neighbours, but nothing composes with a comma: each side can go on its own.
    digest.update(f",{data[1:]}".encode())
    return Fingerprint(data=digest.hexdigest(), meta=_meta_digest(meta))


def canonical_json(value: object) -> str:
    """One JSON text per meaning: sorted keys, NFC, no spaces."""
    return unicodedata.normalize("NFC", _ENCODER.encode(value))


def canonical_text(text: str | None) -> str:
    """``canonical_json`` of a text, or of none."""
    return "null" if text is None else unicodedata.normalize("NFC", encode_basestring(text))


_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _assets_digest_anew(assets: tuple[HasCells, ...]) -> hashlib._Hash:
    rows = canonical_json([asset.cells() for asset in assets])
    return sha256(f'{_TAG}{{"assets":{rows}'.encode())


# The state of SHA-256 behind the assets, to be copied: they are most of a payload, and shared.
_assets_digest = OncePerObject(_assets_digest_anew, most=_SHARED_ASSETS)


@lru_cache(maxsize=64)
def _meta_digest(meta: str) -> str:
    return sha256(f"{_TAG}{meta}".encode()).hexdigest()
