"""Whole processes: how long they take and how much memory they need."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

CHECKOUT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One process that has ended. ``wall`` and ``cpu`` are seconds, ``memory`` its peak in MB.

    Linux counts what the parent held when it started the process: keep the parent small.
    """

    code: int
    output: str
    wall: float
    cpu: float
    memory: float


def run_module(arguments: Sequence[str], *, folder: Path) -> Run:
    """Runs ``python -m`` with ``arguments`` in ``folder``, on the code of this checkout.

    Compiled modules are kept below ``folder``: where none are kept, a process compiles all of its
    code, so the first run is to be thrown away.
    """
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(folder / ".pycache")
    begin = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    per_megabyte = 2**20 if sys.platform == "darwin" else 2**10
    return Run(
        code=process.returncode,
        output=output,
        wall=time.perf_counter() - begin,
        cpu=usage.ru_utime + usage.ru_stime,
        memory=usage.ru_maxrss / per_megabyte,
    )


def middle(runs: Sequence[Run], figure: Callable[[Run], float]) -> float:
    return median(figure(run) for run in runs)
