"""Words of the language that are reserved but not built: they get a plain answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from s7spec.model.rules import Rule
from s7spec.model.source import Pointer
from s7spec.validate.mistakes import Mistake

_Shape = tuple[str, ...]
Planned = Mapping[_Shape, frozenset[str]]
"""Reserved keys by the shape of the pointer to their mapping; ``*`` is any key or index."""

_SELECTION = frozenset({"where", "file", "column"})
_EXPORT = frozenset(
    {"code_version", "data", "defaults", "for_each", "inputs", "max_assets", "mode", "rerun"}
    | {"rerun_on", "schedule", "template", "unsafe_modifiers", "when", "with"}
)
_MANIFEST = frozenset({"adopt", "environments", "forget", "libraries", "moved", "params"})
PLANNED_IN_MANIFESTS: Planned = {
    (): _MANIFEST | _EXPORT,
    ("assets", "*"): _SELECTION,
    ("exports", "*"): _EXPORT,
    ("exports", "*", "assets"): _SELECTION,
    ("exports", "*", "matrix"): frozenset({"exclude", "include"}),
}
PLANNED_IN_PROJECTS: Planned = {
    (): frozenset({"defaults", "image_server", "vars"}),
    ("environments", "*"): frozenset({"image_server", "on_ambiguous", "vars"}),
}
PLANNED_KINDS = frozenset({"ExportTemplate"})


def find_planned(value: object, planned: Planned) -> Iterator[Mistake]:
    """Every reserved key in the document."""
    for shape, reserved in planned.items():
        for pointer, mapping in _mappings(value, shape, ()):
            for key in mapping:
                if key in reserved:
                    yield not_built(key, (*pointer, key))


def not_built(word: str, pointer: Pointer, *, on_key: bool = True) -> Mistake:
    """Says that ``word`` is coming."""
    return Mistake(
        rule=Rule.NOT_BUILT,
        pointer=pointer,
        summary=f"`{word}` is part of the language but not built yet",
        hint="leave it out for now: this version would not do what it says",
        on_key=on_key,
    )


def _mappings(
    value: object, shape: _Shape, pointer: Pointer
) -> Iterator[tuple[Pointer, dict[str, object]]]:
    """The mappings whose pointers have this shape."""
    if not shape:
        if isinstance(value, dict):
            yield pointer, value
        return
    below: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, dict):
        below = (
            value.items()
            if shape[0] == "*"
            else ((key, value[key]) for key in value.keys() & {shape[0]})
        )
    elif isinstance(value, list) and shape[0] == "*":
        below = enumerate(value)
    for step, child in below:
        yield from _mappings(child, shape[1:], (*pointer, step))
