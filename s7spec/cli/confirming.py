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
    if _answer(f"{question} Only `yes` is taken as consent.", nobody) != "yes":
        raise stop(Rule.USAGE, refused)


def confirm_name(warning: str, name: str, *, nobody: str, refused: str) -> None:
    """The same for what a ``yes`` is too quickly said to: goes on when the name is typed."""
    if _answer(f"{warning} Type `{name}` to go on.", nobody) != name:
        raise stop(Rule.USAGE, refused)


def _answer(question: str, nobody: str) -> str:
    # None: whoever started us has closed it.
    if sys.stdin is None or not sys.stdin.isatty():
        raise stop(Rule.USAGE, "nobody is there to be asked", hint=nobody)
    terminal.say(visible(question))
    return sys.stdin.readline().strip()
