"""``s7spec modifier``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from s7spec.cli import terminal
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.modifier.known_company import KnownCompany
from s7spec.cli.modifier.lines import STDIN, modifier_lines, opened
from s7spec.cli.modifier.options import (
    Wishes,
    read_macro,
    read_presets,
    read_published,
    read_source,
)
from s7spec.cli.options import Invocation, common_options, examples, format_option
from s7spec.cli.outputs.output_file import OutputFile
from s7spec.model.diagnostics import Diagnostic, has_errors
from s7spec.modifiers import Modifier
from s7spec.pipeline.inspecting import Inspected, Published, Surroundings, Tried, inspect_modifier

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(
    name="modifier",
    epilog=examples(
        "s7spec modifier 'wid=800&fmt=png'",
        "s7spec modifier 'wid=800&hei=800&fit=crop' --source 3000x2000,alpha",
        "s7spec modifier '$view$&wid=480' --preset 'view=fmt=png&wid=300'",
        "s7spec modifier 'wid=800&fmt=webp' --try hero.tif",
        "s7spec modifier --file modifiers.txt --format json > modifiers.jsonl",
        "s7spec modifier --commands",
    ),
)
@click.argument("text", required=False)
@click.option("--file", type=_FILE, help="Read modifiers from a file, one a line; # begins a note.")
@click.option("--macro", metavar="NAME", callback=read_macro, help="The export's macro beside it.")
@click.option(
    "--preset",
    "presets",
    metavar="NAME=MODIFIER",
    multiple=True,
    callback=read_presets,
    help="What an image preset says. May be repeated; goes before the project's snapshot.",
)
@click.option(
    "--allow",
    "allowed",
    metavar="NAME",
    multiple=True,
    help="As `unsafe_modifiers` of an export: let a command pass. May be repeated.",
)
@click.option(
    "--source",
    metavar="WxH[,alpha|opaque][,rgb|gray|cmyk]",
    callback=read_source,
    help="Predict what becomes of a picture of this size.",
)
@click.option("--try", "image", metavar="IMAGE", type=_FILE, help="Render a picture with it, here.")
@click.option(
    "--out",
    type=OutputFile(instead="name a file for the picture"),
    help="Where --try writes.  [default: IMAGE's name with -try, here]",
)
@click.option("--force", is_flag=True, help="Let --try replace a file.")
@click.option("--asset", metavar="COMPANY/NAME", help="A published asset, to preview it.")
@click.option(
    "--image-server",
    "server",
    metavar="URL",
    help="Where it is published.  [default: what s7spec.yaml says]",
)
@click.option("--commands", is_flag=True, help="List the commands there are.")
@format_option("human", "json")
@common_options
def command(
    invocation: Invocation,
    text: str | None,
    output_format: str,
    server: str | None,
    asset: str | None,
    **options: Any,
) -> int:
    """Explain a modifier of Image Serving: each command in words, what is wrong with it, what it
    makes of a picture.

    TEXT is what stands in `is_modifier`: commands joined by &, in single quotes for your shell;
    - reads them from standard input, one a line. Errors end with 3. Needs no project, no IPS; in a
    project its snapshot of image presets and its image_server are looked into. What --try renders
    is an emulation, not Adobe's output.
    """
    published = read_published(server, asset)
    wishes = Wishes(**options)
    if wishes.commands:
        return _list_commands(output_format)
    _check_usage(text, wishes)
    around = Surroundings(
        macro=wishes.macro,
        allowed=wishes.allowed,
        source=wishes.source,
        published=published if isinstance(published, Published) else None,
    )
    here = published if isinstance(published, tuple) else None
    known = KnownCompany(invocation, wishes.presets, around, asset=here)
    if wishes.file is not None or text == "-":
        return _inspect_lines(invocation, wishes.file, known, output_format)
    return _inspect_one(invocation, text or "", wishes, known, output_format)


def _check_usage(text: str | None, wishes: Wishes) -> None:
    many = wishes.file is not None or text == "-"
    if wishes.file is not None and text is not None:
        raise click.UsageError("TEXT and --file do not go together")
    if text is None and wishes.file is None and wishes.macro is None:
        raise click.UsageError("give a modifier, - to read from standard input, or --file")
    if many and wishes.image is not None:
        raise click.UsageError("--try takes one modifier")
    if wishes.image is None and (wishes.out is not None or wishes.force):
        raise click.UsageError("--out and --force belong to --try")


def _inspect_one(
    invocation: Invocation, text: str, wishes: Wishes, known: KnownCompany, output_format: str
) -> int:
    around = known.around(text, pictured=wishes.image is not None)
    tried: Tried | None = None
    if wishes.image is None:
        inspected = inspect_modifier(text, around)
    else:
        inspected, tried = _try(text, around, wishes, wishes.image)
    if output_format == "json":
        from s7spec.report.json_modifier import modifier_json

        terminal.write(modifier_json(inspected, tried=tried))
    else:
        from s7spec.report.human_diagnostics import more_about
        from s7spec.report.human_modifier import modifier_text

        terminal.show(modifier_text(inspected, terminal.view(), tried=tried))
        if not invocation.quiet:
            if wishes.image is not None and tried is None:
                terminal.say("nothing was rendered")
            terminal.say(more_about(inspected.diagnostics))
    return _exit_code(inspected.diagnostics)


def _try(
    text: str, around: Surroundings, wishes: Wishes, image: Path
) -> tuple[Inspected, Tried | None]:
    from s7spec.cli.modifier.trying import keep, refuse_out, render_here, source_of

    refuse_out(wishes.out, image, force=wishes.force)
    if around.source is None:
        around = replace(around, source=source_of(image))
    inspected = inspect_modifier(text, around)
    if has_errors(inspected.diagnostics):
        return inspected, None
    presets: Mapping[str, Modifier] = around.presets or {}
    rendered = render_here(image, text, around.macro, presets, around.server)
    if isinstance(rendered, Diagnostic):
        return replace(inspected, diagnostics=(*inspected.diagnostics, rendered)), None
    return inspected, keep(rendered, image, wishes.out, force=wishes.force)


def _inspect_lines(
    invocation: Invocation, file: Path | None, known: KnownCompany, output_format: str
) -> int:
    path = STDIN if file is None else str(file)
    seen = errors = warned = 0
    with opened(file) as stream:
        for number, text in modifier_lines(stream):
            inspected = inspect_modifier(text, known.around(text), path=path, line=number)
            seen += 1
            failed = has_errors(inspected.diagnostics)
            errors += failed
            warned += bool(inspected.diagnostics) and not failed
            if seen > 1 and output_format == "human":
                terminal.show("\n")
            _show_line(inspected, path, output_format)
    if output_format == "human" and not invocation.quiet:
        from s7spec.report.human_modifier import modifiers_tally

        terminal.say(modifiers_tally(seen, errors, warned))
    return ExitCode.INVALID if errors else ExitCode.OK


def _show_line(inspected: Inspected, path: str, output_format: str) -> None:
    if output_format == "json":
        from s7spec.report.json_modifier import modifier_json_line

        terminal.write(modifier_json_line(inspected))
    else:
        from s7spec.report.human_modifier import modifier_of_file_text

        terminal.show(modifier_of_file_text(inspected, terminal.view(), path=path))


def _list_commands(output_format: str) -> int:
    from s7spec.modifiers.commands import ALL_COMMANDS
    from s7spec.report.modifier_commands import commands_json, commands_text

    if output_format == "json":
        terminal.write(commands_json(ALL_COMMANDS))
    else:
        terminal.show(commands_text(ALL_COMMANDS, terminal.view()))
    return ExitCode.OK


def _exit_code(findings: tuple[Diagnostic, ...]) -> int:
    return ExitCode.INVALID if has_errors(findings) else ExitCode.OK
