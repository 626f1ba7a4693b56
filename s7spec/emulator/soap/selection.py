"""responseFieldArray and excludeFieldArray: which children of the answer are wanted.

Fields are slash paths below the Return element, such as ``assetArray/items/name`` (facts: IPS API
section 8). A path selects the whole of what it names. Paths that name nothing change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Branch:
    whole: bool = False
    children: dict[str, _Branch] = field(default_factory=dict)

    def add(self, path: str) -> None:
        branch = self
        for name in path.strip("/").split("/"):
            branch = branch.children.setdefault(name, _Branch())
        branch.whole = True


@dataclass(frozen=True, slots=True)
class Selection:
    """What is wanted below one element. None for a branch means no restriction of that kind."""

    _include: _Branch | None = None
    _exclude: _Branch | None = None

    def below(self, name: str) -> Selection | None:
        """The selection for a child, None when the child is not wanted."""
        include, exclude = self._include, self._exclude
        if include is not None:
            include = include.children.get(name)
            if include is None:
                return None
            if include.whole:
                include = None
        if exclude is not None:
            exclude = exclude.children.get(name)
            if exclude is not None and exclude.whole:
                return None
        return EVERYTHING if include is None and exclude is None else Selection(include, exclude)

    def is_within(self, paths: Iterable[str]) -> bool:
        """Whether only ``paths`` are included, by name."""
        return self._include is not None and set(_leaves(self._include, "")) <= set(paths)


EVERYTHING = Selection()


def select(include: Iterable[str], exclude: Iterable[str]) -> Selection:
    """Both lists may be given: what is included and not excluded is wanted."""
    included, excluded = _tree(include), _tree(exclude)
    return EVERYTHING if included is None and excluded is None else Selection(included, excluded)


def _tree(paths: Iterable[str]) -> _Branch | None:
    root = _Branch()
    for path in paths:
        if path.strip("/"):
            root.add(path)
    return root if root.children else None


def _leaves(branch: _Branch, prefix: str) -> Iterable[str]:
    for name, child in branch.children.items():
        if child.whole:
            yield prefix + name
        else:
            yield from _leaves(child, f"{prefix}{name}/")
