"""The command line: arguments, wiring, exit codes. The only print, the only exit."""

from __future__ import annotations

import gc
import sys

_VALUES_PER_COLLECTION = 500_000


def main() -> None:
    """Entry point of ``s7spec``."""
    collect_less_often()
    from s7spec.cli.boundary import run

    code = run(sys.argv[1:])
    gc.freeze()  # the process ends: looking for circles once more would only take time
    sys.exit(code)


def collect_less_often() -> None:
    """Manifests become millions of values, hardly any of them in a circle.

    Looking for circles after each 700 of them, as Python does, takes a tenth of the time of a
    large manifest, and 3 ms before the first one is read.
    """
    gc.set_threshold(_VALUES_PER_COLLECTION, *gc.get_threshold()[1:])
