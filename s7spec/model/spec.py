"""Fingerprints of jobs whose assets are not known: is a job still the one that was last sent?"""

from __future__ import annotations

from collections.abc import Iterable

from s7spec.model.digest import sha256
from s7spec.model.selection import Condition, Selection
from s7spec.model.sharing import OncePerObject

SPEC_VERSION = 1

_TAG = f"s7spec-spec/{SPEC_VERSION}\0"
_SHARED_SELECTIONS = 16


def spec_digest(
    selection: Selection,
    *,
    fmt: str,
    mode: str,
    max_assets: int | None,
    is_modifier: str | None,
    macro: str | None,
    code_version: str | None = None,
    inputs: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """SHA-256 over what is exported and how. Each text stands with its length before it: no two
    specs read the same. ``fmt`` and ``mode`` are IPS's and our own words, without spaces."""
    text = f"{_TAG}{fmt} {mode} {max_assets} {_told(is_modifier)}{_told(macro)}"
    if code_version is not None or inputs:
        # Only where there are any: the digests that ledgers hold already stay as they are.
        pairs = (f"{_told(name)}{_told(value)}" for name, value in inputs)
        text += f"{_told(code_version)}{_told_all(pairs)}"
    return sha256(_bytes(text) + _selection_digest(selection)).digest()


def _selection_digest_anew(selection: Selection) -> bytes:
    """In whatever order names, types, patterns and conditions stand: they select the same."""
    parts = (
        "+" if selection.recursive else "-",
        _told(selection.folder),
        _told_all(selection.names),
        _told_all(selection.types),
        _told_all(selection.exclude),
        _told_all(_condition(condition) for condition in selection.where),
    )
    return sha256(_bytes("".join(parts))).digest()


_selection_digest = OncePerObject(_selection_digest_anew, most=_SHARED_SELECTIONS)


def _condition(condition: Condition) -> str:
    return f"{condition.field} {condition.op} {condition.value}"


def _told(text: str | None) -> str:
    return "-" if text is None else f"{len(text)}:{text}"


def _told_all(texts: Iterable[str]) -> str:
    told = [f"{len(text)}:{text}" for text in sorted(set(texts))]
    return f"{len(told)};{''.join(told)}"


def _bytes(text: str) -> bytes:
    # Half a surrogate pair is refused long before a job is sent, but a digest it has.
    return text.encode(errors="surrogatepass")
