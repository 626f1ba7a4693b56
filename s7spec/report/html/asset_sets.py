"""The assets of jobs: each asset and each set of them stands in a page once."""

from __future__ import annotations

from collections.abc import Iterator

from s7spec.model.asset import AssetVersion
from s7spec.report.figures import byte_size, moment_of_ms
from s7spec.report.html.markup import data, in_turn, plain, plain_name
from s7spec.report.html.numbered import Numbered, Room, bytes_of

NOT_LISTED = -1
"""A set that found no room: only how many it has is told."""

_NUMBER_WIDTH = 6
_ROW_WIDTH = 60


class AssetSets:
    """Numbers for sets of assets. Jobs share their sets as objects: those are looked at first."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._assets: Numbered[AssetVersion] = Numbered()
        self._by_id: dict[int, int] = {}
        self._sets: Numbered[tuple[int, ...]] = Numbered()

    def number(self, versions: tuple[AssetVersion, ...]) -> int:
        known = self._by_id.get(id(versions))
        if known is None:
            known = self._by_id[id(versions)] = self._number(versions)
        return known

    def lines(self) -> Iterator[str]:
        """``[path, type, pixels, bytes, date]`` of each asset, then the assets of each set."""
        yield '{"assets":['
        yield from in_turn(data(_row(version)) for version in self._assets.values)
        yield '],"sets":['
        yield from in_turn(map(data, self._sets.values))
        yield "]}"

    def _number(self, versions: tuple[AssetVersion, ...]) -> int:
        if not self._room.take(_NUMBER_WIDTH * len(versions)):
            return NOT_LISTED
        numbers = []
        for version in versions:
            before = len(self._assets)
            number = self._assets.number(version)
            if number == before and not self._room.take(
                bytes_of(plain_name(version.path)) + _ROW_WIDTH
            ):
                return NOT_LISTED
            numbers.append(number)
        return self._sets.number(tuple(numbers))


def _row(version: AssetVersion) -> list[object]:
    has_sides = version.width and version.height
    return [
        plain_name(version.path),
        plain(version.type),
        f"{version.width}x{version.height}" if has_sides else "",
        "" if version.file_size is None else byte_size(version.file_size),
        "" if version.last_modified_ms is None else moment_of_ms(version.last_modified_ms),
    ]
