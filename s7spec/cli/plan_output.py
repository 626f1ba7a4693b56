"""Where a plan goes that was made: files, and standard output in one of its formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar, get_args

import click

from s7spec.cli import terminal
from s7spec.cli.apply_command import ApplyCommand
from s7spec.cli.html_plan import html_option, html_parts, pictures_option
from s7spec.cli.options import format_option
from s7spec.cli.outputs.files import write_parts, write_whole
from s7spec.cli.outputs.output_file import OutputFile
from s7spec.cli.workplace import Workplace
from s7spec.model.plan import Plan
from s7spec.plan import plan_digest, write_plan
from s7spec.report.human_diagnostics import more_about
from s7spec.report.view import View

R = TypeVar("R")

Detail: TypeAlias = Literal["summary", "job", "full"]
DETAILS: tuple[Detail, ...] = get_args(Detail)

_ON_STDOUT = "--format {} writes to standard output"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanShown:
    """The files to write, each if it is given, and the form of what goes to standard output."""

    out: Path | None
    markdown: Path | None
    html: Path | None
    pictures: int
    detail: Detail
    output_format: str


def plan_output_options(function: Callable[..., R]) -> Callable[..., R]:
    """Adds --out, --md, --html, --pictures, --detail and --format; passes them on as ``shown``."""

    @click.option(
        "--out", type=OutputFile(instead=_ON_STDOUT.format("json")), help="Save the plan."
    )
    @click.option(
        "--md",
        "markdown",
        type=OutputFile(instead=_ON_STDOUT.format("markdown")),
        help="Write the plan as Markdown, for a pull request.",
    )
    @html_option(_ON_STDOUT.format("html"))
    @pictures_option
    @click.option("--detail", type=click.Choice(DETAILS), default="job", show_default=True)
    @format_option("human", "json", "markdown", "html")
    @wraps(function)
    def wrapped(
        *,
        out: Path | None,
        markdown: Path | None,
        html: Path | None,
        pictures: int,
        detail: Detail,
        output_format: str,
        **rest: Any,
    ) -> R:
        shown = PlanShown(
            out=out,
            markdown=markdown,
            html=html,
            pictures=pictures,
            detail=detail,
            output_format=output_format,
        )
        return function(shown=shown, **rest)

    return wrapped


def put_out(
    shown: PlanShown,
    exactly: ApplyCommand,
    workplace: Workplace,
    *,
    quiet: bool,
    on_stderr: bool,
) -> None:
    """The plan of ``exactly``. ``on_stderr``: something else has standard output."""
    plan = exactly.plan

    def page() -> Iterator[str]:
        return html_parts(
            plan, workplace, pictures=shown.pictures, command=exactly.here(), quiet=quiet
        )

    if shown.out is not None:
        write_whole(shown.out, write_plan(plan))
    if shown.markdown is not None:
        write_whole(shown.markdown, render_plan(plan, "markdown", exactly=exactly))
    if shown.html is not None:
        write_parts(shown.html, page())
    is_human = shown.output_format == "human"
    if shown.output_format == "html":
        text = "".join(page())
    else:
        text = render_plan(
            plan,
            shown.output_format,
            detail=shown.detail,
            exactly=None if is_human and shown.out is None else exactly,
            view=terminal.talk_view() if on_stderr else terminal.view(),
        )
    if on_stderr:
        terminal.say(text)
    else:
        put = terminal.show if is_human else terminal.write
        put(text)
    if is_human and not quiet:
        terminal.say(more_about(plan.warnings))


def render_plan(
    plan: Plan,
    output_format: str,
    *,
    detail: Detail = "job",
    exactly: ApplyCommand | None = None,
    view: View | None = None,
) -> str:
    """A plan in one of its formats; also what `show` prints. As Markdown it is read in a pull
    request, by people who begin at the root of the repository."""
    match output_format:
        case "json":
            return write_plan(plan)
        case "markdown":
            from s7spec.report.markdown_plan import plan_markdown

            command = None if exactly is None else exactly.at_root()
            return plan_markdown(plan, digest=plan_digest(plan), command=command)
        case _:
            from s7spec.report.human_plan import plan_text

            return plan_text(
                plan,
                view or terminal.view(),
                detail=detail,
                command=None if exactly is None else exactly.here(),
                digest=plan_digest(plan),
            )
