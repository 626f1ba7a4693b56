"""Hashes over texts."""

from __future__ import annotations

from collections.abc import Iterable

from s7spec.model.digest import sha256


def hash_of(pairs: Iterable[tuple[str, str]]) -> str:
    """Each text with its length before it: no two lists of pairs read the same."""
    digest = sha256()
    for pair in pairs:
        for part in pair:
            data = part.encode()
            digest.update(len(data).to_bytes(8, "big") + data)
    return f"sha256:{digest.hexdigest()}"
