"""The assets of jobs: each asset and each set of them stands in a page once."""

from __future__ import annotations

from collections.abc import Iterator

from s7spec.model.asset import AssetVersion
from s7spec.report.figures import byte_size, moment_of_ms
from s7spec.report.html.markup import brief, data, in_turn, plain, plain_name
from s7spec.report.html.numbered import Numbered
from s7spec.report.html.room import Room

NOT_LISTED = -1
"""A set that found no room: only how many it has is told."""

_NUMBER_WIDTH = 8


class AssetSets:
    """Numbers for sets of assets. Jobs share their sets as objects: those are looked at first."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._assets: Numbered[AssetVersion] = Numbered()
        self._rows: list[str] = []
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
        yield from in_turn(self._rows)
        yield '],"sets":['
        yield from in_turn(map(data, self._sets.values))
        yield "]}"

    def _number(self, versions: tuple[AssetVersion, ...]) -> int:
        if not self._room.take(_NUMBER_WIDTH * len(versions)):
            return NOT_LISTED
        numbers = []
        for version in versions:
            number = self._assets.number(version)
            if number == len(self._rows) and not self._write(version):
                self._assets.forget_since(number)
                return NOT_LISTED
            numbers.append(number)
        return self._sets.number(tuple(numbers))

    def _write(self, version: AssetVersion) -> bool:
        row = _row(version)
        text = self._room.fit(data(row), lambda: data([brief(each) for each in row]))
        if text is not None:
            self._rows.append(text)
        return text is not None


def _row(version: AssetVersion) -> list[str]:
    has_sides = version.width and version.height
    return [
        plain_name(version.path),
        plain(version.type),
        f"{version.width}x{version.height}" if has_sides else "",
        "" if version.file_size is None else byte_size(version.file_size),
        "" if version.last_modified_ms is None else moment_of_ms(version.last_modified_ms),
    ]
