"""Hashes over texts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def hash_of(pairs: Iterable[tuple[str, str]]) -> str:
    """Each text with its length before it: no two lists of pairs read the same."""
    digest = hashlib.sha256()
    for pair in pairs:
        for part in pair:
            data = part.encode()
            digest.update(len(data).to_bytes(8, "big") + data)
    return f"sha256:{digest.hexdigest()}"
