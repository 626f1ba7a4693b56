"""What one chaos is told from outside, and the times that all of it keeps to."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

QUARANTINE = 5
"""Seconds, in every s7spec.yaml. A request may take ``LATENCY`` to be read, ``ACCEPTANCE`` to be
taken in, ``LAG`` to be shown, and the server may stand still for ``STANDSTILL``: together less,
with room for a busy machine."""
LATENCY = 0.6
ACCEPTANCE = 1.0
LAG = 0.6
STANDSTILL = 0.6
LEASE = 2
"""Seconds for which a dead run locks the others out."""

LEDGERS = ("sqlite", "postgres")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """``seconds``: no round begins later. ``end``: by then all is over, finished or not; None:
    whenever it is. ``only``: this world alone. ``spawns``: commands are started from nothing, not
    forked from a process that has s7spec in memory already."""

    rounds: int
    seconds: float | None
    end: float | None
    seed: int
    ledgers: tuple[str, ...]
    worlds: int
    only: int | None
    folder: Path
    spawns: bool

    @staticmethod
    def of(environ: Mapping[str, str]) -> Settings:
        """Raises ValueError for what makes no sense."""
        ledger = environ.get("CHAOS_LEDGER") or "both"
        if ledger not in (*LEDGERS, "both"):
            raise ValueError(f"CHAOS_LEDGER is {ledger}, not one of {', '.join(LEDGERS)}, both")
        return Settings(
            rounds=int(environ.get("CHAOS_ROUNDS") or 200),
            seconds=_seconds(environ.get("CHAOS_SECONDS")),
            end=_seconds(environ.get("CHAOS_END")),
            seed=int(environ.get("CHAOS_SEED") or secrets.randbelow(10**6)),
            ledgers=LEDGERS if ledger == "both" else (ledger,),
            worlds=int(environ.get("CHAOS_WORLDS") or 8),
            only=int(environ["CHAOS_ONLY"]) if environ.get("CHAOS_ONLY") else None,
            folder=Path(environ.get("CHAOS_DIR") or memory_folder()),
            spawns=environ.get("CHAOS_FORK") == "0",
        )


def _seconds(text: str | None) -> float | None:
    return float(text) if text else None


def memory_folder() -> str:
    """Where syncs cost nothing: what is killed here are processes, not the machine."""
    shared = Path("/dev/shm")
    return str(shared) if shared.is_dir() else tempfile.gettempdir()


def chance(*parts: object) -> Random:
    """The same parts give the same chances."""
    return Random("/".join(map(str, parts)))  # noqa: S311 - for tests
