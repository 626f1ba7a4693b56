"""The command line: arguments, wiring, exit codes. The only print, the only exit."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of ``s7spec``."""
    from s7spec.cli.boundary import run

    sys.exit(run(sys.argv[1:]))
