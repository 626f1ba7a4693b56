"""The command line: arguments, wiring, exit codes. The only print, the only exit."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Entry point of ``s7spec``."""
    from s7spec.cli.boundary import run

    code = run(sys.argv[1:])
    gc.freeze()  # the process ends: looking for circles once more would only take time
    sys.exit(code)
