"""A minute of chaos on both ledgers, at random each time."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BEGIN_WITHIN, END_WITHIN = 25, 120
"""Seconds: no round begins later, and what is not over by then is cut off and not judged. At least
one round on each ledger has to be: else nothing is proved, and chaos fails."""


def test_nothing_is_sent_twice_or_lost() -> None:
    seed = secrets.randbelow(10**6)
    environ = {
        **os.environ,
        "CHAOS_SEED": str(seed),
        "CHAOS_SECONDS": str(BEGIN_WITHIN),
        "CHAOS_END": str(END_WITHIN),
        "CHAOS_WORLDS": "4",
        "CHAOS_LEDGER": "both",
    }
    done = played(environ)
    print(done.stdout, done.stderr)
    assert done.returncode == 0, f"make chaos CHAOS_SEED={seed}\n{done.stdout}{done.stderr}"


def test_chaos_that_judged_nothing_proves_nothing() -> None:
    environ = {**os.environ, "CHAOS_END": "1", "CHAOS_WORLDS": "1", "CHAOS_LEDGER": "sqlite"}
    done = played(environ)
    assert done.returncode == 1, done.stdout
    assert "rounds judged: 0 on sqlite" in done.stdout


def played(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.chaos"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
