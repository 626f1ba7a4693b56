"""Values that templates gave, checked and written as a job takes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from s7spec.expand.bounds import MAX_TEXT, Unprintable, printed
from s7spec.expand.problems import Irregular, Problem, Stretch
from s7spec.model.rules import Rule
from s7spec.model.schedule import CRON_HINT, cron_problem, moment_problem
from s7spec.modifiers import (
    SyntaxProblem,
    UnreadableModifierError,
    compose_modifier,
    normalise_macro,
    normalise_modifier,
)

is_job_key = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}").fullmatch
"""Matches what can be a job's own part of its key."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LONGEST_WORD = 100


class BadValueError(Exception):
    """A value that cannot be used. ``leaf`` is its index among the part's leaves."""

    def __init__(self, message: str, hint: str, leaf: int = 0) -> None:
        super().__init__(message)
        self.hint = hint
        self.leaf = leaf

    def problem(self) -> Problem:
        """What to say of it."""
        return Problem(rule=Rule.BAD_EXPANSION, summary=str(self), hint=self.hint)


class BadModifierError(BadValueError):
    """A text that cannot be a modifier, and where in it that shows."""

    def __init__(self, text: str, problem: SyntaxProblem) -> None:
        super().__init__(problem.summary, problem.hint)
        self._stretch = Stretch(text, problem.start, problem.end)

    def problem(self) -> Problem:
        return Problem(
            rule=Rule.MODIFIER_SYNTAX, summary=str(self), hint=self.hint, stretch=self._stretch
        )


def job_key(value: Any) -> str:
    key = checked_text(value)
    if is_job_key(key) is None:
        raise BadValueError(
            f"`{key[:120]}` cannot be a job's key",
            "keys hold letters, digits, dots, hyphens and underscores, begin with a letter or "
            "digit and have at most 100 characters; |replace(' ', '-') may help",
        )
    return key


def modifier(value: Any) -> str:
    """A text in Image Serving syntax, or a mapping from a whole ``{{ expression }}``."""
    if isinstance(value, Mapping) and value:
        names = [checked_text(name) for name in value]
        return composed(names, list(value.values()), lambda _: 0)
    if isinstance(value, str) and "\n" in value.strip("\n"):
        raise BadValueError(
            "the modifier has several lines",
            "write one line, or a mapping: {wid: 800, fmt: png}",
        )
    text = checked_text(value)
    try:
        return normalise_modifier(text)
    except UnreadableModifierError as error:
        raise BadModifierError(text, error.problem) from error


def composed(names: Sequence[str], values: Sequence[Any], leaf: Callable[[int], int]) -> str:
    commands: list[str] = []
    for index, (name, value) in enumerate(zip(names, values, strict=True)):
        if not isinstance(value, str | int | float):
            raise BadValueError(
                f"{_kind(value)} cannot be the value of `{name}`",
                "give it a text or a number",
                leaf(index),
            )
        try:
            commands.append(compose_modifier([(name, value)]))
        except ValueError as error:
            raise BadValueError(
                str(error),
                "values are plain texts and numbers; they are encoded for you",
                leaf(index),
            ) from error
    return "&".join(commands)


def macro(value: Any) -> str:
    try:
        return normalise_macro(checked_text(value))
    except ValueError as error:
        raise BadValueError(str(error), "write the preset's name, as in $Thumbnail$") from error


def moment(value: Any) -> str:
    """ISO 8601 with an offset, as it was written."""
    text = checked_text(value)
    problem = moment_problem(text)
    if problem is not None:
        raise BadValueError(f"`{text[:120]}` {problem}", "write it as in 2027-01-31T06:00:00+01:00")
    return text


def cron(value: Any) -> str:
    """A cron expression of six or seven fields."""
    text = checked_text(value)
    problem = cron_problem(text)
    if problem is not None:
        raise BadValueError(f"`{text[:120]}` {problem}", CRON_HINT)
    return text


def short_text(name: str, value: Any) -> str:
    """Any short text that an author chooses: another one is worth a run of the job."""
    text = checked_text(value)
    if not 0 < len(text) <= _LONGEST_WORD:
        raise BadValueError(
            f"`{name}` is empty or has more than {_LONGEST_WORD} characters", "write a short text"
        )
    return text


def checked_text(value: Any, leaf: int = 0) -> str:
    try:
        text = printed(value)
    except Unprintable as error:
        raise BadValueError(str(error), error.hint, leaf) from error
    if len(text) > MAX_TEXT:
        raise BadValueError(f"a text of more than {MAX_TEXT // 1024} KiB", "shorten it", leaf)
    if _CONTROL.search(text):
        raise BadValueError(
            "the text holds a line break or another control character",
            "a block that begins with | ends with a line break: begin it with >- or write one line",
            leaf,
        )
    return text


def _kind(value: Any) -> str:
    if value is None:
        return "nothing (null)"
    if isinstance(value, list | tuple):
        return "a list"
    return "a mapping" if isinstance(value, Mapping) else "something that is no value"


@lru_cache(maxsize=1024)
def finished_macro(text: str) -> str:
    """Raises Irregular."""
    try:
        return normalise_macro(text)
    except ValueError as error:
        raise Irregular from error
