"""What is wrong with a ledger."""

from __future__ import annotations

from collections.abc import Sequence

from s7spec.report.figures import count
from s7spec.report.terminal import EMPTY, Tone, line, paint
from s7spec.report.view import View


def ledger_check_text(problems: Sequence[str], view: View, *, is_empty: bool) -> str:
    """One line for each problem; what to do follows. An empty ledger may be one that was lost."""
    if not problems and is_empty:
        lines = [
            line("The ledger is empty: there is nothing to check.", Tone.CAUTION),
            line("If it was lost, `s7spec ledger rebuild` recovers what IPS still shows."),
        ]
        return paint(lines, view)
    if not problems:
        return paint([line("Nothing is wrong with the ledger.", Tone.GOOD)], view)
    lines = [line(f"The ledger is damaged: {count(len(problems), 'finding')}", Tone.BAD)]
    lines += [line(problem, indent=2) for problem in problems]
    advice = (
        "Keep the file. Restore a backup into a new ledger (`s7spec ledger restore`), or rebuild "
        "one from what IPS shows (`s7spec ledger rebuild`)."
    )
    return paint([*lines, EMPTY, line(advice)], view)
