"""Exit codes: one per class of ending (design: CLI contract)."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    OK = 0
    ERROR = 1
    CHANGES = 2
    INVALID = 3
    STALE = 4
    INCOMPLETE = 5
    REFUSED = 6
    LOCKED = 7
    AMBIGUOUS = 8
    INTERRUPTED = 130


MEANINGS: dict[ExitCode, str] = {
    ExitCode.OK: "all well, or nothing to do",
    ExitCode.ERROR: "internal error, an error of IPS or of the code host, something broke off"
    " after jobs had been submitted, or `ips check` or `ledger check` failed",
    ExitCode.CHANGES: "the plan has changes, or waits for people (only with --detailed-exitcode),"
    " or `presets --check` found some",
    ExitCode.INVALID: "invalid manifests, usage or setup; nothing was submitted",
    ExitCode.STALE: "the saved plan no longer fits; nothing was submitted, or with --stale skip"
    " only what fits",
    ExitCode.INCOMPLETE: "some exports failed, are partial, doubled or still open;"
    " `ledger rebuild` left something to look at",
    ExitCode.REFUSED: "a guardrail refused the plan",
    ExitCode.LOCKED: "another apply holds the lease",
    ExitCode.AMBIGUOUS: "a submit was not answered and is held",
    ExitCode.INTERRUPTED: "interrupted",
}
