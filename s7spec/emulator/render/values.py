"""Reading the comma-separated fields of a command's value, with ranges and clear complaints."""

from __future__ import annotations

import re
from collections.abc import Sequence

from s7spec.emulator.render.contract import RenderError
from s7spec.emulator.render.modifier import Command

# Digits are capped so that a number stays a size and never a denial of service.
_INTEGER = re.compile(r"-?[0-9]{1,12}")
_REAL = re.compile(r"-?(?:[0-9]{1,12}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})")


class Fields:
    """The fields of one command, read by position (from 0).

    An absent or empty field takes ``default``; without one it is an error. Every reader raises
    RenderError when the field does not fit. ``notes`` collects what was read with an assumption.
    """

    def __init__(self, command: Command, notes: list[str]) -> None:
        self.command = command
        self.notes = notes
        self._fields = (command.value or "").split(",")

    def __len__(self) -> int:
        return len(self._fields)

    @property
    def value(self) -> str:
        """The whole value, commas included."""
        return self.command.value or ""

    def limit(self, most: int) -> Fields:
        """Return these fields, or complain when there are more than ``most``."""
        if len(self._fields) > most:
            raise self.error(f"takes at most {most} comma-separated value{'s' * (most > 1)}")
        return self

    def integer(
        self,
        index: int,
        low: int | None = None,
        high: int | None = None,
        *,
        default: int | None = None,
    ) -> int:
        """A whole number within ``low`` and ``high``, both included."""
        text = self._text(index)
        if not text and default is not None:
            return default
        wanted = f"value {index + 1} must be a whole number{_range(low, high)}"
        if not _INTEGER.fullmatch(text):
            raise self.error(wanted)
        number = int(text)
        if (low is not None and number < low) or (high is not None and number > high):
            raise self.error(wanted)
        return number

    def real(
        self,
        index: int,
        low: float | None = None,
        high: float | None = None,
        *,
        default: float | None = None,
    ) -> float:
        """A decimal number within ``low`` and ``high``, both included."""
        text = self._text(index)
        if not text and default is not None:
            return default
        wanted = f"value {index + 1} must be a number{_range(low, high)}"
        if not _REAL.fullmatch(text):
            raise self.error(wanted)
        number = float(text)
        if (low is not None and number < low) or (high is not None and number > high):
            raise self.error(wanted)
        return number

    def positive(self, index: int) -> float:
        """A decimal number above zero."""
        number = self.real(index)
        if number <= 0:
            raise self.error(f"value {index + 1} must be greater than 0")
        return number

    def one_of(self, index: int, choices: Sequence[str], *, default: str | None = None) -> str:
        """One of ``choices``; another letter case is read with a note, since it is undocumented."""
        text = self._text(index)
        if not text and default is not None:
            return default
        if text in choices:
            return text
        for choice in choices:
            if text.lower() == choice.lower():
                self.notes.append(
                    f"{self.command}: {text!r} was read as '{choice}'; whether Image Serving "
                    "accepts another letter case is undocumented"
                )
                return choice
        raise self.error(f"value {index + 1} must be one of {', '.join(choices)}")

    def flag(self, index: int, *, default: bool | None = None) -> bool:
        """A 0 or a 1."""
        fallback = None if default is None else str(int(default))
        return self.one_of(index, ("0", "1"), default=fallback) == "1"

    def error(self, complaint: str) -> RenderError:
        """The error to raise about this command."""
        return RenderError(f"{self.command}: {self.command.name} {complaint}")

    def _text(self, index: int) -> str:
        return self._fields[index] if index < len(self._fields) else ""


def _range(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f" from {low} to {high}"
    if low is not None:
        return f", at least {low}"
    return "" if high is None else f", at most {high}"
