"""What a manifest says about the past of its jobs. Most say nothing."""

from __future__ import annotations

from dataclasses import dataclass

from s7spec.model.source import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A job that got a new key: its history goes with it. Keys without the manifest's name."""

    place: Place
    from_key: str
    to_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """A job that is not declared any more: the ledger may close it."""

    place: Place
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """A job on IPS, by the name it was submitted under, that is an attempt of the job ``key``."""

    place: Place
    key: str
    job_name: str
