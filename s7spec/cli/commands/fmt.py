"""``s7spec fmt``."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from s7spec.cli import terminal
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.options import Invocation, common_options, examples, paths_argument
from s7spec.cli.outputs.files import replace_bytes
from s7spec.cli.stop import stop
from s7spec.load import PROJECT_FILE, Formatted, find_project, find_texts, format_file
from s7spec.model.diagnostics import has_errors, in_order
from s7spec.model.rules import Rule
from s7spec.model.source import masked
from s7spec.report.figures import count
from s7spec.report.human_diagnostics import diagnostics_text


@click.command(
    name="fmt",
    epilog=examples(
        "s7spec fmt",
        "s7spec fmt --check                     for CI: change nothing, exit 3 if it would",
        "s7spec fmt --diff shop.yaml",
    ),
)
@paths_argument
@click.option("--check", is_flag=True, help="Write nothing; exit 3 when a file would change.")
@click.option("--diff", is_flag=True, help="As --check, and show what would change.")
@common_options
def command(invocation: Invocation, paths: tuple[Path, ...], check: bool, diff: bool) -> int:
    """Lay out manifests and s7spec.yaml: indentation, blank lines, the end of the file.

    Words, quotes, numbers, comments and the order of keys stay as written. PATHS are files or
    folders; without them the whole project. YAML of other tools is left alone, and so is a file
    that cannot be laid out safely (S7W090).
    """
    files, findings = find_texts(paths or (_project_folder(invocation.project),))
    formatted = [format_file(path, root=root) for path, root in files.items()]
    writes = not (check or diff)
    for file in formatted:
        findings += file.diagnostics
        if file.changed:
            if writes:
                replace_bytes(file.path, file.data)
            terminal.show(_told(file, writes=writes, diff=diff))
    findings = in_order(findings)
    if findings:
        terminal.say(diagnostics_text(findings, terminal.view(sys.stderr)))
    changed = sum(file.changed for file in formatted)
    if not invocation.quiet:
        ours = sum(file.is_ours for file in formatted)
        verb = "formatted" if writes else "would change"
        terminal.say(f"{count(ours, 'file')} looked at, {changed} {verb}")
    return ExitCode.INVALID if has_errors(findings) or (changed and not writes) else ExitCode.OK


def _project_folder(start: Path) -> Path:
    project = find_project(start.resolve())
    if project is None:
        raise stop(
            Rule.NO_PROJECT,
            f"no {PROJECT_FILE} in {start.resolve()} or any folder above it",
            hint="run `s7spec init` to make one, or name the files to format",
        )
    return project.parent


def _told(file: Formatted, *, writes: bool, diff: bool) -> str:
    if diff:
        return "\n".join(_difference(file))
    return f"{'formatted' if writes else 'would format'} {file.shown}"


def _difference(file: Formatted) -> Iterator[str]:
    """A unified difference; what looks like a credential is masked."""
    for line in difflib.unified_diff(
        file.before.splitlines(), file.after.splitlines(), file.shown, file.shown, lineterm=""
    ):
        yield masked(line)
