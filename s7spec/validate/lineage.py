"""``moved``, ``forget`` and ``adopt``: what a manifest says about jobs' past."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from s7spec.model.rules import Rule
from s7spec.model.source import Place, Pointer, SourceDocument
from s7spec.validate.mistakes import Mistake
from s7spec.validate.words import shown

if TYPE_CHECKING:
    from s7spec.model.lineage import Adopted, Forgotten, Moved

_KEYS = frozenset({"moved", "forget", "adopt"})


def find_contradictions(value: Mapping[str, Any]) -> Iterator[Mistake]:
    """Keys that move twice, in circles or nowhere. Bears with values of the wrong type."""
    if not value.keys() & _KEYS:
        return
    moves = list(_moves(value.get("moved")))
    for index, old, new in moves:
        if old == new:
            yield _mistake(
                ("moved", index, "to"),
                f"`{shown(new)}` is moved to itself",
                "write the job's old key after `from`, its new one after `to`, or remove the entry",
            )
    real = [(index, old, new) for index, old, new in moves if old != new]
    yield from _twice([(("moved", i, "from"), old) for i, old, _ in real], "is moved twice")
    yield from _twice([(("moved", i, "to"), new) for i, _, new in real], "gets two jobs' history")
    yield from _circles(real)
    forgotten = _texts(value.get("forget"))
    yield from _twice([(("forget", i), key) for i, key in forgotten], "is forgotten twice")
    moved = {old for _, old, _ in moves}
    for index, key in forgotten:
        if key in moved:
            yield _mistake(
                ("forget", index),
                f"`{shown(key)}` is moved and forgotten",
                "its history goes with it when it is moved: remove one of the two",
            )
    adopted: list[tuple[Pointer, str]] = [
        (("adopt", index, "job_name"), item["job_name"])
        for index, item in _mappings(value.get("adopt"))
        if isinstance(item.get("job_name"), str)
    ]
    yield from _twice(adopted, "is adopted twice")
    yield from _several_for_one(value.get("adopt"))


def read_lineage(
    document: SourceDocument, value: Mapping[str, Any]
) -> tuple[tuple[Moved, ...], tuple[Forgotten, ...], tuple[Adopted, ...]]:
    """``moved``, ``forget`` and ``adopt`` of a manifest that satisfies the schema."""
    if not value.keys() & _KEYS:
        return (), (), ()
    from s7spec.model.lineage import Adopted, Forgotten, Moved

    return (
        tuple(
            Moved(place=_place(document, "moved", i), from_key=item["from"], to_key=item["to"])
            for i, item in enumerate(value.get("moved", ()))
        ),
        tuple(
            Forgotten(place=_place(document, "forget", i), key=key)
            for i, key in enumerate(value.get("forget", ()))
        ),
        tuple(
            Adopted(place=_place(document, "adopt", i), key=item["job"], job_name=item["job_name"])
            for i, item in enumerate(value.get("adopt", ()))
        ),
    )


def _several_for_one(adopt: object) -> Iterator[Mistake]:
    first: dict[str, str] = {}
    for index, item in _mappings(adopt):
        key, name = item.get("job"), item.get("job_name")
        if not isinstance(key, str) or not isinstance(name, str):
            continue
        if first.setdefault(key, name) != name:
            yield _mistake(
                ("adopt", index, "job"),
                f"`{shown(key)}` adopts two jobs of IPS",
                "one of them is its latest attempt: keep that one",
            )


def _circles(moves: list[tuple[int, str, str]]) -> Iterator[Mistake]:
    onward = {old: new for _, old, new in moves}
    checked: set[str] = set()
    for index, old, _ in moves:
        path: dict[str, None] = {}
        key: str | None = old
        while key is not None and key not in checked and key not in path:
            path[key] = None
            key = onward.get(key)
        if key is not None and key in path:
            keys = [*list(path)[list(path).index(key) :], key]
            yield _mistake(
                ("moved", index, "from"),
                f"jobs move in a circle: {' to '.join(f'`{shown(k)}`' for k in keys)}",
                "one of them must be a new key: remove the other moves",
            )
        checked |= path.keys()


def _twice(keys: list[tuple[Pointer, str]], what: str) -> Iterator[Mistake]:
    seen: set[str] = set()
    for pointer, key in keys:
        if key in seen:
            yield _mistake(pointer, f"`{shown(key)}` {what}", "keep one of them")
        seen.add(key)


def _mistake(pointer: Pointer, summary: str, hint: str) -> Mistake:
    return Mistake(rule=Rule.NOT_ALLOWED, pointer=pointer, summary=summary, hint=hint)


def _moves(value: object) -> Iterator[tuple[int, str, str]]:
    for index, item in _mappings(value):
        old, new = item.get("from"), item.get("to")
        if isinstance(old, str) and isinstance(new, str):
            yield index, old, new


def _mappings(value: object) -> Iterator[tuple[int, dict[str, Any]]]:
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict):
            yield index, item


def _texts(value: object) -> list[tuple[int, str]]:
    items = value if isinstance(value, list) else []
    return [(index, item) for index, item in enumerate(items) if isinstance(item, str)]


def _place(document: SourceDocument, *steps: str | int) -> Place:
    return Place(document=document, pointer=steps)
