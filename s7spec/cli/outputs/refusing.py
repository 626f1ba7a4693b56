"""Files that a command is told to write: no two are one, and nothing that is read is one of them.

Looked at before a command does anything, so that a slip of the hand costs no manifest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import click

from s7spec.cli.outputs.output_file import OutputFile, writes
from s7spec.cli.outputs.project_files import ProjectFiles
from s7spec.cli.outputs.same_file import is_elsewhere, is_same
from s7spec.cli.stop import Stop
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.rules import Rule

_STAYS = "all stays as it is, nothing was done; name another file"
_APART = "nothing was done; name two files"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """A path of the command line, and the option or argument that names it."""

    by: str
    path: Path


def refuse_inputs(running: click.Context, *, start: Path) -> None:
    """Raises Stop when the running command would write two things to one file, or over a file that
    it reads, or that the project in ``start`` or above it is made of. Devices and pipes are
    nobody's: what is written there destroys nothing."""
    outputs = [each for each in _outputs(running) if not is_elsewhere(each.path)]
    if not outputs or not _is_somewhere():
        return
    read = [*_read(running)]
    files = ProjectFiles(start, given=tuple(each.path for each in read if each.by == "PATHS"))
    findings = [
        *_twice(outputs),
        *(finding for output in outputs for finding in _over(output, read, files)),
    ]
    if findings:
        raise Stop(tuple(findings))


def _is_somewhere() -> bool:
    """False in a folder that was deleted meanwhile: the command says so itself."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return False
    return True


def _twice(outputs: list[_Named]) -> Iterator[Diagnostic]:
    for first, second in combinations(outputs, 2):
        if is_same(first.path, second.path):
            yield _finding(f"{first.by} and {second.by} name one file, {second.path}", _APART)


def _over(output: _Named, read: list[_Named], files: ProjectFiles) -> Iterator[Diagnostic]:
    """What would be lost, said once."""
    for each in read:
        if each.path.is_file() and is_same(each.path, output.path):
            yield _finding(
                f"{output.by} {output.path} would overwrite what {each.by} names", _STAYS
            )
            return
    trouble = files.trouble(output.path)
    if trouble is not None:
        yield _finding(f"{output.by} {output.path} {trouble}", _STAYS)


def _finding(summary: str, hint: str) -> Diagnostic:
    return Diagnostic(rule=Rule.USAGE, summary=summary, hint=hint)


def _outputs(running: click.Context) -> Iterator[_Named]:
    for parameter in running.command.params:
        path = writes(running, parameter)
        if path is not None:
            yield _Named(by=_shown(parameter), path=path)


def _read(running: click.Context) -> Iterator[_Named]:
    """Files and folders that the command line names to be read."""
    for parameter in running.command.params:
        if isinstance(parameter.type, click.Path) and not isinstance(parameter.type, OutputFile):
            value = running.params.get(parameter.name or "")
            for path in value if isinstance(value, tuple) else (value,):
                if isinstance(path, Path):
                    yield _Named(by=_shown(parameter), path=path)


def _shown(parameter: click.Parameter) -> str:
    """As people write an option, or as the help calls an argument."""
    is_option = isinstance(parameter, click.Option)
    return parameter.opts[0] if is_option else parameter.human_readable_name
