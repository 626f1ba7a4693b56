"""A minute of chaos on both ledgers, at random each time."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BEGIN_WITHIN, END_WITHIN = 25, 50
"""Seconds: no round begins later, and what is not over by then is cut off and not judged."""


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
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout, done.stderr)
    assert done.returncode == 0, f"make chaos CHAOS_SEED={seed}\n{done.stdout}{done.stderr}"
    assert "CHAOS_SEED" in done.stdout
