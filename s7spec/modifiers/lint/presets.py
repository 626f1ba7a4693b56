"""What image presets say that is wrong or reaches beyond the asset.

They are the company's own, so nothing of it is an error of a manifest; but whoever uses one should
know.
"""

from __future__ import annotations

from collections.abc import Iterator

from s7spec.model.rules import Rule
from s7spec.modifiers.effective import Said
from s7spec.modifiers.lint.finding import ModifierFinding
from s7spec.modifiers.lint.reading import Reading
from s7spec.modifiers.lint.single import is_beyond_remark, remarks_on
from s7spec.modifiers.lint.unsafe import unsafe_uses


def find_doubtful_presets(reading: Reading) -> Iterator[ModifierFinding]:
    """One finding for each such command of a preset, where the preset is used."""
    for field in reading.effective.fields:
        for said in (field.said, *field.overridden):
            if said.presets and not is_beyond_remark(said.command):
                yield from _of(reading, said)


def _of(reading: Reading, said: Said) -> Iterator[ModifierFinding]:
    told = [(each.summary, each.hint) for each in remarks_on(said.command) if _is_error(each.rule)]
    told += [(f"`{use.name}` {use.what}", "") for use in unsafe_uses(said.command)]
    for summary, hint in told:
        yield ModifierFinding(
            rule=Rule.DOUBTFUL_PRESET,
            spot=reading.spot_of(said),
            summary=f"the image preset ${said.presets[-1]}$ says {summary}",
            hint="mend the preset in Dynamic Media Classic" + (f": {hint}" if hint else ""),
        )


def _is_error(rule: Rule) -> bool:
    return not rule.is_warning
