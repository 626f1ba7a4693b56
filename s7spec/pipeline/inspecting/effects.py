"""What has less effect than its words say, because of other commands of the merged modifier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from s7spec.modifiers.commands import check_arguments, command_named
from s7spec.modifiers.effective import EffectiveField, Said, Segment
from s7spec.modifiers.lint import Reading
from s7spec.modifiers.lint.output import WITHOUT_BACKGROUND

_SCALINGS = ("size", "scale", "res")
"""Of a layer only the first of them counts (facts: Image Serving section 5)."""


def outweighed(reading: Reading) -> Mapping[int, Said]:
    """By the ``order`` of a command that prevails over all of its name and does nothing all the
    same, the one that it does nothing beside: ``scale`` and ``res`` beside ``size``, ``res`` beside
    ``scale``, in each layer."""
    scalings = {
        (each.segment, each.name): each
        for each in reading.effective.fields
        if each.name in _SCALINGS
    }
    found: dict[int, Said] = {}
    for (segment, name), field in scalings.items():
        stronger = next(_stronger(scalings, segment, name), None)
        if stronger is not None:
            found[field.said.order] = stronger.said
    return found


def reservation(reading: Reading, said: Said) -> str:
    """What has to be added to the words about a command that prevails, empty for most of them.

    Nothing is said while presets are unknown: they may hold what seems to be missing.
    """
    definition = command_named(said.command.name)
    name = "" if definition is None else definition.name
    field = reading.fields.get(name)
    if field is None or field.said is not said or not reading.is_complete:
        return ""
    if name == "fit":
        return _of_fit(reading)
    return _of_background(reading) if name == "bgc" else ""


def _stronger(
    scalings: Mapping[tuple[Segment | None, str], EffectiveField],
    segment: Segment | None,
    name: str,
) -> Iterator[EffectiveField]:
    for other in _SCALINGS[: _SCALINGS.index(name)]:
        field = scalings.get((segment, other))
        if field is not None and _scales(field):
            yield field


def _scales(field: EffectiveField) -> bool:
    """Whether it can be read, and says a side where it is ``size``."""
    definition, fields = command_named(field.name), field.said.command.fields
    if definition is None or any(check_arguments(definition, fields)):
        return False
    return field.name != "size" or any(map(int, fields))


def _of_fit(reading: Reading) -> str:
    """With one side there is nothing to fit into: the other one follows (facts: section 8)."""
    if "scl" in reading.fields or reading.fields.keys() >= {"wid", "hei"}:
        return ""
    subject = "the mode needs" if reading.argument("fit", 1) else "needs"
    return f"{subject} both wid and hei"


def _of_background(reading: Reading) -> str:
    """Formats that keep transparency keep margins clear as well: so the embedded IPS reads it."""
    format_ = reading.format
    if format_ is None or not format_.alpha:
        return ""
    if format_.name in WITHOUT_BACKGROUND:
        return f"without effect: {format_.name} keeps both clear"
    return f"taken to be without effect: {format_.name} keeps both clear, which is not documented"
