"""Errors of templates in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any

from s7spec.expand.bounds import BoundsError, Unprintable
from s7spec.expand.jinja.missing import NAMES_THEMSELVES, MissingNameError, UnknownArgumentError
from s7spec.expand.problems import Problem, choice_hint, nearest_name
from s7spec.model.rules import Rule

LIBRARY = "<library>"
"""What Python calls the compiled code of libraries; the path follows."""


def explained(error: Exception, scope: Mapping[str, Any]) -> Problem:
    """One of the errors that evaluating a template can raise, in words, with the line of the
    library it struck in, if it did."""
    problem = _explained(error, scope)
    line = _library_line(error.__traceback__)
    return problem if line is None else replace(problem, macro_line=line)


def _explained(error: Exception, scope: Mapping[str, Any]) -> Problem:
    if isinstance(error, MissingNameError):
        return _missing(error, scope)
    if isinstance(error, BoundsError):
        return Problem(
            rule=Rule.TEMPLATE_FAILED,
            summary=f"the template {error}",
            hint="templates fill in values: move long texts and lists out of them",
        )
    if isinstance(error, RecursionError):
        return Problem(
            rule=Rule.TEMPLATE_FAILED,
            summary="the template nests too deeply: does a macro call itself?",
            hint="let macros call other macros only, and never in a circle",
        )
    if isinstance(error, UnknownArgumentError):
        return Problem(rule=Rule.TEMPLATE_FAILED, summary=str(error), hint=error.hint)
    words = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    hint = "check the types: ~ joins anything to text, |int and |float make numbers of texts"
    if isinstance(error, Unprintable):
        hint = error.hint
    return Problem(
        rule=Rule.TEMPLATE_FAILED, summary=f"the template cannot be evaluated: {words}", hint=hint
    )


def _missing(error: MissingNameError, scope: Mapping[str, Any]) -> Problem:
    container = error.container
    if container is NAMES_THEMSELVES:
        return _missing_name(error)
    if isinstance(container, dict):
        return _missing_key(error.name, container, _path_of(container, scope))
    kinds = {str: "a text", int: "a number", float: "a number", list: "a list", bool: "true/false"}
    kind = "nothing (null)" if container is None else kinds.get(type(container), "this value")
    return Problem(
        rule=Rule.UNDEFINED_NAME,
        summary=f"`{error.name}` is undefined: {kind} has no such part",
        hint="check what stands before the dot or in front of the bracket",
        word=error.name,
    )


def _missing_name(error: MissingNameError) -> Problem:
    if error.is_argument:
        return Problem(
            rule=Rule.UNDEFINED_NAME,
            summary=f"the macro got no value for `{error.name}`",
            hint="give it in the call, or give the macro's argument a default",
            word=error.name,
        )
    return Problem(
        rule=Rule.UNDEFINED_NAME,
        summary=f"`{error.name}` is undefined at this point of the template",
        hint="names of {% for %} live inside of the loop only",
        word=error.name,
    )


def _missing_key(name: str, container: dict[Any, Any], path: str | None) -> Problem:
    """``path`` is what people call the mapping, if it has a name."""
    if path == "matrix" and not container:
        return Problem(
            rule=Rule.UNDEFINED_NAME,
            summary=f"`matrix.{name}` is undefined: this export has no `matrix`",
            hint="add a matrix to the export, or use `vars`",
            word=name,
        )
    names = [str(each) for each in container]
    owner = f"`{path}`" if path else "the mapping"
    hint = choice_hint(name, names, f"{owner} has")
    if not names:
        hint = f"{owner} is empty: write `{name}` into it"
    return Problem(
        rule=Rule.UNDEFINED_NAME,
        summary=f"`{f'{path}.' if path else ''}{name}` is undefined",
        hint=hint,
        word=name,
        see=(*path.split("."), *nearest_name(name, names)) if path else (),
    )


def _path_of(container: object, scope: Mapping[str, Any]) -> str | None:
    """``matrix`` or ``matrix.size``: what people call a mapping of the scope."""
    for name, value in scope.items():
        if value is container:
            return name
        for key, below in value.items() if isinstance(value, dict) else ():
            if below is container and isinstance(below, dict):
                return f"{name}.{key}"
    return None


def _library_line(traceback: TracebackType | None) -> tuple[str, int] | None:
    """The innermost line of a library in a traceback: its path and the line of its text."""
    found: tuple[str, int] | None = None
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename.startswith(LIBRARY):
            debug = str(traceback.tb_frame.f_globals.get("debug_info", ""))
            path = code.co_filename.removeprefix(LIBRARY)
            found = (path, _source_line(debug, traceback.tb_lineno))
        traceback = traceback.tb_next
    return found


def _source_line(debug_info: str, line: int) -> int:
    """Jinja notes ``template line=code line`` pairs: the last one at or before ``line``."""
    pairs = [pair.partition("=") for pair in debug_info.split("&") if pair]
    lines = [int(source) for source, _, code in pairs if int(code) <= line]
    return lines[-1] if lines else 1
