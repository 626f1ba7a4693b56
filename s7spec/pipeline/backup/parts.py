"""Reads JSON values of a backup, each with its place, so that errors can name it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

Choice = TypeVar("Choice", bound=StrEnum)

_SHA256 = re.compile("[0-9a-f]{64}")
_MOST = 2**53
_YEARS = range(1900, 9000)
_FIRST_MS = -62_135_596_800_000 + 86_400_000
_LAST_MS = 253_402_300_799_999 - 86_400_000


class BackupFileError(ValueError):
    """The file is no backup that can be used. ``str()`` says why in one plain sentence."""


class Part:
    """One value of the file. Every reader raises BackupFileError when the value is another kind.
    ``whole`` is what the line is called."""

    def __init__(self, value: object, place: str = "", *, whole: str) -> None:
        self._value = value
        self._place = place
        self._whole = whole

    def at(self, name: str) -> Part:
        place = f"{self._place}.{name}" if self._place else name
        if not isinstance(self._value, dict):
            raise self._error("an object")
        if name not in self._value:
            raise BackupFileError(f"{self._whole} lacks `{place}`")
        return self._below(self._value[name], place)

    def each(self) -> Iterator[Part]:
        if not isinstance(self._value, list):
            raise self._error("a list")
        for index, value in enumerate(self._value):
            yield self._below(value, f"{self._place}[{index}]")

    def or_none(self) -> Part | None:
        return None if self._value is None else self

    def text(self) -> str:
        if not isinstance(self._value, str):
            raise self._error("a text")
        return self._value

    def text_or_none(self) -> str | None:
        return None if self._value is None else self.text()

    def whole(self, *, least: int = -_MOST, most: int = _MOST) -> int:
        if not isinstance(self._value, int) or isinstance(self._value, bool):
            raise self._error("a whole number")
        if not least <= self._value <= most:
            raise self._error("a number that can be")
        return self._value

    def flag(self) -> bool:
        if not isinstance(self._value, bool):
            raise self._error("true or false")
        return self._value

    def whole_or_none(self) -> int | None:
        return None if self._value is None else self.whole()

    def milliseconds_or_none(self) -> int | None:
        """Since 1970; what lies in no year of a calendar is refused."""
        return None if self._value is None else self.whole(least=_FIRST_MS, most=_LAST_MS)

    def sha256_or_none(self) -> str | None:
        """In hexadecimal digits."""
        if self._value is None:
            return None
        if not _SHA256.fullmatch(self.text()):
            raise self._error("a SHA-256 in hexadecimal digits")
        return self.text()

    def moment(self) -> datetime:
        try:
            moment = datetime.fromisoformat(self.text())
        except ValueError as error:
            raise self._error("a time") from error
        if moment.tzinfo is None:
            raise self._error("a time with its zone")
        # Years with room on both sides: any zone can show them.
        if moment.year not in _YEARS:
            raise self._error("a time that can be")
        return moment

    def choice(self, kind: type[Choice]) -> Choice:
        try:
            return kind(self.text())
        except ValueError as error:
            raise self._error(f"one of {', '.join(member.value for member in kind)}") from error

    def _below(self, value: object, place: str) -> Part:
        return Part(value, place, whole=self._whole)

    def _error(self, expected: str) -> BackupFileError:
        return BackupFileError(f"`{self._place or self._whole}` is not {expected}")
