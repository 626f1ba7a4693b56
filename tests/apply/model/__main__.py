"""``python -m tests.apply.model`` explores every variant and prints the table of docs/apply.md.

S7SPEC_MODEL_DEPTH=1 lets one more run go wrong in each, and every fate happen in it: minutes.
"""

import os
import sys
import time

from tests.apply.model.exploring import Explorer
from tests.apply.model.table import HEADER, row
from tests.apply.model.variants import BROKEN, SOUND, deeper


def main() -> None:
    depth = int(os.environ.get("S7SPEC_MODEL_DEPTH", "0"))
    sys.stdout.write(HEADER)
    for variant in (*SOUND, *BROKEN):
        began = time.process_time()
        explorer = Explorer(deeper(variant, depth))
        sys.stdout.write(row(variant, explorer.explore()))
        sys.stdout.flush()
        seconds = time.process_time() - began
        sys.stderr.write(f"{variant}: {explorer.runs} runs, {seconds:.0f} s\n")


main()
