"""What must not be shown of a modifier: credentials, also those that are percent-encoded."""

from __future__ import annotations

from urllib.parse import unquote

from s7spec.model.source import masked


def without_secrets(text: str) -> str:
    """``text`` as it is, or decoded and masked when there is something to mask in it."""
    if "=" not in text and ":" not in text and "%" not in text:
        return text  # neither a name with a value nor a URL
    plain = unquote(text) if "%" in text else text
    shown = masked(plain)
    return text if shown == plain else shown
