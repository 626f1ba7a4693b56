"""SHA-256. Its library takes 3 ms to load, and who only validates hashes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import hashlib


def sha256(data: bytes = b"") -> hashlib._Hash:
    """``hashlib.sha256``, loaded when it is first called."""
    import hashlib

    return hashlib.sha256(data)
