"""What the validators say of a value that does not satisfy its schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from s7spec.model.source import Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaError:
    """One keyword that a value does not satisfy.

    ``demand`` is the keyword's value, ``schema`` what it stands in. Where a schema is just
    ``false``, ``keyword`` is None.
    """

    keyword: str | None
    demand: Any
    instance: Any
    schema: Mapping[str, Any]
    pointer: Pointer
    schema_path: tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One keyword that jsonschema-rs finds broken. ``message`` repeats no part of the value."""

    message: str
    pointer: Pointer
    schema_path: tuple[str | int, ...]
