"""Asks before something is done that cannot be taken back."""

from __future__ import annotations

import sys

from s7spec.cli import terminal
from s7spec.cli.stop import stop
from s7spec.model.rules import Rule
from s7spec.report.visible import visible


def confirm(question: str, *, nobody: str, refused: str) -> None:
    """Goes on after a ``yes``. Raises Stop for anything else (``refused`` says what that means),
    and when nobody sits at a terminal (``nobody`` says what to do then)."""
    # None: whoever started us has closed it.
    if sys.stdin is None or not sys.stdin.isatty():
        raise stop(Rule.USAGE, "nobody is there to be asked", hint=nobody)
    terminal.say(f"{visible(question)} Only `yes` is taken as consent.")
    if sys.stdin.readline().strip() != "yes":
        raise stop(Rule.USAGE, refused)
