"""``s7spec presets``."""

from __future__ import annotations

import click

from s7spec.cli import terminal
from s7spec.cli.connection import connected
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.options import Invocation, common_options, examples, format_option
from s7spec.cli.snapshots import save_snapshot, saved_snapshot
from s7spec.cli.workplace import Workplace, open_workplace
from s7spec.model.preset import PresetSnapshot, preset_changes
from s7spec.report.figures import count


@click.command(
    name="presets",
    epilog=examples(
        "s7spec presets                         what each preset stands for",
        "s7spec presets --save                  writes presets/COMPANY.json, for git",
        "s7spec presets --check --env production",
        "s7spec presets --format json",
    ),
)
@click.option("--save", is_flag=True, help="Write the snapshot that `validate` looks into.")
@click.option(
    "--check", is_flag=True, help="Exit 2 when the snapshot differs from IPS, and say how."
)
@format_option("human", "json")
@common_options
def command(invocation: Invocation, save: bool, check: bool, output_format: str) -> int:
    """List the image presets of the environment's company, or keep them for use offline.

    The snapshot stands beside s7spec.yaml, in presets/COMPANY.json or where `presets:` of the
    environment says. With it `validate`, `render` and `explain` warn of presets that are not in it
    (S7W129). `plan` and `apply` ask IPS in any case.
    """
    if save and check:
        raise click.UsageError("--save and --check do not go together")
    workplace = open_workplace(invocation)
    saved = saved_snapshot(workplace) if check else None  # a broken one is told before IPS is asked
    now = _presets_now(workplace)
    if saved is not None:
        return _check(invocation, workplace, saved, now, output_format)
    if save:
        save_snapshot(invocation, workplace, now)
    if output_format == "json":
        from s7spec.report.preset_snapshot import snapshot_json

        terminal.write(snapshot_json(now))
    elif not save:
        from s7spec.report.preset_snapshot import snapshot_text

        terminal.show(snapshot_text(now, terminal.view()))
    return ExitCode.OK


def _presets_now(workplace: Workplace) -> PresetSnapshot:
    environment = workplace.environment
    with connected(workplace) as gateway:
        presets = gateway.presets()
    return PresetSnapshot(
        company=environment.company,
        environment=environment.name,
        ips=environment.ips,
        presets=tuple(sorted(presets, key=lambda preset: preset.name)),
    )


def _check(
    invocation: Invocation,
    workplace: Workplace,
    saved: PresetSnapshot,
    now: PresetSnapshot,
    output_format: str,
) -> int:
    from s7spec.report.preset_snapshot import changes_counts, changes_json, changes_text

    path = workplace.presets.path
    changes = preset_changes(saved.presets, now.presets)
    if output_format == "json":
        terminal.write(changes_json(saved, now, changes, path=path))
    elif changes:
        terminal.show(changes_text(changes, terminal.view()))
    if not invocation.quiet and output_format == "human":
        if changes:
            terminal.say(
                f"{path} differs from IPS: {changes_counts(changes)}; "
                "`s7spec presets --save` brings it up to date"
            )
        else:
            terminal.say(f"{path} is up to date: {count(len(now.presets), 'image preset')}")
    return ExitCode.CHANGES if changes else ExitCode.OK
