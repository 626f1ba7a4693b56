"""The snapshot of a company's image presets: read, written, and held against a plan."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from s7spec.cli import terminal
from s7spec.cli.options import Invocation
from s7spec.cli.outputs.files import write_ours
from s7spec.cli.stop import Stop, stop
from s7spec.cli.workplace import Workplace
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.plan import Plan
from s7spec.model.preset import PresetSnapshot, preset_changes, preset_hash
from s7spec.model.rules import SEEN_WITH_PRESETS, Rule
from s7spec.model.source import SourceRange
from s7spec.report.figures import count

_ABOUT_PRESETS = SEEN_WITH_PRESETS | {Rule.BAD_PRESETS}


def saved_snapshot(workplace: Workplace) -> PresetSnapshot:
    """Raises Stop when there is none, or one that cannot be used."""
    found = workplace.presets.found
    if found.snapshot is not None:
        return found.snapshot
    if found.diagnostics:
        raise Stop(found.diagnostics)
    raise stop(
        Rule.BAD_PRESETS,
        f"there is no snapshot {workplace.presets.path}",
        hint="`s7spec presets --save` makes one",
        where=SourceRange(path=workplace.presets.path),
    )


def save_snapshot(invocation: Invocation, workplace: Workplace, now: PresetSnapshot) -> None:
    """Writes the file, whole or not at all, and says what is new in it. Raises Stop when another
    file stands in its way, or when what IPS says could not be read back."""
    from s7spec.report.preset_snapshot import changes_counts, snapshot_json

    presets, text = workplace.presets, snapshot_json(now)
    unreadable = presets.unreadable_as(text)
    if unreadable:
        raise Stop(tuple(map(_about_ips, unreadable)))
    path = workplace.root / presets.path
    _refuse_others(workplace)
    before = presets.found.snapshot
    _make_folder(path.parent)
    write_ours({path: text})
    if invocation.quiet:
        return
    kept = f"{presets.path}: {count(len(now.presets), 'image preset')}"
    changes = () if before is None else preset_changes(before.presets, now.presets)
    if changes:
        kept += f" ({changes_counts(changes)})"
    elif before is not None:
        kept += " (unchanged)"
    terminal.say(kept)


def tell_presets(invocation: Invocation, findings: Iterable[Diagnostic]) -> None:
    """What there is to say about the presets of jobs that are shown: on stderr, beside them."""
    about = [finding for finding in findings if finding.rule in _ABOUT_PRESETS]
    if about and not invocation.quiet:
        from s7spec.report.human_diagnostics import diagnostics_text

        terminal.say(diagnostics_text(about, terminal.view(sys.stderr)))


def outdated_snapshot(workplace: Workplace, plan: Plan) -> str | None:
    """A plan asks IPS; that the snapshot says something else is worth a word to whoever reviews
    by it."""
    presets = workplace.presets
    found = presets.found
    if not plan.items:
        return None
    if found.diagnostics:
        return f"{presets.path} cannot be used (`s7spec validate` says why); plans do without it"
    if found.snapshot and preset_hash(found.snapshot.presets) != plan.header.preset_hash:
        return (
            f"the image presets on IPS are not those of {presets.path}: "
            "`s7spec presets --check` shows the difference, `--save` brings it up to date"
        )
    return None


def _about_ips(finding: Diagnostic) -> Diagnostic:
    """What would be wrong with a file that was not written."""
    summary = f"the image presets on IPS cannot be kept: {finding.summary}"
    hint = "rename the preset in Dynamic Media Classic; nothing was written"
    return replace(finding, summary=summary, hint=hint, where=None, snippet=None)


def _refuse_others(workplace: Workplace) -> None:
    if workplace.presets.escapes:
        raise stop(
            Rule.PATH_ESCAPES,
            f"{workplace.presets.path} leads out of the project",
            hint="keep it below the folder of s7spec.yaml, also behind symbolic links",
        )
    if not workplace.presets.may_be_replaced():
        raise stop(
            Rule.ALREADY_THERE,
            f"{workplace.presets.path} is no snapshot of image presets: nothing was written",
            hint="name another file with `presets:` in the environment, or move this one away",
        )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise stop(
            Rule.UNWRITABLE,
            f"cannot make {folder}: {error.strerror}",
            hint="choose a folder that you may write to, with `presets:` in the environment",
        ) from error
