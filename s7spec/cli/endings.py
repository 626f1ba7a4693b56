"""How a command ends: one exit code, and what there is to say, for everything it can raise."""

from __future__ import annotations

from dataclasses import dataclass

import click

from s7spec import __version__
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.stop import Stop
from s7spec.cli.terminal import OutputLost
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """``findings`` are shown as such, ``message`` as talk. ``is_bug``: nobody expected it."""

    exit_code: int
    findings: tuple[Diagnostic, ...] = ()
    message: str = ""
    is_bug: bool = False


def ending_of(error: BaseException) -> Ending:
    """What the process exits with when nobody else catches ``error``."""
    match error:
        case Stop():
            return Ending(exit_code=error.exit_code, findings=error.findings)
        case click.exceptions.Exit():
            return Ending(exit_code=error.exit_code)
        case click.UsageError():
            return Ending(exit_code=ExitCode.INVALID, findings=(_usage(error),))
        case KeyboardInterrupt() | click.Abort():
            return Ending(exit_code=ExitCode.INTERRUPTED, message="interrupted")
        case click.ClickException():
            finding = Diagnostic(rule=Rule.USAGE, summary=error.format_message())
            return Ending(exit_code=ExitCode.INVALID, findings=(finding,))
        case OutputLost():
            return Ending(exit_code=ExitCode.ERROR, message=str(error))
    return Ending(
        exit_code=ExitCode.ERROR,
        is_bug=True,
        message=f"This is a bug in s7spec {__version__}, not a mistake of yours. Please report it "
        "with the lines above; the ledger keeps what was submitted, `s7spec status` shows it.",
    )


def outcome_of(exit_code: int) -> str:
    """The class of ending in a word: ``ok``, ``incomplete``, ``locked``."""
    return ExitCode(exit_code).name.lower()


def _usage(error: click.UsageError) -> Diagnostic:
    command = error.ctx.command_path if error.ctx else "s7spec"
    return Diagnostic(
        rule=Rule.USAGE,
        summary=error.format_message(),
        hint=f"`{command} --help` shows the options and examples",
    )
