"""A company's assets in memory, behind the AssetCatalog port."""

import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from s7spec.model.asset import Asset, AssetVersion
from s7spec.model.preset import Preset
from s7spec.model.selection import Condition, ConditionField, ConditionOp
from s7spec.ports import PortError


def asset(
    path: str,
    *,
    kind: str = "Image",
    last_modified_ms: int | None = 1_780_000_000_000,
    file_size: int | None = 1000,
    width: int | None = 100,
    height: int | None = 80,
    handle: str | None = None,
) -> Asset:
    """``path`` is folder and name; the handle is made from the name."""
    folder, _, name = path.rpartition("/")
    return Asset(
        handle=handle or f"a|{name}",
        name=name,
        folder=f"{folder}/",
        file_name=f"{name}.jpg",
        version=AssetVersion(
            path=path,
            type=kind,
            last_modified_ms=last_modified_ms,
            file_size=file_size,
            width=width,
            height=height,
        ),
    )


class MemoryCatalog:
    """``calls`` records what was asked, one line for each call."""

    def __init__(self, assets: Iterable[Asset] = (), presets: Iterable[Preset] = ()) -> None:
        self.stock = list(assets)
        self.formats = list(presets)
        self.calls: list[str] = []
        self.outage: PortError | None = None

    def by_name(self, names: Iterable[str]) -> tuple[Asset, ...]:
        wanted = list(names)
        self._call(f"by_name {' '.join(wanted)}")
        return tuple(found for found in reversed(self.stock) if found.name in wanted)

    def in_folder(
        self,
        folder: str,
        *,
        recursive: bool,
        types: tuple[str, ...],
        where: tuple[Condition, ...],
    ) -> Iterator[Asset]:
        """Texts are compared as they are, upper and lower case apart."""
        self._call(f"in_folder {folder}")
        for found in reversed(self.stock):
            inside = found.folder == folder or (recursive and found.folder.startswith(folder))
            fits = inside and (not types or found.type in types)
            if fits and all(_holds(condition, found) for condition in where):
                yield found

    def presets(self) -> tuple[Preset, ...]:
        self._call("presets")
        return tuple(self.formats)

    def replace(self, new: Asset) -> None:
        """Puts ``new`` where the asset of its name was."""
        self.stock = [new if found.name == new.name else found for found in self.stock]

    def _call(self, line: str) -> None:
        self.calls.append(line)
        if self.outage is not None:
            raise self.outage


_TESTS: dict[ConditionOp, Callable[[Any, Any], bool]] = {
    ConditionOp.EQUALS: operator.eq,
    ConditionOp.NOT_EQUALS: operator.ne,
    ConditionOp.CONTAINS: operator.contains,
    ConditionOp.NOT_CONTAINS: lambda text, part: part not in text,
    ConditionOp.STARTS_WITH: str.startswith,
    ConditionOp.ENDS_WITH: str.endswith,
    ConditionOp.LESS_THAN: operator.lt,
    ConditionOp.LESS_THAN_EQUALS: operator.le,
    ConditionOp.GREATER_THAN: operator.gt,
    ConditionOp.GREATER_THAN_EQUALS: operator.ge,
}
_READERS: dict[ConditionField, Callable[[Asset], str | int | None]] = {
    ConditionField.NAME: lambda found: found.name,
    ConditionField.FILE_NAME: lambda found: found.file_name,
    ConditionField.FILE_SIZE: lambda found: found.version.file_size,
}
"""Of the fields that IPS can search by, those that an ``Asset`` has."""


def _holds(condition: Condition, found: Asset) -> bool:
    value = _READERS[condition.field](found)
    return value is not None and _TESTS[condition.op](value, condition.value)
