"""The one boundary where errors become messages and exit codes."""

from __future__ import annotations

import signal
import sys
import threading
from itertools import pairwise
from types import FrameType

from s7spec.cli import terminal
from s7spec.cli.app import application
from s7spec.cli.endings import ending_of
from s7spec.cli.exit_codes import ExitCode
from s7spec.model.diagnostics import Diagnostic


def run(arguments: list[str]) -> int:
    """Runs one command and returns its exit code; every error ends here."""
    terminal.make_streams_forgiving()
    previous = _end_on_sigterm()
    try:
        return _run(arguments)
    finally:
        if previous is not None:
            signal.signal(signal.SIGTERM, previous)


def _end_on_sigterm() -> signal._HANDLER:
    """A CI that cancels a run sends SIGINT, then SIGTERM: both end a command the same way."""
    if threading.current_thread() is not threading.main_thread():
        return None

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    return signal.signal(signal.SIGTERM, interrupt)


def _run(arguments: list[str]) -> int:
    try:
        result = application.main(arguments, prog_name="s7spec", standalone_mode=False)
        return int(result or ExitCode.OK)
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 - the last boundary: a bug must end clearly, too
        ending = ending_of(error)
        if ending.is_bug:
            import traceback  # only here: most runs have no bug

            terminal.say(traceback.format_exc())
        if ending.findings:
            _show(ending.findings, arguments)
        if ending.message:
            terminal.say(ending.message)
        return ending.exit_code


def _show(findings: tuple[Diagnostic, ...], arguments: list[str]) -> None:
    if wants_json(arguments):
        from s7spec.report.json_diagnostics import diagnostics_json

        terminal.write(diagnostics_json(findings))
        return
    from s7spec.report.human_diagnostics import diagnostics_text, more_about

    terminal.say(diagnostics_text(findings, terminal.view(sys.stderr)))
    if not {"-q", "--quiet"} & set(arguments):
        terminal.say(more_about(findings))


def wants_json(arguments: list[str]) -> bool:
    """Whether ``--format json`` was asked for, also when parsing never got that far."""
    return "--format=json" in arguments or ("--format", "json") in pairwise(arguments)
