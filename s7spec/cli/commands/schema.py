"""``s7spec schema``."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from pathlib import Path

import click

from s7spec.adapters.bundled import schema_texts
from s7spec.cli import terminal
from s7spec.cli.editing import editor_copies, outdated_copies
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.options import Invocation, common_options, examples
from s7spec.cli.outputs.files import refuse_links, write_ours, write_whole
from s7spec.cli.outputs.output_file import OutputFile
from s7spec.cli.stop import stop
from s7spec.load import PROJECT_FILE, find_project
from s7spec.model.rules import Rule


@click.command(
    name="schema",
    epilog=examples(
        "s7spec schema                          which schemas there are",
        "s7spec schema manifest > manifest.schema.json",
        "s7spec schema --refresh                after an upgrade, for your editor",
    ),
)
@click.argument("name", required=False)
@click.option(
    "--out",
    type=OutputFile(instead="without --out it goes to standard output"),
    help="Write it to a file instead.",
)
@click.option(
    "--refresh",
    is_flag=True,
    help="Write the copies in .s7spec/schemas anew, which the first lines of the files name.",
)
@common_options
def command(invocation: Invocation, name: str | None, out: Path | None, refresh: bool) -> int:
    """Print the JSON schema NAME as it is; without NAME list what there is.

    Each schema is one self-contained file (draft 2020-12) for any validator or editor.
    """
    texts = schema_texts()
    if refresh:
        if name or out:
            raise click.UsageError("--refresh goes with neither NAME nor --out")
        return _refresh(invocation, texts)
    if name is None:
        if out:
            raise click.UsageError("--out needs the NAME of a schema")
        terminal.show(_list(texts))
        return ExitCode.OK
    text = _named(name.removesuffix(".json").removesuffix(".schema"), texts)
    if out is None:
        terminal.write(text)
        return ExitCode.OK
    write_whole(out, text)
    return ExitCode.OK


def _named(name: str, texts: Mapping[str, str]) -> str:
    if name in texts:
        return texts[name]
    near = difflib.get_close_matches(name, texts, n=1)
    raise stop(
        Rule.USAGE,
        f"there is no schema `{name}`",
        hint=f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(texts)}",
    )


def _list(texts: Mapping[str, str]) -> str:
    width = max(map(len, texts))
    return "\n".join(f"{name:{width}}  {json.loads(texts[name])['title']}" for name in texts)


def _refresh(invocation: Invocation, texts: Mapping[str, str]) -> int:
    project = find_project(invocation.project.resolve())
    if project is None:
        raise stop(
            Rule.NO_PROJECT,
            f"no {PROJECT_FILE} in {invocation.project.resolve()} or any folder above it",
            hint="run `s7spec init` to make one, or name its folder with --project",
        )
    root = project.parent
    copies = editor_copies(root, texts)
    folder = next(iter(copies)).parent
    if not folder.resolve().is_relative_to(root.resolve()):
        raise stop(
            Rule.PATH_ESCAPES,
            f"{folder} leads out of the project",
            hint="make it a folder, not a symbolic link",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise stop(Rule.UNWRITABLE, f"cannot make {folder}: {error.strerror}") from error
    refuse_links(copies)
    old = outdated_copies(root, texts)
    write_ours({path: copies[path] for path in old})
    for path in old:
        terminal.show(path.relative_to(root).as_posix())
    if not invocation.quiet:
        terminal.say(f"{len(old)} of {len(copies)} schemas written anew")
    return ExitCode.OK
