"""One command of s7spec: the real command line with its real arguments, only less patient, and with
a saboteur inside where one is wanted.

Less patient, because the times of ApplyOptions are no options of the command line: a run that died
would lock the next one out for a minute.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any

from s7spec import cli
from s7spec.apply import ApplyOptions
from tests.chaos.conditions import submit_to_conditions, tell_modules
from tests.chaos.mutants import MUTANTS
from tests.chaos.sabotage import Sabotage
from tests.chaos.settings import LEASE

_HASTE: dict[str, Any] = {
    "lease_seconds": LEASE,
    "first_poll_seconds": 0.05,
    "last_poll_seconds": 0.5,
    "patience_seconds": 6,
    "zip_grace_seconds": 2,
    "drain_seconds": 2.0,
}


def run_command(arguments: Sequence[str], *, ledger: str, sabotage: Sabotage | None) -> int:
    """The exit code of ``s7spec ARGUMENTS``."""
    from s7spec.cli import applying

    vars(applying)["ApplyOptions"] = partial(ApplyOptions, **_HASTE)
    submit_to_conditions()
    mutant = os.environ.get("CHAOS_MUTANT")
    if mutant:
        MUTANTS[mutant]()
    if sabotage is not None:
        sabotage.plant(ledger)
    sys.argv = ["s7spec", *arguments]
    try:
        cli.main()
    except SystemExit as ending:
        sys.stdout.flush()
        sys.stderr.flush()
        tell_modules()
        return int(ending.code or 0)
    raise AssertionError("the command line always exits")


def _main() -> None:
    _, ledger, plan, *arguments = sys.argv
    sabotage = Sabotage.from_text(plan) if plan else None
    sys.exit(run_command(arguments, ledger=ledger, sabotage=sabotage))


if __name__ == "__main__":
    _main()
