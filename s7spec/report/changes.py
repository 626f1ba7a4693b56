"""What changed, cut down to what a reviewer has to look at.

An ``is_modifier`` that differs in one command of twelve is shown as that one command.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from s7spec.model.asset import AssetVersion
from s7spec.model.job import ExportJob
from s7spec.model.plan import AssetChange, AssetChangeKind, FieldChange
from s7spec.model.preset import bare, preset_changes
from s7spec.report.figures import byte_size, moment_of_ms
from s7spec.report.visible import named

_PRESETS = "presets"
_INPUTS = "inputs"
_MODIFIER_FIELDS = ("is_modifier", "preset", "urlModifier")
IMAGE = "Image"
"""The type of asset that goes without saying."""

_KINDS = tuple(AssetChangeKind)
_OPENING, _CLOSING = "{(", "})"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueChange:
    """``name`` is the Image Serving command, empty when the field changed as a whole.

    A command without a value (a macro) has the empty text; None: it was or is not there.
    """

    name: str
    before: str | None
    after: str | None

    def text(self, arrow: str) -> str:
        """``wid 1000 -> 1200``, ``+fit=crop``, ``-qlt=92``; as a whole: ``Error -> None``."""
        if not self.name:
            return f"{_value(self.before)} {arrow} {_value(self.after)}"
        if self.before is None:
            return f"+{_command(self.name, self.after)}"
        if self.after is None:
            return f"-{_command(self.name, self.before)}"
        return f"{self.name} {_value(self.before)} {arrow} {_value(self.after)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDifference:
    """A payload field and the parts of it that differ. ``presets.NAME`` is one of the presets
    beside that of ``macro``, ``inputs.NAME`` one of what its author says beside what IPS tells."""

    field: str
    values: tuple[ValueChange, ...]

    @property
    def label(self) -> str:
        """The field without what is within it: ``preset`` for ``preset.urlModifier``."""
        return self.field.partition(".")[0]

    def text(self, arrow: str) -> str:
        said = "; ".join(value.text(arrow) for value in self.values)
        label, _, name = self.field.partition(".")
        if label not in (_PRESETS, _INPUTS):
            return said
        return f"{named(f'${name}$' if label == _PRESETS else name)} {said}"


Difference: TypeAlias = tuple[FieldDifference, ...]


def difference(changes: Iterable[FieldChange]) -> Difference:
    """The field changes of a reason, modifiers taken apart command by command."""
    return tuple(
        FieldDifference(field=change.field, values=_value_changes(change)) for change in changes
    )


def payload_difference(before: ExportJob, after: ExportJob) -> Difference:
    """Which fields of the payload differ between two attempts; assets are not looked at."""
    pairs = (
        ("fmt", before.fmt.value, after.fmt.value),
        ("is_modifier", before.is_modifier, after.is_modifier),
        ("macro", before.macro, after.macro),
        ("preset", _preset_text(before), _preset_text(after)),
        *_presets_beside(before, after),
        *_stated(before.stated, after.stated),
        ("emailSetting", before.emailSetting.value, after.emailSetting.value),
    )
    return difference(
        FieldChange(field=field, before=old, after=new) for field, old, new in pairs if old != new
    )


def asset_counts(changes: Iterable[AssetChange]) -> Counter[AssetChangeKind]:
    return Counter(change.kind for change in changes)


def counts_text(counts: Mapping[AssetChangeKind, int]) -> str:
    """``2 new, 1 changed``, in a fixed order."""
    return ", ".join(f"{counts[kind]:,} {kind}" for kind in _KINDS if counts.get(kind))


def few_names(names: Sequence[str], most: int, ellipsis: str) -> str:
    """The first ``most`` names and a word on how many more there are."""
    shown = ", ".join(named(name) for name in names[:most])
    rest = len(names) - most
    return f"{shown}, {ellipsis} and {rest:,} more" if rest > 0 else shown


def asset_name(path: str) -> str:
    """The last part of folder + name."""
    return path.rstrip("/").rsplit("/", 1)[-1] or path


def version_difference(change: AssetChange, arrow: str) -> str:
    """What IPS tells about an asset, before and after: pixels, bytes, date; empty when nothing."""
    if change.before is not None and change.after is not None:
        pairs = _pairs(change.before, change.after)
        return ", ".join(f"{old} {arrow} {new}" for old, new in pairs)
    known = change.after or change.before
    return "" if known is None else ", ".join(_facts(known))


def asset_facts(asset: AssetVersion) -> str:
    """``SpinSet, 2000x1500``: the type when it is not an image, and the pixels."""
    kind = () if asset.type == IMAGE else (named(asset.type),)
    pixels = (_pixels(asset),) if asset.width or asset.height else ()
    return ", ".join((*kind, *pixels))


def modifier_commands(modifier: str) -> tuple[str, ...]:
    """Splits at ``&`` outside braces and parentheses (facts: Image Serving section 2)."""
    if not any(sign in modifier for sign in _OPENING):
        return tuple(filter(None, modifier.split("&")))  # so it is with most
    parts, depth, start = [], 0, 0
    for position, character in enumerate(modifier):
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth = max(depth - 1, 0)
        elif character == "&" and depth == 0:
            parts.append(modifier[start:position])
            start = position + 1
    parts.append(modifier[start:])
    return tuple(part for part in parts if part)


# Jobs mostly change in a few ways, and each form of a plan looks at all of them.
@lru_cache(maxsize=4096)
def _value_changes(change: FieldChange) -> tuple[ValueChange, ...]:
    whole = ValueChange(name="", before=change.before, after=change.after)
    if change.before is None or change.after is None or not _is_modifier_field(change.field):
        return (whole,)
    before, after = _by_name(change.before), _by_name(change.after)
    if before is None or after is None:
        return (whole,)
    changes = _command_changes(before, after)
    kept_before = [name for name in before if name in after]
    kept_after = [name for name in after if name in before]
    # Order can matter in Image Serving: a mere reordering must not look like no change.
    return changes if changes and kept_before == kept_after else (whole,)


def _is_modifier_field(field: str) -> bool:
    return field.startswith(_MODIFIER_FIELDS)


def _by_name(modifier: str) -> Mapping[str, str] | None:
    """Commands by name; None when a name stands twice, for then the position decides."""
    pairs = [command.partition("=") for command in modifier_commands(modifier)]
    values = {name: value if sign else "" for name, sign, value in pairs}
    return values if len(values) == len(pairs) else None


def _command_changes(
    before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[ValueChange, ...]:
    names = [*after, *(name for name in before if name not in after)]
    return tuple(
        ValueChange(name=name, before=before.get(name), after=after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )


def _command(name: str, value: str | None) -> str:
    return f"{name}={value}" if value else name


def _value(value: str | None) -> str:
    return "(not set)" if value is None else named(value)


def _preset_text(job: ExportJob) -> str | None:
    return None if job.preset is None else job.preset.urlModifier


def _presets_beside(
    before: ExportJob, after: ExportJob
) -> Iterator[tuple[str, str | None, str | None]]:
    for change in preset_changes(before.presets, after.presets):
        yield f"{_PRESETS}.{bare(change.name)}", change.before, change.after


def _stated(
    before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[tuple[str, str | None, str | None]]:
    for name in sorted(before.keys() | after.keys()):
        yield name, before.get(name), after.get(name)


def _pixels(version: AssetVersion) -> str:
    return f"{version.width or '?'}x{version.height or '?'}"


def _facts(version: AssetVersion) -> Iterator[str]:
    plain = asset_facts(version)
    if plain:
        yield plain
    if version.file_size is not None:
        yield byte_size(version.file_size)
    if version.last_modified_ms is not None:
        yield moment_of_ms(version.last_modified_ms)


def _pairs(before: AssetVersion, after: AssetVersion) -> Iterator[tuple[str, str]]:
    """The facts that differ, written so that the difference can be read off them."""
    if (before.width, before.height) != (after.width, after.height):
        yield _pixels(before), _pixels(after)
    yield from _pair(before.file_size, after.file_size, byte_size, "bytes")
    yield from _pair(before.last_modified_ms, after.last_modified_ms, moment_of_ms, "ms")


def _pair(
    before: int | None, after: int | None, wording: Callable[[int], str], unit: str
) -> Iterator[tuple[str, str]]:
    if before == after:
        return
    old, new = ("?" if value is None else wording(value) for value in (before, after))
    yield (old, new) if old != new else (f"{before:,} {unit}", f"{after:,} {unit}")
