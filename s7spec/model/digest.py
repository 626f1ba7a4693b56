"""SHA-256. Its library takes 3 ms to load, and who only validates hashes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import hashlib


def sha256(data: bytes = b"") -> hashlib._Hash:
    """``hashlib.sha256``, loaded when it is first called."""
    import hashlib

    return hashlib.sha256(data)


def hash_of(pairs: Iterable[tuple[str, str]]) -> str:
    """``sha256:...`` over texts, each with its length before it: no two lists of pairs read the
    same."""
    digest = sha256()
    for pair in pairs:
        for part in pair:
            data = part.encode()
            digest.update(len(data).to_bytes(8, "big") + data)
    return f"sha256:{digest.hexdigest()}"
