"""Words of the language that are reserved but not built: they get a plain answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from s7spec.model.rules import Rule
from s7spec.model.source import Pointer
from s7spec.validate.mistakes import Mistake

_Shape = tuple[str, ...]
Planned = Mapping[_Shape, frozenset[str]]
"""Reserved keys by the shape of the pointer to their mapping; ``*`` is any key or index."""

_EXPORT = frozenset({"code_version", "inputs", "rerun_on"})
PLANNED_IN_TEMPLATES: Planned = {
    (): _EXPORT,
    ("defaults",): _EXPORT,
    ("exports", "*"): _EXPORT,
}
PLANNED_IN_MANIFESTS = PLANNED_IN_TEMPLATES
PLANNED_IN_PROJECTS: Planned = {
    (): frozenset({"defaults"}),
    ("environments", "*"): frozenset({"on_ambiguous"}),
}


def find_planned(value: object, planned: Planned) -> Iterator[Mistake]:
    """Every reserved key in the document."""
    for shape, reserved in planned.items():
        for pointer, mapping in _mappings(value, shape, ()):
            for key in mapping:
                if key in reserved:
                    yield not_built(key, (*pointer, key))


def not_built(word: str, pointer: Pointer) -> Mistake:
    """Says that ``word`` is coming."""
    return Mistake(
        rule=Rule.NOT_BUILT,
        pointer=pointer,
        summary=f"`{word}` is part of the language but not built yet",
        hint="leave it out for now: this version would not do what it says",
        on_key=True,
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
