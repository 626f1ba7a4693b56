"""``s7spec init``."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

from s7spec.adapters.bundled import example_specs_folder, schema_texts
from s7spec.cli import terminal
from s7spec.cli.editing import FOLDER, editor_copies, modelines
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.options import examples
from s7spec.cli.outputs.files import refuse_links, write_ours
from s7spec.cli.stop import stop
from s7spec.model.rules import Rule

SAMPLES = "Products/swatches"

_PROJECT = """\
apiVersion: s7spec/v1
kind: Project
default_environment: local
environments:
  local:
    # A real SOAP server on this machine with the pictures below catalog/: try everything here.
    ips: embedded
    company: Acme
    catalog: catalog
  # production:
  #   ips: na              # or emea, apac; each also as na-staging, ...
  #   company: Your Company
  #   limits: {jobs: 50, assets: 5000}
"""

_MANIFEST = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata:
  name: example
  description: Every picture of the sample catalog in two sizes.
assets:
  samples:
    folder: Acme/Products/
    recursive: true
    types: [Image]
exports:
  - id: "{{ matrix.size.id }}"
    matrix:
      size:
        - {id: large, side: 800}
        - {id: small, side: 80}
    assets: samples
    fmt: convert
    is_modifier:
      wid: "{{ matrix.size.side }}"
      hei: "{{ matrix.size.side }}"
      fit: "constrain,0"
      fmt: jpeg
      qlt: 90
    emailSetting: None
"""

PROJECT = modelines("project") + _PROJECT
MANIFEST = modelines("manifest") + _MANIFEST

GITIGNORE = """\
# s7spec's own files; the schemas are for your editor
.s7spec/*
!.s7spec/schemas/
"""


@click.command(
    name="init",
    epilog=examples("s7spec init", "s7spec init exports && cd exports && s7spec plan"),
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
def command(folder: Path) -> int:
    """Make a project in FOLDER (default: here): s7spec.yaml, a manifest, a sample catalog.

    What it makes can be planned at once. Nothing that exists is overwritten.
    """
    files = {
        folder / "s7spec.yaml": PROJECT,
        folder / "example.yaml": MANIFEST,
        **editor_copies(folder, schema_texts()),
    }
    catalog = folder / "catalog"
    ignored = folder / ".gitignore"
    _refuse_if_there((*files, catalog))
    refuse_links((ignored,))
    _refuse_linked_folders(folder)
    try:
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
        shutil.copytree(
            example_specs_folder() / "catalog" / SAMPLES,
            catalog / SAMPLES,
            copy_function=shutil.copy,
        )
    except OSError as error:
        raise stop(
            Rule.UNWRITABLE,
            f"cannot make a project in {folder}: {error.strerror}",
            hint="choose a folder you may write to",
        ) from error
    write_ours(files)
    _ignore(ignored)
    terminal.say(
        f"made a project in {folder.resolve()}\n"
        "  s7spec.yaml    environments\n"
        "  example.yaml   a manifest\n"
        "  catalog/       sample pictures for the embedded IPS\n"
        "next: s7spec plan"
    )
    return ExitCode.OK


def _refuse_if_there(paths: tuple[Path, ...]) -> None:
    there = [str(path) for path in paths if os.path.lexists(path)]
    if there:
        raise stop(
            Rule.ALREADY_THERE,
            f"{', '.join(there)} is there already",
            hint="init never overwrites; give it an empty folder: `s7spec init FOLDER`",
        )


def _refuse_linked_folders(folder: Path) -> None:
    """What is written below them would lie somewhere else."""
    inner = folder / FOLDER
    for path in (inner.parent, inner):
        if path.is_symlink():
            raise stop(
                Rule.ALREADY_THERE,
                f"{path} is a symbolic link: nothing was written",
                hint="s7spec makes a folder of this name; move away what is there",
            )


def _ignore(path: Path) -> None:
    present = path.read_text(encoding="utf-8") if path.exists() else ""
    if ".s7spec/" not in present:
        write_ours({path: f"{present.rstrip()}\n{GITIGNORE}".lstrip()})
