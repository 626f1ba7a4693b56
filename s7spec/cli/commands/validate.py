"""``s7spec validate``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from s7spec import __version__
from s7spec.adapters.bundled import schema_texts
from s7spec.cli import terminal
from s7spec.cli.editing import outdated_copies
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.narrowing import ScopeAsked, scope_of, tell_since
from s7spec.cli.options import (
    Invocation,
    common_options,
    examples,
    format_option,
    paths_argument,
    since_option,
)
from s7spec.cli.workplace import compilation_here, open_workplace, tell_ignored
from s7spec.model.diagnostics import Diagnostic, has_errors, in_order
from s7spec.pipeline.checking import Checked, check
from s7spec.report.figures import count


@click.command(
    name="validate",
    epilog=examples(
        "s7spec validate",
        "s7spec validate zalando.yaml amazon.yaml",
        "s7spec validate --format github        annotations in a pull request",
        "s7spec validate --strict               warnings fail as well",
    ),
)
@paths_argument
@since_option
@format_option("human", "json", "github", "sarif", "junit")
@click.option("--strict", is_flag=True, help="Warnings fail as well: exit code 3.")
@common_options
def command(
    invocation: Invocation,
    paths: tuple[Path, ...],
    since: str | None,
    output_format: str,
    strict: bool,
) -> int:
    """Check manifests offline: schema, templates, expanded jobs; all errors at once.

    PATHS are manifests or folders; without them the project's `manifests:` patterns decide.
    """
    workplace = open_workplace(invocation)
    if invocation.verbosity > 0 and outdated_copies(workplace.root, schema_texts()):
        terminal.say(
            "the schemas for editors in .s7spec/schemas are not those of this s7spec: "
            "`s7spec schema --refresh`"
        )
    scope = scope_of(ScopeAsked(paths=paths, since=since, takes_templates=True), workplace)
    tell_since(scope, invocation)
    checked = check(compilation_here(workplace, scope, presets=workplace.presets))
    findings = in_order((*workplace.findings, *checked.findings.diagnostics))
    text = _rendered(findings, checked, output_format)
    if text:
        put = terminal.show if output_format == "human" else terminal.write
        put(text)
    if findings and output_format == "human" and not invocation.quiet:
        from s7spec.report.human_diagnostics import more_about

        terminal.say(more_about(findings))
    tell_ignored(invocation, checked.findings.ignored)
    if has_errors(findings) or (strict and findings):
        return ExitCode.INVALID
    if output_format == "human" and not invocation.quiet:
        terminal.say(
            f"valid: {count(checked.manifests, 'manifest')}, "
            f"{count(checked.jobs, 'job')} in environment `{workplace.environment.name}`"
        )
    return ExitCode.OK


def _rendered(findings: Sequence[Diagnostic], checked: Checked, output_format: str) -> str:
    match output_format:
        case "json":
            from s7spec.report.json_diagnostics import diagnostics_json

            return diagnostics_json(findings)
        case "github":
            from s7spec.report.github import diagnostics_github

            return diagnostics_github(findings)
        case "sarif":
            from s7spec.report.sarif import diagnostics_sarif

            return diagnostics_sarif(findings, __version__, checked.files)
        case "junit":
            from s7spec.report.junit import diagnostics_junit

            return diagnostics_junit(findings, checked.paths)
        case _ if findings:
            from s7spec.report.human_diagnostics import diagnostics_text

            return diagnostics_text(findings, terminal.view())
        case _:
            return ""
